"""What was delivered, written down before it is acknowledged, sealed, and cleared when it is closed."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.adapters.conversation_tables import inbox
from bot.retention import PAYLOADS_KEPT
from bot.values import Delivery

if TYPE_CHECKING:
    from bot.adapters.conversation import Conversation
    from bot.adapters.secrecy import Secrecy
    from bot.ports import Clock


class SqlInbox:
    """The inbox, and the backlog of a process that died, in the conversations' database."""

    def __init__(self, conversation: Conversation, secrecy: Secrecy, clock: Clock) -> None:
        self._conversation = conversation
        self._secrecy = secrecy
        self._clock = clock

    async def take(self, delivery: Delivery) -> bool:
        kept = {"key": delivery.key, "message": delivery.message, "payload": delivery.payload}
        row = {
            "key": self._secrecy.pseudonym(delivery.key),
            "message": self._secrecy.pseudonym(delivery.message) if delivery.message else None,
            "sealed": self._secrecy.seal(json.dumps(kept)),
            "reply": delivery.reply,
            "taken_at": self._clock.now(),
            "outcome": "",
        }
        try:
            async with self._conversation.begin() as connection:
                await connection.execute(insert(inbox).values(row))
        except IntegrityError:
            return False
        return True

    async def begun(self, key: str, reply: str) -> None:
        await self._change(key, reply=reply)

    async def close(self, key: str, outcome: str) -> None:
        await self._change(key, outcome=outcome, sealed="", closed_at=self._clock.now())

    async def waiting(self) -> tuple[Delivery, ...]:
        now = self._clock.now()
        is_open = inbox.c.closed_at.is_(None)
        late = is_open & (inbox.c.taken_at < now - PAYLOADS_KEPT)
        async with self._conversation.begin() as connection:
            await connection.execute(update(inbox).where(late).values(sealed="", closed_at=now, outcome="expired"))
            rows = (await connection.execute(select(inbox.c.sealed, inbox.c.reply).where(is_open).order_by(inbox.c.taken_at))).all()
        return tuple(delivery for row in rows if (delivery := self._unsealed(row.sealed, row.reply)))

    async def count(self) -> int:
        async with self._conversation.begin() as connection:
            return int(await connection.scalar(select(func.count()).select_from(inbox).where(inbox.c.closed_at.is_(None))) or 0)

    async def probe(self) -> None:
        key = secrets.token_hex(16)  # two probes at once must not stumble over each other
        row = {"key": key, "message": None, "sealed": "", "reply": "", "taken_at": self._clock.now(), "outcome": ""}
        async with self._conversation.begin() as connection:
            await connection.execute(insert(inbox).values(row))
            await connection.execute(delete(inbox).where(inbox.c.key == key))

    async def _change(self, key: str, **values: object) -> None:
        async with self._conversation.begin() as connection:
            await connection.execute(update(inbox).where(inbox.c.key == self._secrecy.pseudonym(key)).values(values))

    def _unsealed(self, sealed: str, reply: str) -> Delivery | None:
        text = self._secrecy.unseal(sealed)
        return None if text is None else Delivery(**json.loads(text), reply=reply)
