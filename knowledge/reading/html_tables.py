"""The cells of an HTML table, with the ones that span several rows or columns put where they are seen."""

from __future__ import annotations

from bs4.element import Tag

_WIDEST = 100


def table_rows(table: Tag) -> list[list[Tag]]:
    """Rows of cells; a cell that spans rows stands in each of them, since each row is quoted by itself."""
    rows: list[list[Tag]] = []
    spanning: dict[int, tuple[int, Tag]] = {}  # column → rows still to come, and the cell
    for line in _own_rows(table):
        row: list[Tag] = []
        for cell in line.find_all(["th", "td"], recursive=False):
            _fill(row, spanning)
            down, across = _span(cell, "rowspan"), _span(cell, "colspan")
            for _ in range(min(across, _WIDEST - len(row))):
                if down > 1:
                    spanning[len(row)] = (down - 1, cell)
                row.append(cell)
        _fill(row, spanning)
        rows.append(row)
    return rows


def is_layout(table: Tag) -> bool:
    """Whether a table only arranges the page: it says so, holds another table or headings, or has a single column or row."""
    if table.get("role") in {"presentation", "none"} or table.find(["table", "h1", "h2", "h3"]) is not None:
        return True
    rows = table_rows(table)
    return len(rows) < 2 or max(len(row) for row in rows) < 2


def _own_rows(table: Tag) -> list[Tag]:
    return [row for row in table.find_all("tr") if row.find_parent("table") is table]


def _fill(row: list[Tag], spanning: dict[int, tuple[int, Tag]]) -> None:
    while len(row) in spanning:
        left, cell = spanning.pop(len(row))
        if left > 1:
            spanning[len(row)] = (left - 1, cell)
        row.append(cell)


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name, "1"))
    return min(int(value), _WIDEST) if value.isdecimal() and value.isascii() and value != "0" else 1
