"""Saying something until it is said: what Slack refuses is given up, what faltered is tried again, unless it got through after all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.channels.slack.clients import TROUBLE, error_code, retry_after, status_of
from bot.errors import SlackUnavailable

Given = TypeVar("Given")
PAUSES = (0.5, 3.0, 20.0)  # seconds between attempts
TRANSIENT = frozenset({"fatal_error", "internal_error", "ratelimited", "request_timeout", "service_unavailable"})


class Refused(SlackUnavailable):
    """Slack will not take this, however often it is said: the channel is archived, the message is gone."""


async def unknown() -> None:
    """Whether it was done cannot be found out, or does not matter."""


async def insist(call: Callable[[], Awaitable[Given]], already: Callable[[], Awaitable[Given | None]]) -> Given:
    """Call until it is done. Raises Refused when Slack says no, SlackUnavailable when all attempts failed."""
    for pause in (*PAUSES, None):
        try:
            return await call()
        except TROUBLE as problem:
            status, code = status_of(problem), error_code(problem)
            if status == 200 and code not in TRANSIENT:
                raise Refused(code) from problem
            if status != 429:
                done = await already()
                if done is not None:
                    return done
            if pause is None:
                raise SlackUnavailable(code or type(problem).__name__) from problem
            limited = retry_after(getattr(getattr(problem, "response", None), "headers", {})) if status == 429 else 0
        await asyncio.sleep(max(pause, limited))
    raise AssertionError("the last attempt returns or raises")
