"""Does the process live, and can it answer? For Docker, Kubernetes, and whoever is called at night."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from aiohttp import web

from bot.errors import ConversationUnavailable, LibraryUnavailable, Misconfigured, NotReady

if TYPE_CHECKING:
    from bot.channels.line import Line
    from bot.ports import Shelf
    from bot.records import Backlog

DOCUMENTS_WITHIN = 2.0  # seconds
_ASKED_AGAIN_AFTER = 1.0  # seconds: who asks without end must not keep the database writing
WELL = "ready"


class Health:
    """The two addresses."""

    def __init__(self, line: Line, shelf: Shelf, backlog: Backlog, clock: Callable[[], float] = time.monotonic) -> None:
        self._line = line
        self._shelf = shelf
        self._backlog = backlog
        self._clock = clock
        self._found: tuple[float, str] | None = None
        self._asking = asyncio.Lock()

    async def live(self, _: web.Request) -> web.Response:
        """/healthz: that it answers at all says that the loop runs; 503 when Slack has not been heard for too long."""
        silence, limit = self._line.silence(), self._line.deaf_after
        deaf = limit is not None and silence is not None and silence > limit
        said = {"slack": self._line.name, "silent_seconds": None if silence is None else round(silence, 1), "deaf": deaf}
        return web.json_response(said, status=503 if deaf else 200)

    async def ready(self, _: web.Request) -> web.Response:
        """/readyz: 200, or 503 and the one word that says what is missing."""
        async with self._asking:
            if self._found is None or self._clock() - self._found[0] > _ASKED_AGAIN_AFTER:
                self._found = (self._clock(), await self._missing() or WELL)
            word = self._found[1]
        return web.Response(text=word + "\n", status=200 if word == WELL else 503)

    async def _missing(self) -> str:
        try:
            async with asyncio.timeout(DOCUMENTS_WITHIN):
                if await self._shelf.live() is None:
                    return "empty"
        except NotReady:
            return "empty"
        except (TimeoutError, LibraryUnavailable, Misconfigured):
            return "documents"
        try:
            await self._backlog.probe()
        except ConversationUnavailable:
            return "database"
        return ""
