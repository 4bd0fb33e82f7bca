"""The answer before, told again from the passages that it cited, as far as they may still be read. Its text was never kept."""

from __future__ import annotations

from dataclasses import dataclass

from bot.flows.again import Wish
from bot.flows.context import labels_of, sources_from
from bot.flows.finding import Found
from bot.flows.looking import Looked
from bot.flows.understand import Understood
from bot.flows.writing import Writing
from bot.ports import Library
from bot.values import Question
from knowledge.values import Findings, Scope

SURE = 1.0  # it was found before


@dataclass(frozen=True)
class Retelling:
    """Nothing is searched."""

    library: Library
    writing: Writing
    wish: Wish

    async def look(self, question: Question, understood: Understood, scope: Scope) -> tuple[Looked, Writing | None]:
        """The passages, and who may write it: nobody where quotes are all there is, nor in a language that cannot be checked."""
        before = question.turns[-1]
        held = await self.library.held_topics(before.question)
        found = [await self.library.passage(passage, scope) for passage in before.passages if not held]
        hits = tuple(hit for hit in found if hit and scope.allows(hit.passage.label) and scope.allows(hit.document.rule.label))
        asks_where = self.wish == "sources"
        looked = Looked(
            understood.standalone,
            Found(Findings(hits=hits, confidence=SURE if hits else 0.0, edition=0, held=held)),
            understood.as_of,
            wish="" if asks_where else " ".join(question.text.split()),
        )
        if asks_where:
            return looked, self.writing
        if self.wish == "translated":
            return looked, None
        return looked, self.writing.models(labels_of(question.audience, sources_from(hits)))
