"""`ibid eval --data`: searches folders of documents and judged questions as production searches, and prints how good the rankings are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from evals.data import Measured, folders_in, read_folder
from evals.data_lines import BadData
from evals.data_search import Asking, Views, fill, kept_corpus, ways
from knowledge.embedding import open_minilm
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from argparse import Namespace

    from rich.console import Console

    from bot.settings import Settings
    from knowledge.corpus import Corpus
    from knowledge.values import IndexProgress

NAMED = 3  # of many, so many are named


def run(options: Namespace, settings: Settings, console: Console) -> int:
    """0 when every folder was measured. One that cannot be is said at once, and the others are measured all the same."""
    if options.json and (options.json.is_dir() or not options.json.parent.is_dir()):
        raise BadData(f"{options.json}: {'is a folder; name a file' if options.json.is_dir() else 'there is no such folder to write into'}")
    folders, whole = _read(options.data, console)
    if not folders:
        return 1
    embedder = open_minilm(settings.embedder_dir, settings.data_dir, variant=settings.embedder_variant)
    found: dict[str, dict[str, Any]] = {}
    for measured in folders:
        for remark in measured.remarks:
            _say(console, f"{measured.name}: {remark}")
        try:
            with kept_corpus(settings.data_dir, measured.name, embedder) as corpus, _bar(console) as bar:
                by_leg = _measure(measured, corpus, bar, legs=options.legs)
        except KnowledgeError as problem:
            _say(console, f"{measured.name}: {problem}")
            whole = False
            continue
        for leg, views in by_leg.items():
            console.print(_table(f"{measured.name}, {leg} alone" if leg else measured.name, views))
        found[measured.name] = {**by_leg.pop(""), **by_leg}
    if options.json:
        try:
            options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            raise BadData(f"{options.json}: cannot be written ({error.strerror})") from error
    return 0 if whole else 1


def _read(directories: Sequence[Path], console: Console) -> tuple[tuple[Measured, ...], bool]:
    """Every folder that can be measured, and whether those are all."""
    found: dict[str, Measured] = {}
    whole = True
    for folder in _folders(directories):
        try:
            _add(found, read_folder(folder))
        except BadData as problem:
            _say(console, str(problem))
            whole = False
    return tuple(found.values()), whole


def _folders(directories: Sequence[Path]) -> tuple[Path, ...]:
    """Each once, however often it is named."""
    return tuple({folder.resolve(): folder for directory in directories for folder in folders_in(directory)}.values())


def _add(found: dict[str, Measured], measured: Measured) -> None:
    if measured.name in found:
        raise BadData(f"two folders are called {measured.name}; measure them one after the other")
    found[measured.name] = measured


def _measure(measured: Measured, corpus: Corpus, bar: Progress, *, legs: bool) -> dict[str, Views]:
    """The figures by view, of production's search under "" and of each leg under its name."""
    indexing = bar.add_task(f"{measured.name}, indexing", total=None)

    def step(progress: IndexProgress) -> None:
        bar.update(indexing, description=f"{measured.name}, {progress.stage}", completed=progress.done, total=progress.total)

    unread = fill(corpus, measured, step).unread
    bar.remove_task(indexing)
    row_of = {row.file: f"row {row.id}" for row in measured.rows}
    for one in unread[:NAMED]:
        _say(bar.console, f"{measured.name}: not read: {row_of.get(one.path, one.path)}: {one.reason}")
    if len(unread) > NAMED:
        _say(bar.console, f"{measured.name}: not read: {len(unread) - NAMED} more")
    asking = Asking(measured, corpus)
    if missing := asking.never_found():
        named = ", ".join(missing[:NAMED]) + (", …" if len(missing) > NAMED else "")
        _say(bar.console, f"{measured.name}: {len(missing)} right answers have no passage of their own and count as not found: {named}")
    searches = ways(legs=legs)
    total = len(searches) * sum(len(view) for view in measured.views().values())
    searching = bar.add_task(f"{measured.name}, searching", total=total)
    return {leg: asking.views(weights, lambda: bar.advance(searching)) for leg, weights in searches.items()}


def _bar(console: Console) -> Progress:
    return Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=console, transient=True)


def _table(title: str, views: Views) -> Table:
    """One column for each way to ask."""
    table = Table(title=title, title_justify="left", box=SIMPLE)
    table.add_column("figure")
    for view in views:
        table.add_column(view, justify="right")
    for name in next(iter(views.values())):
        table.add_row(name, *(_shown(figures[name]) for figures in views.values()))
    return table


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value}" if isinstance(value, int) else f"{value:.3f}"


def _say(console: Console, sentence: str) -> None:
    console.print(sentence, markup=False, highlight=False, soft_wrap=True)
