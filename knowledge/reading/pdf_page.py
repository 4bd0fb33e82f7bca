"""One PDF page: its lines of text with their look, and its tables, in reading order from the top."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pdfplumber.page import Page

_BOLD = re.compile(r"bold|black|heavy|semibold|demi|-bd\b", re.IGNORECASE)
_NO_LETTER = re.compile(r"\(cid:\d+\)")
_MOST_RULES = 4_000  # lines and rectangles on one page: more is a drawing, in which the search for tables would take minutes


@dataclass(frozen=True)
class Line:
    """A line of text as it stands on its page, measured in points from the top left corner."""

    text: str
    page: int
    top: float
    bottom: float
    left: float
    size: float
    bold: bool
    height: float  # of the page

    @property
    def look(self) -> tuple[float, bool]:
        return self.size, self.bold


@dataclass(frozen=True)
class Grid:
    """A table as it stands on its page."""

    rows: tuple[tuple[str, ...], ...]
    page: int
    top: float
    bottom: float
    left: float
    right: float


def page_content(page: Page) -> tuple[list[Line], list[Grid], int]:
    """The page's lines outside its tables, its tables, and how many of its characters its fonts do not name."""
    grids, boxes = _grids(page)
    drawn: set[tuple[str, int, int]] = set()
    visible = page.filter(lambda piece: piece["object_type"] == "char" and not _is_in_table(piece, boxes) and _is_first(piece, drawn))
    lines: list[Line] = []
    unnamed = 0
    for line in visible.extract_text_lines(strip=True, return_chars=True):
        unnamed += len(_NO_LETTER.findall(line["text"]))
        text = _NO_LETTER.sub("", line["text"]).strip()
        if text:
            size, bold = _look(line["chars"])
            lines.append(Line(text, page.page_number, line["top"], line["bottom"], line["x0"], size, bold, float(page.height)))
    return lines, grids, unnamed


def _grids(page: Page) -> tuple[list[Grid], list[tuple[float, float, float, float]]]:
    if len(page.lines) + len(page.rects) + len(page.curves) > _MOST_RULES:
        return [], []
    grids: list[Grid] = []
    boxes: list[tuple[float, float, float, float]] = []
    for table in page.find_tables():
        rows = tuple(tuple(cell or "" for cell in row) for row in table.extract())
        filled = [row for row in rows if any(cell.strip() for cell in row)]
        columns = sum(any(row[column].strip() for row in filled) for column in range(max(map(len, rows), default=0)))
        if len(filled) >= 2 and columns >= 2:  # less is a frame around text
            left, top, right, bottom = table.bbox
            grids.append(Grid(tuple(filled), page.page_number, top, bottom, left, right))
            boxes.append(table.bbox)
    return grids, boxes


def _is_in_table(char: dict[str, Any], tables: list[tuple[float, float, float, float]]) -> bool:
    """Whether the character stands in a table that is read already."""
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return any(box[0] <= x <= box[2] and box[1] <= y <= box[3] for box in tables)


def _is_first(char: dict[str, Any], drawn: set[tuple[str, int, int]]) -> bool:
    """Whether no copy of the character stands there yet: some programs draw a letter twice to make it look bold."""
    place = char["text"], round(char["x0"]), round(char["top"])
    if place in drawn and char["text"].strip():
        return False
    drawn.add(place)
    return True


def _look(chars: list[dict[str, Any]]) -> tuple[float, bool]:
    """The size that most letters of the line have, and whether most of them are bold."""
    letters = [char for char in chars if char["text"].strip()] or chars
    sizes = Counter(round(char["size"] * 2) / 2 for char in letters)
    bold = sum(bool(_BOLD.search(str(char.get("fontname", "")))) for char in letters)
    return sizes.most_common(1)[0][0], bold > 0.8 * len(letters)
