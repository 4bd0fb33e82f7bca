"""A folder's questions asked of its index as production asks: the places that were found, in order, and the figures they make."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.adapters.clock import SystemClock
from bot.flows.understand import understand
from bot.settings import HOME
from bot.values import Turn
from evals.data import DECIDED, Asked, Measured, place
from evals.ranking import Figures, Ranked, ranked_once, ranking_figures
from evals.rows import Rows
from knowledge.connectors.folder import Folder
from knowledge.corpus import Corpus
from knowledge.glossary import load_glossary
from knowledge.policy import Defaults
from knowledge.values import AccessRule, IndexOrder, Scope
from knowledge.weights import THRESHOLDS, WEIGHTS, Stages, Weights

if TYPE_CHECKING:
    from pathlib import Path

    from knowledge.embedding import Embedder
    from knowledge.relevance import Evidence
    from knowledge.reranking import Reranker
    from knowledge.values import Hit, IndexProgress, IndexReport

DEEP = 100  # passages of one search: several may be of one page, or of one row

KEPT = "eval-data"  # the folder in the data directory where each index waits for the next run
Views = dict[str, Figures]  # by the way to ask


@contextmanager
def kept_corpus(data_dir: Path, name: str, embedder: Embedder, reranker: Reranker | None = None) -> Iterator[Corpus]:
    """The index of one folder of questions, as the run before left it."""
    corpus = Corpus.open(data_dir / KEPT / name, embedder, glossary=load_glossary(HOME / "wording" / "glossary.md"), reranker=reranker)
    try:
        yield corpus
    finally:
        corpus.close()


def fill(corpus: Corpus, measured: Measured, progress: Callable[[IndexProgress], None]) -> IndexReport:
    """Bring the index to what the folder holds. What says nothing about its readers is everyone's."""
    source = Folder(measured.documents) if measured.documents else Rows(measured.rows)
    return corpus.index(source, Defaults(rule=AccessRule(everyone=True)), IndexOrder(removal_confirmed=True), progress=progress)


def ways(*, legs: bool) -> dict[str, Weights]:
    """How to search: as production does, under "", and with each leg alone."""
    return {"": WEIGHTS, **({"dense": _leg(Stages(keyword=False)), "keyword": _leg(Stages(dense=False))} if legs else {})}


class Asking:
    """A folder's questions against its index, as one who may read all of it."""

    def __init__(self, measured: Measured, corpus: Corpus) -> None:
        self._measured = measured
        self._corpus = corpus
        self._scope = Scope(frozenset(rule.label for rule in corpus.rules()))
        self._row_of = {row.file: row.id for row in measured.rows}
        self._today = SystemClock().today()

    def views(self, weights: Weights, asked_one: Callable[[], None]) -> Views:
        """The figures of every way to ask."""
        found: Views = {}
        for name, view in self._measured.views().items():
            replies = []
            for asked, text in view:
                places, confidence = self._decided(asked, weights) if name == DECIDED else self._search(text, weights)
                replies.append(Ranked(places=places, gold=asked.gold, answerable=asked.answerable, confidence=confidence))
                asked_one()
            found[name] = ranking_figures(replies)
        return found

    def never_found(self) -> tuple[str, ...]:
        """Right answers that no passage belongs to: a page without words, or past the last; a file that could not be read."""
        there = {self._place(hit) for hit in self._corpus.passages(self._scope)}
        return tuple(sorted({gold for asked in self._measured.questions for gold in asked.gold} - there))

    def _decided(self, asked: Asked, weights: Weights) -> tuple[tuple[str, ...], float]:
        """As in a thread without a model: alone, or with the turn before where alone it says or finds too little."""
        turns = (Turn(asked.turn_before),) if asked.turn_before else ()
        understood = understand(asked.text, turns, self._today)
        if understood.ends:
            return self._search(asked.text, weights)
        if understood.leans:
            return self._search(understood.joined, weights)
        alone = self._search(understood.standalone, weights)
        if not understood.joined or alone[1] >= THRESHOLDS.alone_from:
            return alone
        return self._search(understood.joined, weights)

    def evidence(self, text: str) -> Evidence:
        """What a search for it measured."""
        return self._corpus.weigh(text, self._scope, self._today).evidence

    def _search(self, text: str, weights: Weights) -> tuple[tuple[str, ...], float]:
        """The places in order, and how sure the index is."""
        findings = self._corpus.weigh(text, self._scope, self._today, DEEP, weights).findings
        by_words_alone = not weights.stages.dense
        hits = [hit for hit in findings.hits if hit.keyword > 0 or not by_words_alone]  # what shares no word, that leg did not find
        return ranked_once(self._place(hit) for hit in hits), findings.confidence

    def _place(self, hit: Hit) -> str:
        return self._row_of.get(hit.passage.document) or place(hit.passage.document, hit.passage.page)


def _leg(stages: Stages) -> Weights:
    """In its own order: nothing is fused, supported or re-ranked."""
    return replace(WEIGHTS, stages=replace(stages, sections=False, rerank=False))
