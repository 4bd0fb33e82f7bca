"""What a sheet's XML says around its cells: what is hidden, what is merged, and which formulas have no result."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from lxml.etree import _Element

_CELLS = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
_MOST_MERGES = 20_000
_LAST_COLUMN = 16_384
_TAGS = [f"{{*}}{name}" for name in ("row", "col", "mergeCell", "f")]


@dataclass
class Shape:
    """Rows and columns count from 1. `merges` are first row, first column, last row, last column."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    unsolved: int = 0  # formulas that were never calculated


def read_shape(sheet: IO[bytes]) -> Shape:
    """Go once through a worksheet part without keeping it."""
    shape = Shape()
    row = 0
    formulas: list[_Element] = []
    for event, element in etree.iterparse(sheet, events=("start", "end"), tag=_TAGS, resolve_entities=False, no_network=True):
        name = etree.QName(element).localname
        if event == "start":
            if name == "row":
                row = int(number) if (number := element.get("r", "")).isdecimal() else row + 1
                if _is_on(element.get("hidden")):
                    shape.hidden_rows.add(row)
        elif name == "col" and _is_on(element.get("hidden")):
            shape.hidden_columns |= set(range(int(element.get("min", "1")), min(int(element.get("max", "1")), _LAST_COLUMN) + 1))
        elif name == "mergeCell" and len(shape.merges) < _MOST_MERGES and (span := _CELLS.fullmatch(element.get("ref", ""))):
            shape.merges.append((int(span[2]), column(span[1]), int(span[4]), column(span[3])))
        elif name == "f":
            formulas.append(element.getparent())
        elif name == "row":
            if row not in shape.hidden_rows:
                shape.unsolved += sum(_has_no_result(cell) for cell in formulas)
            formulas = []
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return shape


def _has_no_result(cell: _Element) -> bool:
    """Whether nobody calculated the formula; one that gives an empty text has a result."""
    return cell.get("t") != "str" and not cell.findtext("{*}v")


def column(letters: str) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _is_on(value: str | None) -> bool:
    return value in {"1", "true", "on"}
