"""Who asked for the weekly note: pseudonyms, and the user ids sealed, because they are whom it is sent to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.adapters.conversation_tables import weekly_notes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.adapters.conversation import Conversation
    from bot.adapters.secrecy import Secrecy


class SqlNotes:
    """The Notes port in the conversations' database."""

    def __init__(self, conversation: Conversation, secrecy: Secrecy) -> None:
        self._conversation = conversation
        self._secrecy = secrecy

    async def subscribe(self, user: str, week: str) -> None:
        row = {"person": self._secrecy.pseudonym(user), "user": self._secrecy.seal(user), "week": week}
        try:
            async with self._conversation.begin() as connection:
                await connection.execute(insert(weekly_notes).values(row))
        except IntegrityError:  # asked for before: the week that is settled stays settled
            return

    async def unsubscribe(self, user: str) -> None:
        async with self._conversation.begin() as connection:
            await connection.execute(delete(weekly_notes).where(weekly_notes.c.person == self._secrecy.pseudonym(user)))

    async def subscribers(self) -> Mapping[str, str]:
        async with self._conversation.begin() as connection:
            rows = (await connection.execute(select(weekly_notes.c.user, weekly_notes.c.week))).all()
        opened = ((self._secrecy.unseal(row.user), row.week) for row in rows)
        return {user: week for user, week in opened if user is not None}

    async def settle(self, user: str, week: str) -> bool:
        mine = (weekly_notes.c.person == self._secrecy.pseudonym(user)) & (weekly_notes.c.week < week)
        async with self._conversation.begin() as connection:
            return bool((await connection.execute(update(weekly_notes).where(mine).values(week=week))).rowcount)
