"""Who says whether an edition that is whole may also be published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from knowledge.values import Findings, Scope

Search = Callable[[str, Scope, date], Findings]  # of one edition


@dataclass(frozen=True)
class Difference:
    """The documents in which one edition differs from another."""

    touched: frozenset[str]  # that it has otherwise, or new
    gone: frozenset[str]  # that it has no more


class Gate(Protocol):
    """Asks the golden questions of two editions."""

    def objection(self, before: Search, after: Search, difference: Difference, told: Callable[[int, int], None]) -> str:
        """Why the second is not to take the place of the first, in a sentence for whoever ordered the run; "" where it may.

        `told` hears how many questions of how many are asked.
        """
        ...
