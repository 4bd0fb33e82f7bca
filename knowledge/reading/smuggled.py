"""Characters that show nothing: which of them belong to a script or an emoji, and which carry something past the reader."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_TAGS = re.compile("[\U000e0000-\U000e007f]+")
_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f")  # England, Scotland, Wales
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]+")
_FURTHER_SELECTOR = re.compile("[\U000e0100-\U000e01ef]")  # picks a form of a Chinese character, and of nothing else
_IDEOGRAPH = re.compile("[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_ZERO_WIDTH = re.compile("[\u180e\u200b-\u200d\u2060-\u2064\u206a-\u206f\ufeff\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]+")
_SUSPECT = re.compile(
    "[\U000e0000-\U000e0fff\ufe00-\ufe0f\u180e\u200b-\u200d\u202a-\u202e\u2060-\u206f\ufeff\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]"
)
_TURNING = re.compile("[\u202b\u202d\u202e\u2067]")  # right to left embedding, both overrides, right to left isolate
_OVERRIDE_TO_LEFT = "\u202e"
_OVERRIDE_TO_RIGHT = "\u202d"
_SLOPPY = 3  # selectors in a row: emoji keyboards write two now and then, a message needs many
_SHORTEST_MESSAGE = 16  # marks of two kinds: two bytes, written as zeros and ones


@dataclass(frozen=True)
class Marks:
    """How many characters can carry a message, and how many show the text in another order than it is stored in."""

    message: int = 0
    turning: int = 0


def marks(text: str) -> Marks:
    """Count what carries something. Soft hyphens, single break hints, marks of joining scripts and emoji carry nothing."""
    if text.isascii() or not _SUSPECT.search(text):
        return Marks()
    message = sum(len(found[0]) for found in _TAGS.finditer(_FLAG.sub("", text))) + _selectors(text) + _zero_width(text)
    return Marks(message, sum(_turning(line) for line in text.splitlines()))


def marks_by_line(text: str) -> Iterator[tuple[int, Marks]]:
    """For each line that has any, its number from 1 and its marks."""
    if text.isascii() or not _SUSPECT.search(text):
        return
    spread = _zero_width(text)
    for number, line in enumerate(text.splitlines(), start=1):
        found = marks(line)
        if not found.message and spread and len("".join(_ZERO_WIDTH.findall(line))) > 1:
            found = Marks(_zero_width(line, least=1), found.turning)
        if found != Marks():
            yield number, found


def _selectors(text: str) -> int:
    """A selector chooses how the one character before it looks; a row of them, or one after a letter it has no form for, says more."""
    rows = single = 0
    for found in _SELECTORS.finditer(text):
        before = text[found.start() - 1] if found.start() else ""
        if len(found[0]) >= _SLOPPY or (_FURTHER_SELECTOR.search(found[0]) and not _IDEOGRAPH.match(before)):
            rows += len(found[0])
        elif before.isascii() and (before.isalpha() or before.isspace()):
            single += len(found[0])
    return rows + (single if single > _SLOPPY else 0)


def _zero_width(text: str, least: int = _SHORTEST_MESSAGE) -> int:
    """Marks of at least two kinds between letters that no script joins by them: one kind alone says nothing."""
    kinds: dict[str, int] = {}
    for found in _ZERO_WIDTH.finditer(text):
        before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
        if len(found[0]) == 1 and (_joins(before) or _joins(after) or found[0] == "\ufeff"):
            continue
        for mark in found[0]:
            kinds[mark] = kinds.get(mark, 0) + 1
    total = sum(kinds.values())
    return total if len(kinds) > 1 and total >= least else 0


def _joins(letter: str) -> bool:
    """Whether a joiner beside this is ordinary writing: a letter or a mark beyond Latin, Greek and Cyrillic, or a symbol (emoji)."""
    return letter > "\u052f" and unicodedata.category(letter)[0] in "LMS"


def _turning(line: str) -> int:
    """Marks that show this line in another order. In a line with letters written from the right, embeddings are ordinary."""
    found = _TURNING.findall(line)
    if not found:
        return 0
    right_to_left = any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in line)
    if right_to_left:
        return sum(mark in {_OVERRIDE_TO_LEFT, _OVERRIDE_TO_RIGHT} for mark in found)
    return sum(mark != _OVERRIDE_TO_RIGHT for mark in found)  # forced from the left, a line of Latin letters is as it was
