"""A folder's questions asked of its index as production asks: the places that were found, in order, and the figures they make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from bot.adapters.clock import SystemClock
from evals.data import Measured, place
from evals.ranking import Figures, Ranked, ranked_once, ranking_figures
from evals.rows import Rows
from knowledge.connectors.folder import Folder
from knowledge.policy import Defaults
from knowledge.values import AccessRule, Scope
from knowledge.weights import WEIGHTS, Weights

if TYPE_CHECKING:
    from knowledge.corpus import Corpus
    from knowledge.values import Hit, IndexProgress, IndexReport

DEEP = 100  # passages of one search: several may be of one page, or of one row

Views = dict[str, Figures]  # by the way to ask


def fill(corpus: Corpus, measured: Measured, progress: Callable[[IndexProgress], None]) -> IndexReport:
    """Bring the index to what the folder holds. What says nothing about its readers is everyone's."""
    source = Folder(measured.documents) if measured.documents else Rows(measured.rows)
    return corpus.index(source, Defaults(rule=AccessRule(everyone=True)), removal_confirmed=True, progress=progress)


def ways(*, legs: bool) -> dict[str, Weights]:
    """How to search: as production does, under "", and with each leg alone."""
    return {"": WEIGHTS, **({"dense": _leg(1.0), "keyword": _leg(0.0)} if legs else {})}


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
                places, confidence = self._search(text, weights)
                replies.append(Ranked(places=places, gold=asked.gold, answerable=asked.answerable, confidence=confidence))
                asked_one()
            found[name] = ranking_figures(replies)
        return found

    def never_found(self) -> tuple[str, ...]:
        """Right answers that no passage belongs to: a page without words, or past the last; a file that could not be read."""
        there = {self._place(hit) for hit in self._corpus.passages(self._scope)}
        return tuple(sorted({gold for asked in self._measured.questions for gold in asked.gold} - there))

    def _search(self, text: str, weights: Weights) -> tuple[tuple[str, ...], float]:
        """The places in order, and how sure the index is."""
        findings = self._corpus.weigh(text, self._scope, self._today, DEEP, weights).findings
        by_words_alone = not weights.dense_share
        hits = [hit for hit in findings.hits if hit.keyword > 0 or not by_words_alone]  # what shares no word, that leg did not find
        return ranked_once(self._place(hit) for hit in hits), findings.confidence

    def _place(self, hit: Hit) -> str:
        return self._row_of.get(hit.passage.document) or place(hit.passage.document, hit.passage.page)


def _leg(dense_share: float) -> Weights:
    """One leg alone, in its own order: nothing is fused and nothing is re-ranked."""
    shares: dict[str, Any] = {field.name: dense_share for field in fields(Weights) if field.name.startswith("dense_share")}
    return replace(WEIGHTS, rerank_margin=0.0, **shares)
