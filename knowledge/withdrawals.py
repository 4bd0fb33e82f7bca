"""What a scan of the source took away: versions that no edition may answer from, and what the last run could not take in."""

from __future__ import annotations

import json
from datetime import UTC
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from knowledge.catalog_tables import unread, versions, withdrawn
from knowledge.values import AccessRule, Unread

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import Engine


class Withdrawals:
    """A part of the catalog. Versions are withdrawn, not documents: no undo brings an old rule back, and a new version needs no pardon."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def withdraw(self, rules: Mapping[str, AccessRule | None], at: datetime) -> bool:
        """Take away every version of these documents that more people could read than the rule that holds now; None: nobody may.

        Says whether there was one that was not withdrawn before.
        """
        with self._engine.begin() as connection:
            already = set(connection.scalars(select(withdrawn.c.version)))
            found = connection.execute(
                select(versions.c.id, versions.c.document, versions.c.described).where(versions.c.document.in_(list(rules)))
            )
            wider = [row.id for row in found if row.id not in already and not _covered(_rule(row.described), rules[row.document])]
            if wider:
                connection.execute(insert(withdrawn), [{"version": version, "withdrawn_at": at.astimezone(UTC)} for version in wider])
        return bool(wider)

    def restore(self, seen: Collection[str]) -> bool:
        """Give back versions that the source holds again, as they were. Says whether there was one."""
        with self._engine.begin() as connection:
            back = set(connection.scalars(select(withdrawn.c.version))) & set(seen)
            for version in back:
                connection.execute(delete(withdrawn).where(withdrawn.c.version == version))
        return bool(back)

    def versions(self) -> frozenset[str]:
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(select(withdrawn.c.version)))

    def rules(self, wanted: Collection[str]) -> dict[str, AccessRule]:
        """The rule of each of these versions."""
        if not wanted:
            return {}
        with self._engine.connect() as connection:
            found = connection.execute(select(versions.c.id, versions.c.described)).all()
        return {row.id: _rule(row.described) for row in found if row.id in wanted}

    def note_unread(self, listed: Collection[Unread]) -> None:
        """Keep what this run could not take in, in place of what the run before could not."""
        rows = {one.path: {"path": one.path, "reason": one.reason, "withheld": one.withheld} for one in listed}
        with self._engine.begin() as connection:
            connection.execute(delete(unread))
            if rows:
                connection.execute(insert(unread), list(rows.values()))

    def unread(self) -> tuple[Unread, ...]:
        """What the last run could not take in, by path."""
        with self._engine.connect() as connection:
            found = connection.execute(select(unread).order_by(unread.c.path)).all()
        return tuple(Unread(row.path, row.reason, withheld=row.withheld) for row in found)


def _rule(described: str) -> AccessRule:
    return AccessRule.from_label(json.loads(described)["access"])


def _covered(before: AccessRule, now: AccessRule | None) -> bool:
    return now is not None and now.covers(before)
