"""`ibid index [PATH]`: read the documents, and say which were read, which were not, and why."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.cli.command import Command, begin, hurry
from bot.errors import Misconfigured

if TYPE_CHECKING:
    from rich.table import Table

    from bot.owner_socket import Line

_STAGES = {
    "plan": "Looking",
    "read": "Reading",
    "situate": "Situating",
    "embed": "Embedding",
    "verify": "Checking",
    "publish": "Publishing",
}


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("path", nargs="?", type=Path, help="the folder with the documents; default: IBID_DOCUMENTS")
    parser.add_argument("--plan", action="store_true", help="say what a run would do, and stop")
    parser.add_argument("--confirm-removal", action="store_true", help="many documents are gone from the folder, and that is meant")


def _run(options: Namespace) -> int:
    hurry()
    from bot.cli.reaching import reach

    settings = begin()
    folder = (options.path or settings.documents).expanduser().absolute()
    if not folder.is_dir():
        cure = "name the folder with the documents" if options.path else "set IBID_DOCUMENTS to the folder with the documents"
        raise Misconfigured(f"{folder} is {'a file' if folder.exists() else 'not there'}; {cure}.")
    request: Line = {
        "do": "index",
        "folder": str(folder),
        "plan_only": options.plan,
        "removal_confirmed": options.confirm_removal,
    }
    return reach(settings, request, lambda lines: _show(lines, plan=options.plan))


async def _show(lines: AsyncIterator[Line], *, plan: bool) -> int:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from bot.cli.terminal import console

    columns = (TextColumn("{task.description:10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    report: Line | None = None
    with Progress(*columns, console=console(), disable=not console().is_terminal) as bars:
        tasks: dict[str, Any] = {}
        async for line in lines:
            step: Line | None = line.get("step")
            if step:
                if step["stage"] not in tasks:
                    tasks[step["stage"]] = bars.add_task(_STAGES[step["stage"]], total=step["total"])
                bars.update(tasks[step["stage"]], completed=step["done"], total=step["total"])
            report = line.get("report", report)
    if report is None:
        return 1
    return _print_report(report, plan=plan)


def _print_report(report: Line, *, plan: bool) -> int:
    from bot.cli.terminal import console

    if any(report[kind] for kind in ("added", "changed", "removed", "unread", "warnings")):
        console().print(_table(report))
    listed = {one["path"] for one in report["unread"]}  # counted as what they are; the withheld are also removed
    found = {kind: sum(name not in listed for name in report[kind]) for kind in ("added", "changed", "unchanged", "removed")}
    counts = ", ".join(f"{count} {kind}" for kind, count in found.items() if count) or "no documents"
    unread = "".join(f", {count} {shown}" for shown, count in Counter(map(_unread, report["unread"])).items())
    if plan:
        console().print(f"Plan: {counts}{unread}. Nothing was changed.")
        return 0
    indexed = len(report["added"]) + len(report["changed"]) + len(report["unchanged"])
    if not indexed:
        from knowledge.reading import SUFFIXES

        hint = "" if unread else f" The files that are read end in {', '.join(sorted(SUFFIXES))}."
        console().print(f"Nothing could be indexed: {counts}{unread}.{hint}")
        return 1
    version = f"version {report['edition']} is live" if report["edition"] is not None else "the version before stays live"
    console().print(
        f"{counts}{unread}; {report['passages']} passage{'' if report['passages'] == 1 else 's'}; {version} ({report['seconds']:.1f} s)."
    )
    return 0


def _table(report: Line) -> Table:
    from rich.table import Table
    from rich.text import Text

    from bot.cli.terminal import printable

    table = Table("Document", "", "Why", box=None, pad_edge=False)
    listed = {one["path"] for one in report["unread"]}
    for kind, style in (("added", "green"), ("changed", "yellow"), ("removed", "red")):
        for document in report[kind]:
            if document in listed:  # withheld: its own line says so
                continue
            table.add_row(Text(printable(document)), Text(kind, style=style), "")
    for one in report["warnings"]:
        table.add_row(Text(printable(one["path"])), Text("note", style="yellow"), Text(printable(one["reason"])))
    for one in report["unread"]:
        table.add_row(Text(printable(one["path"])), Text(_unread(one), style="red"), Text(printable(one["reason"])))
    return table


def _unread(one: Line) -> str:
    return "withheld" if one["withheld"] else "not read"


COMMAND = Command(name="index", summary="Read the documents, and say which could not be read and why.", arguments=_arguments, run=_run)
