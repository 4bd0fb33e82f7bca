"""The cache where no Redis is named: in this process, as large as it is allowed to be, the longest unused going first."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import NamedTuple

from bot.adapters.cache_keys import LARGEST, Tally, named_by
from bot.values import CacheStats

ROOM = 32 * 1024 * 1024  # bytes
_ENTRY = 200  # bytes that an entry takes besides its key and value, about; else a million small ones would be free


class _Kept(NamedTuple):
    value: bytes
    until: float  # by the clock


class MemoryCache:
    """Cache and CacheKeeper."""

    def __init__(self, room: int = ROOM, clock: Callable[[], float] = time.monotonic) -> None:
        self._room = room
        self._clock = clock
        self._kept: OrderedDict[str, _Kept] = OrderedDict()  # the longest unused first
        self._taken = 0  # bytes
        self._tally = Tally()

    async def get(self, key: str) -> bytes | None:
        return self._look_up(key)

    async def follow(self, key: str) -> tuple[bytes | None, bytes | None]:
        value = self._look_up(key)
        named = named_by(value) if value is not None else None
        return value, self._look_up(named) if named else None

    async def put(self, key: str, value: bytes, seconds: int) -> None:
        """A value that is too large is not kept."""
        if len(value) > LARGEST or seconds < 1:
            return
        self._drop(key)
        self._kept[key] = _Kept(value, self._clock() + seconds)
        self._taken += _size(key, value)
        while self._taken > self._room:
            self._drop(next(iter(self._kept)))

    def tally(self) -> tuple[Mapping[str, int], Mapping[str, int]]:
        return dict(self._tally.hits), dict(self._tally.misses)

    async def stats(self) -> CacheStats:
        now = self._clock()
        entries = sum(kept.until > now for kept in self._kept.values())
        hits, misses = self.tally()
        return CacheStats(where="memory", entries=entries, hits=hits, misses=misses)

    async def clear(self) -> int:
        forgotten = (await self.stats()).entries
        self._kept.clear()
        self._taken = 0
        return forgotten

    async def close(self) -> None:
        """Nothing to close; what is kept goes with the process."""

    def _look_up(self, key: str) -> bytes | None:
        kept = self._kept.get(key)
        if kept is not None and kept.until <= self._clock():
            self._drop(key)
            kept = None
        if kept is not None:
            self._kept.move_to_end(key)
        value = kept.value if kept else None
        self._tally.count(key, value)
        return value

    def _drop(self, key: str) -> None:
        if kept := self._kept.pop(key, None):
            self._taken -= _size(key, kept.value)


def _size(key: str, value: bytes) -> int:
    return len(key) + len(value) + _ENTRY
