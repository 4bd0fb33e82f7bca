"""A describer that says what a test scripts, at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.reading.pictures import Picture

SHOWN = "A bar chart. Its bars rise from left to right."


class ScriptedDescriber:
    """Writes the same about each picture until it is told to do something else, and remembers what it was shown."""

    def __init__(
        self, writes: Callable[[Picture], str | None] = lambda _: SHOWN, *, name: str = "prompt model", sees: str = "everyone"
    ) -> None:
        self.writes = writes
        self.name = name
        self.labels = sees.split()
        self.shown: list[Picture] = []

    @property
    def identity(self) -> str:
        return self.name

    @property
    def standing(self) -> str:
        return f"{self.name} {self.labels}"

    def sees(self, label: str) -> bool:
        return label in self.labels

    def describe(self, picture: Picture, label: str) -> Future[str | None]:
        assert self.sees(label)
        self.shown.append(picture)
        coming: Future[str | None] = Future()
        coming.set_result(self.writes(picture))
        return coming
