"""`ibid eval`: asks the golden questions and prints the figures. A look at the check half is logged, and given once for each change."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Literal, cast

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from bot.adapters.quote_writer import QuoteWriter
from bot.errors import IbidError
from bot.settings import Settings, read_settings
from evals import log
from evals.desk import furnish, own_corpus
from evals.figures import Reply, as_json, figures
from evals.golden import BadGolden, GoldenQuestion, load_golden
from evals.report import show, show_failures
from evals.runner import replies_to
from knowledge.embedding import Embedder, open_minilm
from knowledge.errors import KnowledgeError
from knowledge.values import IndexProgress

Chosen = Literal["tune", "check", "both"]
Replies = dict[Literal["tune", "check"], tuple[Reply, ...]]
WRITERS = {"quote": QuoteWriter}


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    found = argparse.ArgumentParser(prog="ibid eval", description="Ask the golden questions and print the figures.")
    found.add_argument("--set", choices=("tune", "check", "both"), default="tune", help="which half (default: tune)")
    found.add_argument("--writer", choices=tuple(WRITERS), default="quote", help="who writes the answers (default: quote)")
    found.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file too")
    found.add_argument("--failures", action="store_true", help="list what went wrong in the tune half; of the check half nothing is told")
    found.add_argument("--again", action="store_true", help="look at the check half once more without a change; the log will say so")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when the figures were made and nothing leaked, 1 otherwise."""
    options = parser().parse_args(arguments)
    console = Console()
    settings = read_settings()
    chosen = cast("Chosen", options.set)
    try:
        questions = load_golden(settings.documents / "golden.yaml")
        tree = log.tree_hash()
        before = log.looked_before(tree, log.LOG) if chosen != "tune" else None
        if before and not options.again:
            console.print(f"The check half was looked at with exactly this tree ({tree}) on {before['at']}.", highlight=False)
            console.print("Change something first, or give --again: the log will say that nothing had changed.")
            return 1
        embedder = open_minilm(settings.embedder_dir, settings.data_dir, variant=settings.embedder_variant)
        replies = asyncio.run(ask(questions, chosen, options.writer, settings=settings, embedder=embedder, console=console))
    except (BadGolden, KnowledgeError, IbidError) as problem:
        console.print(str(problem), markup=False, highlight=False)
        return 1
    found = {half: as_json(figures(asked)) for half, asked in replies.items()}
    if "check" in found:
        log.note(datetime.now(UTC), tree, options.writer, found["check"], file=log.LOG)
    _report(console, replies, failures=options.failures)
    if options.json:
        options.json.write_text(json.dumps({"golden": found}, indent=2) + "\n", encoding="utf-8")
    return 1 if any(reply.leaked for asked in replies.values() for reply in asked) else 0


async def ask(
    questions: Sequence[GoldenQuestion], chosen: Chosen, writer: str, *, settings: Settings, embedder: Embedder, console: Console
) -> Replies:
    """Index the documents, then ask the chosen halves, with a bar while it takes."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with own_corpus(settings, embedder) as corpus, Progress(*columns, console=console, transient=True) as bar:
        indexing = bar.add_task("indexing", total=None)
        desk = await furnish(corpus, settings.documents, WRITERS[writer](), lambda step: _step(bar, indexing, step))
        bar.remove_task(indexing)
        for unread in desk.unread:
            console.print(f"not read: {unread.path}: {unread.reason}", markup=False, highlight=False)
        replies: Replies = {}
        for half in ("tune", "check"):
            if chosen in (half, "both"):
                of_half = [question for question in questions if question.half == half]
                asking = bar.add_task(f"asking, {half}", total=len(of_half))
                replies[half] = await replies_to(of_half, desk, partial(_asked, bar, asking))
        return replies


def _report(console: Console, replies: Replies, *, failures: bool) -> None:
    for half, asked in replies.items():
        show(console, half, asked)
    if failures and "tune" in replies:
        show_failures(console, replies["tune"])


def _asked(bar: Progress, task: TaskID, done: int) -> None:
    bar.update(task, completed=done)


def _step(bar: Progress, task: TaskID, step: IndexProgress) -> None:
    bar.update(task, description=f"indexing, {step.stage}", completed=step.done, total=step.total)
