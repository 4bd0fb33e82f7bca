"""A part of the catalog: what people took away by hand, and what they brought back. No run, undo or restore lifts a denial."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from knowledge.catalog_tables import brought_back, denied, erased, unread, versions
from knowledge.former_names import names_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Engine

ERASED = "erased"


class Denials:
    """Documents that nobody is answered from, whatever is published."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def deny(self, document: str, reason: str, at: datetime) -> None:
        """Take a document away from every edition. Denying it twice keeps the first reason."""
        row = {"document": document, "reason": reason, "denied_at": at.astimezone(UTC)}
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(denied), row)
        except IntegrityError:
            if document not in self.documents():
                raise

    def follow(self, moved: Mapping[str, str], at: datetime) -> bool:
        """Who renames a document that is denied does not free it. Says whether there was one."""
        with self._engine.begin() as connection:
            reasons = {row.document: row.reason for row in connection.execute(select(denied.c.document, denied.c.reason))}
            freed = {now: reasons[before] for before, now in moved.items() if before in reasons and now not in reasons}
            rows = [{"document": document, "reason": reason, "denied_at": at.astimezone(UTC)} for document, reason in freed.items()]
            if rows:
                connection.execute(insert(denied), rows)
        return bool(rows)

    def documents(self) -> frozenset[str]:
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(select(denied.c.document)))

    def erase(self, document: str, at: datetime, others: Collection[str] = ()) -> tuple[str, ...]:
        """Deny a document for good: neither its name nor its bytes are read again. Gives its versions, whose words are still there.

        Also those under the names that it had before, but for the `others`, which are documents of their own.
        """
        with self._engine.begin() as connection:
            if not connection.execute(update(denied).where(denied.c.document == document).values(reason=ERASED)).rowcount:
                connection.execute(insert(denied), {"document": document, "reason": ERASED, "denied_at": at.astimezone(UTC)})
            connection.execute(delete(brought_back).where(brought_back.c.document == document))
            names = names_of(connection, document, others)
            found = connection.execute(select(versions.c.id, versions.c.content_hash).where(versions.c.document.in_(names))).all()
            connection.execute(delete(unread).where(unread.c.path.in_(names)))  # a reason may repeat what a file says
            known = set(connection.scalars(select(erased.c.content_hash).where(erased.c.document == document)))
            hashes = {row.content_hash for row in found} | {""}  # the empty one stands for the name
            rows = [{"content_hash": one, "document": document, "swept": False} for one in sorted(hashes - known)]
            if rows:
                connection.execute(insert(erased), rows)
            connection.execute(update(erased).where(erased.c.document == document).values(swept=False))
        return tuple(row.id for row in found)

    def erased(self) -> frozenset[str]:
        """The names of erased documents and the hashes of their bytes."""
        with self._engine.connect() as connection:
            found = connection.execute(select(erased.c.content_hash, erased.c.document)).all()
        return frozenset({row.document for row in found} | {row.content_hash for row in found if row.content_hash})

    def unswept(self) -> tuple[str, ...]:
        """Documents whose erasure has begun and not ended."""
        with self._engine.connect() as connection:
            return tuple(sorted(set(connection.scalars(select(erased.c.document).where(erased.c.swept.is_(False))))))

    def swept(self, document: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(erased).where(erased.c.document == document).values(swept=True))

    def bring_back(self, documents: Collection[str]) -> None:
        """These stay although their source does not have them."""
        with self._engine.begin() as connection:
            there = set(connection.scalars(select(brought_back.c.document)))
            rows = [{"document": document} for document in sorted(set(documents) - there)]
            if rows:
                connection.execute(insert(brought_back), rows)

    def brought_back(self) -> frozenset[str]:
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(select(brought_back.c.document)))

    def let_go(self, documents: Collection[str]) -> None:
        """Their source has them again, or it was confirmed that they are to go."""
        with self._engine.begin() as connection:
            there = set(connection.scalars(select(brought_back.c.document)))
            for document in there.intersection(documents):
                connection.execute(delete(brought_back).where(brought_back.c.document == document))
