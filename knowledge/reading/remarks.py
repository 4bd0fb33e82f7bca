"""The words of a remark: how many of what, and lists of numbers as a person writes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

_MOST = 12


def counted(number: int, noun: str) -> str:
    """Write "1 row", "2 rows"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def listed(parts: Sequence[str]) -> str:
    """Write "a, b and c"; a long list ends in how many more there are."""
    shown = [*parts[:_MOST], f"{len(parts) - _MOST} more"] if len(parts) > _MOST else list(parts)
    return f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else "".join(shown)


def pages(numbers: Iterable[int]) -> str:
    """Write "page 3", "pages 2, 5 and 9 to 12"."""
    ordered = sorted(set(numbers))
    runs = []
    for _, group in groupby(enumerate(ordered), key=lambda pair: pair[1] - pair[0]):
        run = [number for _, number in group]
        runs += [f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(number) for number in run]
    return f"{'page' if len(ordered) == 1 else 'pages'} {listed(runs)}"
