"""What a scan of the source took away: versions that no edition may answer from, and what the last run could not take in."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC
from typing import TYPE_CHECKING, Literal

from sqlalchemy import delete, insert, select, update

from knowledge.batches import change, rows
from knowledge.catalog_tables import unread, versions, withdrawn
from knowledge.former_names import names_of
from knowledge.values import AccessRule, Unread

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Engine

Why = Literal["removed", "narrowed"]
REMOVED: Why = "removed"
NARROWED: Why = "narrowed"


class Withdrawals:
    """A part of the catalog. Versions are withdrawn, not documents: no undo brings an old rule back, and a new version needs no pardon."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def withdraw(self, rules: Mapping[str, AccessRule | None], at: datetime, why: Why = NARROWED, *, others: Collection[str] = ()) -> bool:
        """Take away every version of these documents that more people could read than the rule that holds now; None: nobody may.

        Also under the names that they had before, but for the `others`, which are documents of their own. Says whether there was one
        that was not withdrawn before. What was removed and would be narrowed by now counts as narrowed.
        """
        with self._engine.begin() as connection:
            ruled: dict[str, list[AccessRule | None]] = defaultdict(list)
            for document, rule in rules.items():
                for name in names_of(connection, document, others):
                    ruled[name].append(rule)
            already = {row.version: row.why for row in connection.execute(select(withdrawn.c.version, withdrawn.c.why))}
            found = rows(connection, select(versions.c.id, versions.c.document, versions.c.described), versions.c.document, ruled)
            wider = [row.id for row in found if not all(covered(_rule(row.described), rule) for rule in ruled[row.document])]
            new = [{"version": version, "withdrawn_at": at.astimezone(UTC), "why": why} for version in wider if version not in already]
            if new:
                connection.execute(insert(withdrawn), new)
            if why == NARROWED:
                removed = [version for version in wider if already.get(version) == REMOVED]
                change(connection, update(withdrawn).values(why=NARROWED), withdrawn.c.version, removed)
        return bool(new)

    def restore(self, seen: Iterable[str]) -> bool:
        """Give back versions that the source holds again, as they were. Says whether there was one."""
        with self._engine.begin() as connection:
            back = set(connection.scalars(select(withdrawn.c.version))) & set(seen)
            for version in back:
                connection.execute(delete(withdrawn).where(withdrawn.c.version == version))
        return bool(back)

    def versions(self) -> frozenset[str]:
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(select(withdrawn.c.version)))

    def removed(self) -> frozenset[str]:
        """Those of them that were taken away only because their source had the document no more."""
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(select(withdrawn.c.version).where(withdrawn.c.why == REMOVED)))

    def note_unread(self, listed: Collection[Unread], about: Collection[str] | None = None) -> None:
        """Keep what this run could not take in, in place of what the run before could not; `about` names what this run was about."""
        new = {one.path: {"path": one.path, "reason": one.reason, "withheld": one.withheld} for one in listed}
        with self._engine.begin() as connection:
            old = delete(unread)
            if about is None:
                connection.execute(old)
            else:
                change(connection, old, unread.c.path, {*about, *new})
            if new:
                connection.execute(insert(unread), list(new.values()))

    def unread(self) -> tuple[Unread, ...]:
        """What the last run could not take in, by path."""
        with self._engine.connect() as connection:
            found = connection.execute(select(unread).order_by(unread.c.path)).all()
        return tuple(Unread(row.path, row.reason, withheld=row.withheld) for row in found)


def _rule(described: str) -> AccessRule:
    return AccessRule.from_label(json.loads(described)["access"])


def covered(before: AccessRule, now: AccessRule | None) -> bool:
    """Whether the rule that holds now shows what was shown under the one before. None: nobody may read it."""
    return now is not None and now.covers(before)
