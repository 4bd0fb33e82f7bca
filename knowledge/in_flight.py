"""The edition that another took the place of, kept for as long as an answer that began on it may take."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from knowledge.live import Live

LONGEST = timedelta(minutes=3)


class InFlight:
    """At most one edition, and only for a while: two of them in memory are twice the memory."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._kept: tuple[Live, datetime] | None = None

    def keep(self, live: Live) -> None:
        self._kept = live, self._now() + LONGEST

    def forget(self) -> None:
        self._kept = None

    def edition(self, number: int | None) -> Live | None:
        """The one of this number, if it is kept."""
        if self._kept is not None and self._now() >= self._kept[1]:
            self._kept = None
        return self._kept[0] if self._kept is not None and self._kept[0].contents.edition.number == number else None
