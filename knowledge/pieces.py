"""Cutting a text that is too long at the best places it offers: blocks, then lines, then sentences, then words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_PLACES = (re.compile(r"\n\n+"), re.compile(r"\n"), re.compile(r"(?<=[.!?;])\s+"), re.compile(r"\s+"))


def cut(text: str, start: int, end: int, limit: int, count: Callable[[str], int]) -> Iterator[tuple[int, int]]:
    """Spans of `text[start:end]`, in order, of at most `limit` tokens each. What lies between two spans is white space."""
    if count(text[start:end]) <= limit:
        yield start, end
        return
    begin = last = start
    size = 0
    for piece_start, piece_end, tokens in _pieces(text, start, end, limit, count, 0):
        if last > begin and size + tokens > limit:
            yield begin, last
            begin, size = piece_start, 0
        last = piece_end
        size += tokens
    yield begin, last


def _pieces(text: str, start: int, end: int, limit: int, count: Callable[[str], int], place: int) -> Iterator[tuple[int, int, int]]:
    """The coarsest pieces that fit, with their tokens; a single word longer than the limit is halved until it fits."""
    tokens = count(text[start:end])
    if tokens <= limit:
        yield start, end, tokens
        return
    if place == len(_PLACES):
        middle = (start + end) // 2
        yield from _pieces(text, start, middle, limit, count, place)
        yield from _pieces(text, middle, end, limit, count, place)
        return
    at = start
    for gap in _PLACES[place].finditer(text, start, end):
        if gap.start() > at:
            yield from _pieces(text, at, gap.start(), limit, count, place + 1)
        at = gap.end()
    if end > at:
        yield from _pieces(text, at, end, limit, count, place + 1)
