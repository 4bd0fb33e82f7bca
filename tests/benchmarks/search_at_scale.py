"""A search of 100,000 passages against its floor and against stock LlamaIndex, in processor time on one core; and the bot's memory.

The floor of a question is the time of its embedding's matrix products, in numpy, and of one read of the vectors that it may see. No passage
is read word by word: that is measured in `reranking`. Run by python -m tests.benchmarks search_at_scale.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from knowledge.corpus import Corpus
from knowledge.embedding import open_minilm
from knowledge.minilm_graph import DIMENSIONS, LAYERS
from knowledge.values import Scope
from knowledge.weights import WEIGHTS
from tests.benchmarks import large
from tests.benchmarks.questions import questions
from tests.benchmarks.side_by_side import milliseconds, ratio, show
from tests.factories import TODAY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from knowledge.embedding import MiniLM

PASSAGES = 100_000
ROUNDS = 40
WITHOUT_READING = replace(WEIGHTS, rerank_margin=0.0, read_closely=0)
# Of each layer: as many times DIMENSIONS wide is what comes in, and what comes out.
PRODUCTS = ((1, 3), (1, 1), (1, 4), (4, 1))


@dataclass(frozen=True)
class Place:
    """A corpus under some labels."""

    name: str
    corpus: Corpus
    labels: Mapping[str, float]

    @classmethod
    def filled(cls, folder: Path, embedder: MiniLM, passages: int, labels: Mapping[str, float]) -> Place:
        large.fill(folder, embedder, passages, labels)
        return cls(f"{len(labels)} labels", Corpus.open(folder, embedder), labels)

    def search(self, question: str, labels: Collection[str]) -> object:
        return self.corpus.weigh(question, Scope(frozenset(labels)), TODAY, weights=WITHOUT_READING)

    def vectors(self, labels: Collection[str]) -> int:
        """How many may be seen under these labels."""
        live = self.corpus._live
        return len(live.readable_rows(labels, live.contents.documents)) if live else 0


class Floor:
    """What no search of this model's vectors can be faster than."""

    def __init__(self, embedder: MiniLM, most: int) -> None:
        chance = np.random.default_rng(7)
        shapes = [(DIMENSIONS * wide, DIMENSIONS * to) for wide, to in PRODUCTS]
        self._weights = [[chance.standard_normal(shape, dtype=np.float32) for shape in shapes] for _ in range(LAYERS)]
        self._vectors = large.unit_vectors(most, DIMENSIONS).reshape(-1)
        self._embedder = embedder

    def reach(self, question: str, vectors: int) -> None:
        """Once through the products, once through so many vectors."""
        tokens = self._embedder.count(question) + 2
        came = {wide: np.ones((tokens, DIMENSIONS * wide), dtype=np.float32) for wide, _ in PRODUCTS}
        for layer in self._weights:
            for (wide, _), weights in zip(PRODUCTS, layer, strict=True):
                np.matmul(came[wide], weights)
        read = self._vectors[: vectors * DIMENSIONS]
        np.dot(read, read)


def against_floor(six: Place, many: Place, floor: Floor, asked: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """A line for each scope."""
    some = list(many.labels)[: max(1, len(many.labels) * 2 // 5)]
    scopes = [(f"all {six.name}", six, list(six.labels)), *((label, six, [label]) for label in six.labels)]
    scopes.append((f"{len(some)} of {many.name}", many, some))
    whole: list[float] = []
    yield ("without re-ranking, medians", "vectors", "ms", "floor", "× floor", "× all 6")
    for name, place, labels in scopes:
        seen = place.vectors(labels)
        place.search(asked[0], labels)
        floors, ours = [], []
        for question in asked:
            floors.append(milliseconds(floor.reach, question, seen))
            ours.append(milliseconds(place.search, question, labels))
        whole = whole or ours
        cells = (statistics.median(ours), statistics.median(floors), ratio(ours, floors), ratio(ours, whole))
        yield (name, f"{seen:,}", *(f"{cell:.2f}" for cell in cells))


def against_stock(six: Place, embedder: MiniLM, folder: Path, asked: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """A line for all, for the largest and for the smallest of the labels. Stock has one vector for each passage."""
    from tests.benchmarks.stock import Stock

    hits = six.corpus.passages(Scope(frozenset(six.labels)))
    stock = Stock(folder, hits, large.unit_vectors(len(hits), DIMENSIONS), embedder)
    labels = list(six.labels)
    yield ("the same, medians", "Ibid ms", "LlamaIndex ms", "× less")
    for name, scope in ((f"all {six.name}", labels), (labels[0], labels[:1]), (labels[-1], labels[-1:])):
        stock.search(asked[0], scope)
        ours, theirs = [], []
        for question in asked:
            ours.append(milliseconds(six.search, question, scope))
            theirs.append(milliseconds(stock.search, question, scope))
        yield (name, f"{statistics.median(ours):.1f}", f"{statistics.median(theirs):.1f}", f"{ratio(theirs, ours):.1f}")


def whole_bot(folder: Path) -> Iterator[tuple[str, ...]]:
    """The bot with these documents, in a process of its own."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.whole_bot", str(folder)], check=True, capture_output=True, text=True
    ).stdout
    figures: dict[str, float] = json.loads(told.splitlines()[-1])
    yield ("the bot with these passages", "")
    yield ("until it can search", f"{figures['seconds']:.1f} s")
    yield ("most memory", f"{figures['mb']:,.0f} MB")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the three tables."""
    parser = argparse.ArgumentParser(prog="search_at_scale", description="Searches a large corpus.")
    parser.add_argument("--passages", type=int, default=PASSAGES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--no-stock", action="store_true", help="leave LlamaIndex out: filling its stores takes some minutes")
    options = parser.parse_args(arguments)
    asked = questions(options.rounds)
    with tempfile.TemporaryDirectory(prefix="ibid-bench-") as name:
        folder = Path(name)
        embedder = open_minilm(None, folder / "six")
        six = Place.filled(folder / "six", embedder, options.passages, large.SIX)
        many = Place.filled(folder / "many", embedder, options.passages, large.many_labels(500))
        floor = Floor(embedder, max(place.vectors(place.labels) for place in (six, many)))
        show(f"{options.passages:,} passages", list(against_floor(six, many, floor, asked)))
        many.corpus.close()
        if options.no_stock or find_spec("llama_index.retrievers.bm25") is None:
            show("LlamaIndex's BM25Retriever is left out, or not installed: pip install llama-index-retrievers-bm25", [])
        else:
            show("against stock LlamaIndex", list(against_stock(six, embedder, folder / "stock", asked)))
        six.corpus.close()
        show("in a process of its own", list(whole_bot(folder / "six")))


if __name__ == "__main__":
    main()
