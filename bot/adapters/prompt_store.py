"""Every version of every prompt, in the conversations' database: added, never changed, never swept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, insert, literal, select
from sqlalchemy.exc import IntegrityError

from bot.adapters.conversation_tables import Moment, prompt_versions
from bot.errors import ConversationUnavailable
from bot.prompts import PromptVersion

if TYPE_CHECKING:
    from bot.adapters.conversation import Conversation
    from bot.ports import Clock

_TRIES = 5  # another process took the same number; a second one is at work only where the database is a server


class SqlPromptStore:
    """PromptStore."""

    def __init__(self, conversation: Conversation, clock: Clock) -> None:
        self._conversation = conversation
        self._clock = clock

    async def versions(self, name: str) -> tuple[PromptVersion, ...]:
        newest_first = select(prompt_versions).where(prompt_versions.c.name == name).order_by(prompt_versions.c.number.desc())
        async with self._conversation.begin() as connection:
            rows = (await connection.execute(newest_first)).mappings().all()
        return tuple(PromptVersion(**row) for row in rows)

    async def add(self, name: str, text: str, *, author: str, reason: str) -> PromptVersion:
        at = self._clock.now()
        table = prompt_versions.c
        following = func.coalesce(func.max(table.number), 0) + 1
        values = [literal(name), following, literal(text), literal(author), literal(reason), literal(at, Moment)]
        columns = [table.name, table.number, table.text, table.author, table.reason, table.at]
        # One statement: between reading the highest number and using it nobody else can take it.
        adding = insert(prompt_versions).from_select(columns, select(*values).where(table.name == name)).returning(table.number)
        for _ in range(_TRIES):
            try:
                async with self._conversation.begin() as connection:
                    number = (await connection.execute(adding)).scalar_one()
            except IntegrityError:
                continue
            return PromptVersion(name=name, number=number, text=text, author=author, reason=reason, at=at)
        raise ConversationUnavailable(f"no free number was found for a version of the prompt {name}")
