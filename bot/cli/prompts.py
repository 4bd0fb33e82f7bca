"""`ibid prompts`: list, read, check, try, publish and roll back the words that are said to models."""

from __future__ import annotations

import getpass
import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.command import Command, begin, hurry
from bot.errors import Misconfigured

if TYPE_CHECKING:
    from bot.owner_socket import Line
    from bot.settings import Settings

_FILE = "a file with the new text, with or without front matter; - reads it from standard input"


def _arguments(parser: ArgumentParser) -> None:
    parts = parser.add_subparsers(dest="what", metavar="WHAT", title="without WHAT, all prompts are listed")
    show = parts.add_parser("show", help="print a prompt as its file would be")
    versions = parts.add_parser("versions", help="list who published which version, when and why")
    check = parts.add_parser("check", help="say what is wrong with a new text")
    trial = parts.add_parser("try", help="answer golden questions with the old text and the new; exit code 1 where the new does worse")
    publish = parts.add_parser("publish", help="make a new text live")
    back = parts.add_parser("rollback", help="make an earlier version live again")
    for part in (show, versions, check, trial, publish, back):
        part.add_argument("name", metavar="NAME", help="which prompt: answer, voice…")
    for part in (check, trial, publish):
        part.add_argument("file", metavar="FILE", help=_FILE)
    show.add_argument("--version", type=int, metavar="N", help="default: the one that is live")
    trial.add_argument("--yes", action="store_true", help="do not ask before it begins")
    publish.add_argument("--reason", required=True, help="why; it is kept with the version")
    back.add_argument("--to", type=int, metavar="N", help="default: the last one with other words than now")


def _run(options: Namespace) -> int:
    hurry()
    from bot.cli.prompts_shown import SHOW
    from bot.cli.reaching import reach

    settings = begin()
    given = vars(options)
    request: Line = {"do": "prompts", "what": options.what or "list", "author": _user()}
    request |= {name: given[name] for name in ("name", "version", "reason", "to") if given.get(name) is not None}
    if "file" in given:
        request["text"] = _text_of(options.file)
    if options.what == "try":
        return _try(settings, request, asks=not options.yes, typed=options.file != "-")
    return reach(settings, request, SHOW[request["what"]])


def _try(settings: Settings, request: Line, *, asks: bool, typed: bool) -> int:
    from bot.cli.prompts_shown import show_plan, show_trial
    from bot.cli.reaching import reach

    if not asks:
        return reach(settings, request, show_trial)
    if not typed:
        raise Misconfigured("The text comes from standard input, so nobody can be asked there whether to begin; add --yes.")
    refused = reach(settings, request | {"what": "plan"}, show_plan)
    if refused:
        return refused
    if not _agreed("Try it? [y/N] "):
        sys.stdout.write("Not tried.\n")
        return 1
    return reach(settings, request, lambda lines: show_trial(lines, planned=True))


def _agreed(question: str) -> bool:
    try:
        return input(question).strip().lower() in ("y", "yes")
    except EOFError:
        return False


def _text_of(file: str) -> str:
    from bot.prompts import LARGEST, decoded

    if file == "-":
        return decoded(sys.stdin.buffer.read(LARGEST + 1), "What was given")
    try:
        with Path(file).expanduser().open("rb") as opened:
            return decoded(opened.read(LARGEST + 1), file)
    except OSError as problem:
        raise Misconfigured(f"{file} cannot be read: {problem.strerror}.") from problem


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # in a container whose user has no name; which of them depends on Python's version
        return f"user {os.getuid()}"


COMMAND = Command(name="prompts", summary="List, check, try, publish and roll back the prompts.", arguments=_arguments, run=_run)
