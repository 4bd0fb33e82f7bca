"""Runs of the index that nobody orders by hand: by the schedule, when a watched folder changes, and when a push is announced."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from bot.errors import AlreadyIndexing, IbidError, IndexingStopped
from knowledge.values import IndexOrder

if TYPE_CHECKING:
    from bot.ports import Indexing
    from knowledge.values import IndexProgress, IndexReport

log = logging.getLogger(__name__)

Why = Literal["the schedule", "the watched folder", "a push"]
Told = Callable[["Doubt"], Awaitable[None]]
Sleep = Callable[[float], Coroutine[Any, Any, None]]

QUIET = 2.0  # seconds without a further change, before a watched folder is read
LONGEST_STIR = 30.0  # seconds after the first change, however many follow
BUSY = 15.0  # seconds before it is tried again while somebody else's run is under way
FIRST_WAIT, LONGEST_WAIT = 60.0, 3600.0  # seconds after a run that failed, doubled each time
TELL_AGAIN = 60.0  # seconds before what could not be told is tried again


@dataclass(frozen=True)
class Doubt:
    """What a run left to a person: an edition that is ready and was not published, documents that may or may not be gone."""

    by: Why
    held: str = ""
    vanished: frozenset[str] = frozenset()

    @property
    def matter(self) -> tuple[str, frozenset[str]]:
        """What it is about, whichever run found it."""
        return self.held, self.vanished


class Automatic:
    """What is wanted, and the one task that has it done: several wishes become one run, and a failing run waits longer each time."""

    def __init__(
        self,
        indexing: Indexing,
        told: Told,
        every: Mapping[str, float] | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """`every`: for each source, "" for all, the seconds between two runs. `told` raises an IbidError where nobody could be told."""
        self._indexing = indexing
        self._told = told
        self._every = every or {}
        self._clock = clock
        self._sleep = sleep
        self._wishes: dict[tuple[Why, str], float] = {}  # for what source, and when it is due
        self._stirred: dict[str, float] = {}  # by source, the first change that no run has begun after
        self._free_at = 0.0
        self._failures = 0
        self._untold: tuple[Doubt, float] | None = None  # and when it is tried again
        self._last: Doubt | None = None
        self._woken = asyncio.Event()

    def pushed(self, source: str = "") -> None:
        """A repository says that it has changed."""
        self._wish("a push", source, self._clock())

    def stirred(self, source: str = "") -> None:
        """Something has changed in a watched folder; more may follow at once."""
        now = self._clock()
        first = self._stirred.setdefault(source, now)
        self._wish("the watched folder", source, min(now + QUIET, first + LONGEST_STIR))

    async def run(self) -> None:
        """Until cancelled."""
        for source, seconds in self._every.items():
            self._wish("the schedule", source, self._clock() + seconds)
        while True:
            self._woken.clear()
            waits = self._waits()
            if waits is None or waits > 0:
                await self._pause(waits)
            elif self._untold and self._untold[1] <= self._clock():
                await self._tell(self._untold[0])
            else:
                await self._fulfil()

    def _wish(self, by: Why, source: str, due: float) -> None:
        self._wishes[by, source] = due
        self._woken.set()

    def _waits(self) -> float | None:
        """Seconds until something is to be done; None where nothing is."""
        dues = [max(min(self._wishes.values()), self._free_at)] if self._wishes else []
        dues += [self._untold[1]] if self._untold else []
        return min(dues) - self._clock() if dues else None

    async def _fulfil(self) -> None:
        """One run, for all that is due and that it covers."""
        now = self._clock()
        due = {wish for wish, at in self._wishes.items() if at <= now}
        by, source = min(due, key=lambda wish: (wish[1] != "", self._wishes[wish]))
        met = {wish for wish in due if source in ("", wish[1])}
        for wish in met:
            del self._wishes[wish]
            if wish[0] == "the watched folder":
                self._stirred.pop(wish[1], None)
        again = await self._order(by, source)
        if again is not None:
            self._free_at = self._clock() + again
            self._wishes = dict.fromkeys(met, self._clock()) | self._wishes
        for kind, which in met - self._wishes.keys():
            if kind == "the schedule":
                self._wishes[kind, which] = self._clock() + self._every[which]

    async def _order(self, by: Why, source: str) -> float | None:
        """None when it is done, or was ended by somebody; else the seconds after which it is tried again."""
        try:
            report = await self._indexing.index(IndexOrder(by=by, automatic=True, source=source), _nobody_looks)
        except AlreadyIndexing:
            return BUSY
        except IndexingStopped:
            log.info("an automatic run was ended by somebody", extra={"by": by})
        except IbidError as problem:
            wait = min(FIRST_WAIT * (1 << self._failures), LONGEST_WAIT)
            self._failures = min(self._failures + 1, 10)
            log.warning("an automatic run failed", extra={"by": by, "cause": type(problem).__name__, "detail": str(problem), "again": wait})
            return wait
        else:
            self._failures = 0
            await self._consider(doubt(by, report))
        return None

    async def _consider(self, found: Doubt) -> None:
        """What is new about it is told; what was told stays told until it is over."""
        before, self._last = self._last, found
        if before is not None and before.matter == found.matter:
            return
        self._untold = None
        if any(found.matter):
            await self._tell(found)

    async def _tell(self, found: Doubt) -> None:
        try:
            await self._told(found)
        except IbidError as problem:
            log.warning("nobody could be told of a run that needs somebody", extra={"cause": type(problem).__name__})
            self._untold = (found, self._clock() + TELL_AGAIN)
        else:
            self._untold = None

    async def _pause(self, seconds: float | None) -> None:
        waits = [asyncio.create_task(self._waking())]
        if seconds is not None:
            waits.append(asyncio.create_task(self._sleep(seconds)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    async def _waking(self) -> None:
        await self._woken.wait()


def doubt(by: Why, report: IndexReport) -> Doubt:
    """What of a run's report needs a person; of what is only to be known, nothing."""
    return Doubt(by, report.held, frozenset(one.path for one in report.warnings if one.doubtful))


@asynccontextmanager
async def running(automatic: Automatic, following: Collection[Coroutine[Any, Any, None]] = ()) -> AsyncIterator[None]:
    """Runs while the block does, beside what follows the watched folders. A run under way at the end is ended at its next step."""
    tasks = [asyncio.create_task(work) for work in (automatic.run(), *following)]
    for task in tasks:
        task.add_done_callback(_note_the_end)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _note_the_end(task: asyncio.Task[None]) -> None:
    """An error that nobody foresaw ends the automatic runs and nothing else; the log says so at once."""
    if not task.cancelled() and (problem := task.exception()):
        log.error("the index is no longer kept up to date by itself", extra={"cause": type(problem).__name__})


def _nobody_looks(_: IndexProgress) -> None:
    """Who wants to know how far it is asks `running`."""
