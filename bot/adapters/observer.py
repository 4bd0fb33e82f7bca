"""Tells the demo's page what is behind each answer: passages, checks, and what was dropped and why."""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import TYPE_CHECKING

import aiohttp

if TYPE_CHECKING:
    from bot.answers import Answer, Dropped, Sentence, Source
    from bot.values import Audience, Question

log = logging.getLogger(__name__)

_PATIENCE = aiohttp.ClientTimeout(total=2)


class PostingObserver:
    """Posts to one address. That it cannot be reached is nobody's loss: an answer never waits for it or fails with it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session: aiohttp.ClientSession | None = None

    def ended(self, outcome: str) -> None:
        """The page shows answers; questions without one have nothing behind them."""

    async def behind(self, question: Question, answer: Answer) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=_PATIENCE)
        try:
            async with self._session.post(self._url, json=behind_json(question, answer)) as response:
                response.raise_for_status()
        except (TimeoutError, aiohttp.ClientError) as problem:
            log.info("what is behind the answer was not delivered", extra={"receipt": answer.receipt, "cause": type(problem).__name__})

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


def behind_json(question: Question, answer: Answer) -> dict[str, object]:
    """What the page shows: restricted passages among it, which is why only the demo has an observer."""
    evidence = answer.evidence
    used = {citation.number for citation in answer.citations}
    return {
        "channel": question.place.channel,
        "thread_ts": question.place.thread or "",
        "question": evidence.standalone or question.text,
        "asker": question.asker.name,
        "readers": _readers(question.audience),
        "labels": sorted(evidence.scope.labels),
        "as_of": evidence.as_of.isoformat() if evidence.as_of else None,
        "confidence": round(evidence.confidence, 4),
        "threshold": evidence.threshold,
        "passages": [_passage(source, used=source.number in used) for source in evidence.sources],
        "lines": [*map(_shown, answer.sentences), *map(_dropped, evidence.dropped)],
        "outcome": answer.outcome.value,
        "writer": evidence.writer,
        "tried": [{"writer": one.writer, "reason": one.reason} for one in evidence.tried],
        "cached": evidence.remembered,
        "tokens": asdict(evidence.spent) if evidence.spent else None,
        "prompt_hash": evidence.prompt_hash,
        "milliseconds": {name: round(spent, 1) for name, spent in evidence.milliseconds},
    }


def _readers(audience: Audience) -> list[str]:
    return ["everyone at the company"] if audience.circle == "whole_company" else [reader.name for reader in audience.readers]


def _passage(source: Source, *, used: bool) -> dict[str, object]:
    hit = source.hit
    return {
        "n": source.number,
        "title": hit.document.title,
        "clause": hit.passage.clause,
        "text": hit.passage.text,
        "score": round(hit.score, 4),
        "dense": round(hit.dense, 4),
        "keyword": round(hit.keyword, 4),
        "used": used,
        "url": hit.document.url,
    }


def _shown(sentence: Sentence) -> dict[str, object]:
    return {"text": sentence.text, "shown": True, "reason": "", "sources": [citation.number for citation in sentence.citations]}


def _dropped(line: Dropped) -> dict[str, object]:
    return {"text": line.text, "shown": False, "reason": line.reason, "sources": list(line.sources)}
