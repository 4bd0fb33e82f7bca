"""How long it takes to read the first passages word by word, and how often the ranking is decisive without: on the sample handbook.

Its golden questions are asked of everything. What is lost where nothing is re-ranked is in knowledge/weights.py. Run by
python -m tests.benchmarks reranking.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.connectors.folder import Folder
from knowledge.corpus import Corpus
from knowledge.embedding import open_minilm
from knowledge.policy import Defaults
from knowledge.values import Scope
from knowledge.weights import WEIGHTS
from tests.benchmarks.large import HANDBOOK
from tests.benchmarks.questions import questions
from tests.benchmarks.side_by_side import show
from tests.factories import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from knowledge.embedding import Embedder, Vectors

ROUNDS = 200


class Timed:
    """An embedder that notes how long token vectors take, by how many passages were read beside the question."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.identity, self.dimensions = embedder.identity, embedder.dimensions
        self.seconds: dict[int, list[float]] = defaultdict(list)

    def embed_windows(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        return self._embedder.embed_windows(texts, progress)

    def embed_question(self, text: str) -> Vectors:
        return self._embedder.embed_question(text)

    def token_vectors(self, texts: Sequence[str], limit: int = 96) -> list[Vectors]:
        began = time.perf_counter()
        vectors = self._embedder.token_vectors(texts, limit)
        self.seconds[len(texts) - 1].append(time.perf_counter() - began)
        return vectors

    def count(self, text: str) -> int:
        return self._embedder.count(text)

    def offsets(self, text: str) -> Sequence[tuple[int, int]]:
        return self._embedder.offsets(text)


def steps(corpus: Corpus, embedder: Timed, asked: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Questions that were re-ranked, and those whose first passage led by so much that only what may be quoted was read."""
    scope = Scope(frozenset(rule.label for rule in corpus.rules()))
    corpus.search(asked[0], scope, TODAY)
    embedder.seconds.clear()
    for question in asked:
        corpus.search(question, scope, TODAY)
    yield ("reading word by word", "passages", "share", "median ms", "9 of 10 below")
    for most, taken in sorted(embedder.seconds.items(), reverse=True):
        name = "re-ranked" if most > WEIGHTS.read_closely else "decisive already"
        ninth = sorted(taken)[int(0.9 * len(taken))]
        yield (name, str(most), f"{len(taken) / len(asked):.0%}", f"{statistics.median(taken) * 1000:.0f}", f"{ninth * 1000:.0f}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="reranking", description="Searches the sample handbook.")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--documents", type=Path, default=HANDBOOK)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="ibid-bench-") as name:
        embedder = Timed(open_minilm(None, Path(name)))
        corpus = Corpus.open(Path(name), embedder)
        corpus.index(Folder(options.documents), Defaults())
        asked = questions(options.rounds)
        show(f"the sample handbook, {len(asked)} questions", list(steps(corpus, embedder, asked)))
        corpus.close()


if __name__ == "__main__":
    main()
