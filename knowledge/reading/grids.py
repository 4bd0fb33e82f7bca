"""Rows of a spreadsheet as a person takes them in: a title above, a table with its header, notes below."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.errors import CannotRead
from knowledge.reading.cleaning import one_line
from knowledge.reading.outline import Outline

MOST_ROWS = 20_000
Row = Sequence[str]


def write_grid(rows: Sequence[Row], outline: Outline) -> None:
    """One region without an empty row in it. Rows of a single cell before and after the table are sentences; so is a list of such rows."""
    wide = [number for number, row in enumerate(rows) if _filled(row) > 1]
    if not wide:
        for row in rows:
            _sentence(row, outline)
        return
    for row in rows[: wide[0]]:
        _sentence(row, outline)
    table = rows[wide[0] : wide[-1] + 1]
    if len(table) == 1:
        outline.block("paragraph", ": ".join(one_line(cell) for cell in table[0] if cell.strip()))
    else:
        outline.table(table)
    for row in rows[wide[-1] + 1 :]:
        _sentence(row, outline)


def refuse_databases(rows: int) -> None:
    """A table that long is looked up by a program; cut into passages it would drown every policy."""
    if rows > MOST_ROWS:
        raise CannotRead(f"has more than {MOST_ROWS:,} rows, which is a database and no policy; keep the part that people read")


def _filled(row: Row) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _sentence(row: Row, outline: Outline) -> None:
    outline.block("paragraph", one_line(" ".join(row)))
