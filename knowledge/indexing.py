"""A folder becomes an edition: plan, read, split, situate, embed what is new, verify, and publish by one row.

Until that row changes the old edition answers, whatever happens to this run. What a killed run had done is found again by the next.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from knowledge.errors import BadMetadata, CannotRead
from knowledge.filling import fill, sweep, verify
from knowledge.planning import Terms, plan, version_id
from knowledge.policy import describe, read_table
from knowledge.splitting import split, windows
from knowledge.validity import unmatched
from knowledge.values import IndexProgress, IndexReport, Unread, Version, content_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    from knowledge.holdings import Holdings
    from knowledge.live import Contents, Live
    from knowledge.planning import Plan, Source
    from knowledge.policy import Defaults
    from knowledge.reading import Reading
    from knowledge.values import Edition


class Reader(Protocol):
    """Bytes to sections, in a child process."""

    def read(self, name: str, content: bytes) -> Reading: ...


def no_progress(_: IndexProgress) -> None:
    """Nobody watches."""


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """How a run is wanted."""

    readers: Callable[[], AbstractContextManager[Reader]]
    plan_only: bool = False  # say what would be done, and stop
    removal_confirmed: bool = False  # many documents are gone from the folder, and that is meant
    mend: bool = False  # look at Chroma and tantivy although no document changed
    progress: Callable[[IndexProgress], None] = no_progress
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


@dataclass(frozen=True)
class Outcome:
    """A run's report, and the edition to search from now on where that is another."""

    report: IndexReport
    live: Live | None = None


def run(holdings: Holdings, source: Source, defaults: Defaults, wishes: Wishes) -> Outcome:
    """Bring the index to what the source holds. Raises BadMetadata when policies.csv itself cannot be read."""
    started = time.monotonic()
    table = source.table()
    terms = Terms({} if table is None else read_table(table), defaults, holdings.embedder.identity)
    live = holdings.catalog.live_edition()
    before = dict(live.versions) if live else {}
    wishes.progress(IndexProgress(stage="plan", done=0, total=1))
    todo = plan(source, terms, before, holdings.catalog.version_ids(), removal_confirmed=wishes.removal_confirmed)
    wishes.progress(IndexProgress(stage="plan", done=1, total=1))
    if wishes.plan_only:
        expected = before | dict(todo.known) | {file.id: "" for file in todo.to_read}
        for document in todo.removed:
            del expected[document]
        return Outcome(_report(before, expected, todo, seconds=time.monotonic() - started))

    read, unread = _read(holdings, source, todo, terms, wishes)
    fresh = dict(todo.known) | read
    kept = {document: version for document, version in before.items() if document not in todo.removed and document not in fresh}
    chosen = {document: _carried(holdings, version, live) for document, version in kept.items()} | fresh
    todo = replace(todo, unread=todo.unread + unread)
    if live is not None and chosen == before and not wishes.mend:
        contents = holdings.catalog.contents(live)
        warned = replace(todo, warnings=todo.warnings + _unmatched(contents))
        return Outcome(_report(before, chosen, warned, passages=len(contents.passages), seconds=time.monotonic() - started))
    if live is None and not chosen:
        return Outcome(_report(before, chosen, todo, seconds=time.monotonic() - started))
    now_live, embedded = _published(holdings, chosen, live if chosen == before else None, wishes)
    report = _report(
        before,
        chosen,
        replace(todo, warnings=todo.warnings + _unmatched(now_live.contents)),
        edition=now_live.contents.edition.number,
        passages=len(now_live.contents.passages),
        embedded=embedded,
        seconds=time.monotonic() - started,
    )
    return Outcome(report, now_live)


def _read(holdings: Holdings, source: Source, todo: Plan, terms: Terms, wishes: Wishes) -> tuple[dict[str, str], tuple[Unread, ...]]:
    """Parse and catalogue what is new. A file that fails is listed and changes nothing."""
    chosen: dict[str, str] = {}
    unread: list[Unread] = []
    if not todo.to_read:
        return chosen, ()
    with wishes.readers() as readers:
        for done, file in enumerate(todo.to_read):
            wishes.progress(IndexProgress(stage="read", done=done, total=len(todo.to_read)))
            try:
                chosen[file.id] = _taken_in(holdings, readers, file.id, source.content(file), terms)
            except (CannotRead, BadMetadata) as error:
                unread.append(Unread(file.id, str(error)))
    wishes.progress(IndexProgress(stage="read", done=len(todo.to_read), total=len(todo.to_read)))
    return chosen, tuple(unread)


def _taken_in(holdings: Holdings, readers: Reader, name: str, content: bytes, terms: Terms) -> str:
    """Read one file and catalogue its version; the hash is of the bytes that were read, not of those that were planned."""
    source_hash = terms.source_hash(name, content)
    reading = readers.read(name, content)
    document = describe(name, reading, terms.table.get(name), terms.defaults)
    text, passages = split(document, reading.sections, holdings.embedder.count)
    if not passages:
        raise CannotRead("holds no text")
    version = Version(id=version_id(name, source_hash), document=document, text=text, passages=passages, source_hash=source_hash)
    _catalogue(holdings, version)
    return version.id


def _catalogue(holdings: Holdings, version: Version) -> None:
    embedder = holdings.embedder
    cut = {passage.id: windows(passage, embedder.offsets, embedder.identity) for passage in version.passages}
    holdings.catalog.add_version(version, cut)


def _carried(holdings: Holdings, version: str, live: Edition | None) -> str:
    """A live version as the new edition can hold it: cut into windows again where another embedder made it."""
    identity = holdings.embedder.identity
    if live is None or live.embedder == identity:
        return version
    renewed = replace(holdings.catalog.version(version), id=content_id(version, identity))
    _catalogue(holdings, renewed)
    return renewed.id


def _published(holdings: Holdings, chosen: Mapping[str, str], same: Edition | None, wishes: Wishes) -> tuple[Live, int]:
    """Fill, verify, publish and forget what is too old. Where the documents are the live ones, the live edition is mended instead."""
    edition = same or holdings.catalog.prepare_edition(chosen, holdings.embedder.identity)
    contents = holdings.catalog.contents(edition)
    embedded = fill(holdings, contents, lambda done, total: wishes.progress(IndexProgress(stage="embed", done=done, total=total)))
    wishes.progress(IndexProgress(stage="verify", done=0, total=1))
    live = verify(holdings, contents)
    wishes.progress(IndexProgress(stage="verify", done=1, total=1))
    if same is None:
        published = holdings.catalog.publish(edition.number, wishes.now())
        live = replace(live, contents=replace(contents, edition=published))
    wishes.progress(IndexProgress(stage="publish", done=1, total=1))
    holdings.catalog.collect()
    sweep(holdings)
    return live, embedded


def _report(before: Mapping[str, str], after: Mapping[str, str], todo: Plan, **figures: object) -> IndexReport:
    both = before.keys() & after.keys()
    failed = {unread.path for unread in todo.unread}
    return IndexReport(
        **({"edition": None} | figures),  # type: ignore[arg-type]  # the figures by name, each as IndexReport has it
        added=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(sorted(document for document in both if before[document] != after[document])),
        removed=tuple(sorted(before.keys() - after.keys())),
        unchanged=tuple(sorted(document for document in both - failed if before[document] == after[document])),
        unread=todo.unread,
        warnings=todo.warnings,
    )


def _unmatched(contents: Contents) -> tuple[Unread, ...]:
    documents = contents.documents.values()
    return tuple(Unread(document.id, f"supersedes {document.supersedes!r}, which is not here") for document in unmatched(documents))
