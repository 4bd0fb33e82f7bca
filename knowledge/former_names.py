"""The names that a document had before it was moved: what is taken away from it is taken away under each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from knowledge.batches import rows
from knowledge.catalog_tables import versions

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection


def names_of(connection: Connection, document: str, others: Collection[str]) -> set[str]:
    """Its name, and every name that the same bytes had. The `others` are documents of their own, although they may be copies."""
    names = {document}
    while True:
        hashes = {row.content_hash for row in rows(connection, select(versions.c.content_hash), versions.c.document, names)} - {""}
        same = {row.document for row in rows(connection, select(versions.c.document), versions.c.content_hash, hashes)}
        more = {name for name in same if name not in names and name not in others}
        if not more:
            return names
        names |= more
