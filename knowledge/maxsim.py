"""Late interaction: how well each word of a question is met by some word of a passage, of a sentence, of nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from knowledge.words import words

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from knowledge.embedding import Embedder

    Question = tuple[Sequence[tuple[int, int]], NDArray[np.float32]]

EXCERPT = 96  # tokens of a window: what can be re-ranked for twelve passages while a person waits
SITUATION = 32  # more for the line that says where it sits: it tells apart what countries and years say in the same words


@dataclass(frozen=True)
class Excerpt:
    """Part of a passage, with the line that says where it sits. `start` is the part's first character in the passage."""

    situation: str
    text: str
    start: int

    @property
    def read(self) -> str:
        """What the model reads."""
        return f"{self.situation}\n{self.text}"


@dataclass(frozen=True, eq=False)
class Met:
    """Cosines of a question's tokens (rows) with an excerpt's (columns), and where in the passage each column stands."""

    cosines: NDArray[np.float32]
    asked: Sequence[tuple[int, int]]  # characters in the question, of each row
    starts: NDArray[np.intp]  # characters in the passage, of each column; -1 for the words of the situation

    def whole(self) -> float:
        """MaxSim: the mean over the question's tokens of the nearest one in the excerpt."""
        return float(self.cosines.max(axis=1).mean()) if self.cosines.size else 0.0

    def least(self, telling: Sequence[tuple[int, int]]) -> float:
        """How well the worst met of some of the question's words is met; the words are given by their characters."""
        rows = [row for row, (start, _) in enumerate(self.asked) if any(begin <= start < end for begin, end in telling)]
        return float(self.cosines.max(axis=1)[rows].min()) if self.cosines.size and rows else 0.0

    def part(self, start: int, end: int) -> float:
        """MaxSim with one sentence of the passage; 0 where the excerpt does not hold it."""
        columns = (self.starts >= start) & (self.starts < end)
        return float(self.cosines[:, columns].max(axis=1).mean()) if self.cosines.size and columns.any() else 0.0


def excerpt(situation: str, text: str, start: int, offsets: Sequence[tuple[int, int]], sought: Collection[str]) -> Excerpt:
    """The EXCERPT tokens of a window that share the most of the sought words; the first of equals."""
    if len(offsets) <= EXCERPT:
        return Excerpt(situation, text, start)
    first = [*range(0, len(offsets) - EXCERPT, EXCERPT // 2), len(offsets) - EXCERPT]
    spans = [(offsets[token][0], offsets[token + EXCERPT - 1][1]) for token in first]
    begin, end = max(spans, key=lambda span: len(set(sought) & set(words(text[span[0] : span[1]]))))
    return Excerpt(situation, text[begin:end], start + begin)


def meet(embedder: Embedder, question: str, excerpts: Sequence[Excerpt]) -> list[Met]:
    """The question against each excerpt; empty where the embedder gives no token vectors."""
    limit = SITUATION + EXCERPT
    vectors = embedder.token_vectors([question, *(excerpt.read for excerpt in excerpts)], limit)
    asked = embedder.offsets(question)[: len(vectors[0])] if vectors else ()
    return (
        [_met(embedder, (asked, vectors[0]), vector, excerpt) for vector, excerpt in zip(vectors[1:], excerpts, strict=True)]
        if vectors
        else []
    )


def _met(embedder: Embedder, question: Question, tokens: NDArray[np.float32], excerpt: Excerpt) -> Met:
    before = len(excerpt.situation) + 1
    offsets = embedder.offsets(excerpt.read)[: len(tokens)]
    starts = [excerpt.start + begin - before if begin >= before else -1 for begin, _ in offsets]
    asked, vectors = question
    return Met(vectors @ tokens.T, asked, np.array(starts, dtype=np.intp))
