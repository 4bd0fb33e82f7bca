"""What a model wrote about pictures, kept so that nobody is asked twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from knowledge.catalog_tables import pictures, unpictured, version_pictures, versions

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine


class KeptPictures:
    """A part of the catalog: words, never the pictures themselves. They go with the last version that has the picture."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self) -> dict[str, str]:
        """Key → description; empty where what the model wrote could not be used."""
        with self._engine.connect() as connection:
            return {row.key: row.words for row in connection.execute(select(pictures.c.key, pictures.c.words))}

    def keep(self, key: str, picture: str, words: str) -> None:
        """`picture` is the hash of its bytes; `key` says also who wrote."""
        with self._engine.begin() as connection:
            connection.execute(delete(pictures).where(pictures.c.key == key))
            connection.execute(insert(pictures), {"key": key, "picture": picture, "words": words})

    def files_without(self) -> frozenset[str]:
        """The hashes of files that were searched for pictures and have none."""
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(select(unpictured.c.content_hash)))

    def note_file(self, content_hash: str, *, has_any: bool) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(unpictured).where(unpictured.c.content_hash == content_hash))
            if not has_any:
                connection.execute(insert(unpictured), {"content_hash": content_hash})


def let_go(connection: Connection) -> None:
    """Delete what was written about pictures that no version has, and what is known of files that no version was made of."""
    connection.execute(delete(unpictured).where(unpictured.c.content_hash.not_in(select(versions.c.content_hash))))
    connection.execute(delete(pictures).where(pictures.c.picture.not_in(select(version_pictures.c.picture))))
