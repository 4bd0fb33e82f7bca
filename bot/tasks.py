"""Owns the work that goes on after an acknowledgement: nothing is lost from sight, one thread is served in order, a stop drains."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable, Hashable

from bot.logs import broke_at

log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[None]]


class Tasks:
    """The running work, keyed by (channel, thread)."""

    def __init__(self) -> None:
        self._running: dict[asyncio.Task[None], Hashable] = {}
        self._last: dict[Hashable, asyncio.Task[None]] = {}
        self._closing = False

    def __len__(self) -> int:
        return len(self._running)

    def start(self, key: Hashable, work: Work, rescue: Work | None = None) -> None:
        """Begin the work when what runs under the same key has ended. `rescue` runs when the work breaks in a way nobody foresaw."""
        if self._closing:
            return  # what was taken stands in the inbox and is done at the next start
        task = asyncio.create_task(_after(self._last.get(key), work, rescue))
        self._running[task] = key
        self._last[key] = task
        task.add_done_callback(self._ended)

    async def idle(self) -> None:
        """Wait until nothing runs."""
        while self._running:
            await asyncio.wait(set(self._running))

    async def drain(self, seconds: float) -> int:
        """Take nothing new, let what runs end, and stop what has not ended in time; how many that were."""
        self._closing = True
        if not self._running:
            return 0
        _, late = await asyncio.wait(set(self._running), timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return len(late)

    def _ended(self, task: asyncio.Task[None]) -> None:
        key = self._running.pop(task)
        if self._last.get(key) is task:
            del self._last[key]


async def _after(before: asyncio.Task[None] | None, work: Work, rescue: Work | None) -> None:
    if before:
        await asyncio.wait({before})
    for step in (work, rescue):
        if step is None:
            return
        try:
            await step()
        except Exception as problem:  # noqa: BLE001  one of the five edges
            # The edge of all background work: without it an error nobody foresaw would be silence for the asker.
            # The log gets the kind of error and its place, at DEBUG the way to it; never its text, which may hold what somebody wrote.
            log.error("work broke off", extra={"cause": type(problem).__name__, "where": broke_at(problem)})  # noqa: TRY400 (its text is not ours)
            log.debug("the way to it", extra={"stack": traceback.format_tb(problem.__traceback__)})
        else:
            return
