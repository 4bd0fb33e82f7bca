"""A part of the catalog: what is held back for a time. Like denials, holds go around editions, and no run, undo or restore lifts them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from knowledge.batches import rows
from knowledge.catalog_tables import held_names, held_versions, holds, versions
from knowledge.former_names import names_of
from knowledge.holds import Held, Hold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from sqlalchemy import Connection, Engine, Row

    from knowledge.values import Edition


class KeptHolds:
    """Documents and topics that nobody is answered from until a day is over, or somebody lifts the hold."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, hold: Hold, today: date, others: Collection[str] = ()) -> Hold:
        """Keep a hold, and give it with its number. A document is held under its name, and as what it was under earlier ones.

        The `others` are documents of their own, although they may be copies. Holds that have ended are forgotten on the way.
        """
        row = {"document": hold.document, "topic": hold.topic, "sentence": hold.sentence, "by": hold.by, "until": hold.until}
        with self._engine.begin() as connection:
            connection.execute(delete(holds).where(holds.c.until < today))
            number = int(connection.execute(insert(holds).returning(holds.c.number), row).scalar_one())
            if hold.document:
                connection.execute(insert(held_names), {"hold": number, "document": hold.document})
                _hold_earlier(connection, number, hold.document, others)
            return _hold(connection.execute(select(holds).where(holds.c.number == number)).one())

    def lift(self, number: int) -> Hold | None:
        """End a hold before its day; None where there is none of that number."""
        with self._engine.begin() as connection:
            found = connection.execute(select(holds).where(holds.c.number == number)).one_or_none()
            connection.execute(delete(holds).where(holds.c.number == number))
        return None if found is None else _hold(found)

    def follow(self, moved: Mapping[str, str]) -> bool:
        """Who renames a document that is held does not free it. Says whether there was one."""
        with self._engine.begin() as connection:
            there = connection.execute(select(held_names.c.hold, held_names.c.document)).all()
            return _add_names(connection, {(row.hold, moved[row.document]) for row in there if row.document in moved})

    def follow_back(self, target: Edition) -> bool:
        """Where an undo leads to a document's earlier name, it is held under that too. Says whether there was one."""
        document_of = {version: document for document, version in target.versions}
        with self._engine.begin() as connection:
            there = connection.execute(select(held_versions.c.hold, held_versions.c.version)).all()
            return _add_names(connection, {(row.hold, document_of[row.version]) for row in there if row.version in document_of})

    def all(self) -> tuple[Held, ...]:
        """Every hold with what it covers, in the order in which they were made; also those that have ended."""
        with self._engine.connect() as connection:
            found = connection.execute(select(holds).order_by(holds.c.number)).all()
            names = _grouped(connection.execute(select(held_names.c.hold, held_names.c.document)).all())
            earlier = _grouped(connection.execute(select(held_versions.c.hold, held_versions.c.version)).all())
        return tuple(Held(_hold(row), frozenset(names[row.number]), frozenset(earlier[row.number])) for row in found)


def _hold_earlier(connection: Connection, number: int, document: str, others: Collection[str]) -> None:
    """Its versions under earlier names, not those names themselves: somebody may give one to another document."""
    former = names_of(connection, document, others) - {document}
    found = rows(connection, select(versions.c.id), versions.c.document, former)
    earlier = [{"hold": number, "version": row.id} for row in found]
    if earlier:
        connection.execute(insert(held_versions), earlier)


def _add_names(connection: Connection, names: set[tuple[int, str]]) -> bool:
    new = names - {(row.hold, row.document) for row in connection.execute(select(held_names))}
    if new:
        connection.execute(insert(held_names), [{"hold": number, "document": name} for number, name in sorted(new)])
    return bool(new)


def _grouped(found: Iterable[Row[int, str]]) -> dict[int, set[str]]:
    grouped: dict[int, set[str]] = defaultdict(set)
    for number, name in found:
        grouped[number].add(name)
    return grouped


def _hold(row: Row[Any]) -> Hold:
    return Hold(number=row.number, document=row.document, topic=row.topic, sentence=row.sentence, by=row.by, until=row.until)
