"""What models were asked for and what that took: every call noted, with the price of the very model that answered it."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.models import Spent

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection, Iterable

    from bot.answers import Request
    from bot.models import Price
    from bot.ports import Writer


@dataclass(frozen=True, kw_only=True)
class Bill:
    """One call of a model."""

    model: str
    price: Price | None  # None: the settings do not say
    spent: Spent | None  # None: the model did not say
    wrote: bool  # some text came

    @property
    def open(self) -> bool:
        """Whether something was written and nobody knows what it took."""
        return self.wrote and self.spent is None

    @property
    def money(self) -> float | None:
        """None where it cannot be known. A call that brought nothing costs nothing."""
        if self.spent is None:
            return None if self.wrote else 0.0
        return None if self.price is None else self.spent.money(self.price)


class Meter:
    """Notes the calls of the writers that stand on it."""

    def __init__(self) -> None:
        self.all: list[Bill] = []
        self._taken = 0

    def take(self) -> tuple[Bill, ...]:
        """What was noted since the last time."""
        before, self._taken = self._taken, len(self.all)
        return tuple(self.all[before:])


class Metered:
    """The Writer port over another writer. Two models may have one name and two prices, so that each has its own of these."""

    def __init__(self, writer: Writer, price: Price | None, meter: Meter) -> None:
        self._writer = writer
        self._price = price
        self._meter = meter

    @property
    def name(self) -> str:
        return self._writer.name

    @property
    def signature(self) -> str:
        return self._writer.signature

    def sees(self, labels: Collection[str]) -> bool:
        return self._writer.sees(labels)

    async def write(self, request: Request) -> AsyncGenerator[str | Spent, None]:
        spent: Spent | None = None
        wrote = False
        try:
            async with aclosing(self._writer.write(request)) as pieces:
                async for piece in pieces:
                    if isinstance(piece, Spent):
                        spent = piece
                    else:
                        wrote = True
                    yield piece
        finally:  # what broke off is paid for, too
            self._meter.all.append(Bill(model=self.name, price=self._price, spent=spent, wrote=wrote))


def tokens(bills: Iterable[Bill]) -> Spent:
    """All that is known to have been taken."""
    return sum((bill.spent for bill in bills if bill.spent), Spent())


def money(bills: Iterable[Bill]) -> float | None:
    """All of it together; None where any of it cannot be known."""
    total = 0.0
    for bill in bills:
        if bill.money is None:
            return None
        total += bill.money
    return total
