"""A file that rights rest on, as it is now: looked at again every few seconds, read again when it has changed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from bot.errors import Misconfigured

if TYPE_CHECKING:
    from bot.ports import Clock

log = logging.getLogger(__name__)

LOOKED_AT_EVERY = timedelta(seconds=5)
Content = TypeVar("Content")
Sign = tuple[int, int, int, int] | None


class KeptFile(Generic[Content]):
    """Read once at the start, where a mistake stops it. Later a mistake takes back what the file had widened, and nothing else."""

    def __init__(
        self, file: Path | None, read: Callable[[Path | None], Content], narrowed: Callable[[Content], Content], clock: Clock
    ) -> None:
        self._file = file
        self._read = read
        self._narrowed = narrowed
        self._clock = clock
        self._looking = asyncio.Lock()
        self._sign = sign_of(file)
        self._broken = False
        self._looked: datetime = clock.now()
        self.content = read(file)  # as far as it is known; `now` is what holds

    async def now(self) -> Content:
        """What the file says, or said a few seconds ago at most."""
        if self._file is None:
            return self.content
        async with self._looking:
            if self._clock.now() - self._looked >= LOOKED_AT_EVERY:
                self._looked = self._clock.now()
                await self._look()
            return self.content

    async def _look(self) -> None:
        sign = await asyncio.to_thread(sign_of, self._file)
        changed = sign != self._sign
        if not changed and not self._broken:
            return
        self._sign = sign
        try:
            self.content = await asyncio.to_thread(self._read, self._file)
        except Misconfigured as problem:
            self.content, self._broken = self._narrowed(self.content), True
            if changed:
                log.error(  # noqa: TRY400  # the problem's text says all there is
                    "a file that rights rest on cannot be read; what it widens is taken back until it can", extra={"detail": str(problem)}
                )
        else:
            self._broken = False
            log.info("a file that rights rest on has changed", extra={"file": self._file.name if self._file else ""})


def sign_of(file: Path | None) -> Sign:
    """What changes with a file's words, and costs no reading. None where there is no file."""
    try:
        found = file.stat() if file else None
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino) if found else None
