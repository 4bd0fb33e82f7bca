"""What a run of the index has to do: which files are as they were, which must be read, which are gone."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Protocol

from knowledge.errors import BadMetadata, CannotRead
from knowledge.policy import rule_without_reading
from knowledge.values import Unread, content_id

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from knowledge.connectors.folder import SourceFile
    from knowledge.policies_csv import Table
    from knowledge.policy import Defaults
    from knowledge.values import AccessRule

PIPELINE = "2"  # raise it when reading, splitting or situating change what they make: every document is then read again
LARGEST = 100 * 1024 * 1024  # bytes of one file
FEW = 3  # this many documents may vanish at once without a question, however small the folder
SHARE = 0.10  # of the live documents; more than that gone at once looks like an unmounted disk

WITHHELD = "withheld: {reason}; nobody is answered from it until this is mended"
TOO_MANY_GONE = (
    "is no longer in the folder, like {count} of {total} documents: too many to be sure; "
    "kept until `ibid index --confirm-removal` says that it is meant"
)


class Source(Protocol):
    """Where the documents come from."""

    def files(self) -> tuple[SourceFile, ...]: ...
    def refused(self) -> tuple[Unread, ...]: ...
    def table(self) -> bytes | None: ...
    def content(self, file: SourceFile) -> bytes: ...


@dataclass(frozen=True, kw_only=True)
class Look:
    """Which live documents the source has no more: gone, or so many at once that it may be the source that is missing."""

    gone: tuple[str, ...]
    doubtful: tuple[Unread, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What was found at the source, held against what is live and what the catalog already has."""

    known: Mapping[str, str]  # document → version: catalogued before with this very content
    to_read: tuple[SourceFile, ...]  # live documents first: their rule may have become narrower
    removed: tuple[str, ...]
    ruled: Mapping[str, AccessRule] = field(default_factory=dict)  # live documents that changed, and the rule that is known unread
    unread: tuple[Unread, ...] = ()
    warnings: tuple[Unread, ...] = ()


@dataclass(frozen=True)
class Terms:
    """What a document's version depends on besides its bytes."""

    table: Table  # policies.csv
    defaults: Defaults
    embedder: str

    def source_hash(self, document: str, content: bytes) -> str:
        """The SHA-256 of the bytes, the document's row, the defaults and the makers: equal means nothing to read again."""
        known = [None if names is None else sorted(names) for names in (self.defaults.known_groups, self.defaults.known_people)]
        label = None if self.defaults.rule is None else self.defaults.rule.label
        terms = json.dumps([PIPELINE, self.embedder, self.table.rows.get(document), label, known], sort_keys=True)
        return hashlib.sha256(hashlib.sha256(content).digest() + terms.encode()).hexdigest()

    def rule(self, document: str) -> AccessRule | None:
        """As far as it is known before the file is read. Raises BadMetadata."""
        return rule_without_reading(document, self.table.row(document), self.defaults)


def version_id(document: str, source_hash: str) -> str:
    """The id of a document's version: the same file under the same terms has the same."""
    return content_id(document, source_hash)


def withheld(path: str, reason: str) -> Unread:
    """A document of which it is not known who may read it: not even what it said before is shown."""
    return Unread(path, WITHHELD.format(reason=reason), withheld=True)


def look(source: Source, live: Collection[str], *, removal_confirmed: bool) -> Look:
    """See what vanished. What the source has and refuses to give, and what lies in a folder that it refuses, did not vanish."""
    seen = {file.id for file in source.files()}
    refused = {one.path for one in source.refused()}
    gone = tuple(sorted(document for document in set(live) - seen if not refused & {document, *_folders_above(document)}))
    doubtful = () if removal_confirmed else _doubtful(gone, len(live), nothing_there=not seen)
    return Look(gone=() if doubtful else gone, doubtful=doubtful)


def plan(source: Source, terms: Terms, before: Mapping[str, str], catalogued: Mapping[str, str], looked: Look) -> Plan:
    """Hash every file. Nothing is parsed. `catalogued` says which version was made of which `version_id`."""
    known: dict[str, str] = {}
    to_read: list[SourceFile] = []
    ruled: dict[str, AccessRule] = {}
    unread: list[Unread] = []
    refused = {one.path: one.reason for one in source.refused()}
    files = {file.id: file for file in source.files()}
    hidden = {document for document in before if document not in files} - set(looked.gone) - {one.path for one in looked.doubtful}
    for document in sorted(files.keys() | refused.keys() | hidden):
        try:
            rule = terms.rule(document) if document in files or document in before else None
            if document in files and (version := _version(source, files[document], terms)) in catalogued:
                known[document] = catalogued[version]
                continue
            if document in files:
                to_read.append(files[document])
            elif document in refused:
                unread.append(Unread(document, refused[document]))
        except BadMetadata as error:
            unread.append(withheld(document, str(error)))
            continue
        except CannotRead as error:
            unread.append(Unread(document, str(error)))
        if rule is not None and document in before:
            ruled[document] = rule
    return Plan(
        known=known,
        to_read=tuple(sorted(to_read, key=lambda file: (file.id not in before, file.id))),
        removed=looked.gone,
        ruled=ruled,
        unread=tuple(unread),
        warnings=looked.doubtful + _rows_without_file(terms.table, files),
    )


def _version(source: Source, file: SourceFile, terms: Terms) -> str:
    if file.size > LARGEST:
        raise CannotRead(f"is larger than the {LARGEST // 1024 // 1024} MB that are read; split it, or leave out its pictures")
    return version_id(file.id, terms.source_hash(file.id, source.content(file)))


def _folders_above(document: str) -> Iterator[str]:
    return (str(folder) for folder in PurePosixPath(document).parents)


def _doubtful(gone: Collection[str], total: int, *, nothing_there: bool) -> tuple[Unread, ...]:
    """One warning for each vanished document when so many vanished that the source itself may be what is missing."""
    if not nothing_there and (len(gone) <= FEW or len(gone) <= total * SHARE):
        return ()
    return tuple(Unread(document, TOO_MANY_GONE.format(count=len(gone), total=total)) for document in gone)


def _rows_without_file(table: Table, seen: Collection[str]) -> tuple[Unread, ...]:
    reason = "has a row in policies.csv, but there is no such file; correct its name there, or take the row out"
    return tuple(Unread(name, reason) for name in sorted(table.rows) if name not in seen)
