"""The real clock, with the day that policies are answered for set where settings say so."""

from __future__ import annotations

from datetime import UTC, date, datetime


class SystemClock:
    """The machine's time. `today` is a fixed day for the sample company, else the day where the machine stands."""

    def __init__(self, today: date | None = None) -> None:
        self._today = today

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        return self._today or self.now().astimezone().date()
