"""The port that Ibid listens on: health, readiness and metrics for those who run it, and what chat systems and repositories send."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from aiohttp import web

from bot.settings import Address
from bot.web.health import Health
from bot.web.metrics import Metrics
from bot.web.site import reserved, site

if TYPE_CHECKING:
    from bot.bootstrap import Ibid
    from bot.channels.line import Line


class Front:
    """Holds the port from the moment that it is made; answers on it once it is opened."""

    def __init__(self, address: Address, ibid: Ibid) -> None:
        """Raises Misconfigured when nothing can listen there."""
        self._door = reserved(address)
        self._ibid = ibid
        self.metrics = Metrics(ibid.clock, ibid.shelf, ibid.backlog, ibid.cache)

    @property
    def address(self) -> Address:
        """With the port that was found, where any was good enough."""
        return Address(*self._door.getsockname()[:2])

    @asynccontextmanager
    async def open(self, line: Line, more: Iterable[web.RouteDef] = ()) -> AsyncIterator[None]:
        """Answer while the block runs: for the line, and whatever else has addresses of its own."""
        health = Health(line, self._ibid.shelf, self._ibid.backlog)
        self.metrics.hears(line.silence)
        own = (web.get("/healthz", health.live), web.get("/readyz", health.ready), web.get("/metrics", self.metrics.page))
        async with site(self._door, (*own, *line.routes, *more)):
            yield

    def close(self) -> None:
        """Give the port back, where it was never opened."""
        self._door.close()
