"""The writer that needs no model: the best sentences of the sources, word for word."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.flows.quote import draft

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.values import Request


class QuoteWriter:
    """Always there, always allowed, and says nothing that a document does not say."""

    name = "quotes"

    async def write(self, request: Request) -> AsyncIterator[str]:
        # In a thread: the words are compared by the keyword index's own analyzer, which is no work for the loop.
        for line in await asyncio.to_thread(draft, request.question, request.sources):
            yield f"{line}\n"
