"""The versions of the prompts, kept in memory."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from bot.prompts import PromptVersion

if TYPE_CHECKING:
    from bot.ports import Clock


class MemoryPromptStore:
    """PromptStore."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._oldest_first: dict[str, list[PromptVersion]] = defaultdict(list)

    async def versions(self, name: str) -> tuple[PromptVersion, ...]:
        return tuple(reversed(self._oldest_first[name]))

    async def add(self, name: str, text: str, *, author: str, reason: str) -> PromptVersion:
        number = len(self._oldest_first[name]) + 1
        version = PromptVersion(name=name, number=number, text=text, author=author, reason=reason, at=self._clock.now())
        self._oldest_first[name].append(version)
        return version
