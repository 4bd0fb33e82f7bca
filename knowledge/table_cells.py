"""What a table says: a value stands in one row and one column, and a line that gives it to another row or column says something else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from knowledge.durations import durations, without_durations
from knowledge.figures import figures
from knowledge.pairing import pieces
from knowledge.plain_words import plain_words
from knowledge.row_labels import named_in, stands_for
from knowledge.sentences import cells, units
from knowledge.words import FUNCTION_WORDS, stems, telling_stems, words

_TIMES = "minute hour day week month quarter year".split()
_IDLE = frozenset(words(" ".join((*FUNCTION_WORDS, *_TIMES))))
OWN_WORDS = 2  # that a piece of a line and a cell have in common

Value = tuple[str, str]  # a figure's kind and value, or how many of which unit of time
Cell = tuple[int, int]  # its row and its column


@dataclass(frozen=True)
class Table:
    """A table of a passage, cell by cell; the first column names its rows."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def rows_named(self, text: str) -> frozenset[int]:
        """The rows that a text speaks of, by the words of their names or what these stand for; empty where it speaks of none."""
        said, named = frozenset(words(text)), named_in(text)  # a question may be asked, and no question is kept
        return _best([stands_for(row[0], named, self.heads[0]) | own & said for row, own in zip(self.rows, self._row_words, strict=True)])

    def columns_named(self, text: str) -> frozenset[int]:
        """The columns whose heads it has the words of, beside the first."""
        said = frozenset(words(text))
        return frozenset(place + 1 for place in _best([own & said for own in self._column_words]))

    def holding(self, value: Value) -> frozenset[Cell]:
        """The cells with this value."""
        return self._cells.get(value, frozenset())

    @cached_property
    def _row_words(self) -> tuple[frozenset[str], ...]:
        return _telling_apart([row[0] for row in self.rows])

    @cached_property
    def _column_words(self) -> tuple[frozenset[str], ...]:
        return _telling_apart(self.heads[1:])

    @cached_property
    def _cells(self) -> Mapping[Value, frozenset[Cell]]:
        found: dict[Value, set[Cell]] = defaultdict(set)
        for place, row in enumerate(self.rows):
            for column, cell in enumerate(row[1:], start=1):
                for value in _held(cell, f"{self.heads[0]} {self.heads[column]}"):
                    found[value].add((place, column))
        return {value: frozenset(there) for value, there in found.items()}


@dataclass(frozen=True)
class _Named:
    """What a piece of a line and the words around it say of its values' row and column; empty: nothing."""

    table: Table
    piece: str
    rows: frozenset[int]
    columns: frozenset[int]

    def allow(self, place: Cell) -> bool:
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
    if not there:
        return ""
    beside = _held(prose(passages), "")
    for piece, before in _told(line):
        for value in sorted(_values(piece) - beside):
            holding = [(table, found) for table in there if (found := table.holding(value))]
            if holding and not any(any(map(_named(table, piece, before, line, question).allow, found)) for table, found in holding):
                return " ".join(value) if value[1] in _TIMES else value[1]
    return ""


def of_another_row(line: str, passages: str, known: str) -> str:
    """A word of the line that only other rows have than the one that it speaks of; empty where there is none."""
    for table in tables(passages):
        here = table.rows_named(line)
        if len(here) != 1:
            continue
        own = stems(" ".join(table.rows[min(here)])) | stems(" ".join(table.heads)) | stems(prose(passages)) | frozenset(words(known))
        others = frozenset[str]().union(*(stems(" ".join(row)) for place, row in enumerate(table.rows) if place not in here))
        if apart := sorted(word for word in telling_stems(line) & others - own - plain_words() if word.isalpha()):
            return apart[0]
    return ""


@lru_cache(maxsize=256)
def tables(text: str) -> tuple[Table, ...]:
    """The tables of a text, each once."""
    found: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for unit in units(text):
        if unit.kind == "row":
            heads = cells(unit.header)
            row = cells(text[unit.start : unit.end])
            found.setdefault(heads, []).append((*row, *[""] * len(heads))[: len(heads)])
    return tuple(Table(heads, tuple(rows)) for heads, rows in found.items() if len(heads) > 1)


@lru_cache(maxsize=256)
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


def _values(text: str) -> frozenset[Value]:
    """Lengths of time as such, everything else by its kind."""
    return frozenset({*durations(text), *((figure.kind, figure.value) for figure in figures(without_durations(text)))})


def _held(cell: str, head: str) -> frozenset[Value]:
    """What a cell may be told with: a bare number also with the unit of time that stands in its head, and an amount without its sign."""
    bare = {figure.value for figure in figures(without_durations(cell)) if figure.kind == "number"}
    times = [time for time in _TIMES if stems(time) & stems(head)] if bare else []
    plain = {("number", figure.value) for figure in figures(cell)}
    return _values(cell) | plain | {(number, time) for number in bare for time in times}


def _telling_apart(labels: Sequence[str]) -> tuple[frozenset[str], ...]:
    """Of each label the words that not all the others have."""
    common = frozenset.intersection(*map(stems, labels)) if len(labels) > 1 else frozenset[str]()
    return tuple(frozenset(word for word in stems(label) - common - _IDLE if word[0].isalpha()) for label in labels)


def _best(fits: Sequence[frozenset[str]]) -> frozenset[int]:
    """Those that no other has all of, and more."""
    some = {fit for fit in fits if fit}
    most = {fit for fit in some if not any(fit < other for other in some)}
    return frozenset(place for place, fit in enumerate(fits) if fit in most)
