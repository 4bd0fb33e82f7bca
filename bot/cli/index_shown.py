"""A run of the index and a plan, as the terminal shows them."""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

from bot.cli.terminal import console, printable, put

if TYPE_CHECKING:
    from rich.table import Table

    from bot.owner_socket import Line

STAGES = {
    "plan": "Looking",
    "read": "Reading",
    "situate": "Situating",
    "embed": "Embedding",
    "verify": "Checking",
    "publish": "Publishing",
}
KINDS = (("added", "green"), ("changed", "yellow"), ("moved", "green"), ("removed", "red"))
MOST = 20  # documents of one kind that a person reads through; a file or a pipe gets all
ALIKE = 3  # from so many on, documents with the same reason share a line there
Row = tuple[str, str, str, str]  # document, kind, its colour, why


async def followed(lines: AsyncIterator[Line], *, bars: bool = True) -> Line | None:
    """Bars while it runs, and the last line that is no step."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    last: Line | None = None
    with Progress(*columns, console=console(), disable=not bars or not console().is_terminal) as shown:
        tasks: dict[str, Any] = {}
        async for line in lines:
            step: Line | None = line.get("step")
            if step is None:
                last = line
                continue
            if step["stage"] not in tasks:
                tasks[step["stage"]] = shown.add_task(STAGES.get(step["stage"], step["stage"].capitalize()), total=step["total"])
            shown.update(tasks[step["stage"]], completed=step["done"], total=step["total"])
    return last


def print_json(told: Line) -> None:
    """One line, for machines."""
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")


def report_code(report: Line, *, plan: bool) -> int:
    """The exit code: 1 where there is nothing to answer from, or where what is ready is held."""
    taken_in = any(report[kind] for kind in ("added", "changed", "unchanged", "moved"))
    return 0 if plan or (taken_in and not report["held"]) else 1


def show_report(report: Line, *, plan: bool) -> None:
    """Document by document what is not as it was, then what that comes to, then what to do."""
    rows = [*_documents(report), *_remarks(report)]
    if rows:
        console().print(_table(rows))
    counts = _counts(report)
    if plan:
        put(f"Plan: {counts}. {_foreseen(report)}Nothing was written{'; `ibid index` does it' if _anything(report) else ''}.")
    elif report["held"]:
        put(f"{counts}. Not published, {_live(report)}: {_sentence(report['held'])}")
        put("Mend the documents and run `ibid index` again, or publish it all the same with `ibid index --anyway`.")
    elif report_code(report, plan=False):
        _show_nothing(report, counts)
    else:
        back = " `ibid index undo` goes back." if (report["edition"] or 0) > 1 else ""
        put(f"{counts}; {counted(report['passages'], 'passage')}; {_live(report)} ({report['seconds']:.1f} s).{back}")


def counted(count: int, what: str, many: str = "") -> str:
    """3 documents, 1 document."""
    return f"{count:,} {what if count == 1 else many or f'{what}s'}"


def _show_nothing(report: Line, counts: str) -> None:
    from knowledge.reading import SUFFIXES

    hint = "" if report["unread"] else f" The files that are read end in {', '.join(sorted(SUFFIXES))}."
    put(f"Nothing could be indexed: {counts}.{hint}")


def _live(report: Line) -> str:
    if report["edition"] is not None:
        return f"version {report['edition']} is live"
    return f"version {report['live']} stays live" if report["live"] else "nothing is live yet"


def _counts(report: Line) -> str:
    """A document that could not be read counts as that alone."""
    listed = {one["path"] for one in report["unread"]}
    found = {kind: sum(name not in listed for name in report[kind]) for kind in ("added", "changed", "unchanged", "removed")}
    found["moved"] = len(report["moved"])
    found |= Counter(map(_unread, report["unread"]))
    return ", ".join(f"{count:,} {kind}" for kind, count in found.items() if count) or "no documents"


def _anything(report: Line) -> bool:
    return any(report[kind] for kind, _ in KINDS)


def _foreseen(report: Line) -> str:
    """What a run would take, and whom it would concern."""
    told = f"{counted(report['embedded'], 'piece')} of text to embed. " if report["embedded"] else ""
    if report["situated"]:
        told += f"{counted(report['situated'], 'line')} to ask a model for. "
    if report["pictured"]:
        told += f"{counted(report['pictured'], 'picture')} to have described. "
    if report["stale"]:
        rest = f"{counted(report['answers'], 'answer')} of the last 90 days" if report["answers"] else "no answer of the last 90 days"
        told += f"{counted(report['stale'], 'clause')} would change or go, on which {rest} rest{'s' if report['answers'] <= 1 else ''}. "
    return told


def _documents(report: Line) -> Iterator[Row]:
    listed = {one["path"] for one in report["unread"]}  # withheld, perhaps: its own line says so
    for kind, colour in KINDS:
        pairs = [(now, f"was {before}") for before, now in report["moved"]] if kind == "moved" else [(name, "") for name in report[kind]]
        shown = [(name, why) for name, why in pairs if name not in listed]
        most = MOST if console().is_terminal else len(shown)
        yield from ((name, kind, colour, why) for name, why in shown[:most])
        if shown[most:]:
            yield f"… and {len(shown) - most:,} more", kind, colour, ""


def _remarks(report: Line) -> Iterator[Row]:
    """Notes first: what could not be read stands last, where it is seen."""
    yield from _told([(one["path"], "note", one["reason"]) for one in report["warnings"]], "yellow")
    yield from _told([(one["path"], _unread(one), one["reason"].removeprefix("withheld: ")) for one in report["unread"]], "red")


def _told(remarks: list[tuple[str, str, str]], colour: str) -> Iterator[Row]:
    alike: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, kind, reason in remarks:
        alike[kind, reason].append(name)
    for (kind, reason), names in alike.items():
        few = len(names) <= ALIKE or not console().is_terminal
        for name in names if few else [f"{', '.join(names[: ALIKE - 1])} and {len(names) - ALIKE + 1:,} more"]:
            yield name, kind, colour, reason


def _table(rows: list[Row]) -> Table:
    from rich.table import Table
    from rich.text import Text

    why = any(row[3] for row in rows)
    table = Table("Document", "", *(["Why"] if why else []), box=None, pad_edge=False, show_header=why)
    for document, kind, colour, reason in rows:
        table.add_row(Text(printable(document)), Text(kind, style=colour), *([Text(printable(reason))] if why else []))
    return table


def _unread(one: Line) -> str:
    return "withheld" if one["withheld"] else "not read"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
