"""The candidates of a question in order: found by meaning and by words, fused with their sections, re-ranked when it is close."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from knowledge.diversity import AMONG, diverse
from knowledge.fusing import blended, dense_share, fuse, margin, supported
from knowledge.glossary import NO_GLOSSARY, Glossary
from knowledge.maxsim import excerpt, meet
from knowledge.reranking import ASKER, OFF, judged
from knowledge.weights import WEIGHTS, Weights

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from knowledge.allow_list import AllowList
    from knowledge.embedding import Embedder, Vectors
    from knowledge.glossary import Sought
    from knowledge.keyword import Keywords
    from knowledge.live import Nearest
    from knowledge.maxsim import Excerpt, Met
    from knowledge.reranking import Reranker
    from knowledge.values import Passage


@dataclass(frozen=True, kw_only=True)
class Means:
    """What every search goes through, whoever asks."""

    keywords: Keywords
    embedder: Embedder
    glossary: Glossary = NO_GLOSSARY
    weights: Weights = WEIGHTS
    reranker: Reranker | None = None  # in place of the built-in one


@dataclass(frozen=True)
class Ranking:
    """The candidates of one question with each leg's figures, by passage index; `final` has their scores, `order` the best first."""

    nearest: dict[int, Nearest]
    keyword: dict[int, float]
    fused: dict[int, float]
    met: dict[str, Met]  # by passage id: those read word by word
    final: dict[int, float]
    order: Sequence[int]

    @property
    def reranked(self) -> bool:
        """Whether it was not decisive before."""
        return self.final is not self.fused


EMPTY = Ranking({}, {}, {}, {}, {}, ())


class Ranker:
    """Ranks what may be read of the live edition."""

    def __init__(self, allow: AllowList, means: Means) -> None:
        self._allow = allow
        self._live = allow.live
        self._keywords = means.keywords if means.weights.stages.titles else means.keywords.boosted(0.0)
        self._embedder = means.embedder
        self._weights = means.weights
        self._stages = means.weights.stages
        self._reranker = means.reranker if self._stages.outside else None

    def rank(self, sought: Sought) -> Ranking:
        """Readers who may see nothing get nothing, and no leg is asked."""
        rows = self._live.readable_rows(self._allow.scope.labels, self._allow.documents)
        if not sought.question.strip() or not len(rows):
            return EMPTY
        vector = self._embedder.embed_question(sought.text)
        by_meaning = self._live.nearest(vector, rows, self._weights.depth) if self._stages.dense else []
        nearest = {found.passage: found for found in by_meaning}
        keyword = self._by_words(sought)
        for index in islice(keyword, self._weights.depth):
            if index not in nearest:
                nearest[index] = self._live.best_window(vector, index)
        fused = self._fused(sought, vector, nearest, keyword)
        close = self._stages.rerank and self._reranker is not OFF and margin(fused) < self._weights.rerank_margin
        met = self._met(sought, fused, nearest, self._weights.rerank_candidates if close else self._weights.read_closely)
        final = self._reranked(sought, fused, nearest, met) if close else fused
        return Ranking(nearest, keyword, fused, met, final, self._order(final, nearest))

    def _by_words(self, sought: Sought) -> dict[int, float]:
        """BM25's scores, best first: more of them than are candidates, for the sections that they stand in."""
        if not self._stages.keyword:
            return {}
        most = max(self._weights.depth, self._weights.section_depth) if self._stages.sections else self._weights.depth
        entries = self._live.passage_by_entry
        found = self._keywords.search(sought, self._allow.scope, self._entry_allowed, most)
        return {entries[entry]: score for entry, score in found}

    def _fused(self, sought: Sought, vector: Vectors, nearest: Mapping[int, Nearest], keyword: Mapping[int, float]) -> dict[int, float]:
        """Meaning and words as one ranking, best first."""
        reach = self._keywords.reach(sought, max(keyword.values(), default=0.0))
        share = dense_share(reach, self._weights) if self._stages.dense and self._stages.keyword else float(self._stages.dense)
        dense = {index: found.cosine for index, found in nearest.items()}
        candidates = {index: score for index, score in keyword.items() if index in nearest}
        if not self._stages.sections:
            return fuse(dense, candidates, share)
        sections = {self._live.section(index) for index in nearest}
        around = {section: self._weights.section_cosine * self._live.section_cosine(vector, section) for section in sections}
        in_section = {index: cosine + around[self._live.section(index)] for index, cosine in dense.items()}
        fused = fuse(in_section, candidates, share)
        return supported(fused, keyword, self._live.section, self._weights.section_share) if keyword else fused

    def _reranked(
        self, sought: Sought, fused: dict[int, float], nearest: Mapping[int, Nearest], met: Mapping[str, Met]
    ) -> dict[int, float]:
        """By the operator's re-ranker where there is one that may see and answers, else by how the words are met."""
        outside = self._by_outside(sought, fused, nearest) if self._reranker else {}
        if outside:
            return blended(fused, outside, self._weights.outside_share)
        read = {index: met[name].whole() for index in fused if (name := self._passage(index).id) in met}
        return blended(fused, read, self._weights.maxsim_share) if read else fused

    def _by_outside(self, sought: Sought, fused: Mapping[int, float], nearest: Mapping[int, Nearest]) -> dict[int, float]:
        """Its scores. What it is sent has been through the allow-list: what was denied a moment ago does not leave the house."""
        first = [index for index in islice(fused, self._weights.outside_candidates) if self._allow.allows(self._passage(index))]
        labels = {self._passage(index).label for index in first} | (frozenset() if self._allow.scope.public else {ASKER})
        scores = judged(self._reranker, labels, sought.question, [self._window(nearest[index]) for index in first])
        return dict(zip(first, scores, strict=True)) if scores else {}

    def _window(self, found: Nearest) -> str:
        """A passage's best window with where it sits, as a re-ranker reads it."""
        row, passage = self._live.contents.rows[found.row], self._passage(found.passage)
        return f"{passage.situation}\n{passage.text[row.start : row.end]}"

    def _met(self, sought: Sought, fused: Mapping[int, float], nearest: Mapping[int, Nearest], most: int) -> dict[str, Met]:
        """The first candidates read word by word, by passage id."""
        candidates = list(islice(fused, most))
        if not candidates:
            return {}
        telling = sought.weights().keys()
        excerpts = [self._excerpt(nearest[index], telling) for index in candidates]
        figures = meet(self._embedder, sought.text, excerpts, self._keywords.rarity)
        return {self._passage(index).id: met for index, met in zip(candidates, figures, strict=False)}

    def _excerpt(self, found: Nearest, telling: Collection[str]) -> Excerpt:
        row = self._live.contents.rows[found.row]
        passage = self._passage(found.passage)
        text = passage.text[row.start : row.end]
        return excerpt(passage.situation, text, row.start, self._embedder.offsets(text), telling)

    def _order(self, final: Mapping[int, float], nearest: Mapping[int, Nearest]) -> Sequence[int]:
        if not self._stages.diverse:
            return list(final)
        return diverse(final, {index: self._live.matrix[nearest[index].row] for index in islice(final, AMONG)})

    def _passage(self, index: int) -> Passage:
        return self._live.contents.passages[index]

    def _entry_allowed(self, entry: str) -> bool:
        index = self._live.passage_by_entry.get(entry)
        return index is not None and self._allow.allows(self._passage(index))
