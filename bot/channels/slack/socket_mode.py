"""Socket Mode: Ibid connects to Slack, watches the line, and ends when it stays deaf, so that whoever runs it starts it again."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Protocol

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

from bot.channels.slack.clients import SDK_LOG
from bot.errors import SlackUnavailable

if TYPE_CHECKING:
    from aiohttp import WSMessage
    from slack_bolt.async_app import AsyncApp

    from bot.channels.slack.clients import Clients

log = logging.getLogger(__name__)

PING_EVERY = 5.0  # seconds


class Connection(Protocol):
    """As much of the SDK's client as the watchdog looks at."""

    async def is_connected(self) -> bool: ...


class SocketLine:
    """The connection that Ibid holds."""

    name = "socket mode"
    routes = ()

    def __init__(self, app: AsyncApp, token: str, clients: Clients, deaf: float, look: float) -> None:
        self._client = AsyncSocketModeHandler(app, token, logger=SDK_LOG, web_client=clients.again, ping_interval=PING_EVERY).client
        self._client.proxy = clients.again.proxy
        self._client.on_message_listeners.append(self._hear)
        self.deaf_after = deaf
        self._look = look
        self._heard = time.time()

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """Raises SlackUnavailable when no connection comes about."""
        try:
            try:
                async with asyncio.timeout(self.deaf_after):
                    await self._client.connect()  # type: ignore[no-untyped-call]  # the SDK says no types here
            except TimeoutError as problem:
                raise SlackUnavailable(
                    "Slack answers, but takes no Socket Mode connection. Check that a proxy lets WebSockets through."
                ) from problem
            yield
        finally:
            await self._client.close()  # type: ignore[no-untyped-call]  # the SDK says no types here

    async def watch(self) -> None:
        await watch(self._client, self.deaf_after, self._look)

    def silence(self) -> float:
        """Slack answers a ping every few seconds, so that a line that lives is never silent for long."""
        return max(0.0, time.time() - max(self._heard, self._client.last_ping_pong_time or 0.0))

    async def _hear(self, _: WSMessage) -> None:
        self._heard = time.time()


async def watch(connection: Connection, deaf: float, look: float) -> None:
    """Look at the line until it has been deaf for too long; the SDK reconnects by itself before that."""
    clock = asyncio.get_running_loop()
    heard = clock.time()
    while True:
        await asyncio.sleep(look)
        try:
            alive = await connection.is_connected()
        except Exception as problem:  # noqa: BLE001  one of the five edges: a watchdog that dies watches nothing
            log.warning("the line could not be looked at", extra={"cause": type(problem).__name__})
            alive = False
        if alive:
            heard = clock.time()
        elif clock.time() - heard > deaf:
            raise SlackUnavailable(f"Slack has been silent for {deaf:.0f} seconds and does not take a new connection.")
