"""What a message finds: each of its questions by itself, with what was asked before where needed, and in private for the asker's country.

All that several questions find is laid out in turn, the best of each first, so that none of them takes the room of the others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import zip_longest

from bot.flows.context import labels_of
from bot.flows.finding import Finding, Found
from bot.flows.parts import parts_of
from bot.flows.rewriting import Rewriting
from bot.flows.understand import Understood
from bot.ports import Library
from bot.values import Question
from knowledge.holds import Hold
from knowledge.places import countries
from knowledge.validity import lineage
from knowledge.values import Document, Findings, Hit, Scope
from knowledge.weights import THRESHOLDS

LOOKED_AT = 3  # of the first hits: where one is about another country, the asker's own matters


@dataclass(frozen=True)
class Looked:
    """One question and what it found. Of several: all of it, in turn, with each of them in `parts`."""

    standalone: str
    found: Found
    as_of: date
    parts: tuple[Looked, ...] = ()
    unanswered: tuple[str, ...] = ()  # parts that nothing readable answers
    held: tuple[Hold, ...] = ()  # what would answer other parts, and is held back
    country: str = ""  # of the asker's profile, as if the question had named it
    wish: str = ""  # how the answer before is to be told again, in the asker's words
    since: Document | None = None  # what would answer today and did not hold then, where no earlier version is left

    @property
    def asked(self) -> str:
        """As a writer is to be asked."""
        named = f"{self.standalone} ({self.country})" if self.country else self.standalone
        return f"{named}\n{self.wish}" if self.wish else named

    @property
    def answerable(self) -> bool:
        return self._sure(THRESHOLDS.answer_from)

    @property
    def may_answer(self) -> bool:
        """Whether a model, which reads what was found, is worth asking."""
        return self._sure(THRESHOLDS.model_from)

    def _sure(self, threshold: float) -> bool:
        return bool(self.found.findings.hits) and self.found.findings.confidence >= threshold and self.since is None


@dataclass(frozen=True)
class Looking:
    """Goes through the library for one message."""

    library: Library
    finding: Finding
    rewriting: Rewriting | None

    async def look(self, question: Question, understood: Understood, scope: Scope, today: date) -> Looked:
        """Several questions are looked for one by one; where none of them finds anything, all of it is one question after all."""
        if understood.parts:
            asked = [replace(question, text=text) for text in parts_of(question.text)]
            said = list(zip(asked, understood.parts, strict=True))
            parts = [await self._one(one, part, scope, today, first=one is asked[0]) for one, part in said]
            held = tuple(hold for part in parts for hold in part.found.findings.held)
            answerable = [part for part in parts if part.answerable and not part.found.findings.held]
            if answerable:
                missing = [one.text for one, part in zip(asked, parts, strict=True) if not (part.answerable or part.found.findings.held)]
                return replace(_together(answerable, missing, understood, today, whole=len(answerable) == len(parts)), held=held)
        return await self._one(question, understood, scope, today)

    async def _one(self, question: Question, understood: Understood, scope: Scope, today: date, *, first: bool = True) -> Looked:
        standalone, found = await self._in_turn(question, understood, scope, rewrite=first)
        looked = Looked(standalone, allowed(found, scope), understood.as_of)
        looked = await self._for_country(looked, question, scope)
        return replace(looked, since=await self._since(looked, scope, today)) if looked.as_of < today else looked

    async def _in_turn(self, question: Question, understood: Understood, scope: Scope, *, rewrite: bool) -> tuple[str, Found]:
        """What the question finds alone; together with what was asked before, where alone it says or finds too little."""
        if not understood.leans:
            found = await self.finding.find(understood.standalone, scope, understood.as_of)
            if not understood.joined or found.findings.held or found.findings.confidence >= THRESHOLDS.alone_from:
                return understood.standalone, found
        rewritten = None
        if self.rewriting and rewrite:
            rewritten = await self.rewriting.standalone(question.text, question.turns, labels_of(question.audience))
        standalone = rewritten or understood.joined
        return standalone, await self.finding.find(standalone, scope, understood.as_of)

    async def _for_country(self, looked: Looked, question: Question, scope: Scope) -> Looked:
        """In a direct message, a rule of the asker's own country; in a channel its profile would be told to all who read there."""
        country = question.asker.country
        if question.place.kind != "direct" or question.audience.circle != "alone" or not country or not looked.answerable:
            return looked
        first = [hit.document for hit in looked.found.findings.hits[:LOOKED_AT]]
        if not await asyncio.to_thread(_leaves_open, looked.standalone, country, first):  # the analyzer is no work for the loop
            return looked
        for_country = replace(looked, country=country)
        for_country = replace(for_country, found=allowed(await self.finding.find(for_country.asked, scope, looked.as_of), scope))
        return for_country if for_country.answerable or for_country.found.findings.held else looked

    async def _since(self, looked: Looked, scope: Scope, today: date) -> Document | None:
        """Asked about a day that is over: the first version that is left of what answers today, where that is younger than the day."""
        now = allowed(await self.finding.find(looked.asked, scope, today), scope).findings
        best = now.hits[0].document if now.hits and now.confidence >= THRESHOLDS.answer_from else None
        if best is None or best.effective is None or best.effective <= looked.as_of:
            return None
        findings = looked.found.findings
        if findings.hits and findings.confidence >= now.confidence:
            return None
        readable = await self.library.readable(scope)
        older = frozenset[str]().union(*(lineage(hit.document, readable) for hit in now.hits[:LOOKED_AT]))
        if any(hit.document.id in older for hit in findings.hits):
            return None
        before = lineage(best, readable)
        first = min((best, *(one for one in readable if one.id in before)), key=lambda one: one.effective or date.min)
        return first if first.effective and first.effective > looked.as_of else None


def rests_on(country: str, cited: Sequence[Document]) -> bool:
    """Whether any of these documents says that it is for this country."""
    return any(countries(country) & _about(document) for document in cited)


def _leaves_open(asked: str, country: str, found: Sequence[Document]) -> bool:
    """Whether the question names no country, and what it found first is for others than this one."""
    return not countries(asked) and any(there and not countries(country) & there for there in map(_about, found))


def _about(document: Document) -> frozenset[str]:
    """The countries that a document says it is for."""
    return countries(f"{document.title} {document.applies_to}")


def allowed(found: Found, scope: Scope) -> Found:
    """The index has said what it found; whether a reader may see it is decided here, once more and last."""
    hits = tuple(hit for hit in found.findings.hits if scope.allows(hit.passage.label) and scope.allows(hit.document.rule.label))
    return replace(found, findings=replace(found.findings, hits=hits))


def _together(parts: Sequence[Looked], unanswered: Sequence[str], understood: Understood, today: date, *, whole: bool) -> Looked:
    """The parts that found something, as one. The least sure of them says how sure all of it is."""
    findings = [part.found.findings for part in parts]
    sure = min(found.confidence for found in findings)
    laid_out = Findings(hits=_laid_out([found.hits for found in findings]), confidence=sure, edition=findings[0].edition)
    days = {part.as_of for part in parts}
    standalone = understood.standalone if whole else " ".join(part.standalone for part in parts)
    return Looked(
        standalone,
        Found(laid_out),
        as_of=days.pop() if len(days) == 1 else today,
        parts=tuple(parts),
        unanswered=tuple(unanswered),
        country=next((part.country for part in parts if part.country), ""),
    )


def _laid_out(several: Sequence[tuple[Hit, ...]]) -> tuple[Hit, ...]:
    """The first of each, then the second of each; what two of them found stands where the first did."""
    laid: dict[str, Hit] = {}
    for row in zip_longest(*several):
        for hit in row:
            if hit is not None:
                laid.setdefault(hit.passage.id, hit)
    return tuple(laid.values())
