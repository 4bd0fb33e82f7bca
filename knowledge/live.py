"""The live edition in memory: a matrix of windows, and what each row of it stands for. Never changed, only replaced."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from knowledge.entry import entry_id
from knowledge.lexicon import Lexicons
from knowledge.places import countries
from knowledge.validity import current
from knowledge.values import Hit

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from numpy.typing import NDArray

    from knowledge.values import Document, Edition, Passage


PICKED = 0.4  # of the rows: measured, where picking them out takes as long as reading all
AT_A_TIME = 1_024  # rows picked out: what fits the processor's cache is not fetched twice
DATES = 8  # that the documents in force are remembered for


class Row(NamedTuple):
    """One window of one passage. Rows of a passage follow each other, in the passages' order."""

    window: str  # content id
    passage: int  # index into the passages
    start: int  # characters in the passage's text
    end: int


@dataclass(frozen=True, kw_only=True)
class Contents:
    """An edition as the catalog holds it, without vectors."""

    edition: Edition
    documents: Mapping[str, Document]
    passages: tuple[Passage, ...]
    rows: tuple[Row, ...]


class Nearest(NamedTuple):
    """A passage as the dense leg found it: its best window's cosine, and which row that is."""

    passage: int
    cosine: float
    row: int


@dataclass(frozen=True, eq=False)
class Live:
    """Contents and their vectors, ready to be searched exactly."""

    contents: Contents
    matrix: NDArray[np.float32]  # one unit row for each of contents.rows

    def __post_init__(self) -> None:
        if len(self.matrix) != len(self.contents.rows):
            raise ValueError("the matrix has one row for each window")
        self.matrix.flags.writeable = False

    def hit(self, passage: Passage) -> Hit:
        """A passage that nobody searched for, as a search gives one."""
        return Hit(passage=passage, document=self.contents.documents[passage.document], score=1.0, best_end=len(passage.text))

    @cached_property
    def document_of(self) -> dict[str, str]:
        """The document of each version."""
        return {version: document for document, version in self.contents.edition.versions}

    @cached_property
    def lexicons(self) -> Lexicons:
        """Its own, and gone with it: two editions that are asked in turn do not make each other read all of theirs again."""
        return Lexicons()

    @cached_property
    def passage_by_id(self) -> dict[str, int]:
        return {passage.id: index for index, passage in reversed(list(enumerate(self.contents.passages)))}

    @cached_property
    def passage_by_entry(self) -> dict[str, int]:
        """The passage of each keyword entry; of two that say the same in one document, the first."""
        titles = {document.id: document.title for document in self.contents.documents.values()}
        passages = reversed(list(enumerate(self.contents.passages)))
        return {entry_id(passage, titles[passage.document]): index for index, passage in passages}

    @cached_property
    def _row_passage(self) -> NDArray[np.intp]:
        return np.array([row.passage for row in self.contents.rows], dtype=np.intp)

    @cached_property
    def _begins(self) -> NDArray[np.intp]:
        """The first row of each passage, and the end of the last one's."""
        return np.searchsorted(self._row_passage, np.arange(len(self.contents.passages) + 1))

    @cached_property
    def _sections(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The section of each passage, and the row that each section begins with; one more at the end."""
        passages = self.contents.passages
        new = [index == 0 or _heading(passages[index - 1]) != _heading(passage) for index, passage in enumerate(passages)]
        begins = np.append(self._begins[:-1][np.array(new, dtype=np.bool_)], len(self.contents.rows)) if passages else np.zeros(1, np.intp)
        return np.cumsum(new) - 1, begins

    def section(self, passage: int) -> int:
        """A number for what stands in a row under the same heading of the same document."""
        return int(self._sections[0][passage])

    def section_cosine(self, vector: NDArray[np.float32], section: int) -> float:
        """The mean over the section's windows."""
        first, last = self._sections[1][section : section + 2]
        return float((self.matrix[first:last] @ vector).mean())

    @cached_property
    def _of_passages(self) -> tuple[dict[str, int], NDArray[np.intp], dict[str, int], NDArray[np.intp]]:
        """Numbers for the documents and for the labels that passages have, each with the number of every row's passage."""
        documents: dict[str, int] = {}
        labels: dict[str, int] = {}
        of_document = [documents.setdefault(passage.document, len(documents)) for passage in self.contents.passages]
        of_label = [labels.setdefault(passage.label, len(labels)) for passage in self.contents.passages]
        rows = self._row_passage
        return documents, np.array(of_document, dtype=np.intp)[rows], labels, np.array(of_label, dtype=np.intp)[rows]

    @cached_property
    def _in_force(self) -> dict[date, frozenset[str]]:
        return {}

    def in_force(self, as_of: date) -> frozenset[str]:
        """The documents that say what holds at a date. Kept for the last few dates: working it out takes as long as a search."""
        found = self._in_force.get(as_of)
        if found is None:
            found = current(self.contents.documents.values(), as_of)
            if len(self._in_force) >= DATES:
                self._in_force.clear()
            self._in_force[as_of] = found
        return found

    @cached_property
    def by_countries(self) -> dict[frozenset[str], frozenset[str]]:
        """The documents by the countries that they say they are for; none where they say nothing."""
        told: dict[frozenset[str], set[str]] = defaultdict(set)
        for name, document in self.contents.documents.items():
            told[countries(f"{document.title} {document.applies_to}")].add(name)
        return {there: frozenset(names) for there, names in told.items()}

    def readable_rows(self, labels: Collection[str], documents: Collection[str]) -> NDArray[np.intp]:
        """The rows under any of the labels whose document is one of `documents`, ascending."""
        numbers, of_document, label_numbers, of_label = self._of_passages
        chosen = np.fromiter((document in documents for document in numbers), dtype=np.bool_, count=len(numbers))
        under = np.fromiter((label in labels for label in label_numbers), dtype=np.bool_, count=len(label_numbers))
        return np.flatnonzero(chosen[of_document] & under[of_label])

    def nearest(self, vector: NDArray[np.float32], rows: NDArray[np.intp], limit: int) -> list[Nearest]:
        """The passages whose best window among `rows` is nearest, best first; exact, and ties in the documents' order."""
        cosines = self._cosines(vector, rows)
        most = 2 * limit + 1
        while True:  # the best rows may be of few passages: look at more until they are of enough
            found: dict[int, Nearest] = {}
            first = _first(cosines, most)
            for place in first:
                row = int(rows[place])
                passage = int(self._row_passage[row])
                if passage not in found:
                    if len(found) == limit:
                        break
                    found[passage] = Nearest(passage, float(cosines[place]), row)
            if len(found) == limit or len(first) == len(rows):
                return list(found.values())
            most *= 4

    def _cosines(self, vector: NDArray[np.float32], rows: NDArray[np.intp]) -> NDArray[np.float32]:
        """Where many rows are wanted, reading all of them in a row is faster than picking out those."""
        if len(rows) > len(self.matrix) * PICKED:
            return (self.matrix @ vector)[rows]
        cosines = np.empty(len(rows), dtype=np.float32)
        picked = np.empty((AT_A_TIME, self.matrix.shape[1]), dtype=np.float32)
        for start in range(0, len(rows), AT_A_TIME):
            some = rows[start : start + AT_A_TIME]
            np.take(self.matrix, some, axis=0, out=picked[: len(some)], mode="clip")  # every row is there; "raise" would copy once more
            np.dot(picked[: len(some)], vector, out=cosines[start : start + len(some)])
        return cosines

    def best_window(self, vector: NDArray[np.float32], passage: int) -> Nearest:
        """The window of one passage that is nearest."""
        first, last = self._begins[passage], self._begins[passage + 1]
        cosines = self.matrix[first:last] @ vector
        place = int(np.argmax(cosines))
        return Nearest(passage, float(cosines[place]), int(first) + place)


def _heading(passage: Passage) -> tuple[str, tuple[str, ...]]:
    return passage.document, passage.path


def _first(cosines: NDArray[np.float32], most: int) -> NDArray[np.intp]:
    """The places of the largest, best first and ties in order: at least `most` of them, and all that tie with the last."""
    if most >= len(cosines):
        return np.argsort(-cosines, kind="stable")
    least = np.partition(cosines, len(cosines) - most)[len(cosines) - most]
    among = np.flatnonzero(cosines >= least)
    return among[np.argsort(-cosines[among], kind="stable")]
