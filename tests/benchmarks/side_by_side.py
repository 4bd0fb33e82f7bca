"""Figures that stand beside each other: medians and ratios from one run, in processor time, which a busy machine changes least."""

from __future__ import annotations

import os
import statistics
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, ParamSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Parts = ParamSpec("Parts")


def milliseconds(work: Callable[Parts, object], *parts: Parts.args, **named: Parts.kwargs) -> float:
    """Processor time of this process, all its threads together."""
    began = time.process_time()
    work(*parts, **named)
    return (time.process_time() - began) * 1000


def ratio(ones: Sequence[float], others: Sequence[float]) -> float:
    """The median of the ratios of pairs that belong together."""
    return statistics.median(one / other for one, other in zip(ones, others, strict=True))


def show(title: str, rows: Sequence[Sequence[str]]) -> None:
    """A table whose first row names its columns."""
    print(f"\n{title}")  # noqa: T201  its purpose
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            cell.ljust(width) if column == 0 else cell.rjust(width) for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  " + "   ".join(cells).rstrip(), flush=True)  # noqa: T201  its purpose


@contextmanager
def one_core() -> Iterator[None]:
    """What is started in here has one core and no other, where the system can say so."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
