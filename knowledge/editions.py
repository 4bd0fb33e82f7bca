"""A part of the catalog: the editions, which of them answers, and which can still be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from knowledge.batches import change, rows
from knowledge.catalog_rows import document_from, passage_from
from knowledge.catalog_tables import edition_versions, editions, lines, live, passages, undone, versions, windows
from knowledge.entry import entry_id
from knowledge.kept_pictures import let_go
from knowledge.live import Contents, Row
from knowledge.values import Edition

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Connection, Engine

    from knowledge.values import Passage

KEPT = 5
AT_A_TIME = 1_000  # rows fetched: all at once would take twice the memory


@dataclass(frozen=True)
class Dropped:
    """What is needed no more: windows in Chroma, entries in the keyword index."""

    windows: frozenset[str] = frozenset()
    entries: frozenset[str] = frozenset()


class Editions:
    """Publishing and going back each change one row; an edition itself never changes, but for what is erased from it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def live(self) -> Edition | None:
        """The edition that answers are made from; None before the first is published."""
        with self._engine.connect() as connection:
            number = connection.scalar(select(live.c.edition))
            return None if number is None else _edition(connection, number)

    def all(self) -> tuple[Edition, ...]:
        """The published editions that can still be read, newest first."""
        with self._engine.connect() as connection:
            numbers = connection.scalars(
                select(editions.c.number).where(editions.c.published_at.is_not(None)).order_by(editions.c.number.desc())
            )
            return tuple(_edition(connection, number) for number in numbers.all())

    def prepare(self, chosen: Mapping[str, str], embedder: str) -> Edition:
        """Write down an edition, document id → version id, without making it live."""
        with self._engine.begin() as connection:
            number = (connection.scalar(select(func.max(editions.c.number))) or 0) + 1
            connection.execute(insert(editions), {"number": number, "embedder": embedder, "published_at": None})
            if chosen:
                rows = [{"edition": number, "document": document, "version": version} for document, version in chosen.items()]
                connection.execute(insert(edition_versions), rows)
            return _edition(connection, number)

    def publish(self, number: int, at: datetime) -> Edition:
        """Make an edition live: from here on it answers. Nothing in it counts as undone any more."""
        with self._engine.begin() as connection:
            first = editions.c.published_at.is_(None)
            connection.execute(update(editions).where(editions.c.number == number, first).values(published_at=at.astimezone(UTC)))
            connection.execute(update(editions).values(held=""))
            connection.execute(update(live).values(edition=number))
            mine = select(edition_versions.c.version).where(edition_versions.c.edition == number)
            connection.execute(delete(undone).where(undone.c.version.in_(mine)))
            return _edition(connection, number)

    def hold(self, number: int, why: str) -> None:
        """Keep a prepared edition that is not to be published, and why; those held before it are of no use any more."""
        with self._engine.begin() as connection:
            connection.execute(update(editions).where(editions.c.published_at.is_(None)).values(held=""))
            connection.execute(update(editions).where(editions.c.number == number).values(held=why))

    def held(self) -> tuple[Edition, str] | None:
        """The edition that is ready and was not published, if there is one, and why."""
        with self._engine.connect() as connection:
            row = connection.execute(select(editions.c.number, editions.c.held).where(editions.c.held != "")).first()
            return None if row is None else (_edition(connection, row.number), row.held)

    def before(self, number: int) -> Edition | None:
        """The edition to go back to: published before this one, and not gone back from itself."""
        with self._engine.connect() as connection:
            earlier = select(func.max(editions.c.number)).where(
                editions.c.number < number, editions.c.published_at.is_not(None), editions.c.undone_at.is_(None)
            )
            found = connection.scalar(earlier)
            return None if found is None else _edition(connection, found)

    def go_back(self, now_live: Edition, target: Edition, at: datetime) -> None:
        """Make the target live, and remember what was gone back from: no automatic run publishes that again."""
        rejected = {version for _, version in now_live.versions} - {version for _, version in target.versions}
        with self._engine.begin() as connection:
            connection.execute(update(editions).where(editions.c.number == now_live.number).values(undone_at=at.astimezone(UTC)))
            connection.execute(update(live).values(edition=target.number))
            there = set(connection.scalars(select(undone.c.version)))
            new = [{"version": version} for version in sorted(rejected - there)]
            if new:
                connection.execute(insert(undone), new)

    def undone(self) -> frozenset[str]:
        """The versions that somebody went back from."""
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(select(undone.c.version)))

    def count(self, edition: Edition) -> int:
        """How many passages an edition has."""
        of_version = passages.join(edition_versions, edition_versions.c.version == passages.c.version)
        with self._engine.connect() as connection:
            counted = select(func.count()).select_from(of_version).where(edition_versions.c.edition == edition.number)
            return connection.scalar(counted) or 0

    def contents(self, edition: Edition) -> Contents:
        """All that an edition holds but the texts of its versions and the vectors, in the documents' order."""
        wanted = edition_versions.c.edition == edition.number
        with self._engine.connect() as connection:
            described = connection.execute(select(versions.c.id, versions.c.described).join(edition_versions).where(wanted)).all()
            documents = {row.id: document_from(row.described) for row in described}
            of_version = passages.join(edition_versions, edition_versions.c.version == passages.c.version)
            in_order = select(passages).select_from(of_version).where(wanted).order_by(edition_versions.c.document, passages.c.place)
            found: list[Passage] = []
            first: dict[str, int] = {}  # where each version's passages begin
            for row in connection.execute(in_order).yield_per(AT_A_TIME):
                first.setdefault(row.version, len(found))
                found.append(passage_from(row, documents[row.version].id))
            with_windows = windows.join(edition_versions, edition_versions.c.version == windows.c.version)
            order = (edition_versions.c.document, windows.c.passage_place, windows.c.place)  # as the passages, then as read
            cut = connection.execute(select(windows).select_from(with_windows).where(wanted).order_by(*order)).yield_per(AT_A_TIME)
            rows = tuple(Row(row.id, first[row.version] + row.passage_place, row.start, row.end) for row in cut)
        return Contents(
            edition=edition, documents={document.id: document for document in documents.values()}, passages=tuple(found), rows=rows
        )

    def collect(self, keep: int = KEPT, spared: Collection[int] = ()) -> None:
        """Forget all editions but the live one, the one that is held, those that are `spared`, and the newest `keep` published.

        The versions that only they had are forgotten with them.
        """
        with self._engine.begin() as connection:
            _collected(connection, keep, spared)

    def unneeded(self, keep: int = KEPT, spared: Collection[int] = ()) -> Dropped:
        """What Chroma and the keyword index would need no more after `collect`. Nothing is changed."""
        with self._engine.connect() as connection:  # it ends without a commit
            return _collected(connection, keep, spared)

    def forget(self, document: str, gone: Collection[str]) -> tuple[tuple[int, ...], Dropped]:
        """Take a document and its versions out of every edition, and with them all its words. Gives the editions that had it."""
        with self._engine.begin() as connection:
            query = select(edition_versions.c.edition)
            had = {row.edition for row in rows(connection, query, edition_versions.c.version, gone)}
            had |= set(connection.scalars(query.where(edition_versions.c.document == document)))
            connection.execute(delete(edition_versions).where(edition_versions.c.document == document))
            change(connection, delete(edition_versions), edition_versions.c.version, gone)
            return tuple(sorted(had)), _deleted(connection, set(gone))


def _collected(connection: Connection, keep: int, spared: Collection[int]) -> Dropped:
    published = select(editions.c.number).where(editions.c.published_at.is_not(None))
    kept = set(connection.scalars(published.order_by(editions.c.number.desc()).limit(keep))) | set(spared)
    kept |= set(connection.scalars(select(live.c.edition).where(live.c.edition.is_not(None))))
    kept |= set(connection.scalars(select(editions.c.number).where(editions.c.held != "")))
    connection.execute(delete(edition_versions).where(edition_versions.c.edition.not_in(kept)))
    connection.execute(delete(editions).where(editions.c.number.not_in(kept)))
    unused = versions.c.id.not_in(select(edition_versions.c.version))
    return _deleted(connection, set(connection.scalars(select(versions.c.id).where(unused))))


def _deleted(connection: Connection, gone: Collection[str]) -> Dropped:
    """Delete versions. What another version still has of theirs is not dropped."""
    if not gone:
        let_go(connection)
        return Dropped()
    windows_of = {row.id for row in rows(connection, select(windows.c.id), windows.c.version, gone)}
    documents = {row.document for row in rows(connection, select(versions.c.document), versions.c.id, gone)}
    entries = _entries(connection, documents)
    change(connection, delete(versions), versions.c.id, gone)
    let_go(connection)
    connection.execute(delete(lines).where(lines.c.passage.not_in(select(passages.c.id))))
    still = {row.id for row in rows(connection, select(windows.c.id), windows.c.id, windows_of)}
    return Dropped(frozenset(windows_of - still), entries - _entries(connection, documents))


def _entries(connection: Connection, documents: Collection[str]) -> frozenset[str]:
    """What the keyword index calls the passages of these documents' versions."""
    described = rows(connection, select(versions.c.id, versions.c.described), versions.c.document, documents)
    whole = {row.id: document_from(row.described) for row in described}
    found = rows(connection, select(passages), passages.c.version, whole)
    return frozenset(entry_id(passage_from(row, whole[row.version].id), whole[row.version].title) for row in found)


def _edition(connection: Connection, number: int) -> Edition:
    row = connection.execute(select(editions).where(editions.c.number == number)).one()
    chosen = connection.execute(
        select(edition_versions.c.document, edition_versions.c.version)
        .where(edition_versions.c.edition == number)
        .order_by(edition_versions.c.document)
    )
    pairs = tuple((pair.document, pair.version) for pair in chosen)
    return Edition(number=row.number, versions=pairs, embedder=row.embedder, published_at=_iso(row.published_at))


def _iso(moment: datetime | None) -> str:
    """In UTC. SQLite gives back what was stored without its zone, PostgreSQL in the session's."""
    if moment is None:
        return ""
    return (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)).isoformat()
