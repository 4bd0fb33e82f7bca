"""What a table says: a value stands in one row and one column, and a line that gives it to another row or column says something else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.durations import durations, without_durations
from knowledge.figures import figures
from knowledge.pairing import pieces
from knowledge.plain_words import plain_words
from knowledge.row_labels import stands_for
from knowledge.sentences import cells, units
from knowledge.words import FUNCTION_WORDS, stems, telling_stems, words

_UNIT_WORDS = frozenset(words("minute hour day week month quarter year"))
_IDLE = frozenset(words(" ".join(FUNCTION_WORDS)))
OWN_WORDS = 2  # that a piece of a line and a cell have in common

Value = tuple[str, str]  # a figure's kind and value, or how many of which unit of time


@dataclass(frozen=True)
class Table:
    """A table of a passage, cell by cell; the first column names its rows."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def rows_named(self, text: str) -> frozenset[int]:
        """The rows that a text speaks of, by the words of their names or what these stand for; empty where it speaks of none."""
        labels = [row[0] for row in self.rows]
        return _best([stands_for(label, text, self.heads[0]) | _shared(label, labels, text) for label in labels])

    def columns_named(self, text: str) -> frozenset[int]:
        """The columns whose heads it has the words of, beside the first."""
        return frozenset(one + 1 for one in _best([_shared(head, self.heads[1:], text) for head in self.heads[1:]]))

    def holding(self, value: Value) -> frozenset[tuple[int, int]]:
        """The cells with this value."""
        return frozenset(
            (place, column)
            for place, row in enumerate(self.rows)
            for column, cell in enumerate(row)
            if column and _has(cell, f"{self.heads[0]} {self.heads[column]}", value)
        )


@dataclass(frozen=True)
class _Named:
    """What a piece of a line and the words around it say of its values' row and column; empty: nothing."""

    table: Table
    piece: str
    rows: frozenset[int]
    columns: frozenset[int]

    def allow(self, place: tuple[int, int]) -> bool:
        """A cell that is said in its own words needs no name of its column."""
        row, column = place
        if self.rows and row not in self.rows:
            return False
        own = {word for word in stems(self.piece) & stems(self.table.rows[row][column]) - _IDLE - plain_words() if word.isalpha()}
        return not self.columns or column in self.columns or len(own) >= OWN_WORDS


def misplaced(line: str, passages: str, question: str = "") -> str:
    """A value of the line that stands in another row or column than those it is said of; empty where there is none.

    What the line leaves unsaid the question says: who asks about Munich is answered about Munich.
    """
    there = tables(passages)
    beside = prose(passages) if there else ""
    for piece, before in _told(line):
        for value in _values(piece):
            if _has(beside, beside, value):
                continue
            holding = [(table, found) for table in there if (found := table.holding(value))]
            if holding and not any(any(map(_named(table, piece, before, line, question).allow, found)) for table, found in holding):
                return value[1] if not value[1].isalpha() else " ".join(value)
    return ""


def of_another_row(line: str, passages: str, known: str) -> str:
    """A word of the line that only other rows have than the one that it speaks of; empty where there is none."""
    for table in tables(passages):
        here = table.rows_named(line)
        if len(here) != 1:
            continue
        own = stems(" ".join(table.rows[min(here)])) | stems(" ".join(table.heads)) | stems(f"{prose(passages)} {known}")
        others = stems(" ".join(cell for place, row in enumerate(table.rows) if place not in here for cell in row))
        if apart := sorted(word for word in telling_stems(line) & others - own - plain_words() if word.isalpha()):
            return apart[0]
    return ""


@lru_cache(maxsize=512)
def tables(text: str) -> tuple[Table, ...]:
    """The tables of a text, each once."""
    found: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for unit in units(text):
        if unit.kind == "row":
            heads = cells(unit.header)
            row = cells(text[unit.start : unit.end])
            found.setdefault(heads, []).append((*row, *[""] * len(heads))[: len(heads)])
    return tuple(Table(heads, tuple(rows)) for heads, rows in found.items() if len(heads) > 1)


@lru_cache(maxsize=512)
def prose(text: str) -> str:
    """All that stands beside the tables."""
    return "\n".join(text[unit.start : unit.end] for unit in units(text) if unit.kind != "row")


def _told(line: str) -> list[tuple[str, str]]:
    """Each piece of the line, with those before it: what they name goes on to be meant."""
    found = pieces(line)
    return [(piece, " ".join(found[:place])) for place, piece in enumerate(found)]


def _named(table: Table, piece: str, before: str, line: str, question: str) -> _Named:
    texts = (piece, before, line, question)
    return _Named(
        table,
        piece,
        next((rows for text in texts if (rows := table.rows_named(text))), frozenset()),
        next((columns for text in texts if (columns := table.columns_named(text))), frozenset()),
    )


def _values(text: str) -> list[Value]:
    """Lengths of time as such, everything else by its kind."""
    return sorted({*durations(text), *((figure.kind, figure.value) for figure in figures(without_durations(text)))})


@lru_cache(maxsize=4096)
def _has(cell: str, head: str, value: Value) -> bool:
    number, unit = value
    if unit in _TIMES:
        bare = any(figure.kind == "number" and figure.value == number for figure in figures(without_durations(cell)))
        return value in durations(cell) or (bare and bool(stems(unit) & stems(head)))
    return any((figure.kind, figure.value) == value or (number == "number" and figure.value == unit) for figure in figures(cell))


_TIMES = frozenset("minute hour day week month quarter year".split())


def _shared(label: str, labels: Sequence[str], text: str) -> frozenset[str]:
    """The words that tell this label from the others, and that the text has."""
    common = frozenset.intersection(*(stems(other) for other in labels)) if len(labels) > 1 else frozenset[str]()
    own = stems(label) - common - _IDLE - _UNIT_WORDS
    return frozenset(word for word in own & stems(text) if word[0].isalpha())


def _best(fits: Sequence[frozenset[str]]) -> frozenset[int]:
    """Those that no other has all of, and more."""
    return frozenset(place for place, fit in enumerate(fits) if fit and not any(fit < other for other in fits))
