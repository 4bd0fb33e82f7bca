"""A folder becomes an edition: plan, read, split, situate, embed what is new, verify, and publish by one row.

Until that row changes the old edition answers, whatever happens to this run, but for what the run took away from it. What a killed run had
done is found again by the next.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from knowledge.errors import BadMetadata, CannotRead
from knowledge.filling import fill, sweep, verify
from knowledge.lines import situated
from knowledge.planning import Terms, look, plan, version_id, withheld
from knowledge.policies_csv import Table, read_table
from knowledge.policy import describe
from knowledge.splitting import split
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
    from knowledge.situating import Situator
    from knowledge.values import AccessRule, Edition


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
    situator: Situator | None = None  # who writes lines about passages
    mend: bool = False  # look at Chroma and tantivy although no document changed
    progress: Callable[[IndexProgress], None] = no_progress
    taken_away: Callable[[], None] = lambda: None  # called when what was withdrawn is no longer what it was
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


@dataclass(frozen=True)
class Outcome:
    """A run's report, and the edition to search from now on where that is another."""

    report: IndexReport
    live: Live | None = None


def run(holdings: Holdings, source: Source, defaults: Defaults, wishes: Wishes) -> Outcome:
    """Bring the index to what the source holds. Raises BadMetadata when policies.csv as a whole cannot be understood.

    What vanished, and what fewer may read than before, is taken away as soon as that is seen, whatever becomes of the rest.
    """
    started = time.monotonic()
    live = holdings.catalog.live_edition()
    before = dict(live.versions) if live else {}
    wishes.progress(IndexProgress(stage="plan", done=0, total=1))
    looked = look(source, before, removal_confirmed=wishes.removal_confirmed)
    if not wishes.plan_only:
        _withdraw(holdings, wishes, dict.fromkeys(looked.gone))
    table = source.table()
    terms = Terms(Table() if table is None else read_table(table), defaults, holdings.embedder.identity)
    todo = plan(source, terms, before, holdings.catalog.made_of(before.values()), looked)
    wishes.progress(IndexProgress(stage="plan", done=1, total=1))
    if wishes.plan_only:
        return Outcome(_planned(before, todo, time.monotonic() - started))

    _withdraw(holdings, wishes, _rules_seen(holdings, before, todo))
    read, unread = _read(holdings, source, todo, terms, wishes)
    fresh = dict(todo.known) | read
    away = holdings.catalog.withdrawals.versions()
    listed = tuple(_told_withheld(one) if before.get(one.path) in away else one for one in todo.unread + unread)
    holdings.catalog.withdrawals.note_unread(listed)
    todo = replace(todo, unread=listed)
    kept = {document: version for document, version in before.items() if document not in fresh and version not in away}
    chosen = {document: _carried(holdings, version, live) for document, version in kept.items()} | fresh
    told, lacking = situated(
        holdings, chosen, wishes.situator, lambda done, total: wishes.progress(IndexProgress(stage="situate", done=done, total=total))
    )
    now_live, embedded = None, 0
    if told != before or (live is not None and wishes.mend):
        now_live, embedded = _published(holdings, told, live if told == before else None, wishes)
    if holdings.catalog.withdrawals.restore({told[document] for document in fresh}):
        wishes.taken_away()
    contents = now_live.contents if now_live else holdings.catalog.contents(live) if live else None
    report = _report(
        before,
        chosen,
        replace(todo, warnings=todo.warnings + _unmatched(contents) + lacking),
        edition=now_live.contents.edition.number if now_live else None,
        passages=len(contents.passages) if contents else 0,
        embedded=embedded,
        seconds=time.monotonic() - started,
    )
    return Outcome(report, now_live)


def _withdraw(holdings: Holdings, wishes: Wishes, rules: Mapping[str, AccessRule | None]) -> None:
    """From here on nobody is answered from a version of these documents that the rule that holds now would not show."""
    if rules and holdings.catalog.withdrawals.withdraw(rules, wishes.now()):
        wishes.taken_away()


def _rules_seen(holdings: Holdings, before: Mapping[str, str], todo: Plan) -> dict[str, AccessRule | None]:
    """What the plan knows about who may read the live documents that are not as they were."""
    other = {document: version for document, version in todo.known.items() if before.get(document) != version}
    rules = holdings.catalog.withdrawals.rules(set(other.values()))
    unknown = dict.fromkeys(one.path for one in todo.unread if one.withheld)
    return dict(todo.ruled) | {document: rules[version] for document, version in other.items()} | unknown


def _told_withheld(one: Unread) -> Unread:
    return one if one.withheld else withheld(one.path, f"{one.reason}, and what it said before may no longer be shown")


def _read(holdings: Holdings, source: Source, todo: Plan, terms: Terms, wishes: Wishes) -> tuple[dict[str, str], tuple[Unread, ...]]:
    """Parse and catalogue what is new. A file that fails is listed; what it said before stays, unless its readers are in doubt."""
    chosen: dict[str, str] = {}
    unread: list[Unread] = []
    if not todo.to_read:
        return chosen, ()
    with wishes.readers() as readers:
        for done, file in enumerate(todo.to_read):
            wishes.progress(IndexProgress(stage="read", done=done, total=len(todo.to_read)))
            try:
                chosen[file.id] = _taken_in(holdings, readers, (file.id, source.content(file)), terms, wishes)
            except CannotRead as error:
                unread.append(Unread(file.id, str(error)))
            except BadMetadata as error:
                _withdraw(holdings, wishes, {file.id: None})
                unread.append(withheld(file.id, str(error)))
    wishes.progress(IndexProgress(stage="read", done=len(todo.to_read), total=len(todo.to_read)))
    return chosen, tuple(unread)


def _taken_in(holdings: Holdings, readers: Reader, file: tuple[str, bytes], terms: Terms, wishes: Wishes) -> str:
    """Read one file and catalogue its version; the hash is of the bytes that were read, not of those that were planned."""
    name, content = file
    source_hash = terms.source_hash(name, content)
    reading = readers.read(name, content)
    document = describe(name, reading, terms.table.row(name), terms.defaults)
    _withdraw(holdings, wishes, {name: document.rule})
    text, passages = split(document, reading.sections, holdings.embedder.count)
    if not passages:
        raise CannotRead("holds no text")
    version = Version(id=version_id(name, source_hash), document=document, text=text, passages=passages, source_hash=source_hash)
    holdings.keep(version)
    return version.id


def _carried(holdings: Holdings, version: str, live: Edition | None) -> str:
    """A live version as the new edition can hold it: cut into windows again where another embedder made it.

    That one is not what its source would be read as: under no embedder is it found again by its source's hash.
    """
    identity = holdings.embedder.identity
    if live is None or live.embedder == identity:
        return version
    renewed = replace(holdings.catalog.version(version), id=content_id(version, identity), source_hash="")
    holdings.keep(renewed)
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


def _planned(before: Mapping[str, str], todo: Plan, seconds: float) -> IndexReport:
    """What a run would do, as far as it is known without reading."""
    expected = dict(before) | dict(todo.known) | {file.id: "" for file in todo.to_read}
    for document in (*todo.removed, *(one.path for one in todo.unread if one.withheld)):
        expected.pop(document, None)
    return _report(before, expected, todo, seconds=seconds)


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


def _unmatched(contents: Contents | None) -> tuple[Unread, ...]:
    documents = contents.documents.values() if contents else ()
    return tuple(Unread(document.id, f"supersedes {document.supersedes!r}, which is not here") for document in unmatched(documents))
