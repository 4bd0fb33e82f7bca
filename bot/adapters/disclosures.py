"""The trace of who asked for what is kept of somebody else, who agreed, and when it was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from bot.adapters.conversation_tables import disclosures
from bot.flows.disclosing import objection
from bot.own_records import Disclosure

if TYPE_CHECKING:
    from sqlalchemy import Row

    from bot.adapters.conversation import Conversation
    from bot.adapters.secrecy import Secrecy
    from bot.own_records import Objection, Wish
    from bot.ports import Clock


class SqlDisclosures:
    """The Disclosures port in the conversations' database."""

    def __init__(self, conversation: Conversation, secrecy: Secrecy, clock: Clock) -> None:
        self._conversation = conversation
        self._secrecy = secrecy
        self._clock = clock

    async def ask(self, user: str, wish: Wish, reason: str, by: str) -> Disclosure:
        now = self._clock.now()
        row = {
            "person": self._secrecy.pseudonym(user),
            "user": self._secrecy.seal(user),
            "wish": wish,
            "reason": reason,
            "asked_by": by,
            "asked_at": now,
        }
        async with self._conversation.begin() as connection:
            number = await connection.scalar(insert(disclosures).values(row).returning(disclosures.c.number))
        return Disclosure(number=number or 0, user=user, wish=wish, reason=reason, asked_by=by, asked_at=now)

    async def agree(self, number: int, admin: str) -> Disclosure | Objection:
        async with self._conversation.begin() as connection:
            row = (await connection.execute(select(disclosures).where(disclosures.c.number == number))).one_or_none()
            if row is None:
                return "unknown"
            wish = disclosure_from(row, (self._secrecy.unseal(row.user) or "") if row.user else "")
            now = self._clock.now()
            if against := objection(wish, admin, now):
                return against
            if not wish.user:
                return "unknown"  # sealed with another secret
            agreed = {"agreed_by": admin, "agreed_at": row.agreed_at or now}
            await connection.execute(update(disclosures).where(disclosures.c.number == number).values(agreed))
        return disclosure_from(row, wish.user, admin)

    async def done(self, number: int) -> None:
        async with self._conversation.begin() as connection:
            ended = {"done_at": self._clock.now(), "user": ""}
            await connection.execute(update(disclosures).where(disclosures.c.number == number).values(ended))


def disclosure_from(row: Row[Any], user: str, agreed_by: str = "") -> Disclosure:
    """A disclosure from its row; whom it is about stands there sealed."""
    return Disclosure(
        number=row.number,
        user=user,
        wish=row.wish,
        reason=row.reason,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        agreed_by=agreed_by or row.agreed_by,
        done_at=row.done_at,
    )
