"""Runs of the index that take a step whenever a test lets them, and end as the test says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime

from bot.adapters.memory import FixedClock
from bot.errors import AlreadyIndexing, IbidError, IndexingStopped, NothingToUndo
from bot.values import RunUnderWay
from knowledge.values import IndexOrder, IndexProgress, IndexReport, UndoReport


@dataclass
class ScriptedIndexing:
    """Indexing. Without a gate a run ends at once."""

    clock: FixedClock
    report: IndexReport = field(default_factory=lambda: IndexReport(edition=1))
    going_back: UndoReport | None = None
    named: tuple[str, ...] = ()
    fails: IbidError | None = None
    held_back: bool = False  # a run waits for steps, and ends with the step None
    orders: list[IndexOrder] = field(default_factory=list)
    undone: list[tuple[str, ...]] = field(default_factory=list)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    published: Callable[[], None] = lambda: None
    _steps: asyncio.Queue[IndexProgress | None] = field(default_factory=asyncio.Queue)
    _run: RunUnderWay | None = None
    _stopped: asyncio.Event = field(default_factory=asyncio.Event)

    def step(self, stage: str, done: int, total: int) -> None:
        """Let the run go on by this."""
        self._steps.put_nowait(IndexProgress(stage=stage, done=done, total=total))  # type: ignore[arg-type]  # tests pass plain strings

    def end(self) -> None:
        self._steps.put_nowait(None)

    def elsewhere(self, by: str, since: datetime, step: IndexProgress | None = None) -> None:
        """Somebody else has begun a run."""
        self._run = RunUnderWay(by=by, since=since, step=step)

    async def index(self, order: IndexOrder, progress: Callable[[IndexProgress], None]) -> IndexReport:
        if self._run:
            raise AlreadyIndexing("a run is under way", self._run.step)
        self.orders.append(order)
        self._run = RunUnderWay(by=order.by, since=self.clock.now())
        self._stopped.clear()
        self.begun.set()
        try:
            while self.held_back and (step := await self._next()):
                self._run = RunUnderWay(by=order.by, since=self._run.since, step=step)
                progress(step)
            if self.fails:
                raise self.fails
            if not order.plan_only:
                self.published()
            return self.report
        finally:
            self._run = None
            self.begun.clear()

    async def undo(self, *, bring_back: Collection[str] = (), plan_only: bool = False) -> UndoReport:
        if self.going_back is None:
            raise NothingToUndo("there is no earlier version")
        if plan_only:
            return self.going_back
        self.undone.append(tuple(bring_back))
        self.published()
        going = self.going_back
        return UndoReport(
            edition=going.edition,
            undone=going.undone,
            changed=going.changed,
            brought_back=tuple(bring_back),
            removed=going.removed,
            withheld=going.withheld,
        )

    def running(self) -> RunUnderWay | None:
        return self._run

    def cancel(self) -> bool:
        self._stopped.set()
        return self._run is not None

    def sources(self) -> tuple[str, ...]:
        return self.named

    async def _next(self) -> IndexProgress | None:
        step, stopped = asyncio.ensure_future(self._steps.get()), asyncio.ensure_future(self._stopped.wait())
        await asyncio.wait({step, stopped}, return_when=asyncio.FIRST_COMPLETED)
        ended = self._stopped.is_set()
        for one in (step, stopped):
            one.cancel()
        await asyncio.gather(step, stopped, return_exceptions=True)
        if ended:
            raise IndexingStopped("cancelled")
        return step.result()
