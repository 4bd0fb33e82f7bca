"""The truth about the documents: versions, passages, editions and what was taken away. All else is made from it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, delete, event, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from knowledge import migrations
from knowledge.catalog_rows import document_from, document_row, passage_from, passage_rows, window_rows
from knowledge.catalog_tables import REVISION, denied, edition_versions, editions, lines, live, passages, versions, windows
from knowledge.database_trouble import told
from knowledge.errors import CatalogUnavailable
from knowledge.kept_lines import KeptLines
from knowledge.live import Contents, Row
from knowledge.values import Edition, Version, content_id
from knowledge.withdrawals import Withdrawals

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import ExceptionContext
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

    from knowledge.values import Passage, Window

KEPT_EDITIONS = 5
CURE = "put a backup in its place, or move it away and run `ibid index`; what people took away by hand must then be taken away again"


class Catalog:
    """Opens the catalog at a database URL and brings its schema up to date."""

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)
        with self._engine.begin() as connection:
            migrations.upgrade(connection, REVISION)
        self.withdrawals = Withdrawals(self._engine)
        self.lines = KeptLines(self._engine)

    def close(self) -> None:
        self._engine.dispose()

    def live_edition(self) -> Edition | None:
        """The edition that answers are made from; None before the first is published."""
        with self._engine.connect() as connection:
            number = connection.scalar(select(live.c.edition))
            return None if number is None else _edition(connection, number)

    def editions(self) -> tuple[Edition, ...]:
        """The published editions that can still be read, newest first."""
        with self._engine.connect() as connection:
            numbers = connection.scalars(
                select(editions.c.number).where(editions.c.published_at.is_not(None)).order_by(editions.c.number.desc())
            )
            return tuple(_edition(connection, number) for number in numbers.all())

    def version_ids(self) -> frozenset[str]:
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(select(versions.c.id)))

    def made_of(self, preferred: Collection[str]) -> dict[str, str]:
        """Document and source hash, as one id, to the version made of them; where several differ in their lines, a preferred one."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(versions.c.id, versions.c.document, versions.c.source_hash).order_by(versions.c.id)).all()
        return {content_id(row.document, row.source_hash): row.id for row in sorted(rows, key=lambda row: row.id in preferred)}

    def version(self, version_id: str) -> Version:
        """One version with its passages. Raises KeyError when the catalog has none of that id."""
        with self._engine.connect() as connection:
            row = connection.execute(select(versions).where(versions.c.id == version_id)).one_or_none()
            if row is None:
                raise KeyError(version_id)
            found = connection.execute(select(passages).where(passages.c.version == version_id).order_by(passages.c.place)).all()
        document = document_from(row.described)
        return Version(
            id=row.id,
            document=document,
            text=row.text,
            passages=tuple(passage_from(passage, document.id) for passage in found),
            source_hash=row.source_hash,
        )

    def add_version(self, version: Version, cut: Mapping[str, Sequence[Window]]) -> None:
        """Keep a version and, for each passage id, where its windows lie. A version that is there already stays as it is."""
        row = {
            "id": version.id,
            "document": version.document.id,
            "source_hash": version.source_hash,
            "described": document_row(version.document),
            "text": version.text,
        }
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(versions), row)
                for table, found in ((passages, passage_rows(version)), (windows, window_rows(version, cut))):
                    if found:
                        connection.execute(insert(table), found)
        except IntegrityError:
            if version.id not in self.version_ids():
                raise

    def prepare_edition(self, chosen: Mapping[str, str], embedder: str) -> Edition:
        """Write down an edition, document id → version id, without making it live."""
        with self._engine.begin() as connection:
            number = (connection.scalar(select(func.max(editions.c.number))) or 0) + 1
            connection.execute(insert(editions), {"number": number, "embedder": embedder, "published_at": None})
            if chosen:
                rows = [{"edition": number, "document": document, "version": version} for document, version in chosen.items()]
                connection.execute(insert(edition_versions), rows)
            return _edition(connection, number)

    def publish(self, number: int, at: datetime) -> Edition:
        """Make an edition live: from here on it answers. Also the way back to an earlier one."""
        with self._engine.begin() as connection:
            first = editions.c.published_at.is_(None)
            connection.execute(update(editions).where(editions.c.number == number, first).values(published_at=at.astimezone(UTC)))
            connection.execute(update(live).values(edition=number))
            return _edition(connection, number)

    def contents(self, edition: Edition) -> Contents:
        """All that an edition holds but the texts of its versions and the vectors, in the documents' order."""
        wanted = edition_versions.c.edition == edition.number
        with self._engine.connect() as connection:
            described = connection.execute(select(versions.c.id, versions.c.described).join(edition_versions).where(wanted)).all()
            of_version = passages.join(edition_versions, edition_versions.c.version == passages.c.version)
            in_order = select(passages).select_from(of_version).where(wanted).order_by(edition_versions.c.document, passages.c.place)
            found = connection.execute(in_order).all()
            with_windows = windows.join(edition_versions, edition_versions.c.version == windows.c.version)
            order = (edition_versions.c.document, windows.c.passage_place, windows.c.place)  # as the passages, then as read
            cut = connection.execute(select(windows).select_from(with_windows).where(wanted).order_by(*order)).all()
        documents = {row.id: document_from(row.described) for row in described}
        index = {(row.version, row.place): number for number, row in enumerate(found)}
        return Contents(
            edition=edition,
            documents={document.id: document for document in documents.values()},
            passages=tuple(passage_from(row, documents[row.version].id) for row in found),
            rows=tuple(Row(row.id, index[row.version, row.passage_place], row.start, row.end) for row in cut),
        )

    def deny(self, document: str, reason: str, at: datetime) -> None:
        """Take a document away from every edition. Denying it twice keeps the first reason."""
        row = {"document": document, "reason": reason, "denied_at": at.astimezone(UTC)}
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(denied), row)
        except IntegrityError:
            if document not in self.denied():
                raise

    def denied(self) -> frozenset[str]:
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(select(denied.c.document)))

    def collect(self, keep: int = KEPT_EDITIONS) -> None:
        """Forget all editions but the live one and the newest `keep` published, and the versions that only they had."""
        with self._engine.begin() as connection:
            published = select(editions.c.number).where(editions.c.published_at.is_not(None))
            kept = set(connection.scalars(published.order_by(editions.c.number.desc()).limit(keep)))
            kept |= set(connection.scalars(select(live.c.edition).where(live.c.edition.is_not(None))))
            connection.execute(delete(edition_versions).where(edition_versions.c.edition.not_in(kept)))
            connection.execute(delete(editions).where(editions.c.number.not_in(kept)))
            connection.execute(delete(versions).where(versions.c.id.not_in(select(edition_versions.c.version))))
            connection.execute(delete(lines).where(lines.c.passage.not_in(select(passages.c.id))))

    def window_ids(self) -> frozenset[str]:
        """Every window of every version: what Chroma may hold."""
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(select(windows.c.id).distinct()))

    def passages(self) -> tuple[tuple[Passage, str], ...]:
        """Every passage of every version, with its document's title: what the keyword index may hold."""
        with self._engine.connect() as connection:
            described = connection.execute(select(versions.c.id, versions.c.described)).all()
            documents = {row.id: document_from(row.described) for row in described}
            found = connection.execute(select(passages)).all()
        return tuple((passage_from(row, documents[row.version].id), documents[row.version].title) for row in found)


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


def _engine(url: str) -> Engine:
    engine = create_engine(url)
    event.listen(engine, "handle_error", _tell)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _tell(context: ExceptionContext) -> BaseException | None:
    """What the database refuses becomes a message for the operator, but for a row that is there twice."""
    if isinstance(context.sqlalchemy_exception, IntegrityError) or not isinstance(
        context.original_exception, context.dialect.loaded_dbapi.Error
    ):
        return None
    file = (context.engine and context.engine.url.database) or "the catalog"
    return CatalogUnavailable(told(context.original_exception, file, CURE))


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")  # a reader is never behind a writer
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")  # a collected text leaves no bytes behind
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()
