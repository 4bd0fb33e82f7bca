"""The numbered sources and the messages that a writer gets: the stable part first, the question last."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from bot.prompts import Prompt
from bot.values import Request, Source
from knowledge.values import Hit

MOST_SOURCES = 6
_FENCE = re.compile(r"<(?=\s*/?\s*(?:sources?|question)\b)", re.IGNORECASE)


def sources_from(hits: Sequence[Hit]) -> tuple[Source, ...]:
    """The best hits, numbered from 1 in the order of the search."""
    return tuple(Source(number, hit) for number, hit in enumerate(hits[:MOST_SOURCES], start=1))


def request_for(question: str, sources: Sequence[Source], *, prompt: Prompt, company: str, today: date) -> Request:
    """Documents and questions are data: nothing in them can close the fence that they stand in."""
    text = prompt.fill(
        {
            "company": company,
            "today": f"{today.day} {today:%B %Y}",
            "sources": "\n\n".join(_source(source) for source in sources),
            "question": _fenced(question),
        }
    )
    head, _, rest = text.partition("<sources>")
    return Request(question, tuple(sources), (("system", head.strip()), ("user", f"<sources>{rest}")), prompt.hash)


def _source(source: Source) -> str:
    document, passage = source.hit.document, source.hit.passage
    place = " › ".join((document.title, *passage.path))
    dated = f" (effective {document.effective.isoformat()})" if document.effective else ""
    return _fenced(f"[{source.number}] {place}{dated}\n{passage.text}")


def _fenced(text: str) -> str:
    return _FENCE.sub("‹", text)
