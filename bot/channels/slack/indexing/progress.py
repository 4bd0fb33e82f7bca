"""How far a run is: the stage, a bar, the counts, and how many a second."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.wording import Wording
    from knowledge.values import IndexProgress

CELLS = 10
SHORTEST = 1.0  # seconds of a stage after which a rate says something


@dataclass
class Pace:
    """What a run said last, and how fast the stage it is in goes."""

    now: Callable[[], float]
    step: IndexProgress | None = None
    reading: float | None = None  # documents a second, as it was last
    _began: float = 0.0
    _first: int = 0

    def heard(self, step: IndexProgress) -> None:
        if self.step is None or self.step.stage != step.stage:
            self._began, self._first = self.now(), step.done
        self.step = step
        if step.stage == "read":
            self.reading = self.rate

    @property
    def rate(self) -> float | None:
        """None while it is too early to say."""
        spent = self.now() - self._began
        if self.step is None or spent < SHORTEST or self.step.done == self._first:
            return None
        return (self.step.done - self._first) / spent


def progress_text(step: IndexProgress | None, wording: Wording, rate: float | None = None) -> str:
    """Reading documents ▰▰▰▱▱▱▱▱▱▱ 12 of 40 · 8.0 a second; only the stage where there is nothing to count."""
    if step is None:
        return wording.say("reindex_started")
    stage = wording.say(f"reindex_stage_{step.stage}")
    if step.total <= 1:
        return f"{stage}…"
    full = min(CELLS, CELLS * step.done // step.total)
    bar = "▰" * full + "▱" * (CELLS - full)
    far = wording.say("reindex_progress", stage=stage, bar=bar, done=f"{step.done:,}", total=f"{step.total:,}")
    return far if rate is None else f"{far} · {rate_text(rate, wording)}"


def rate_text(rate: float, wording: Wording) -> str:
    """One digit behind the point where that matters."""
    return wording.say("reindex_rate", rate=f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}")
