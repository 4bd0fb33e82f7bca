"""What is kept of one person: collected for that person, and taken away for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from bot.adapters.conversation import let_go
from bot.adapters.conversation_tables import contacts, disclosures, feedback, receipts, thread_attention, thread_turns, weekly_notes
from bot.adapters.disclosures import disclosure_from
from bot.adapters.receipt_rows import receipt_from
from bot.own_records import Judged, OwnCopy, PastAnswer, Remembered

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.adapters.conversation import Conversation
    from bot.adapters.secrecy import Secrecy


class SqlOwnRecords:
    """The OwnRecords port in the conversations' database."""

    def __init__(self, conversation: Conversation, secrecy: Secrecy) -> None:
        self._conversation = conversation
        self._secrecy = secrecy

    async def copy(self, user: str) -> OwnCopy:
        who, unseal = self._secrecy.pseudonym(user), self._secrecy.unseal
        async with self._conversation.begin() as connection:
            answers = (await connection.execute(select(receipts).where(receipts.c.asker == who).order_by(receipts.c.opened_at))).all()
            judged = (await connection.execute(select(feedback).where(feedback.c.person == who).order_by(feedback.c.at))).all()
            turns = (await connection.execute(select(thread_turns).where(thread_turns.c.asker == who).order_by(thread_turns.c.at))).all()
            asked = (await connection.execute(select(disclosures).where(disclosures.c.person == who).order_by(disclosures.c.number))).all()
            told_at = await connection.scalar(select(contacts.c.at).where(contacts.c.person == who))
            note = await connection.scalar(select(weekly_notes.c.week).where(weekly_notes.c.person == who))
            listening = await self._listening(connection, user)
        return OwnCopy(
            answers=tuple(PastAnswer(receipt_from(row), unseal(row.question) if row.question else None) for row in answers),
            judged=tuple(Judged(row.receipt, row.verdict, row.at) for row in judged),
            remembered=tuple(Remembered(row.channel, unseal(row.question) or "", row.at) for row in turns),
            listening=len(listening),
            told_at=told_at,
            note=note is not None,
            disclosures=tuple(disclosure_from(row, user) for row in asked),
        )

    async def erase(self, user: str) -> int:
        """Feedback that others gave on this person's answers goes with the answers. The trace of who looked at them stays."""
        who, gone = self._secrecy.pseudonym(user), 0
        async with self._conversation.begin() as connection:
            for place in await self._listening(connection, user):
                same = [thread_attention.c[name] == value for name, value in place.items()]
                gone += (await connection.execute(delete(thread_attention).where(*same))).rowcount
            whose = (
                (feedback, feedback.c.person),
                (thread_turns, thread_turns.c.asker),
                (contacts, contacts.c.person),
                (weekly_notes, weekly_notes.c.person),
            )
            for table, column in whose:
                gone += (await connection.execute(delete(table).where(column == who))).rowcount
            return gone + await let_go(connection, receipts.c.asker == who, under_way=True)

    async def _listening(self, connection: AsyncConnection, user: str) -> list[dict[str, str]]:
        """User ids are sealed anew in each row: each has to be opened. There are at most a day's."""
        names = ("team", "channel", "thread")
        rows = (await connection.execute(select(thread_attention))).all()
        mine = [row for row in rows if self._secrecy.unseal(row.asker) == user]
        return [{name: str(getattr(row, name)) for name in names} for row in mine]
