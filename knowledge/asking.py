"""A question to an edition: read, searched for among what its readers may see, and held back where somebody stopped what answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from knowledge.allow_list import AllowList
from knowledge.glossary import Glossary
from knowledge.holding_back import FIRST, about, held_back
from knowledge.lexicon import REVISION as LEXICON
from knowledge.recalling import recalled
from knowledge.relevance import CONFIDENCE, NOTHING
from knowledge.values import Findings, content_id
from knowledge.weights import WEIGHTS, Weights
from knowledge.words import REVISION

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from knowledge.away import Away
    from knowledge.holdings import Holdings
    from knowledge.live import Live
    from knowledge.searching import Found, Means
    from knowledge.values import Scope


class Asking:
    """Finds the passages for questions, of whatever edition."""

    def __init__(self, holdings: Holdings, glossary: Callable[[], Glossary], away: Away) -> None:
        self._holdings = holdings
        self._glossary = glossary
        self._away = away
        self._ways = content_id(REVISION, LEXICON, repr(WEIGHTS), repr(CONFIDENCE), holdings.reranker.name if holdings.reranker else "")

    def find(  # a search's own terms
        self, live: Live, question: str, scope: Scope, as_of: date, limit: int = 12, weights: Weights = WEIGHTS
    ) -> Found:
        """What may be shown of what answers, and what is held back of it."""
        from knowledge.searching import Found, Means, PassageRetriever

        glossary, spelled = self._read(live, question, scope, weights)
        topics = about(question, self._away.holds(), glossary.sought(spelled))
        if topics:
            return Found(Findings(hits=(), confidence=0.0, edition=live.contents.edition.number, held=topics), NOTHING)
        holdings = self._holdings
        means = Means(
            keywords=holdings.keywords, embedder=holdings.embedder, glossary=glossary, weights=weights, reranker=holdings.reranker
        )
        found = PassageRetriever(AllowList.at(live, scope, as_of, self._away.of(live)), means, limit).find(spelled)
        return self._without_held(found, live, spelled, AllowList.at(live, scope, as_of, self._away.taken(live)), means)

    def standing(self, live: Live) -> str:
        """Names what a search would find now: equal means equal findings for equal questions, readers and dates."""
        edition, away = live.contents.edition, sorted(self._away.taken(live)())
        held = (f"held: {hold.number}" for hold in self._away.holds())
        return content_id(self._ways, self._glossary().name, str(edition.number), edition.published_at, edition.embedder, *away, *held)

    def recall(self, live: Live, found: bytes, scope: Scope, as_of: date) -> Findings | None:
        """What an earlier search found, as `recalling.kept` has it; None when any of it may not be shown to these readers now."""
        holds = {hold.number: hold for hold in self._away.holds()}
        return recalled(found, AllowList.at(live, scope, as_of, self._away.of(live)).passage, holds)

    def _read(self, live: Live, question: str, scope: Scope, weights: Weights) -> tuple[Glossary, str]:
        """The question as it was meant. What is held back for a time may go on teaching words: a hold costs no look through all of them."""
        glossary = self._glossary()
        if not weights.stages.lexicon:
            return glossary, question
        lexicon = live.lexicons.of(live.contents, self._away.taken(live)())
        return lexicon.read(question, scope, glossary, self._holdings.embedder)

    def _without_held(self, found: Found, live: Live, question: str, whole: AllowList, means: Means) -> Found:
        """Searched once more where something of what these readers may see is held: it was not among what was searched.

        Nobody outside is given it to judge.
        """
        from knowledge.searching import PassageRetriever

        held = {document: hold for document, hold in self._away.held(live).items() if whole.reads(document)}
        if not held:
            return found
        with_held = PassageRetriever(whole, replace(means, reranker=None), FIRST).find(question)
        return replace(found, findings=held_back(found.findings, with_held.findings, held))
