"""What a run of the index has to do: which files are as they were, which must be read, which are gone."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from knowledge.errors import CannotRead
from knowledge.values import Unread, content_id

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from knowledge.connectors.folder import SourceFile
    from knowledge.policy import Defaults

PIPELINE = "1"  # raise it when reading, splitting or situating change what they make: every document is then read again
LARGEST = 100 * 1024 * 1024  # bytes of one file
FEW = 3  # this many documents may vanish at once without a question, however small the folder
SHARE = 0.10  # of the live documents; more than that gone at once looks like an unmounted disk

TOO_MANY_GONE = "no longer in the folder, with {count} of {total} documents: too many to be sure; kept until the removal is confirmed"


class Source(Protocol):
    """Where the documents come from."""

    def files(self) -> tuple[SourceFile, ...]: ...
    def refused(self) -> tuple[Unread, ...]: ...
    def table(self) -> bytes | None: ...
    def content(self, file: SourceFile) -> bytes: ...


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What was found at the source, held against what is live and what the catalog already has."""

    known: Mapping[str, str]  # document → version: catalogued before with this very content
    to_read: tuple[SourceFile, ...]
    removed: tuple[str, ...]
    unread: tuple[Unread, ...] = ()
    warnings: tuple[Unread, ...] = ()


@dataclass(frozen=True)
class Terms:
    """What a document's version depends on besides its bytes."""

    table: Mapping[str, dict[str, str]]  # policies.csv by document
    defaults: Defaults
    embedder: str

    def source_hash(self, document: str, content: bytes) -> str:
        """The SHA-256 of the bytes, the document's row, the defaults and the makers: equal means nothing to read again."""
        known = [None if names is None else sorted(names) for names in (self.defaults.known_groups, self.defaults.known_people)]
        label = None if self.defaults.rule is None else self.defaults.rule.label
        terms = json.dumps([PIPELINE, self.embedder, self.table.get(document), label, known], sort_keys=True)
        return hashlib.sha256(hashlib.sha256(content).digest() + terms.encode()).hexdigest()


def version_id(document: str, source_hash: str) -> str:
    """The id of a document's version: the same file under the same terms has the same."""
    return content_id(document, source_hash)


def plan(source: Source, terms: Terms, live: Collection[str], catalogued: Collection[str], *, removal_confirmed: bool) -> Plan:
    """Hash every file. Nothing is parsed."""
    known: dict[str, str] = {}
    to_read: list[SourceFile] = []
    unread = list(source.refused())
    files = source.files()
    for file in files:
        if file.size > LARGEST:
            unread.append(Unread(file.id, f"is larger than the {LARGEST // 1024 // 1024} MB that are read"))
            continue
        try:
            content = source.content(file)
        except CannotRead as error:
            unread.append(Unread(file.id, str(error)))
            continue
        version = version_id(file.id, terms.source_hash(file.id, content))
        if version in catalogued:
            known[file.id] = version
        else:
            to_read.append(file)
    seen = {file.id for file in files}
    gone = sorted(set(live) - seen - {refused.path for refused in unread})
    kept = () if removal_confirmed else _doubtful(gone, len(live), nothing_there=not files)
    return Plan(
        known=known,
        to_read=tuple(to_read),
        removed=() if kept else tuple(gone),
        unread=tuple(unread),
        warnings=kept + _rows_without_file(terms.table, seen),
    )


def _doubtful(gone: list[str], total: int, *, nothing_there: bool) -> tuple[Unread, ...]:
    """One warning for each vanished document when so many vanished that the source itself may be what is missing."""
    if not nothing_there and (len(gone) <= FEW or len(gone) <= total * SHARE):
        return ()
    return tuple(Unread(document, TOO_MANY_GONE.format(count=len(gone), total=total)) for document in gone)


def _rows_without_file(table: Mapping[str, dict[str, str]], seen: Collection[str]) -> tuple[Unread, ...]:
    return tuple(Unread(name, "policies.csv has a row for it, but there is no such file") for name in sorted(table) if name not in seen)
