"""Where the sentences of a passage begin and end: sentences of paragraphs, items of lists, rows of tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

UnitKind = Literal["sentence", "item", "row"]

_CLAUSE = re.compile(r"(?:\d+\.)+\d*\s+|\d+\)\s+")
_ITEM = re.compile(r"[ \t]*(?:[-*•–]|\d+[.)])[ \t]+(?:\([a-z0-9]{1,4}\)[ \t]*)?|[ \t]*\([a-z0-9]{1,4}\)[ \t]+")
_RULE_ROW = re.compile(r"\|[\s:|-]*\|?\s*")
_END = re.compile(r"[.!?]+[\"'”’)\]]*(?=\s|$)")
_NOT_AN_END = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|approx|no|nos|cl|para|art|sec|fig|mr|mrs|ms|dr|prof|vs|st|inc|ltd|co|max|min|incl|excl)|\b[A-Z])\.$",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"\s+[\"'“‘(\[]?[A-Z0-9£€$]")


@dataclass(frozen=True)
class Unit:
    """A sentence, a list item or a table row: characters `start` to `end` of the text. A clause number or bullet is not part of it."""

    kind: UnitKind
    start: int
    end: int
    header: str = ""  # of a row: the table's header row
    lead: int = -1  # of an item: where the sentence that introduces its list starts


def units(text: str) -> tuple[Unit, ...]:
    """Every unit of the text, in order."""
    found: list[Unit] = []
    header = ""
    lead = -1
    for start, end in _lines(text):
        line = text[start:end]
        if line.lstrip().startswith("|"):
            if not header:
                header = line.strip()
            elif not _RULE_ROW.fullmatch(line.strip()):
                found.append(Unit("row", start, end, header=header))
            continue
        header = ""
        item = _ITEM.match(line)
        if item and item.end() < len(line):
            found.append(Unit("item", start + item.end(), end, lead=lead))
            continue
        sentences = tuple(_sentences(text, start, end))
        found.extend(sentences)
        if sentences and text[sentences[-1].end - 1] == ":":
            lead = sentences[-1].start
        elif sentences:
            lead = -1
    return tuple(found)


def unnumbered(line: str) -> str:
    """Without the clause number or the bullet that stands before a unit."""
    mark = _CLAUSE.match(line) or _ITEM.match(line)
    return line[mark.end() :] if mark else line


def cells(row: str) -> tuple[str, ...]:
    """The cells of a Markdown table row, stripped."""
    return tuple(cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", row.strip().strip("|")))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Lines that hold something; a paragraph's soft line breaks are joined to one span."""
    open_start = -1
    open_end = 0
    position = 0
    for line in text.splitlines(keepends=True):
        start, end = position, position + len(line.rstrip())
        position += len(line)
        own = not line.strip() or line.lstrip().startswith("|") or bool(_ITEM.match(line))
        if own:
            if open_start >= 0:
                yield open_start, open_end
            open_start = -1
            if line.strip() and line.lstrip().startswith("|"):
                yield start, end
            elif line.strip():
                open_start, open_end = start, end
        elif open_start >= 0:
            open_end = end
        else:
            open_start, open_end = start, end
    if open_start >= 0:
        yield open_start, open_end


def _sentences(text: str, start: int, end: int) -> Iterator[Unit]:
    number = _CLAUSE.match(text, start, end)
    begin = number.end() if number else start + (len(text[start:end]) - len(text[start:end].lstrip()))
    for stop in _END.finditer(text, begin, end):
        rest = text[stop.end() : end]
        if _NOT_AN_END.search(text[begin : stop.end()]) or (rest.strip() and not _BEGINS.match(rest)):
            continue
        yield Unit("sentence", begin, stop.end())
        begin = stop.end() + (len(rest) - len(rest.lstrip()))
    if text[begin:end].strip():
        yield Unit("sentence", begin, end)
