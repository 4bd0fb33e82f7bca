"""Slack's requests over HTTP, on one path. They reach the same Bolt app as what comes over Socket Mode, or nothing of them stays."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from aiohttp import web
from aiohttp.http import HttpProcessingError
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.channels.slack.guard import Body, Whose, spoken, whose
from bot.channels.slack.manifest import PATH

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp

log = logging.getLogger(__name__)

NOT_PROVED, NOT_UNDERSTOOD, NOT_TAKEN = 401, 400, 503
BODY_WITHIN = 5.0  # seconds; Slack itself waits for three
_BETWEEN_REPORTS = 60.0


class HttpLine:
    """The way in for Slack's requests."""

    name = "http"
    deaf_after = None  # nobody may be asking

    def __init__(self, app: AsyncApp, secret: str, answered: Callable[[int], None], now: Callable[[], float] = time.time) -> None:
        self._app = app
        self._secret = secret
        self._answered = answered
        self._now = now
        self._refusals = Refusals()
        self._heard: float | None = None

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """It is Slack that connects."""
        yield

    async def watch(self) -> None:
        """Nothing can be seen from here of a Slack that does not come."""
        await asyncio.Event().wait()

    def silence(self) -> float | None:
        return None if self._heard is None else max(0.0, self._now() - self._heard)

    @property
    def routes(self) -> tuple[web.RouteDef, ...]:
        return (web.post(PATH, self.take),)

    async def take(self, request: web.Request) -> web.Response:
        """401 for what is not proved to be Slack's, 400 for what cannot be understood, 503 for what Slack has to send again."""
        response = await self._take(request)
        self._answered(response.status)
        return response

    async def _take(self, request: web.Request) -> web.Response:
        raw = await _read(request)
        timestamps, signatures = (request.headers.getall(f"X-Slack-{name}", []) for name in ("Request-Timestamp", "Signature"))
        by = "stranger" if raw is None else whose(raw, timestamps, signatures, self._secret, self._now())
        if raw is None or by != "slack":
            self._refusals.note(by)
            return web.Response(status=NOT_PROVED)
        self._heard = self._now()
        body = spoken(raw, request.content_type)
        answer = await self._dispatched(body) if body else None
        if answer is None:
            log.warning("slack sent what cannot be understood")
            return web.Response(status=NOT_UNDERSTOOD)
        if answer.status >= web.HTTPInternalServerError.status_code:
            return web.Response(status=NOT_TAKEN)
        return await to_aiohttp_response(answer)

    async def _dispatched(self, body: Body) -> BoltResponse | None:
        """None for a body of a shape that Bolt trips over: while it looks for ids, and in its own handling of what went wrong.

        What our middleware and listeners raise does not come out of here: Bolt makes an answer of status 500 of it.
        """
        try:
            asked = AsyncBoltRequest(body=body, mode="socket_mode")  # "http" is for bodies that Bolt has to read and verify
            return await self._app.async_dispatch(asked)
        except (AttributeError, LookupError, TypeError):
            return None


class Refusals:
    """Tells the log how many requests were not Slack's, and nothing of them; once a minute at most: strangers decide how many come."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._counted: Counter[Whose] = Counter()
        self._reported: float | None = None

    def note(self, by: Whose) -> None:
        self._counted[by] += 1
        now = self._clock()
        if self._reported is not None and now - self._reported < _BETWEEN_REPORTS:
            return
        self._reported = now
        log.warning(
            "requests were refused: without Slack's signature (is SLACK_SIGNING_SECRET right?), or late (is the clock right?)",
            extra={"unsigned": self._counted["stranger"], "late": self._counted["late"]},
        )
        self._counted.clear()


async def _read(request: web.Request) -> bytes | None:
    """The body; None when it is too large, broken off, or does not come."""
    try:
        async with asyncio.timeout(BODY_WITHIN):
            return await request.read()
    except (web.HTTPRequestEntityTooLarge, web.RequestPayloadError, HttpProcessingError, TimeoutError):
        return None
