"""`ibid eval`: asks the golden questions and prints the figures. A look at the check half is logged, and given once for each change."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from bot.errors import IbidError
from bot.settings import Settings, read_settings
from evals import claims_cli, data_cli, log
from evals.claims import BadClaims
from evals.data_lines import BadData
from evals.desk import furnish, own_corpus
from evals.estimate import estimate
from evals.figures import Reply, as_json, figures
from evals.golden import HALVES, BadGolden, GoldenQuestion, Half, first, load_golden
from evals.judge import judged
from evals.report import show, show_failures, show_figures
from evals.runner import replies_to
from evals.speaking import OPENAI, QUOTE, models_of, speaking
from evals.spending import spending
from knowledge.embedding import Embedder, open_minilm
from knowledge.errors import KnowledgeError
from knowledge.values import IndexProgress

Replies = dict[Half, tuple[Reply, ...]]


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    found = argparse.ArgumentParser(prog="ibid eval", description="Ask the golden questions and print the figures.")
    found.add_argument("--set", choices=("tune", "check", "both"), default="tune", help="which half (default: tune)")
    found.add_argument("--writer", choices=(QUOTE, OPENAI), default=QUOTE, help="quotes, or the models of the settings (default: quote)")
    found.add_argument("--limit", type=_positive, metavar="N", help="only N questions of each half, the same ones each time")
    found.add_argument("--judge", action="store_true", help="with --writer openai: let the first model judge the answers")
    found.add_argument("--claims", action="store_true", help="hold right and wrong lines against the check instead, and count its mistakes")
    found.add_argument(
        "--trust", action="store_true", help="every figure that is promised: who is told what, what is proved, what is refused"
    )
    found.add_argument("--sets", type=Path, metavar="DIR", help="with --trust: also the public sets in there (docs/trust.md)")
    found.add_argument(
        "--data", type=Path, action="append", metavar="DIR", help="measure the search on this folder, or on those in it; may be repeated"
    )
    found.add_argument("--legs", action="store_true", help="with --data: meaning alone and words alone beside it")
    found.add_argument("--ablate", action="store_true", help="print what each stage of the search is worth, also on the folders of --data")
    found.add_argument("--write", type=Path, metavar="FILE", help="with --ablate: write both tables as a page; with --trust: into one")
    found.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file too")
    found.add_argument("--failures", action="store_true", help="list what went wrong in the tune half; of the check half nothing is told")
    found.add_argument("--again", action="store_true", help="look at the check half once more without a change; the log will say so")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when the figures were made and nothing leaked, 1 otherwise."""
    options = _options(arguments)
    console = Console()
    settings = read_settings()
    try:
        return _chosen(options)(options, settings, console)
    except (BadGolden, BadClaims, BadData, KnowledgeError, IbidError) as problem:
        console.print(str(problem), markup=False, highlight=False, soft_wrap=True)
        return 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    known = parser()
    options = known.parse_args(arguments)
    if options.judge and options.writer != OPENAI:
        known.error("--judge needs --writer openai: quotes are judged by what they say")
    if options.claims and (options.writer != QUOTE or options.limit):
        known.error("--claims asks nobody anything: it takes no --writer and no --limit")
    if options.legs and not options.data:
        known.error("--legs needs --data DIR: it is the search that has legs")
    asks = options.claims or options.writer != QUOTE or options.limit or options.failures or options.again or options.set != "tune"
    if options.write and not (options.ablate or options.trust):
        known.error("--write needs --ablate or --trust")
    if options.sets and not options.trust:
        known.error("--sets needs --trust: nothing else plants attacks")
    if options.trust and (options.claims or options.data or options.ablate or options.writer != QUOTE or options.failures):
        known.error("--trust measures all that is promised: it takes --set, --limit, --write, --json and --again, and nothing else")
    if options.ablate and (asks or options.legs or options.json):
        known.error("--ablate searches in every way that there is: it takes --data and --write, and nothing else")
    if options.data and asks:
        known.error("--data searches and asks no writer: it takes --legs and --json, and nothing else")
    return options


def _chosen(options: argparse.Namespace) -> Callable[[argparse.Namespace, Settings, Console], int]:
    """What is measured: folders, claims, or the golden questions."""
    if options.ablate:
        from evals import ablate

        return ablate.run
    if options.trust:
        from evals import trust

        return trust.run
    if options.data:
        return data_cli.run
    return claims_cli.run if options.claims else _run


def _run(options: argparse.Namespace, settings: Settings, console: Console) -> int:
    questions = load_golden(settings.documents / "golden.yaml")
    of_half = {half: [one for one in questions if one.half == half] for half in HALVES if options.set in (half, "both")}
    halves = {half: first(asked, options.limit) for half, asked in of_half.items()}
    tree, look = log.tree_hash(), log.Look(writer=options.writer, models=tuple(model.name for model in models_of(options.writer, settings)))
    if "check" in halves and not options.again and (refusal := log.refusal(tree, look, log.LOG)):
        console.print(refusal, markup=False, highlight=False)
        return 1
    embedder = open_minilm(settings.embedder_dir, settings.data_dir, variant=settings.embedder_variant)
    replies = asyncio.run(ask(halves, options.writer, settings=settings, embedder=embedder, console=console, judge=options.judge))
    spent = {half: spending(asked) if look.models else {} for half, asked in replies.items()}
    found = {half: as_json(figures(asked) | spent[half]) for half, asked in replies.items()}
    if "check" in found:
        log.note(datetime.now(UTC), tree, look, found["check"], file=log.LOG)
    for half, asked in replies.items():
        show(console, half, asked)
        if spent[half]:
            show_figures(console, f"Models, {half}", spent[half])
    if options.failures and "tune" in replies:
        show_failures(console, replies["tune"])
    if options.json:
        options.json.write_text(json.dumps({"golden": found}, indent=2) + "\n", encoding="utf-8")
    return 1 if any(reply.leaked for asked in replies.values() for reply in asked) else 0


async def ask(
    halves: Mapping[Half, Sequence[GoldenQuestion]], writer: str, *, settings: Settings, embedder: Embedder, console: Console, judge: bool
) -> Replies:
    """Index the documents, then ask these questions, with a bar while it takes."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    progress = Progress(*columns, console=console, transient=True)
    async with speaking(writer, settings) as speakers:
        with own_corpus(settings, embedder) as corpus, progress as bar:
            indexing = bar.add_task("indexing", total=None)
            stepped = partial(_step, bar, indexing)
            furnished = await furnish(corpus, settings.documents, speakers.writers, stepped, settings.prompts)
            desk = replace(furnished, meter=speakers.meter)
            bar.remove_task(indexing)
            for unread in desk.unread:
                console.print(f"not read: {unread.path}: {unread.reason}", markup=False, highlight=False)
            if speakers.judge:
                everything = [one for of_half in halves.values() for one in of_half]
                console.print((await estimate(everything, desk, settings.models[0], judging=judge)).words, markup=False, highlight=False)
            replies: Replies = {}
            for half, of_half in halves.items():
                replies[half] = await replies_to(of_half, desk, _telling(bar, f"asking, {half}", len(of_half)))
                if judge and speakers.judge:
                    replies[half] = await judged(replies[half], desk, speakers.judge, _telling(bar, f"judging, {half}", len(of_half)))
        if speakers.judge:
            console.print(speakers.total, markup=False, highlight=False)
    return replies


def _telling(bar: Progress, title: str, total: int) -> Callable[[int], None]:
    task = bar.add_task(title, total=total)
    return lambda done: bar.update(task, completed=done)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("a whole number of at least 1 is needed")
    return int(text)


def _step(bar: Progress, task: TaskID, step: IndexProgress) -> None:
    bar.update(task, description=f"indexing, {step.stage}", completed=step.done, total=step.total)
