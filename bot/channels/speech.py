"""How a channel writes what people and documents said, and how it links."""

from __future__ import annotations

from collections.abc import Callable

Escape = Callable[[str], str]  # makes foreign words harmless there
Link = Callable[[str, str], str]  # address and words: a link, or empty where the address is none


def no_link(address: str, words: str) -> str:  # noqa: ARG001  as a channel with links has it
    """In plain text an address stands beside the words."""
    return ""


def in_one_line(said: str, most: int = 300) -> str:
    """What somebody wrote, on one line: a whole page is not said back."""
    line = " ".join(said.split())
    return line if len(line) <= most else f"{line[:most].rstrip()}…"
