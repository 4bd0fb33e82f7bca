"""What the sources hold at this moment, and which live documents are no longer there: moved, gone, or perhaps only out of sight."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from knowledge.errors import BadMetadata, CannotRead, KnowledgeError, Unreachable
from knowledge.policies_csv import Table, read_table
from knowledge.values import Unread

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from knowledge.connectors import Connector, Source, SourceFile
    from knowledge.values import IndexOrder, Standing

LARGEST = 100 * 1024 * 1024  # bytes of one file
FEW = 3  # this many documents may vanish at once without a question, however small the source
SHARE = 0.10  # of a source's live documents; more than that gone at once looks like an unmounted disk

TOO_MANY_GONE = (
    "is no longer in {place}, like {count} of {total} documents: too many to be sure; "
    "kept until `ibid index --confirm-removal` says that it is meant"
)
BROUGHT_BACK = "is no longer in its source, and kept because its title was confirmed; `ibid index --confirm-removal` lets it go"
NOBODY_LISTS = "belongs to a source that is no longer set up; kept until `ibid index --confirm-removal` says that this is meant"
NOT_ASKED = "cannot be asked now: {reason}; what is indexed from it stays as it is"


@dataclass(frozen=True)
class Seen:
    """A file, and the look that hands out its bytes."""

    file: SourceFile
    source: Source

    def content(self) -> bytes:
        """Raises CannotRead."""
        if self.file.size > LARGEST:
            raise CannotRead(f"is larger than the {LARGEST // 1024 // 1024} MB that are read; split it, or leave out its pictures")
        return self.source.content(self.file)

    def content_hash(self) -> str:
        return hashlib.sha256(self.content()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Looked:
    """All sources at one moment, held against the live documents."""

    seen: Mapping[str, Seen] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)  # path → why it may not become a document
    unseen: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # live documents out of sight → what their source says of them
    table: Table = field(default_factory=Table)
    gone: tuple[str, ...] = ()
    moved: Mapping[str, str] = field(default_factory=dict)  # live document → the name that its bytes have now
    doubtful: tuple[Unread, ...] = ()  # not there, and kept
    unasked: frozenset[str] = frozenset()  # live documents that this run is not about
    troubles: tuple[Unread, ...] = ()  # sources that could not be asked, and what is odd about them
    fault: BadMetadata | None = None  # the only table is not understood: nothing may be read by it

    @cached_property
    def others(self) -> frozenset[str]:
        """What has a name of its own now, as far as is known: no former name of another."""
        return self.unasked | self.seen.keys()


def look(
    connectors: Sequence[Connector],
    order: IndexOrder,
    live: Mapping[str, Standing],
    brought_back: Collection[str],
    withheld: Collection[str] = (),
) -> Looked:
    """Ask every source once. Raises KnowledgeError where the order names none of them.

    `withheld` are documents of the order's owner that were live until something about them broke: who breaks one can mend it.
    """
    if order.source and order.source not in {connector.name for connector in connectors}:
        names = ", ".join(sorted(connector.name for connector in connectors if connector.name))
        raise KnowledgeError(f"there is no source {order.source!r}" + (f"; there are: {names}" if names else ""))
    looked = Looked(unasked=frozenset(live) if order.source else frozenset())
    homeless = set(live)
    for connector in connectors:
        own = {document for document in live if _belongs(document, connector.name)}
        homeless -= own
        if order.source in ("", connector.name):
            looked = _joined(looked, _one(connector, own, order, live, alone=len(connectors) == 1), own)
    if not order.source and homeless:
        lost = tuple(sorted(homeless))
        doubtful = () if order.removal_confirmed else tuple(Unread(document, NOBODY_LISTS, doubtful=True) for document in lost)
        looked = replace(looked, gone=looked.gone + (() if doubtful else lost), doubtful=looked.doubtful + doubtful)
    looked = _without_those_moved(looked, order, live)
    return _for_owner(_kept_by_hand(looked, order, brought_back), order.owner, live, withheld)


def _belongs(document: str, source: str) -> bool:
    return not source or document.startswith(f"{source}/")


def _one(connector: Connector, own: Collection[str], order: IndexOrder, live: Mapping[str, Standing], *, alone: bool) -> Looked:
    """One source. Where it cannot be asked nothing of it changes; where its table is not understood, only what is gone."""
    try:
        source = connector.look()
        seen = {file.id: Seen(file, source) for file in source.files()}
    except Unreachable as error:
        return Looked(unasked=frozenset(own), troubles=(_trouble(connector, error),))
    refused = {one.path: one.reason for one in source.refused()}
    vanished = sorted(document for document in set(own) - seen.keys() if not refused.keys() & {document, *_folders_above(document)})
    moved = _moved(vanished, seen, live)
    gone = tuple(document for document in vanished if document not in moved)
    doubtful = () if order.removal_confirmed else _doubtful(gone, connector.name, len(own), nothing_there=not seen)
    looked = Looked(
        seen=seen,
        refused=refused,
        unseen={document: source.said(document) for document in set(own) - seen.keys()},
        gone=() if doubtful else gone,
        moved=moved,
        doubtful=doubtful,
        troubles=source.remarks(),
    )
    try:
        table = source.table()
        return replace(looked, table=Table() if table is None else read_table(table))
    except BadMetadata as error:
        if alone:
            return replace(looked, fault=error)
        kept = Looked(gone=looked.gone, doubtful=doubtful, troubles=(_trouble(connector, error),))
        return replace(kept, unasked=frozenset(own) - set(gone))


def _trouble(connector: Connector, error: KnowledgeError) -> Unread:
    return Unread(connector.name or "the documents", NOT_ASKED.format(reason=error))


def _joined(one: Looked, other: Looked, own: Collection[str]) -> Looked:
    return Looked(
        seen={**one.seen, **other.seen},
        refused={**one.refused, **other.refused},
        unseen={**one.unseen, **other.unseen},
        table=Table({**one.table.rows, **other.table.rows}, {**one.table.faults, **other.table.faults}),
        gone=one.gone + other.gone,
        moved={**one.moved, **other.moved},
        doubtful=one.doubtful + other.doubtful,
        unasked=(one.unasked - set(own)) | other.unasked,
        troubles=one.troubles + other.troubles,
        fault=one.fault or other.fault,
    )


def _folders_above(document: str) -> Iterator[str]:
    return (str(folder) for folder in PurePosixPath(document).parents)


def _moved(vanished: Collection[str], seen: Mapping[str, Seen], live: Mapping[str, Standing]) -> dict[str, str]:
    """Which of the vanished stand under a new name, byte for byte. Nothing is hashed where nothing vanished or nothing is new."""
    new = [document for document in seen if document not in live]
    if not vanished or not new:
        return {}
    names: dict[str, str] = {}
    for document in sorted(new):
        try:
            names.setdefault(seen[document].content_hash(), document)
        except CannotRead:
            continue
    found: dict[str, str] = {}
    for document in vanished:
        name = names.pop(live[document].content_hash, None)
        if name is not None:
            found[document] = name
    return found


def _doubtful(gone: Collection[str], source: str, total: int, *, nothing_there: bool) -> tuple[Unread, ...]:
    """One warning for each vanished document when so many vanished that the source itself may be what is missing."""
    if not nothing_there and (len(gone) <= FEW or len(gone) <= total * SHARE):
        return ()
    place = f"the source {source}" if source else "the folder"
    return tuple(Unread(document, TOO_MANY_GONE.format(place=place, count=len(gone), total=total), doubtful=True) for document in gone)


def _without_those_moved(looked: Looked, order: IndexOrder, live: Mapping[str, Standing]) -> Looked:
    """What one source lost and another has is moved as well, as when a folder becomes one of several sources."""
    if order.source:
        return looked
    lost = [*looked.gone, *(one.path for one in looked.doubtful)]
    taken = set(looked.moved.values())
    moved = _moved(sorted(lost), {name: seen for name, seen in looked.seen.items() if name not in taken}, live)
    return replace(
        looked,
        gone=tuple(document for document in looked.gone if document not in moved),
        doubtful=tuple(one for one in looked.doubtful if one.path not in moved),
        moved={**looked.moved, **moved},
    )


def _kept_by_hand(looked: Looked, order: IndexOrder, brought_back: Collection[str]) -> Looked:
    """What an admin brought back stays until it is confirmed that it is to go."""
    kept = [] if order.removal_confirmed else [document for document in looked.gone if document in brought_back]
    return replace(
        looked,
        gone=tuple(document for document in looked.gone if document not in kept),
        doubtful=looked.doubtful + tuple(Unread(document, BROUGHT_BACK) for document in kept),
    )


def _for_owner(looked: Looked, owner: str, live: Mapping[str, Standing], withheld: Collection[str]) -> Looked:
    """Only what one person owns: live documents that name them, those that are withheld, and new ones that the table gives them."""
    if not owner:
        return looked
    owned = {name for name, standing in live.items() if standing.document.owner == owner}
    new = {name for name in looked.seen if name not in live and looked.table.rows.get(name, {}).get("owner") == owner}
    moved = {before: now for before, now in looked.moved.items() if before in owned}
    mine = owned | new | set(moved.values()) | (set(withheld) - live.keys())
    return Looked(
        seen={name: seen for name, seen in looked.seen.items() if name in mine},
        refused={name: reason for name, reason in looked.refused.items() if name in mine},
        unseen=looked.unseen,
        table=Table(
            {name: row for name, row in looked.table.rows.items() if name in mine},
            {name: fault for name, fault in looked.table.faults.items() if name in mine},
        ),
        gone=tuple(document for document in looked.gone if document in owned),
        moved=moved,
        doubtful=tuple(one for one in looked.doubtful if one.path in owned),
        unasked=looked.unasked | (frozenset(live) - owned),
        fault=looked.fault,
    )
