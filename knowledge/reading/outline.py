"""Headings and blocks in reading order, collected into sections."""

from __future__ import annotations

import re
from collections.abc import Sequence
from textwrap import dedent

from knowledge.reading.cleaning import clean, one_line
from knowledge.reading.hidden import Hidden, below
from knowledge.reading.pictures import Pictures
from knowledge.values import Block, BlockKind, Section

_NOT_IN_A_SLUG = re.compile(r"[^\w\- ]")


class Outline:
    """The document so far. Levels need not start at 1 nor follow each other: a heading stands under the last smaller level."""

    def __init__(self, *, pictures: bool = False) -> None:
        self._sections: list[Section] = []
        self._open: list[tuple[int, str]] = []
        self._anchor = ""
        self._blocks: list[Block] = []
        self._slugs: dict[str, int] = {}
        self._later: list[tuple[bytes, int | None]] = []
        self.hidden = Hidden()
        self.pictures = Pictures(pictures)
        self.first_heading = ""  # the document's own title, where it opens with a heading of level 0 or 1

    @property
    def place(self) -> str:
        """Where the document is at, for a remark."""
        return below(self._open[-1][1]) if self._open else ""

    def heading(self, level: int, text: str, anchor: str = "") -> None:
        self.hidden.characters(text, self.place)
        text = one_line(clean(text))
        if not text:
            return
        self._close()
        if level <= 1 and not self.first_heading:
            self.first_heading = text
        while self._open and self._open[-1][0] >= level:
            self._open.pop()
        self._open.append((level, text))
        self._anchor = anchor or self._slug(text)

    def block(self, kind: BlockKind, text: str, page: int | None = None) -> None:
        self.hidden.characters(text, f"page {page}" if page else self.place)
        text = "\n".join(line.rstrip() for line in clean(text).strip("\n").split("\n") if line.strip())
        text = dedent(text) if kind == "list" else text.strip()
        if text.strip():
            self._blocks.append(Block(kind, text, page))
            self._place_pictures()

    def table(self, rows: Sequence[Sequence[str]], page: int | None = None) -> None:
        """Rows of cells, the first row as the header."""
        for cell in (cell for row in rows for cell in row):
            self.hidden.characters(cell, f"page {page}" if page else self.place)
        self.block("table", pipe_table(rows), page)

    def picture(self, content: bytes, page: int | None = None, *, later: bool = False) -> None:
        """Note a picture at this place; or `later`, below the block that is still being put together."""
        if not self.pictures.wanted:
            return
        self._later.append((content, page))
        if not later:
            self._place_pictures()

    def sections(self) -> tuple[Section, ...]:
        self._close()
        return tuple(self._sections)

    def properties(self, title: str = "") -> dict[str, str]:
        named = {"title": one_line(clean(title)), "heading": self.first_heading}
        return {key: value for key, value in named.items() if value}

    def _close(self) -> None:
        """End the section under way. One with a heading alone is kept: a heading may be all that says what follows."""
        self._place_pictures()
        if self._open or self._blocks or self.pictures.stands_in(len(self._sections)):
            self._sections.append(Section(tuple(text for _, text in self._open), tuple(self._blocks), self._anchor))
        self._blocks = []

    def _place_pictures(self) -> None:
        for content, page in self._later:
            self.pictures.take(content, len(self._sections), len(self._blocks), page)
        self._later = []

    def _slug(self, heading: str) -> str:
        slug = _NOT_IN_A_SLUG.sub("", heading.lower()).replace(" ", "-")
        seen = self._slugs.get(slug, 0)
        self._slugs[slug] = seen + 1
        return f"{slug}-{seen}" if seen else slug


def pipe_table(rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells as a Markdown table, the first row as its header. Empty rows and empty columns are left out."""
    width = max((len(row) for row in rows), default=0)
    cells = [[one_line(clean(cell)).replace("|", "\\|") for cell in row] + [""] * (width - len(row)) for row in rows]
    cells = [row for row in cells if any(row)]
    filled = [column for column in range(width) if any(row[column] for row in cells)]
    lines = ["| " + " | ".join(row[column] for column in filled) + " |" for row in cells]
    if not lines:
        return ""
    return "\n".join([lines[0], "| " + " | ".join("---" for _ in filled) + " |", *lines[1:]])
