"""The rows of a corpus.jsonl as documents: each is a text file with its title in policies.csv, and none is written to disk."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.connectors import SourceFile
from knowledge.reading.cleaning import one_line
from knowledge.values import Unread, content_id

_LONGEST_TITLE = 80  # characters; a row without a title goes by its first words


@dataclass(frozen=True)
class Row:
    """One row of corpus.jsonl. Where an id stands twice, both rows answer for it."""

    id: str
    title: str
    text: str

    @property
    def file(self) -> str:
        """The name it is indexed under: the same row has the same name, wherever it stands in the file."""
        return f"{content_id(self.id, self.title, self.text)}.txt"

    @property
    def called(self) -> str:
        """Its title, or else how it begins: the name of its file would only be noise in what is embedded."""
        begins = next((line for line in self.text.splitlines() if any(letter.isalnum() for letter in line)), "")
        return one_line(self.title) or _first_words(one_line(begins))


class Rows:
    """A source of documents for the index, as a folder is one."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = {row.file: row for row in rows}

    def files(self) -> tuple[SourceFile, ...]:
        return tuple(SourceFile(name, len(row.text)) for name, row in sorted(self._rows.items()))

    def refused(self) -> tuple[Unread, ...]:
        return ()

    def remarks(self) -> tuple[Unread, ...]:
        return ()

    def said(self, document: str) -> Mapping[str, str]:  # noqa: ARG002  # nothing of it is ever out of sight
        return {}

    def table(self) -> bytes | None:
        cells = io.StringIO()
        writer = csv.writer(cells)
        writer.writerow(("file", "title"))
        writer.writerows((name, row.called) for name, row in self._rows.items())
        return cells.getvalue().encode("utf-8", "replace")

    def content(self, file: SourceFile) -> bytes:
        return self._rows[file.id].text.encode("utf-8", "replace")


def _first_words(line: str) -> str:
    return line if len(line) <= _LONGEST_TITLE else line[:_LONGEST_TITLE].rsplit(" ", 1)[0]
