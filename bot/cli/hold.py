"""`ibid hold`: stop a document or a topic at once, for a time and with a sentence; list what is stopped, and lift it again."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import AsyncIterator
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from bot.cli.command import Command, begin, hurry
from bot.errors import Misconfigured

if TYPE_CHECKING:
    from bot.owner_socket import Line

HOW = 'write `ibid hold DOCUMENT --say "why" --until YYYY-MM-DD`, or --topic "words" in the place of the document, or --list, or --lift N'


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("document", nargs="?", help="its name as `ibid index` lists it, such as leave/annual-leave-uk.md")
    parser.add_argument(
        "--topic", metavar="WORDS", help='instead of a document: questions that have all these words, such as "travel Italy"'
    )
    parser.add_argument("--say", metavar="SENTENCE", help="what whoever asks is told instead of an answer")
    parser.add_argument("--until", metavar="DATE", type=_date, help="the last day on which it holds, as YYYY-MM-DD")
    parser.add_argument("--list", action="store_true", help="show what is held back today")
    parser.add_argument("--lift", metavar="N", type=int, help="end the hold of this number")
    parser.add_argument("--json", action="store_true", help="print the whole of it as JSON")


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise ArgumentTypeError(f"{text!r} is no date; write it as YYYY-MM-DD") from problem


def _run(options: Namespace) -> int:
    request = _request(options)
    hurry()
    settings = begin()
    from bot.cli.reaching import reach

    return reach(settings, request, partial(_show, as_json=options.json))


def _request(options: Namespace) -> Line:
    """Raises Misconfigured where it is not one of the three things that can be done."""
    orders = bool(options.document or options.topic or options.say or options.until)
    if [orders, bool(options.list), options.lift is not None].count(True) != 1:
        raise Misconfigured(f"One thing at a time: {HOW}.")
    if options.list:
        return {"do": "hold", "list": True}
    if options.lift is not None:
        if options.lift < 1:
            raise Misconfigured("A hold has a number from 1 on; `ibid hold --list` shows it.")
        return {"do": "hold", "lift": options.lift}
    if bool(options.document) == bool(options.topic) or not options.say or not options.until:
        raise Misconfigured(f"A hold needs what is held, what is said and until when: {HOW}.")
    wanted = {"document": options.document or "", "topic": options.topic or "", "say": options.say}
    return {"do": "hold", **wanted, "until": options.until.isoformat()}


async def _show(lines: AsyncIterator[Line], *, as_json: bool) -> int:
    from bot.cli.index_shown import followed, print_json
    from bot.cli.terminal import put

    last = await followed(lines, bars=False)
    if last is None:
        return 1
    if as_json:
        print_json(last)
    elif "held" in last:
        hold = last["held"]
        put(f"{_what(hold)} is held back until {hold['until']}, from now on and everywhere. `ibid hold --lift {hold['number']}` ends it.")
    elif "lifted" in last:
        put(f"{_what(last['lifted'])} is held back no more.")
    elif last["holds"]:
        for hold in last["holds"]:
            put(f"{hold['number']}  {_what(hold)}, until {hold['until']}, by {hold['by']}: {hold['sentence']}")
    else:
        put("Nothing is held back.")
    return 0


def _what(hold: Line) -> str:
    return str(hold["document"]) if hold["document"] else f"The topic {hold['topic']!r}"


COMMAND = Command(name="hold", summary="Stop a document or a topic at once, for a time.", arguments=_arguments, run=_run)
