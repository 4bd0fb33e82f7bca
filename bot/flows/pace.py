"""How fast one person may ask: so many questions in any minute, counted in memory."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

MINUTE = timedelta(minutes=1)
Verdict = Literal["go", "too_many", "told"]


@dataclass
class Pace:
    """Remembers who asked when, for a minute."""

    limit: int
    _asked: dict[str, deque[datetime]] = field(default_factory=dict)
    _told: dict[str, datetime] = field(default_factory=dict)

    def ask(self, person: str, now: datetime) -> Verdict:
        """Whether this question may go on; `told` when the person has heard `too_many` in this minute already."""
        self._forget(now)
        asked = self._asked.setdefault(person, deque())
        if len(asked) < self.limit:
            asked.append(now)
            return "go"
        if person in self._told:
            return "told"
        self._told[person] = now
        return "too_many"

    def _forget(self, now: datetime) -> None:
        for person, asked in list(self._asked.items()):
            while asked and now - asked[0] >= MINUTE:
                asked.popleft()
            if not asked:
                del self._asked[person]
        self._told = {person: at for person, at in self._told.items() if now - at < MINUTE}
