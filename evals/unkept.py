"""A ledger that keeps nothing: a golden question is nobody's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.answers import Answer
    from bot.values import Person, Question


@dataclass
class Unkept:
    """Ledger."""

    opened: int = 0

    async def open(self, question: Question) -> str:  # noqa: ARG002  # the port's signature
        self.opened += 1
        return f"golden-{self.opened}"

    async def close(self, answer: Answer) -> None:
        """Nothing is kept."""

    async def feedback(self, receipt: str, person: Person, verdict: str) -> None:
        """Nobody gives any."""
