"""`ibid index [PATH | undo]`: read the documents, say what would change, or go back to the version before."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.command import Command, begin, hurry
from bot.errors import Misconfigured

if TYPE_CHECKING:
    from bot.owner_socket import Line
    from bot.settings import Settings

UNDO = "undo"


def _arguments(parser: ArgumentParser) -> None:
    where = "the folder with the documents; default: IBID_SOURCES or IBID_DOCUMENTS. Or the word undo: answer from the version before"
    parser.add_argument("path", nargs="?", metavar="PATH | undo", help=where)
    parser.add_argument("--plan", action="store_true", help="say what would be done, and stop")
    parser.add_argument("--source", default="", metavar="NAME", help="only the documents of this source of sources.yaml")
    parser.add_argument("--confirm-removal", action="store_true", help="many documents are gone from a source, and that is meant")
    parser.add_argument("--anyway", action="store_true", help="publish although golden questions fare worse")
    parser.add_argument(
        "--bring-back", action="append", default=[], metavar="TITLE", help="with undo: show this removed document again; may be repeated"
    )
    parser.add_argument("--json", action="store_true", help="print the report as one line of JSON")


def _run(options: Namespace) -> int:
    hurry()
    settings = begin()
    if options.path == UNDO and not Path(UNDO).is_dir():
        _refuse(options, "An undo goes back with the whole version, and takes no", "source", "confirm_removal", "anyway")
        from bot.cli.index_undo import undo

        return undo(settings, options.bring_back, plan=options.plan, as_json=options.json)
    _refuse(options, "Only `ibid index undo` takes", "bring_back")
    request: Line = {
        "do": "index",
        "folder": _folder(settings, options.path),
        "plan_only": options.plan,
        "source": _source(settings, options),
        "removal_confirmed": options.confirm_removal,
        "anyway": options.anyway,
    }
    code, report = _read(settings, request, as_json=options.json)
    if options.json or report is None or not report["unruled"]:
        return code
    from bot.cli.choosing import settled

    if not settled(settings, request, report["unruled"]):
        return code
    return _read(settings, request, as_json=False)[0]


def _read(settings: Settings, request: Line, *, as_json: bool) -> tuple[int, Line | None]:
    """One run, and what it reports; None where it ended without."""
    from bot.cli.reaching import reach

    reports: list[Line] = []
    code = reach(settings, request, partial(_show, reports=reports, plan=bool(request["plan_only"]), as_json=as_json))
    return code, reports[0] if reports else None


async def _show(lines: AsyncIterator[Line], reports: list[Line], *, plan: bool, as_json: bool) -> int:
    from bot.cli.index_shown import followed, print_json, report_code, show_report

    last = await followed(lines, bars=not as_json)
    if last is None:
        return 1
    report = last["report"]
    reports.append(report)
    if as_json:
        print_json({"plan": plan, **report})
    else:
        show_report(report, plan=plan)
    return report_code(report, plan=plan)


def _folder(settings: Settings, path: str | None) -> str:
    """The folder that was named, or "" for what settings name. Raises Misconfigured where there is none."""
    folder = Path(path or settings.documents).expanduser().absolute()
    if not folder.is_dir() and (path or settings.sources is None):
        cure = "name the folder with the documents" if path else "set IBID_DOCUMENTS to the folder with the documents"
        raise Misconfigured(f"{folder} is {'a file' if folder.exists() else 'not there'}; {cure}.")
    return str(folder) if path else ""


def _source(settings: Settings, options: Namespace) -> str:
    """Raises Misconfigured where there is but one place to read."""
    if options.source and (options.path or settings.sources is None):
        why = "a PATH takes the place of all sources" if options.path else "IBID_SOURCES is not set, so there is but one"
        raise Misconfigured(f"--source names a source of sources.yaml, and {why}; leave it out.")
    return str(options.source)


def _refuse(options: Namespace, why: str, *names: str) -> None:
    """Raises Misconfigured for options that make no sense here."""
    given = [f"--{name.replace('_', '-')}" for name in names if getattr(options, name)]
    if given:
        raise Misconfigured(f"{why} {' and '.join(given)}.")


COMMAND = Command(
    name="index", summary="Read the documents, say what would change, or go back to the version before.", arguments=_arguments, run=_run
)
