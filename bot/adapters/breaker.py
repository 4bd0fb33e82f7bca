"""Leaves alone for a while what has just failed: an outage costs one wait now and then, not one a call."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)

FIRST_PAUSE = 5.0  # seconds
LONGEST_PAUSE = 60.0


class Breaker:
    """Closed while all goes well. A failure opens it; after a pause one call is tried, and the pause doubles when that fails too."""

    def __init__(
        self,
        what: str,
        trouble: tuple[type[Exception], ...],
        clock: Callable[[], float] = time.monotonic,
        cause: Callable[[Exception], str] = lambda problem: type(problem).__name__,
    ) -> None:
        self._what = what  # as the operator calls it
        self._trouble = trouble
        self._clock = clock
        self._cause = cause  # what the operator reads of a failure
        self._pause = 0.0  # 0: closed
        self._until = 0.0
        self._trying = False

    @contextmanager
    def watch(self) -> Iterator[bool]:
        """Around one call: False when it is not to be made. How the call ends is seen, and its exception passed on."""
        if not self._admits():
            yield False
            return
        trial = self._trying = self._pause > 0
        try:
            yield True
        except self._trouble as problem:
            if trial or not self._pause:  # a call that began before another's failure opened it tells nothing new
                self._open(problem)
            raise
        else:
            if trial:
                self._close()
        finally:
            if trial:  # also where it was cancelled: then the next call is the trial
                self._trying = False

    def _admits(self) -> bool:
        return not self._pause or (not self._trying and self._clock() >= self._until)

    def _open(self, problem: Exception) -> None:
        if not self._pause:
            log.warning("an outside service failed and is left alone", extra={"service": self._what, "cause": self._cause(problem)})
        self._pause = min(max(2 * self._pause, FIRST_PAUSE), LONGEST_PAUSE)
        self._until = self._clock() + self._pause

    def _close(self) -> None:
        self._pause = 0.0
        log.info("an outside service answers again", extra={"service": self._what})
