"""A prompt's text in as many inputs as it takes: cut where a line ends, and put together again without loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

INPUT = 3000  # characters that Slack takes in one input
PART = 2400  # that are put in, so that there is room to write
ROOM = 1000  # that the last one has left; else there is another one, empty
_LONGEST_GAP = 16  # characters of white space that stand between two parts; what is longer goes on in the next one


@dataclass(frozen=True)
class Parts:
    """`gaps[n]` stood between texts n and n + 1: Slack may trim what begins or ends a text, and nothing is lost by that."""

    texts: tuple[str, ...]
    gaps: tuple[str, ...]


def apart(text: str) -> Parts:
    """At least one part, none longer than an input is."""
    texts: list[str] = []
    gaps: list[str] = []
    rest = text
    while _units(rest) > PART:
        end, gap = _cut(rest)
        texts.append(rest[:end])
        gaps.append(rest[end : end + gap])
        rest = rest[end + gap :]
    texts.append(rest)
    if _units(rest) > INPUT - ROOM:
        texts.append("")
        gaps.append("\n")
    return Parts(tuple(texts), tuple(gaps))


def together(texts: Sequence[str], gaps: Sequence[str]) -> str:
    """What was taken apart. A part that was emptied takes the gap before it along."""
    whole = ""
    for gap, text in zip(("", *gaps), texts, strict=True):
        whole += gap + text if text and whole else text
    return whole


def _cut(text: str) -> tuple[int, int]:
    """Where the first part ends, and how much white space follows it: at the end of a line, else between words, else anywhere."""
    longest = _fitting(text)
    for mark in ("\n", " "):
        found = text.rfind(mark, longest // 2, longest)
        if found > 0 and text[:found].strip():
            end = len(text[:found].rstrip())
            beyond = text[end : end + _LONGEST_GAP]
            return end, len(beyond) - len(beyond.lstrip())
    return longest, 0


def _fitting(text: str) -> int:
    """How many characters make up PART units."""
    longest = min(PART, len(text))
    while _units(text[:longest]) > PART:
        longest -= (_units(text[:longest]) - PART + 1) // 2
    return longest


def _units(text: str) -> int:
    """As Slack's clients count: an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
