"""Words for a terminal: colours where there is one, plain lines where the output goes into a file or a pipe."""

from __future__ import annotations

import html
import re
import sys
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

_WIDE = 200  # columns of a table in a file
_MARKED = re.compile(r"(?<![\w*_`])([*_`])(?=\S)(.+?)(?<=\S)\1(?![\w*_`])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@cache
def console() -> Console:
    """Standard output. Where nobody looks at it, lines are as long as they are."""
    from rich.console import Console

    watched = sys.stdout.isatty()
    return Console(highlight=False, soft_wrap=not watched, width=None if watched else _WIDE)


def printable(text: str) -> str:
    """Without control characters: a document must not move the cursor, colour the screen or turn the line around."""
    return _CONTROL.sub("", text)


def put(text: str) -> None:
    """As it is: what stands in brackets is no markup here."""
    console().print(printable(text), markup=False, highlight=False)


def can_ask() -> bool:
    """Whether somebody is there to answer."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def asked(question: str) -> str:
    """What somebody types; "" also where the input ends."""
    try:
        return console().input(question, markup=False).strip()
    except EOFError:
        put("")
        return ""


def indented(text: str) -> RenderableType:
    """Set in by four columns, on every line that a terminal makes of it."""
    from rich.padding import Padding
    from rich.text import Text

    shown = printable(text)
    return Padding(Text(shown), (0, 0, 0, 4)) if console().is_terminal else Text(f"    {shown}")


def unmarked(message: str) -> str:
    """A message of wording/ as a terminal shows it: without Slack's marks."""
    return printable(html.unescape(_MARKED.sub(r"\2", message)))
