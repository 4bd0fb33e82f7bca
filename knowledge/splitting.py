"""Sections to passages: what is cited is one clause, one table, or a few paragraphs that stand together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.pieces import cut
from knowledge.reading.numbering import clause_number, heading_number
from knowledge.situating import situation
from knowledge.tables import header_cells, is_table
from knowledge.values import Block, Document, Passage, Section, content_id
from knowledge.windowing import windows

__all__ = ["split", "windows"]

_TOGETHER = 220  # tokens that paragraphs without numbers share one passage up to
_LONGEST = 1_200  # tokens of a passage; a longer clause is cut at its items, a longer table at its rows
_BETWEEN = "\n\n"


@dataclass(frozen=True)
class _Placed:
    """A block with its place in the version's text."""

    block: Block
    start: int
    end: int
    number: str  # the clause that it begins, or ""
    tokens: int


def split(document: Document, sections: Sequence[Section], count: Callable[[str], int]) -> tuple[str, tuple[Passage, ...]]:
    """The version's text, and the passages in it: `text[passage.start:passage.end] == passage.text` for every one."""
    parts: list[str] = []
    at = 0

    def place(words: str) -> int:
        nonlocal at
        start = at
        parts.append(words)
        at += len(words) + len(_BETWEEN)
        return start

    grouped: list[tuple[Section, list[_Placed]]] = []
    for section in sections:
        if section.path:
            place(section.path[-1])
        number = heading_number(section.path[-1]) if section.path else ""
        placed = []
        for block in section.blocks:
            start = place(block.text)
            placed.append(_Placed(block, start, start + len(block.text), _own_number(block, number), count(block.text)))
        grouped += [(section, group) for group in _groups(placed)]
    version = _Text(_BETWEEN.join(parts), count, Counter())
    return version.text, tuple(passage for section, group in grouped for passage in _passages(document, section, group, version))


def _own_number(block: Block, section_number: str) -> str:
    """The clause that the block begins. Below "4. …" only 4.x is one: "2.5 days are …" is a sentence."""
    number = clause_number(block.text) if block.kind == "paragraph" else ""
    return number if not section_number or number.startswith(f"{section_number}.") else ""


def _groups(blocks: Sequence[_Placed]) -> Iterator[list[_Placed]]:
    """A clause with what belongs to it; elsewhere a table alone, and a page's paragraphs up to a size, an introduction with its list."""
    group: list[_Placed] = []
    in_clause = False
    for placed in blocks:
        if placed.number:
            alone = True
        elif in_clause:
            alone = False
        else:
            full = sum(other.tokens for other in group) + placed.tokens > _TOGETHER
            introduced = bool(group) and group[-1].block.text.endswith(":") and placed.block.kind != "paragraph"
            after_table = bool(group) and group[-1].block.kind == "table"
            turned = bool(group) and group[0].block.page != placed.block.page  # a passage is cited by the page that it begins on
            alone = (full or turned or placed.block.kind == "table" or after_table) and not introduced
        if alone and group:
            yield group
            group = []
        in_clause = in_clause or bool(placed.number)
        group.append(placed)
    if group:
        yield group


@dataclass(frozen=True)
class _Text:
    """The version's text, the tokenizer's count, and how often each passage has occurred."""

    text: str
    count: Callable[[str], int]
    seen: Counter[str]


def _passages(document: Document, section: Section, group: Sequence[_Placed], version: _Text) -> Iterator[Passage]:
    """One passage, or several of the same clause where it is longer than a passage may be."""
    path = section.path[1:] if section.path and _alike(section.path[0], document.title) else section.path
    clause = group[0].number or (heading_number(section.path[-1]) if section.path else "")
    first, last = group[0].start, group[-1].end
    for start, end in cut(version.text, first, last, _LONGEST, version.count):
        text = version.text[start:end]
        holder = next(placed for placed in group if placed.end > start)
        key = content_id(document.id, document.rule.label, " › ".join(path), clause, text)
        version.seen[key] += 1
        yield Passage(
            id=key if version.seen[key] == 1 else content_id(key, str(version.seen[key])),
            document=document.id,
            label=document.rule.label,
            path=path,
            clause=clause,
            text=text,
            start=start,
            end=end,
            page=holder.block.page,
            anchor=section.anchor,
            situation=situation(document, path) + _columns(holder, start),
        )


def _columns(holder: _Placed, start: int) -> str:
    """The header of a table that the passage holds only later rows of."""
    if holder.block.kind != "table" or start <= holder.start or not is_table(holder.block.text):
        return ""
    return " › " + ", ".join(header_cells(holder.block.text))


def _alike(heading: str, title: str) -> bool:
    return re.sub(r"\W+", " ", heading).strip().casefold() == re.sub(r"\W+", " ", title).strip().casefold()
