"""A situator that says what a test scripts, at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.situating import Placement

ABOUT = "What employees who look for their rights would ask about."


class ScriptedSituator:
    """Writes the same line on each passage until it is told to do something else, and remembers what it was told."""

    def __init__(
        self, writes: Callable[[Placement], str | None] = lambda _: ABOUT, *, name: str = "prompt model", sees: str = "everyone"
    ) -> None:
        self.writes = writes
        self.name = name
        self.sees = sees.split()
        self.asked: list[Placement] = []

    def maker(self, label: str) -> str | None:
        return self.name if label in self.sees else None

    def ask(self, placement: Placement) -> Future[str | None]:
        self.asked.append(placement)
        coming: Future[str | None] = Future()
        coming.set_result(self.writes(placement))
        return coming

    @property
    def passages(self) -> list[str]:
        return [placement.passage for placement in self.asked]
