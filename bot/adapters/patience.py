"""How long a model is waited for: until its first words, between them, and in all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

Come = TypeVar("Come")


@dataclass(frozen=True, kw_only=True)
class Patience:
    """Seconds."""

    first: float = 8.0  # to the first piece of text, a second try included
    gap: float = 8.0  # between two pieces
    whole: float = 30.0  # for one answer
    after: float = 1.0  # for what the answer cost, once it has ended


class Waiting:
    """The time that one answer lets its reader wait. What the reader does between two pieces is not the model's fault."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._silent = 0.0  # since the last piece
        self._whole = 0.0
        self.heard = False  # whether there has been a piece

    @property
    def left(self) -> float:
        """Seconds until it has taken too long."""
        silence = self._patience.gap if self.heard else self._patience.first
        return min(silence - self._silent, self._patience.whole - self._whole)

    async def bear(self, coming: Awaitable[Come]) -> Come:
        """Wait for it. TimeoutError once it takes too long.

        An async generator may use this: the time runs only while it waits itself, so it is never the reader who is interrupted.
        """
        with self.counted():
            async with asyncio.timeout(self.left):
                return await coming

    @contextmanager
    def counted(self) -> Iterator[None]:
        """The time that passes in here is waited, too."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            yield
        finally:
            took = loop.time() - began
            self._silent += took
            self._whole += took

    def piece(self) -> None:
        """Something has been said: the next silence begins."""
        self.heard = True
        self._silent = 0.0
