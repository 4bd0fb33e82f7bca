"""What has to be told about an answer besides its sentences, and about a refusal besides that it is one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answers import Answer, Citation, Outcome
from bot.flows.conflicts import conflicts
from bot.flows.looking import Looked, rests_on
from bot.ports import Clock, Library
from knowledge.sentences import units
from knowledge.validity import lives
from knowledge.values import Hit, Scope
from knowledge.weights import THRESHOLDS

MOST_NEAR = 2  # clauses that may help


@dataclass(frozen=True)
class Closing:
    """Looks once more at the documents, as these readers may."""

    library: Library
    clock: Clock

    async def told(self, answer: Answer, looked: Looked, scope: Scope) -> Answer:
        """An answer with what contradicts it, for whom it is, versions that do not hold today, and a country that nobody named."""
        cited = {citation.hit.document.id: citation.hit.document for citation in answer.citations}
        readable = [document for document in await self.library.readable(scope) if scope.allows(document.rule.label)]
        today = self.clock.today()
        told = lives(cited.values(), readable, await self.library.holding(today), today)
        matters = looked.country != "" and await asyncio.to_thread(rests_on, looked.country, list(cited.values()))
        country = looked.country if matters else ""
        proofs = [citation for sentence in answer.sentences for citation in sentence.citations]
        against = await asyncio.to_thread(conflicts, proofs, looked.found.findings.hits, looked.as_of)
        return replace(answer, conflicts=against, lives=told, country=country, applies_to=_applies_to(answer.citations))


def refusal(answer: Answer, looked: Looked) -> Answer:
    """What was looked for, and the clauses that came nearest, if any came near at all."""
    if looked.wish or answer.outcome is Outcome.CANNOT_RETELL:
        return replace(answer, outcome=Outcome.CANNOT_RETELL)
    if looked.since:
        since = looked.since
        return replace(answer, outcome=Outcome.NO_VERSION, since=since.effective, nearest_title=since.title, nearest_owner=since.owner)
    findings = looked.found.findings
    near = findings.hits[:MOST_NEAR] if findings.confidence >= THRESHOLDS.mention_from else ()
    return replace(
        answer,
        nearest_title=near[0].document.title if near else "",
        nearest_owner=near[0].document.owner if near else "",
        may_help=tuple(_nearest(number, hit) for number, hit in enumerate(near, start=1)),
    )


def _nearest(number: int, hit: Hit) -> Citation:
    """The unit of the passage that met the question best; its first where none was read closely."""
    best = max(hit.telling, key=lambda telling: telling.score, default=None)
    there = units(hit.passage.text)
    start, end = next(((unit.start, unit.end) for unit in there if best is None or unit.start == best.start), (0, len(hit.passage.text)))
    return Citation(number=number, hit=hit, start=start, end=end)


def _applies_to(cited: Sequence[Citation]) -> str:
    """What all cited documents say alike about whom they are for; nothing where they differ."""
    said = {citation.hit.document.applies_to for citation in cited}
    return said.pop() if len(said) == 1 else ""
