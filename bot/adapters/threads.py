"""What Ibid remembers of a thread for a day: who asked what, whom it answered last, whether it was told to be quiet."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Table, and_, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.adapters.conversation_tables import contacts, thread_attention, thread_turns
from bot.adapters.ledger import everywhere
from bot.retention import TURNS_KEPT
from bot.values import LastReply, Turn

if TYPE_CHECKING:
    from bot.adapters.conversation import Conversation
    from bot.adapters.ledger import Records
    from bot.adapters.secrecy import Secrecy
    from bot.ports import Clock
    from bot.values import Person, Place


class SqlThreads:
    """The memory of threads, and the attention paid to them, in the conversations' database."""

    def __init__(self, conversation: Conversation, secrecy: Secrecy, clock: Clock, records: Records = everywhere) -> None:
        self._conversation = conversation
        self._secrecy = secrecy
        self._clock = clock
        self._records = records

    async def recall(self, place: Place, asker: Person) -> tuple[Turn, ...]:
        turns = thread_turns.c
        mine = _at(thread_turns, place) & (turns.asker == self._secrecy.pseudonym(asker.id))
        recent = turns.at >= self._clock.now() - TURNS_KEPT
        async with self._conversation.begin() as connection:
            wanted = select(turns.question, turns.passages).where(mine, recent).order_by(turns.number)
            rows = (await connection.execute(wanted)).all()
        opened = ((self._secrecy.unseal(row.question), row.passages) for row in rows)
        return tuple(Turn(question, tuple(json.loads(passages))) for question, passages in opened if question is not None)

    async def remember(self, place: Place, asker: Person, turn: Turn) -> None:
        """Also what `last` tells: a reply was given just now, and being asked again ends a mute. Nothing where nothing is recorded."""
        if not await self._records(place.channel):
            return
        try:
            await self._write(place, asker, turn)
        except IntegrityError:  # two first replies in one thread at once: the other made the row, which this one now changes
            await self._write(place, asker, turn)

    async def _write(self, place: Place, asker: Person, turn: Turn) -> None:
        now = self._clock.now()
        row = {
            "asker": self._secrecy.pseudonym(asker.id),
            "question": self._secrecy.seal(turn.question),
            "passages": json.dumps(turn.passages),
            "at": now,
        }
        replied = {"asker": self._secrecy.seal(asker.id), "at": now, "muted": False}
        async with self._conversation.begin() as connection:
            await connection.execute(insert(thread_turns).values(**_names(place), **row))
            changed = await connection.execute(update(thread_attention).where(_at(thread_attention, place)).values(replied))
            if not changed.rowcount:
                await connection.execute(insert(thread_attention).values(**_names(place), **replied))

    async def last(self, place: Place) -> LastReply | None:
        async with self._conversation.begin() as connection:
            row = (await connection.execute(select(thread_attention).where(_at(thread_attention, place)))).one_or_none()
        asker = None if row is None else self._secrecy.unseal(row.asker)
        if row is None or asker is None or row.at < self._clock.now() - TURNS_KEPT:
            return None
        return LastReply(asker=asker, at=row.at, muted=row.muted)

    async def mute(self, place: Place) -> None:
        async with self._conversation.begin() as connection:
            await connection.execute(update(thread_attention).where(_at(thread_attention, place)).values(muted=True))


class SqlContacts:
    """Who has been told what Ibid keeps, as pseudonyms."""

    def __init__(self, conversation: Conversation, secrecy: Secrecy, clock: Clock) -> None:
        self._conversation = conversation
        self._secrecy = secrecy
        self._clock = clock

    async def first(self, person: Person) -> bool:
        try:
            async with self._conversation.begin() as connection:
                row = {"person": self._secrecy.pseudonym(person.id), "at": self._clock.now()}
                await connection.execute(insert(contacts).values(row))
        except IntegrityError:
            return False
        return True


def _names(place: Place) -> dict[str, str]:
    return {"team": place.team, "channel": place.channel, "thread": place.thread or ""}


def _at(table: Table, place: Place) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in _names(place).items()))
