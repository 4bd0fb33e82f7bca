"""Where Ibid's replies stand that others can read, and what they rest on: kept as long as their receipts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from bot.adapters.conversation_tables import replies
from bot.values import Place, StandingReply

if TYPE_CHECKING:
    from bot.adapters.conversation import Conversation


class SqlReplies:
    """Replies in the conversations' database."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation

    async def stands(self, reply: StandingReply) -> None:
        place = reply.place
        row = {"team": place.team, "channel": place.channel, "thread": place.thread or "", "ts": reply.ts}
        try:
            async with self._conversation.begin() as connection:
                await connection.execute(delete(replies).where(replies.c.receipt == reply.receipt))
                await connection.execute(insert(replies).values(receipt=reply.receipt, labels=json.dumps(sorted(reply.labels)), **row))
        except IntegrityError:
            return  # its receipt is not kept, so that nothing about it is

    async def in_channel(self, channel: str) -> tuple[StandingReply, ...]:
        async with self._conversation.begin() as connection:
            rows = (await connection.execute(select(replies).where(replies.c.channel == channel).order_by(replies.c.ts))).all()
        return tuple(
            StandingReply(
                receipt=row.receipt,
                place=Place(team=row.team, channel=row.channel, thread=row.thread or None, kind="private"),
                ts=row.ts,
                labels=frozenset(json.loads(row.labels)),
            )
            for row in rows
        )

    async def channels(self) -> frozenset[str]:
        async with self._conversation.begin() as connection:
            rows = await connection.execute(select(replies.c.channel).distinct())
            return frozenset(row.channel for row in rows)

    async def gone(self, receipt: str) -> None:
        async with self._conversation.begin() as connection:
            await connection.execute(delete(replies).where(replies.c.receipt == receipt))
