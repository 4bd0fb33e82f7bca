"""The conversations' database: opened once, brought up to date, and swept of what has been kept long enough."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, delete, event, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot import migrations
from bot.adapters.conversation_tables import (
    BLANK,
    FOR_EMPLOYEES,
    REVISION,
    contacts,
    disclosures,
    feedback,
    inbox,
    receipts,
    replies,
    thread_attention,
    thread_turns,
)
from bot.errors import ConversationUnavailable
from bot.retention import CONTACTS_KEPT, DELIVERIES_KEPT, DISCLOSURES_KEPT, PAYLOADS_KEPT, QUESTIONS_KEPT, RECEIPTS_KEPT, TURNS_KEPT
from knowledge.database_trouble import told

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

CURE = "put a backup in its place, or move it away and start again; open questions and feedback in it are then lost"


class Conversation:
    """Hands out transactions. Everything the database itself refuses becomes ConversationUnavailable, but a row that is there twice."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        # SQLite lets one write and the others try by luck; in turn, the unluckiest of fifty at once waits a third as long for its ack.
        self._turn = asyncio.Lock() if engine.dialect.name == "sqlite" else nullcontext()

    @classmethod
    async def open(cls, url: str) -> Conversation:
        """Connect and bring the schema up to date."""
        conversation = cls(_engine(url))
        async with AsyncExitStack() as undo:
            undo.push_async_callback(conversation.close)
            async with conversation.begin() as connection:
                await connection.run_sync(migrations.upgrade, REVISION)
            undo.pop_all()
        return conversation

    async def close(self) -> None:
        await self._engine.dispose()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """One transaction. IntegrityError passes through: it is how a second row of the same key shows."""
        try:
            async with self._turn, self._engine.begin() as connection:
                yield connection
        except IntegrityError:
            raise
        except SQLAlchemyError as problem:
            file = self._engine.url.database or "the conversations' database"
            raise ConversationUnavailable(told(getattr(problem, "orig", problem), file, CURE)) from problem

    async def sweep(self, now: datetime) -> None:
        """Delete and clear what is older than it may be."""
        async with self.begin() as connection:
            stale = (inbox.c.taken_at < now - PAYLOADS_KEPT) & (inbox.c.sealed != "")
            await connection.execute(update(inbox).where(stale).values(sealed="", closed_at=now, outcome="expired"))
            await connection.execute(delete(inbox).where(inbox.c.taken_at < now - DELIVERIES_KEPT))
            for table in (thread_turns, thread_attention):
                await connection.execute(delete(table).where(table.c.at < now - TURNS_KEPT))
            await connection.execute(update(receipts).where(receipts.c.opened_at < now - QUESTIONS_KEPT).values(question=""))
            await let_go(connection, receipts.c.opened_at < now - RECEIPTS_KEPT)
            await connection.execute(delete(contacts).where(contacts.c.at < now - CONTACTS_KEPT))
            await connection.execute(delete(disclosures).where(disclosures.c.asked_at < now - DISCLOSURES_KEPT))


async def let_go(connection: AsyncConnection, which: ColumnElement[bool], *, under_way: bool = False) -> int:
    """Delete receipts; how many. One whose reply may still have to be taken back stays as a bare number, nobody's and about nothing.

    So does one whose answer is `under_way`: where its reply stands is only known at its end.
    """
    spared: ColumnElement[bool] = receipts.c.id.in_(select(replies.c.receipt).where(replies.c.labels.not_in(FOR_EMPLOYEES)))
    if under_way:
        spared = spared | receipts.c.closed_at.is_(None)
    await connection.execute(delete(feedback).where(feedback.c.receipt.in_(select(receipts.c.id).where(which, spared))))
    blank = await connection.execute(update(receipts).where(which, spared, receipts.c.asker != "").values(BLANK))
    gone = await connection.execute(delete(receipts).where(which, ~spared))
    return blank.rowcount + gone.rowcount


def conversation_url(data_dir: Path) -> str:
    """Where the conversations of a data directory are."""
    return f"sqlite+aiosqlite:///{data_dir / 'conversation.db'}"


def _engine(url: str) -> AsyncEngine:
    engine = create_async_engine(url, hide_parameters=True)  # an error's text never repeats what was to be written
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    # FULL: what was acknowledged to Slack must survive a power cut, not only a crash.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
