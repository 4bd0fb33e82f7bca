"""Tables among recognised lines: rows that fall into the same columns one below the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from statistics import median

from knowledge.reading.ocr import UNSURE, SeenLine, SeenWord

_MOST_WORDS = 4  # in the usual cell; a column of sentences has more
_FEWEST_ROWS = 3  # two lines of text may have gaps in the same place by chance


@dataclass(frozen=True)
class SeenTable:
    """Rows of cells, and their place in dots."""

    rows: tuple[tuple[str, ...], ...]
    top: int
    bottom: int
    left: int
    right: int
    unsure: int  # words that may be others


@dataclass(frozen=True)
class _Row:
    line: SeenLine
    cells: tuple[tuple[SeenWord, ...], ...]


def tables_and_lines(lines: Sequence[SeenLine]) -> Iterator[SeenLine | SeenTable]:
    """The lines in their order, with those that make up a table as one."""
    run: list[_Row] = []
    for line in _rejoined(lines):
        row = _Row(line, _cells(line))
        if run and not _goes_on(row, run):
            yield from _written(run)
            run = []
        run.append(row)
    yield from _written(run)


def _rejoined(lines: Sequence[SeenLine]) -> list[SeenLine]:
    """Where tesseract read a table column by column, its rows; columns of whole sentences stay columns."""
    beside: list[list[SeenLine]] = []
    for line in sorted(lines, key=_middle):
        if beside and abs(_middle(line) - _middle(beside[-1][0])) < line.size / 2:
            beside[-1].append(line)
        else:
            beside.append([line])
    order = list(lines)
    for several, band in groupby(beside, key=lambda row: len(row) > 1):
        rows = list(band)
        if several and len(rows) >= _FEWEST_ROWS and median(len(line.words) for row in rows for line in row) <= _MOST_WORDS:
            for row in rows:
                cells = sorted(row, key=lambda line: line.words[0].left)
                words = tuple(word for line in cells for word in line.words)
                joined = SeenLine(words, min(line.top for line in row), max(line.bottom for line in row), max(line.size for line in row))
                order[order.index(cells[0])] = joined
                for line in cells[1:]:
                    order.remove(line)
    return order


def _middle(line: SeenLine) -> float:
    return (line.top + line.bottom) / 2


def _cells(line: SeenLine) -> tuple[tuple[SeenWord, ...], ...]:
    """The words between gaps that are wider than a letter is tall."""
    cells: list[list[SeenWord]] = []
    for word in line.words:
        if cells and word.left - cells[-1][-1].right < line.size:
            cells[-1].append(word)
        else:
            cells.append([word])
    return tuple(map(tuple, cells))


def _goes_on(row: _Row, run: Sequence[_Row]) -> bool:
    before = run[-1].line
    if len(row.cells) < 2 or len(run[0].cells) < 2 or not 0 < row.line.top - before.top < 4 * before.size:
        return False
    return _places(row, _columns([*run, row])) is not None


def _columns(run: Sequence[_Row]) -> list[int]:
    """Where the columns begin, by the row that has the most cells."""
    widest = max(run, key=lambda row: len(row.cells))
    return [cell[0].left for cell in widest.cells]


def _places(row: _Row, columns: Sequence[int]) -> list[int] | None:
    """Which column each cell stands in; None where one stands between columns, or two in the same."""
    places = []
    for cell in row.cells:
        nearest = min(range(len(columns)), key=lambda column: abs(columns[column] - cell[0].left))
        if abs(columns[nearest] - cell[0].left) > 2 * row.line.size:
            return None
        places.append(nearest)
    return places if len(set(places)) == len(places) else None


def _written(run: Sequence[_Row]) -> Iterator[SeenLine | SeenTable]:
    columns = _columns(run) if run else []
    placed = [_places(row, columns) for row in run]
    if len(run) < _FEWEST_ROWS or any(places is None for places in placed):
        yield from (row.line for row in run)
        return
    beside: list[list[SeenLine]] = [[] for _ in columns]
    for row, places in zip(run, placed, strict=True):
        for place, cell in zip(places or (), row.cells, strict=True):
            beside[place].append(replace(row.line, words=cell))
    if all(median(len(line.words) for line in column) > _MOST_WORDS for column in beside):  # columns of sentences
        for column in beside:
            yield from column
        return
    rows = []
    for row, places in zip(run, placed, strict=True):
        cells = [""] * len(columns)
        for place, cell in zip(places or (), row.cells, strict=True):
            cells[place] = " ".join(word.text for word in cell)
        rows.append(tuple(cells))
    right = max(cell[-1].right for row in run for cell in row.cells)
    yield SeenTable(
        tuple(rows),
        run[0].line.top,
        run[-1].line.bottom,
        columns[0],
        right,
        sum(word.sure < UNSURE for row in run for word in row.line.words),
    )
