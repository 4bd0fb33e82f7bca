"""Holds kept in memory: for tests, and as the plainest statement of what the port promises."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.errors import CannotHold

if TYPE_CHECKING:
    from bot.ports import Clock
    from knowledge.holds import Hold


@dataclass
class MemoryHolds:
    """Holds. Words are compared as they are written."""

    clock: Clock
    kept: list[Hold] = field(default_factory=list)
    numbers: int = 0

    async def hold(self, wanted: Hold) -> Hold:
        if not wanted.lasts(self.clock.today()):
            raise CannotHold("until", f"{wanted.until} is over")
        self.numbers += 1
        held = replace(wanted, number=self.numbers)
        self.kept.append(held)
        return held

    async def lift(self, number: int, by: str) -> Hold | None:  # noqa: ARG002  # nothing is logged here
        lifted = next((one for one in self.kept if one.number == number), None)
        self.kept = [one for one in self.kept if one is not lifted]
        return lifted

    async def current(self) -> tuple[Hold, ...]:
        return self.lasting()

    def lasting(self) -> tuple[Hold, ...]:
        return tuple(one for one in self.kept if one.lasts(self.clock.today()))

    def of(self, document: str) -> Hold | None:
        """The first hold on a document."""
        return next((one for one in self.lasting() if one.document == document), None)

    def about(self, question: str) -> tuple[Hold, ...]:
        """The topics that a question is about."""
        asked = set(question.casefold().replace("?", "").split())
        return tuple(one for one in self.lasting() if one.topic and set(one.topic.casefold().split()) <= asked)
