"""Plain text to sections: blank lines part paragraphs, and lines in capitals or with a number and a title are headings."""

from __future__ import annotations

import re

from knowledge.reading import Reading
from knowledge.reading.cleaning import clean, decoded, one_line
from knowledge.reading.numbering import at_clauses, heading_number
from knowledge.reading.outline import Outline

_TITLE = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,3}[.)]?[ \t]+[^\W\d_][^\n]{1,78}(?<![.,;:!?])")
_UNDERLINE = re.compile(r"[=\-~*_]{3,}")
_ITEM = re.compile(r"[ \t]*(?:[-*•–‣▪o][ \t]+|(?=\((?:[a-z]|[ivx]{1,4}|\d{1,2})\)[ \t]))(?=\S)")
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
_LONGEST_HEADING = 80


def read(content: bytes) -> Reading:
    """Parse plain text."""
    outline = Outline()
    raw = decoded(content)
    outline.hidden.lines(raw)
    for chunk in _BLANK_LINES.split(clean(raw).strip("\n")):
        lines = [line.rstrip() for line in chunk.split("\n") if line.strip()]
        while lines and (level := _heading_level(lines)):
            outline.heading(level, lines[0])
            lines = lines[2:] if len(lines) > 1 and _UNDERLINE.fullmatch(lines[1].strip()) else lines[1:]
        _write(lines, outline)
    return Reading(outline.sections(), {}, outline.properties(), outline.hidden.remarks())


def _heading_level(lines: list[str]) -> int:
    """1 for a title in capitals or underlined, more for a numbered one; 0 for a line of text."""
    first = lines[0].strip()
    if len(first) > _LONGEST_HEADING or _ITEM.match(first):
        return 0
    underlined = len(lines) > 1 and _UNDERLINE.fullmatch(lines[1].strip()) is not None
    capitals = first.isupper() and sum(letter.isalpha() for letter in first) >= 3 and not first.endswith((".", ",", ";"))
    titled = len(lines) == 1 and _TITLE.fullmatch(first) is not None
    if not (underlined or capitals or titled):
        return 0
    number = heading_number(first)
    return 2 + number.count(".") if number else 1


def _write(lines: list[str], outline: Outline) -> None:
    """The paragraphs of a chunk, and the lists that begin in the middle of it."""
    pending: list[str] = []
    items: list[str] = []
    for line in lines:
        item = _ITEM.match(line)
        if item is not None:
            items.append(f"- {line[item.end() :].strip()}")
        elif items:
            items[-1] += f" {line.strip()}"
        else:
            pending.append(line.strip())
    for clause in at_clauses("\n".join(pending)):
        outline.block("paragraph", one_line(clause))
    outline.block("list", "\n".join(items))
