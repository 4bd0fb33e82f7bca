"""`ibid eval --ablate`: what each stage of the search is worth on each set of questions, and other ways to split, in one run."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import replace
from statistics import fmean, median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.adapters.rerankers import opened_reranker
from bot.settings import HOME
from evals.ablation import ALL, NO_LEXICON, Query, Seen, outside_way, scores, stage_ways
from evals.ablation_report import Compared, SetReport, markdown, show
from evals.benches import benches
from evals.data import folders_in, read_folder
from evals.data_lines import BadData
from evals.recut_search import RecutSearch
from evals.remembering import Remembering
from evals.splitters import plain_windows, recut, semantic
from knowledge.embedding import open_minilm
from knowledge.glossary import load_glossary
from knowledge.weights import WEIGHTS, Stages

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from rich.console import Console

    from bot.settings import Settings
    from evals.benches import Bench
    from knowledge.embedding import Embedder
    from knowledge.reranking import Reranker
    from knowledge.values import Hit

DEEP = 50  # hits of one search
READ = 5  # hits that are counted in tokens
TIMED = 40  # questions
NEVER = replace(WEIGHTS, read_closely=0, stages=Stages(rerank=False, outside=False))
ALWAYS = replace(WEIGHTS, rerank_margin=2.0, stages=Stages(outside=False))


def run(options: Namespace, settings: Settings, console: Console) -> int:
    """Prints the tables, and writes the page where one is named."""
    page: Path | None = options.write
    if page and (page.is_dir() or not page.parent.is_dir()):
        raise BadData(f"{page}: name a file in a folder that is there")
    folders = [read_folder(folder) for directory in options.data or () for folder in folders_in(directory)]
    embedder = open_minilm(settings.embedder_dir, settings.data_dir, variant=settings.embedder_variant)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with opened_reranker(settings) as reranker, Progress(*columns, console=console, transient=True) as bar:
        remembering = Remembering(embedder)
        with closing(benches(folders, settings, remembering, reranker)) as sets:
            reports = [_compared(bench, remembering, reranker, bar) for bench in sets]
    show(console, reports)
    if page:
        try:
            page.write_text(markdown(reports), encoding="utf-8")
        except OSError as error:
            raise BadData(f"{page}: cannot be written ({error.strerror})") from error
    return 0


def _compared(bench: Bench, embedder: Remembering, reranker: Reranker | None, bar: Progress) -> SetReport:
    ways = stage_ways() | ({f"re-ranked by {reranker.name}": outside_way()} if reranker else {})
    task = bar.add_task(f"{bench.name}, stages", total=len(bench.queries))
    seen: dict[str, list[Seen]] = {name: [] for name in ways}
    for query in bench.queries:
        embedder.forget()
        for name, weights in ways.items():
            found = bench.corpus.weigh(query.text, query.scope, query.as_of, DEEP, weights)
            places = tuple(frozenset({bench.place(hit.passage)}) for hit in found.findings.hits)
            tokens = _tokens(found.findings.hits, embedder) if name == NO_LEXICON else 0
            seen[name].append(Seen(places=places, confidence=found.findings.confidence, tokens=tokens, reranked=found.reranked))
        bar.advance(task)
    stages = {name: _row(name, bench.queries, found) for name, found in seen.items()}
    splits = [replace(stages[NO_LEXICON], name="clause by clause"), *_splits(bench, embedder, bar)]
    return SetReport(
        name=bench.name,
        questions=sum(bool(query.answerable and query.gold) for query in bench.queries),
        stages=tuple(stages.values()),
        splits=tuple(splits),
        reranked=fmean(one.reranked for one in seen[ALL]),
        milliseconds=_milliseconds(bench, embedder),
    )


def _row(name: str, queries: Sequence[Query], seen: Sequence[Seen]) -> Compared:
    return Compared(name=name, scores=scores(queries, seen), tokens=round(fmean(one.tokens for one in seen)))


def _tokens(hits: Sequence[Hit], embedder: Embedder) -> int:
    return sum(embedder.count(hit.passage.text) for hit in hits[:READ])


def _splits(bench: Bench, embedder: Remembering, bar: Progress) -> Iterator[Compared]:
    """The same documents and questions over other passages, whose vectors are kept for the next run."""
    passages = [hit.passage for hit in bench.corpus.passages(bench.everything)]
    documents = {document.id: document for document in bench.corpus.documents(bench.everything)}
    splitters = {
        "semantic": semantic(embedder),
        "512 tokens": plain_windows(512, embedder.offsets),
        "1,024 tokens": plain_windows(1024, embedder.offsets),
    }
    glossary = load_glossary(HOME / "wording" / "glossary.md")
    place_of = {passage.id: bench.place(passage) for passage in passages}
    embedder.recall(bench.vectors)
    for name, splitter in splitters.items():
        task = bar.add_task(f"{bench.name}, {name}", total=len(bench.queries))
        other = recut(passages, splitter)
        with TemporaryDirectory(prefix="ibid-") as folder:
            search = RecutSearch(other, documents, embedder, folder, glossary)
            embedder.keep(bench.vectors)
            seen = []
            for query in bench.queries:
                embedder.forget()
                seen.append(_seen(search.find(query, DEEP), other.holds, place_of, embedder))
                bar.advance(task)
        yield _row(name, bench.queries, seen)


def _seen(found: tuple[Sequence[Hit], float], holds: Mapping[str, frozenset[str]], place_of: Mapping[str, str], embedder: Embedder) -> Seen:
    hits, confidence = found
    places = tuple(frozenset(place_of[held] for held in holds[hit.passage.id]) for hit in hits)
    return Seen(places=places, confidence=confidence, tokens=_tokens(hits, embedder))


def _milliseconds(bench: Bench, embedder: Remembering) -> float:
    """What reading the first passages word by word takes, as a median over some questions, in a search that is re-ranked."""
    taken = []
    for query in [query for query in bench.queries if query.text][:TIMED]:
        times = []
        for weights in (NEVER, ALWAYS):
            embedder.forget()
            started = time.perf_counter()
            bench.corpus.weigh(query.text, query.scope, query.as_of, weights=weights)
            times.append(time.perf_counter() - started)
        taken.append(times[1] - times[0])
    return 1000 * median(taken)
