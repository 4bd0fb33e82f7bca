"""`ibid ask "…"`: a question at the terminal; its answer streams, with the sources below."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator
from datetime import date
from typing import TYPE_CHECKING

from bot.cli.command import Command, begin, hurry

if TYPE_CHECKING:
    from bot.owner_socket import Line

_NOT_DONE = ("failed", "not_ready")


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("question", nargs="+", help="the question, best in quotes")
    parser.add_argument(
        "--as", dest="person", default="", metavar="PERSON", help="ask as somebody of the people file; else as any employee"
    )
    parser.add_argument("--in", dest="channel", default="", metavar="CHANNEL", help="as if asked there: only what all its readers may read")
    parser.add_argument("--json", action="store_true", help="print the whole answer as JSON")


def _run(options: Namespace) -> int:
    hurry()
    from bot.cli.reaching import reach

    # What a terminal sends need not be UTF-8; what is not becomes a replacement character.
    text = " ".join(options.question).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    request: Line = {"do": "ask", "text": text, "person": options.person, "channel": options.channel}
    return reach(begin(), request, _as_json if options.json else _as_text)


async def _as_json(lines: AsyncIterator[Line]) -> int:
    async for line in lines:
        if "answer" in line:
            sys.stdout.write(json.dumps(line["answer"], indent=2, ensure_ascii=False) + "\n")
            return _code(line["answer"])
    return 1


async def _as_text(lines: AsyncIterator[Line]) -> int:
    from bot.cli.terminal import console, printable, unmarked

    stage = console().status("…") if console().is_terminal else None
    code = 1
    try:
        async for line in lines:
            if "stage" in line and stage:
                stage.update(line["stage"])
                stage.start()
            if "contact" in line:
                console().print(f"{unmarked(line['contact'])}\n", markup=False)
            if "sentence" in line:
                _print_sentence(line["sentence"])
            if "withdrawn" in line:
                console().print(f"({printable(line['withdrawn'])})", markup=False)
            if "answer" in line:
                if stage:
                    stage.stop()
                _print_rest(line["answer"])
                code = _code(line["answer"])
    finally:
        if stage:
            stage.stop()
    return code


def _print_sentence(sentence: Line) -> None:
    from rich.text import Text

    from bot.cli.terminal import console, printable

    marks = "".join(f"[{number}]" for number in sentence["sources"])
    opening = f"{sentence['opening']} " if sentence["opening"] else ""
    console().print(Text.assemble((opening, "italic"), printable(sentence["text"]), " ", (marks, "cyan")))


def _print_rest(answer: Line) -> None:
    """The message where there is no answer; what contradicts it, the sources where there is one, and the notes last."""
    from rich.text import Text

    from bot.cli.terminal import console, unmarked

    if answer["message"]:
        console().print(Text(unmarked(answer["message"])))
    for case in answer.get("cases", ()):
        console().print(Text(f"  • {unmarked(case['name'])}"))
    for conflict in answer.get("conflicts", ()):
        _print_quotes(conflict["message"], conflict["sides"])
    if answer.get("may_help"):
        _print_quotes(answer["may_help"]["message"], answer["may_help"]["quotes"])
    for source in answer.get("sources", ()):
        _print_source(source)
    for note in answer.get("notes", ()):
        console().print()
        console().print(Text(unmarked(note), style="dim"))


def _print_quotes(message: str, quotes: list[Line]) -> None:
    """Quotes that are no part of the answer."""
    from rich.text import Text

    from bot.cli.terminal import console, indented, printable, unmarked

    console().print()
    console().print(Text(unmarked(message)))
    for one in quotes:
        console().print(indented(f"“{' '.join(one['quote'].split())}”"))
        told = (one["place"], _effective(one), one["owner"])
        console().print(Text(printable(" · ".join(filter(None, told))), style="bold"))


def _print_source(source: Line) -> None:
    from rich.text import Text

    from bot.cli.terminal import console, indented, printable

    told = (f"Source {source['number']}: {source['place']}", _effective(source))
    console().print()
    console().print(Text(printable(" · ".join(filter(None, told))), style="bold"))
    for quote in source["quotes"]:
        console().print(indented(f"“{' '.join(quote.split())}”"))
    if source["opens"]:
        console().print(indented(source["opens"]))


def _effective(told: Line) -> str:
    from bot.channels.replies import in_words

    return f"effective {in_words(date.fromisoformat(told['effective']))}" if told["effective"] else ""


def _code(answer: Line) -> int:
    return 1 if answer["outcome"] in _NOT_DONE else 0


COMMAND = Command(
    name="ask", summary="Ask a question here; the answer comes with the passages that prove it.", arguments=_arguments, run=_run
)
