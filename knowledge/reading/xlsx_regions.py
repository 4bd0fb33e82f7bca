"""A sheet's filled rows cut into regions, with merged cells put where they are seen."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knowledge.reading.xlsx_shape import Shape

_FIGURE = re.compile(r"[^A-Za-z]{0,3}\d[\d.,:/% -]*[^A-Za-z]{0,3}")


@dataclass(frozen=True)
class SheetRow:
    """A row that holds something: its number, and its visible cells by column."""

    number: int
    cells: dict[int, str]


def regions(rows: Iterable[SheetRow], shape: Shape) -> Iterator[list[list[str]]]:
    """The rows between empty ones, each row as wide as its region. A hidden row parts nothing."""
    region: list[SheetRow] = []
    for row in _merged_down(rows, shape):
        if region and any(
            between not in shape.hidden_rows for between in range(region[-1].number + 1, min(row.number, region[-1].number + 5_000))
        ):
            yield _dense(region, shape)
            region = []
        region.append(row)
    if region:
        yield _dense(region, shape)


def _merged_down(rows: Iterable[SheetRow], shape: Shape) -> Iterator[SheetRow]:
    """A cell that spans rows stands in each of them, since each row is quoted by itself."""
    beginning: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)  # first row → column, last row
    for first, left, last, _ in shape.merges:
        if last > first:
            beginning[first].append((left, last))
    spanning: dict[int, tuple[int, str]] = {}
    for row in rows:
        cells = {column: text for column, (last, text) in spanning.items() if row.number <= last} | row.cells
        for column, last in beginning.get(row.number, ()):
            spanning[column] = (last, row.cells.get(column, ""))
        yield SheetRow(row.number, cells)


def _dense(region: list[SheetRow], shape: Shape) -> list[list[str]]:
    _join_header(region, shape)
    columns = sorted({column for row in region for column in row.cells})
    return [[row.cells.get(column, "") for column in columns] for row in region]


def _join_header(region: list[SheetRow], shape: Shape) -> None:
    """Where the header's cells span columns, each of these gets its name; a second line of names is joined to the first."""
    top = next((index for index, row in enumerate(region) if sum(map(bool, row.cells.values())) > 1), None)
    if top is None or top + 1 >= len(region):
        return
    header, below = region[top], region[top + 1]
    spans = [(left, right) for first, left, _, right in shape.merges if first == header.number and right > left and left in header.cells]
    seen = {column for row in region for column in row.cells}
    for left, right in spans:
        header.cells.update({column: header.cells[left] for column in range(left + 1, right + 1) if column in seen})
    under = [below.cells.get(column, "") for left, right in spans for column in range(left, right + 1) if column in seen]
    if not spans or not all(under) or any(_FIGURE.fullmatch(text) for text in under):
        return
    for column, text in below.cells.items():
        above = header.cells.get(column, "")
        header.cells[column] = text if text == above else f"{above} {text}".strip()
    del region[top + 1]
