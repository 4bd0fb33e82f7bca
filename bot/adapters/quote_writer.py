"""The writer that needs no model: the best sentences of the sources, word for word."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.flows.quote import drafted

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection

    from bot.answers import Request
    from bot.models import Spent


class QuoteWriter:
    """Always there, always allowed, and says nothing that a document does not say."""

    name = "quotes"
    signature = ""

    def sees(self, labels: Collection[str]) -> bool:  # noqa: ARG002  (the port's signature)
        return True  # nothing leaves this process

    async def write(self, request: Request) -> AsyncGenerator[str | Spent, None]:
        # In a thread: the words are compared by the keyword index's own analyzer, which is no work for the loop.
        for line in await asyncio.to_thread(drafted, request):
            yield f"{line}\n"
