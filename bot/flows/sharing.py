"""The same thing wanted by many at the same moment is done once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

Given = TypeVar("Given")


class Sharing(Generic[Given]):
    """Work under way, by key. Who stops waiting does not stop it for the others."""

    def __init__(self) -> None:
        self._under_way: dict[str, asyncio.Task[Given]] = {}

    async def once(self, key: str, work: Callable[[], Coroutine[Any, Any, Given]]) -> Given:
        """What `work` gives; begun only if nobody is at it already. What it raises, all who wait hear."""
        task = self._under_way.get(key)
        if task is None:
            task = self._under_way[key] = asyncio.create_task(work())
            task.add_done_callback(lambda done: self._ended(key, done))
        return await asyncio.shield(task)

    def _ended(self, key: str, task: asyncio.Task[Given]) -> None:
        del self._under_way[key]
        if not task.cancelled():
            task.exception()  # looked at: nobody may be left to hear it
