"""Chroma writes memory to its files that it never filled: what this process had there before must not get into them.

Its vector index sets room aside for vectors to come, and keeps that room on disk as it found it, whenever it is opened or grows.
"""

from __future__ import annotations

import ctypes
import threading
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PERTURB = -6  # M_PERTURB of glibc's malloc.h: fill memory that is taken, and memory that is given back
FILLED, LEFT = 0x55, 0

_lock = threading.Lock()
_within = 0


@contextmanager
def wiped() -> Iterator[None]:
    """While somebody is within, no memory is handed out with what was there before. Where the C library is another than glibc this does
    nothing.
    """
    _count(1)
    try:
        yield
    finally:
        _count(-1)


def _count(step: int) -> None:
    global _within  # noqa: PLW0603  # the memory is one for the whole process
    with _lock:
        _within += step
        if mallopt := _mallopt():
            mallopt(PERTURB, FILLED if _within else LEFT)


@cache
def _mallopt() -> Callable[[int, int], int] | None:
    try:
        found: Callable[[int, int], int] | None = getattr(ctypes.CDLL(None), "mallopt", None)
    except (OSError, TypeError):  # what Windows says
        return None
    return found
