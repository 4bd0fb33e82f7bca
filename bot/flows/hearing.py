"""Does somebody tell a trouble of their own? By the words for it, else by what it is like; then whom to speak to comes first."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answers import Contact
from bot.errors import Unavailable
from bot.flows.sensitive import Topic, contact_for, may_be_personal, nearest
from bot.ports import Ear

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Hearing:
    """With the words of wording/sensitive.md. Without an ear only those words are heard."""

    topics: Sequence[Topic] = ()
    ear: Ear | None = None

    async def contact(self, text: str) -> Contact | None:
        """Raises nothing: where it cannot be told what a message is like, its words decide."""
        by_words = await asyncio.to_thread(contact_for, text, self.topics)  # the analyzer is no work for the loop
        examples = [example for topic in self.topics for example in topic.like]
        if by_words or self.ear is None or not examples or not may_be_personal(text):
            return by_words
        try:
            return nearest(self.topics, await self.ear.nearness(text, examples))
        except Unavailable as problem:
            log.warning("what a message is like could not be told", extra={"cause": type(problem).__name__})
            return None
