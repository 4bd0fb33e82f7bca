"""Late interaction: how well each word of a question is met by some word of a passage, of a sentence, of nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from knowledge.words import words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from numpy.typing import NDArray

    from knowledge.embedding import Embedder

EXCERPT = 96  # tokens of a window: what can be re-ranked for eight passages while a person waits
SITUATION = 32  # more for the line that says where it sits: it tells apart what countries and years say in the same words
_WORD = re.compile(r"[\w'’]+")


class Asked(NamedTuple):
    """A question's tokens: their characters, their vectors, and how much each counts."""

    tokens: Sequence[tuple[int, int]]
    vectors: NDArray[np.float32]
    counts: NDArray[np.float32]


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
    counts: NDArray[np.float32]  # how much each row counts

    def whole(self) -> float:
        """MaxSim: the mean over the question's tokens of the nearest one in the excerpt, rare words counting more."""
        return float(np.average(self.cosines.max(axis=1), weights=self.counts)) if self.cosines.size else 0.0

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


def meet(embedder: Embedder, question: str, excerpts: Sequence[Excerpt], rarity: Callable[[str], float]) -> list[Met]:
    """The question against each excerpt; empty where the embedder gives no token vectors."""
    limit = SITUATION + EXCERPT
    vectors = embedder.token_vectors([question, *(excerpt.read for excerpt in excerpts)], limit)
    if not vectors:
        return []
    tokens = embedder.offsets(question)[: len(vectors[0])]
    asked = Asked(tokens, vectors[0], _counts(question, tokens, rarity))
    return [_met(embedder, asked, vector, excerpt) for vector, excerpt in zip(vectors[1:], excerpts, strict=True)]


def _counts(question: str, tokens: Sequence[tuple[int, int]], rarity: Callable[[str], float]) -> NDArray[np.float32]:
    """The root of the rarity of each token's word: what few passages have tells them apart. All 1 where nothing is rare."""
    spans = [match.span() for match in _WORD.finditer(question)]
    rare = [max((rarity(word) for word in words(question[begin:end])), default=0.0) for begin, end in spans]
    of_tokens = [next((rare[place] for place, (begin, end) in enumerate(spans) if begin <= start < end), 0.0) for start, _ in tokens]
    counts = np.sqrt(np.array(of_tokens, dtype=np.float32))
    return counts if counts.any() else np.ones_like(counts)


def _met(embedder: Embedder, asked: Asked, tokens: NDArray[np.float32], excerpt: Excerpt) -> Met:
    before = len(excerpt.situation) + 1
    offsets = embedder.offsets(excerpt.read)[: len(tokens)]
    starts = [excerpt.start + begin - before if begin >= before else -1 for begin, _ in offsets]
    return Met(asked.vectors @ tokens.T, asked.tokens, np.array(starts, dtype=np.intp), asked.counts)
