"""The live edition in memory: a matrix of windows, and what each row of it stands for. Never changed, only replaced."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from knowledge.entry import entry_id

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from knowledge.values import Document, Edition, Passage


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

    @cached_property
    def rows_by_label(self) -> dict[str, NDArray[np.intp]]:
        """The rows that carry each access label, ascending."""
        rows: dict[str, list[int]] = defaultdict(list)
        for number, row in enumerate(self.contents.rows):
            rows[self.contents.passages[row.passage].label].append(number)
        return {label: np.array(numbers, dtype=np.intp) for label, numbers in rows.items()}

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
    def _document_ids(self) -> NDArray[np.str_]:
        """The document of each row's passage."""
        return np.array([self.contents.passages[row.passage].document for row in self.contents.rows], dtype=np.str_)

    def readable_rows(self, labels: Collection[str], documents: Collection[str]) -> NDArray[np.intp]:
        """The rows under any of the labels whose document is one of `documents`, ascending."""
        labelled = [self.rows_by_label[label] for label in labels if label in self.rows_by_label]
        if not labelled or not documents:
            return np.array([], dtype=np.intp)
        rows = np.sort(np.concatenate(labelled))
        return rows[np.isin(self._document_ids[rows], list(documents))]

    def nearest(self, vector: NDArray[np.float32], rows: NDArray[np.intp], limit: int) -> list[Nearest]:
        """The passages whose best window among `rows` is nearest, best first; exact, and ties in the documents' order."""
        whole = len(rows) == len(self.matrix)
        cosines = self.matrix @ vector if whole else self.matrix[rows] @ vector
        found: dict[int, Nearest] = {}
        for place in np.argsort(-cosines, kind="stable"):
            row = int(rows[place])
            passage = int(self._row_passage[row])
            if passage not in found:
                if len(found) == limit:
                    break
                found[passage] = Nearest(passage, float(cosines[place]), row)
        return list(found.values())

    def best_window(self, vector: NDArray[np.float32], passage: int) -> Nearest:
        """The window of one passage that is nearest."""
        first, last = np.searchsorted(self._row_passage, [passage, passage + 1])
        cosines = self.matrix[first:last] @ vector
        place = int(np.argmax(cosines))
        return Nearest(passage, float(cosines[place]), int(first) + place)
