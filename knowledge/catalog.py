"""The truth about the documents: versions, passages, editions and what was taken away. All else is made from it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, event, insert, select
from sqlalchemy.exc import IntegrityError

from knowledge import migrations
from knowledge.batches import rows
from knowledge.catalog_rows import document_from, document_row, passage_from, passage_rows, remarks_from, window_rows
from knowledge.catalog_tables import (
    REVISION,
    edition_versions,
    editions,
    passages,
    version_pictures,
    versions,
    windows,
    withdrawn,
)
from knowledge.database_trouble import told
from knowledge.denials import Denials
from knowledge.editions import Editions
from knowledge.errors import CatalogUnavailable
from knowledge.former_names import names_of
from knowledge.kept_holds import KeptHolds
from knowledge.kept_lines import KeptLines
from knowledge.kept_pictures import KeptPictures
from knowledge.taken_away import Takings
from knowledge.values import Standing, Version, content_id
from knowledge.withdrawals import NARROWED, Withdrawals

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import Engine
    from sqlalchemy.engine import ExceptionContext
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

    from knowledge.values import Document, Passage, Window

CURE = "put a backup in its place, or move it away, and run `ibid index`; what people took away by hand is taken away again with it"


class Catalog:
    """Opens the catalog at a database URL and brings its schema up to date."""

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)
        with self._engine.begin() as connection:
            migrations.upgrade(connection, REVISION)
        self.editions = Editions(self._engine)
        self.denials = Denials(self._engine)
        self.withdrawals = Withdrawals(self._engine)
        self.holds = KeptHolds(self._engine)
        self.takings = Takings(self._engine)
        self.lines = KeptLines(self._engine)
        self.pictures = KeptPictures(self._engine)

    def close(self) -> None:
        self._engine.dispose()

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
            seen = connection.scalars(select(version_pictures.c.picture).where(version_pictures.c.version == version_id)).all()
        document = document_from(row.described)
        return Version(
            id=row.id,
            document=document,
            text=row.text,
            passages=tuple(passage_from(passage, document.id) for passage in found),
            source_hash=row.source_hash,
            content_hash=row.content_hash,
            remarks=remarks_from(row.remarks),
            pictures=tuple(sorted(seen)),
        )

    def standings(self, wanted: Iterable[str]) -> dict[str, Standing]:
        """The documents of these versions, by document, as far as a run has to know them before it reads anything."""
        chosen = set(wanted)
        if not chosen:
            return {}
        with self._engine.connect() as connection:
            found = connection.execute(select(versions.c.id, versions.c.described, versions.c.content_hash, versions.c.remarks)).all()
        return {
            document.id: Standing(row.id, document, row.content_hash, remarks_from(row.remarks))
            for row in found
            if row.id in chosen
            for document in (document_from(row.described),)
        }

    def made_from(self, wanted: Collection[str]) -> frozenset[tuple[Document, str]]:
        """What these versions say, as `Standing.made_from` has it."""
        with self._engine.connect() as connection:
            found = rows(connection, select(versions.c.described, versions.c.content_hash), versions.c.id, wanted)
            return frozenset((document_from(row.described), row.content_hash) for row in found)

    def withheld(self) -> dict[str, Document]:
        """The documents whose newest published version nobody may read as it is: nobody is answered from them until that is mended."""
        narrowed = select(withdrawn.c.version).where(withdrawn.c.why == NARROWED)
        among = select(versions.c.document).where(versions.c.id.in_(narrowed))
        published = edition_versions.join(editions, editions.c.number == edition_versions.c.edition)
        found = select(versions.c.id, versions.c.described).join(published, edition_versions.c.version == versions.c.id)
        found = found.where(editions.c.published_at.is_not(None), versions.c.document.in_(among)).order_by(editions.c.number)
        with self._engine.connect() as connection:
            newest = {document.id: (row.id, document) for row in connection.execute(found) for document in (document_from(row.described),)}
            away = frozenset(connection.scalars(narrowed))
        return {name: document for name, (version, document) in newest.items() if version in away}

    def names_of(self, document: str, others: Collection[str]) -> frozenset[str]:
        """Its name, and those that it had before; the `others` are documents of their own."""
        with self._engine.connect() as connection:
            return frozenset(names_of(connection, document, others))

    def documents(self) -> frozenset[str]:
        """Every document that has a version, published or not."""
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(select(versions.c.document).distinct()))

    def versions_of(self, document: str, others: Collection[str]) -> tuple[str, ...]:
        """Its versions, also under the names that it had before."""
        with self._engine.connect() as connection:
            return tuple(connection.scalars(select(versions.c.id).where(versions.c.document.in_(names_of(connection, document, others)))))

    def windows_of(self, wanted: Collection[str]) -> set[str]:
        """The windows of these versions."""
        with self._engine.connect() as connection:
            return {row.id for row in rows(connection, select(windows.c.id), windows.c.version, wanted)}

    def passage_ids(self, wanted: Collection[str]) -> dict[str, set[str]]:
        """The passages of each of these versions."""
        found: dict[str, set[str]] = {version: set() for version in wanted}
        with self._engine.connect() as connection:
            for row in rows(connection, select(passages.c.version, passages.c.id), passages.c.version, wanted):
                found[row.version].add(row.id)
        return found

    def add_version(self, version: Version, cut: Mapping[str, Sequence[Window]]) -> None:
        """Keep a version and, for each passage id, where its windows lie. A version that is there already stays as it is."""
        row = {
            "id": version.id,
            "document": version.document.id,
            "source_hash": version.source_hash,
            "described": document_row(version.document),
            "text": version.text,
            "content_hash": version.content_hash,
            "remarks": json.dumps(version.remarks, ensure_ascii=False),
        }
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(versions), row)
                seen = [{"version": version.id, "picture": picture} for picture in version.pictures]
                for table, found in ((passages, passage_rows(version)), (windows, window_rows(version, cut)), (version_pictures, seen)):
                    if found:
                        connection.execute(insert(table), found)
        except IntegrityError:
            if version.id not in self.version_ids():
                raise

    def compact(self) -> None:
        """Leave no byte of what was deleted in the database's files. SQLite only: PostgreSQL's own VACUUM does this in its time."""
        if self._engine.dialect.name != "sqlite":
            return
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

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
