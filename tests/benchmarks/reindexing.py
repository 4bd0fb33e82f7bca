"""What a run of the index costs: where nothing changed, where one clause did, and the first time.

Held against a bare hash scan of the same files and against LlamaIndex's IngestionPipeline, with embedders that cost next to nothing; the
first run against the embedder alone on the same windows. Run by python -m tests.benchmarks reindexing.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.connectors.folder import Folder
from knowledge.corpus import Corpus
from knowledge.embedding import open_minilm
from knowledge.hashing_embedding import HashingEmbedding
from knowledge.policy import Defaults
from knowledge.values import IndexReport, Scope
from knowledge.windowing import windows
from tests.benchmarks import large
from tests.benchmarks.side_by_side import show
from tests.factories import EVERYONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from knowledge.embedding import Embedder

FILES = 2_000
FIRST = 600  # of them are read by the first run that is held against the embedder: it takes minutes
ROUNDS = 7
SECTIONS, TO_A_SECTION = 2, 4  # of a file: as long as one of the sample handbook


def write_files(folder: Path, count: int) -> None:
    """Markdown files of a few numbered clauses."""
    chance = random.Random(7)
    for number in range(count):
        file = folder / f"part-{number % 20:02}" / f"policy-{number:05}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = [f"# {large.words(chance, 3)} {number}", ""]
        for section in range(1, SECTIONS + 1):
            lines += [f"## {section}. {large.words(chance, 2)}", ""]
            for clause in range(1, TO_A_SECTION + 1):
                lines += [f"{section}.{clause} {large.text(chance)}", ""]
        file.write_text("\n".join(lines), encoding="utf-8")


def hashed(folder: Path) -> list[str]:
    """A bare scan: what a run that looks at every byte cannot do without."""
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*.md"))]


def indexed(corpus: Corpus, folder: Path) -> IndexReport:
    return corpus.index(Folder(folder), Defaults(rule=EVERYONE))


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def no_change(corpus: Corpus, documents: Path, pipeline: Callable[[], object], rounds: int) -> Iterator[tuple[str, ...]]:
    """The same files again, some times, one way after the other."""
    ways = {
        "bare hash scan": lambda: hashed(documents),
        "Ibid": lambda: indexed(corpus, documents),
        "LlamaIndex's IngestionPipeline": pipeline,
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            times[name].append(seconds(way))
    yield ("nothing changed, medians", "s", "× scan")
    bare = times["bare hash scan"]
    for name, taken in times.items():
        yield (
            name,
            f"{statistics.median(taken):.3f}",
            f"{statistics.median(one / scan for one, scan in zip(taken, bare, strict=True)):.1f}",
        )


def one_changed(corpus: Corpus, documents: Path) -> Iterator[tuple[str, ...]]:
    """One clause of one file: how many windows are embedded again."""
    file = min(documents.rglob("*.md"))
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("\n1.1 ", "\n1.1 From now on: ", 1), encoding="utf-8")
    began = time.perf_counter()
    report = indexed(corpus, documents)
    taken = time.perf_counter() - began
    file.write_text(text, encoding="utf-8")
    yield ("one clause of one file changed", "")
    yield ("passages of the file", str(SECTIONS * TO_A_SECTION))
    yield ("windows embedded", str(report.embedded))
    yield ("seconds", f"{taken:.2f}")


def first_run(folder: Path, documents: Path, embedder: Embedder) -> Iterator[tuple[str, ...]]:
    """From nothing to a published edition, against the embedder alone on the same windows. Processor time with that of child processes."""
    corpus = Corpus.open(folder / "first", embedder)
    whole, busy = clocked(lambda: indexed(corpus, documents))
    passages = [hit.passage for hit in corpus.passages(Scope(frozenset({EVERYONE.label})))]
    texts = [window.text for passage in passages for window in windows(passage, embedder.offsets, embedder.identity)]
    alone, embedding = clocked(lambda: embedder.embed_windows(texts))
    corpus.close()
    yield ("first run", "s", "windows/s", "processor s")
    yield ("the embedder alone", f"{alone:.1f}", f"{len(texts) / alone:.0f}", f"{embedding:.1f}")
    yield ("Ibid, everything", f"{whole:.1f}", f"{len(texts) / whole:.0f}", f"{busy:.1f}")
    yield ("alone / everything", f"{alone / whole:.2f}", "", f"{embedding / busy:.2f}")


def clocked(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the wall, and of the processor with children that have ended."""
    before = os.times()
    taken = seconds(work)
    used = [now - then for now, then in zip(os.times()[:4], before[:4], strict=True)]
    return taken, sum(used)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the three tables."""
    parser = argparse.ArgumentParser(prog="reindexing", description="Indexes a folder again and again.")
    parser.add_argument("--files", type=int, default=FILES)
    parser.add_argument("--first", type=int, default=FIRST)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="ibid-bench-") as name:
        from tests.benchmarks.stock_pipeline import Pipeline

        folder = Path(name)
        documents = folder / "documents"
        write_files(documents, options.files)
        corpus = Corpus.open(folder / "hashing", HashingEmbedding())
        indexed(corpus, documents)
        pipeline = Pipeline(folder / "stock", documents)
        pipeline.run()
        show(f"{options.files:,} files", list(no_change(corpus, documents, pipeline.run, options.rounds)))
        show("then", list(one_changed(corpus, documents)))
        corpus.close()
        for file in sorted(documents.rglob("*.md"))[options.first :]:
            file.unlink()
        show(f"{options.first:,} of the files", list(first_run(folder, documents, open_minilm(None, folder / "first"))))


if __name__ == "__main__":
    main()
