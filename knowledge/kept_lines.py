"""The lines that a model wrote about passages, kept so that nobody is asked twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from knowledge.catalog_tables import lines, passages
from knowledge.values import content_id

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Engine


@dataclass(frozen=True)
class Placed:
    """As much of a passage as decides which line it gets."""

    id: str
    label: str
    situation: str
    line: str

    def key(self, maker: str) -> str:
        """The passage's id names its document, label, headings, clause and text; `maker` names the prompt and the model.

        The rest of the document is left out on purpose, though the model reads of it: an edit of one clause would else ask about all.
        What a clause is about and whom it covers seldom changes with its neighbours, and a line only helps a passage to be found.
        """
        return content_id(self.id, self.situation, maker)


class KeptLines:
    """A part of the catalog. Lines go with the last version that has their passage."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self) -> dict[str, str]:
        """Key → line; empty where what the model wrote could not be used."""
        with self._engine.connect() as connection:
            return {row.key: row.line for row in connection.execute(select(lines.c.key, lines.c.line))}

    def keep(self, key: str, passage: str, line: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(lines).where(lines.c.key == key))
            connection.execute(insert(lines), {"key": key, "passage": passage, "line": line})

    def in_use(self) -> bool:
        """Whether any passage has a line."""
        with self._engine.connect() as connection:
            return connection.execute(select(passages.c.id).where(passages.c.line != "").limit(1)).first() is not None

    def placed(self, versions: Collection[str]) -> dict[str, list[Placed]]:
        """The passages of each of these versions, in order."""
        found: dict[str, list[Placed]] = {version: [] for version in versions}
        wanted = select(passages.c.version, passages.c.id, passages.c.label, passages.c.situation, passages.c.line)
        with self._engine.connect() as connection:
            for row in connection.execute(wanted.order_by(passages.c.version, passages.c.place)):
                if row.version in found:
                    found[row.version].append(Placed(row.id, row.label, row.situation, row.line))
        return found
