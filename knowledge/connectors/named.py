"""One of several sources: its name is the first step of its documents' ids, and what sources.yaml says about it is put to each file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from knowledge.connectors import Source, SourceFile
from knowledge.connectors.mapping import Says
from knowledge.errors import BadMetadata, CannotRead, Unreachable
from knowledge.reading.cleaning import decode
from knowledge.values import Unread


@dataclass(frozen=True)
class Named:
    """A connector over a place that knows nothing of its name. `take` looks at the place; the other connectors list their own paths."""

    name: str
    take: Callable[[], Source]
    says: Says

    def look(self) -> NamedLook:
        """Raises Unreachable, also where a folder is not there: it may be a disk that is not mounted."""
        try:
            return NamedLook(self.name, self.take(), self.says)
        except CannotRead as error:
            raise Unreachable(str(error)) from error


class NamedLook:
    """A look whose ids are whole: source, slash, path."""

    def __init__(self, name: str, inner: Source, says: Says) -> None:
        self._name = name
        self._inner = inner
        self._own = {f"{name}/{file.id}": file for file in inner.files()}
        self._files = tuple(replace(file, id=whole, said=says.about(file.id, file.said)) for whole, file in self._own.items())
        self._says = says
        self._idle = says.idle([file.id for file in self._own.values()])

    def files(self) -> tuple[SourceFile, ...]:
        return self._files

    def refused(self) -> tuple[Unread, ...]:
        return tuple(
            replace(one, path=self._name if one.path in ("", ".") else f"{self._name}/{one.path}") for one in self._inner.refused()
        )

    def remarks(self) -> tuple[Unread, ...]:
        """What whoever wrote sources.yaml should look at; nothing is kept back because of it."""
        own = tuple(replace(one, path=f"{self._name}/{one.path}") for one in self._inner.remarks())
        reason = "the rule for `{}` in sources.yaml fits no file; correct its path, or take it out"
        return own + tuple(Unread(self._name, reason.format(path)) for path in self._idle)

    def said(self, document: str) -> Mapping[str, str]:
        file = document.removeprefix(f"{self._name}/")
        return self._says.about(file, self._inner.said(file))

    def table(self) -> bytes | None:
        """policies.csv with whole ids. Raises BadMetadata where it cannot be had."""
        try:
            content = self._inner.table()
        except CannotRead as error:
            raise BadMetadata(str(error)) from error
        return None if content is None else with_whole_ids(content, self._name)

    def content(self, file: SourceFile) -> bytes:
        return self._inner.content(self._own[file.id])


def with_whole_ids(content: bytes, name: str) -> bytes:
    """The table with the source's name before each file; as it is where it cannot be understood, which its reader will say."""
    try:
        rows = list(csv.reader(io.StringIO(decode(content), newline=""), strict=True))
    except (csv.Error, CannotRead):
        return content
    header = [cell.strip() for cell in rows[0]] if rows else []
    if "file" not in header:
        return content
    column = header.index("file")
    for row in rows[1:]:
        if len(row) > column and (file := row[column].strip().removeprefix("./")):
            row[column] = f"{name}/{file}"
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue().encode()
