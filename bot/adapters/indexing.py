"""Runs of the index, one at a time, in a thread: how far they are, how they are ended, and the way back."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bot.errors import AlreadyIndexing, IndexingStopped, LibraryUnavailable, NothingToUndo, NotReady
from bot.values import RunUnderWay
from knowledge.errors import KnowledgeError, NothingIndexed
from knowledge.models import NO_MODELS
from knowledge.values import ErasureReport, IndexOrder, IndexProgress, IndexReport, UndoReport

if TYPE_CHECKING:
    from bot.adapters.library import CorpusLibrary
    from bot.ports import Clock
    from knowledge.connectors import Connector
    from knowledge.corpus import Corpus
    from knowledge.gate import Gate
    from knowledge.models import Models
    from knowledge.policy import Defaults

log = logging.getLogger(__name__)
Given = TypeVar("Given")


@dataclass(frozen=True, kw_only=True)
class Means:
    """What runs go by. Each is opened when a run begins: files change meanwhile."""

    connectors: Callable[[], Sequence[Connector]]  # in the run's thread. Raises KnowledgeError
    sources: Callable[[], tuple[str, ...]]
    defaults: Callable[[], Defaults]
    gate: Callable[[], Gate | None] = lambda: None  # in the run's thread
    models: Callable[[], Models] = lambda: NO_MODELS  # on the loop


class CorpusIndexing:
    """The documents' own runs. `at_work` of the library is set while one is under way."""

    def __init__(self, library: CorpusLibrary, means: Means, clock: Clock) -> None:
        self._library = library
        self._means = means
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="index")
        self._run: _Run | None = None

    def running(self) -> RunUnderWay | None:
        run = self._run
        return RunUnderWay(by=run.by, since=run.since, step=run.step) if run else None

    def cancel(self) -> bool:
        if self._run is None:
            return False
        self._run.stopped.set()
        return True

    def sources(self) -> tuple[str, ...]:
        return self._means.sources()

    async def index(self, order: IndexOrder, progress: Callable[[IndexProgress], None], folder: Path | None = None) -> IndexReport:
        """One run at a time. `progress` is called on the loop, in order, until the run ends. `folder` takes the place of all sources."""
        run = self._begin(order.by)
        loop = asyncio.get_running_loop()

        def told(step: IndexProgress) -> None:
            if run.stopped.is_set():
                raise _Stopped
            run.step = step
            loop.call_soon_threadsafe(progress, step)

        try:
            corpus = await self._library.corpus()
            models = self._means.models()
            work = loop.run_in_executor(self._thread, lambda: self._indexed(corpus, order, folder, models, told))
            try:
                report = await asyncio.shield(work)
            except asyncio.CancelledError:
                run.stopped.set()  # the thread ends at its next step; what it has done is found again by the next run
                await asyncio.gather(work, return_exceptions=True)
                raise
            _note(report, order)
            return report
        finally:
            self._end(run)

    async def undo(self, *, bring_back: Collection[str] = (), plan_only: bool = False) -> UndoReport:
        report = await self._alone("an undo", lambda corpus: corpus.undo(bring_back, plan_only=plan_only))
        if report is None:
            raise NothingToUndo("there is no earlier version that can still be read")
        if not plan_only:
            log.info("index undone", extra={"edition": report.edition, "undone": report.undone, "brought_back": len(report.brought_back)})
        return report

    async def erase(self, document: str) -> ErasureReport:
        """Take a document away for good. Raises LibraryUnavailable where none is called so.

        Beside a run it is only denied, at once, and AlreadyIndexing says so: its words are taken out when nothing else writes.
        """
        corpus = await self._library.corpus()
        if run := self._run:
            await asyncio.to_thread(_in_words, lambda: corpus.deny(document, "to be erased"))
            ends = f"its words can be erased when the run that is under way has ended, {run}; give the command again then"
            raise AlreadyIndexing(f"nobody is answered from {document} any more; {ends}", run.step)
        report = await self._alone("an erasure", lambda corpus: corpus.erase(document))
        log.info("document erased", extra={"versions": report.versions, "passages": report.passages})
        return report

    async def close(self) -> None:
        await asyncio.to_thread(self._thread.shutdown)

    async def _alone(self, what: str, work: Callable[[Corpus], Given]) -> Given:
        """Something short that no run may be beside."""
        run = self._begin(what)
        try:
            corpus = await self._library.corpus()
            return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._thread, _in_words, lambda: work(corpus)))
        finally:
            self._end(run)

    def _begin(self, by: str) -> _Run:
        if self._run is not None:
            raise AlreadyIndexing(f"a run is under way, {self._run}", self._run.step)
        self._run = run = _Run(by, self._clock.now())
        self._library.at_work = run.ended
        return run

    def _end(self, run: _Run) -> None:
        self._run = None
        self._library.at_work = None
        run.ended.set()

    def _indexed(
        self, corpus: Corpus, order: IndexOrder, folder: Path | None, models: Models, told: Callable[[IndexProgress], None]
    ) -> IndexReport:
        def work() -> IndexReport:
            connectors = _only(folder) if folder else self._means.connectors()
            return corpus.index(connectors, self._means.defaults(), order, models=models, gate=self._means.gate(), progress=told)

        return _in_words(work)


def _only(folder: Path) -> Sequence[Connector]:
    from knowledge.connectors import Given
    from knowledge.connectors.folder import Folder

    return (Given(Folder(folder)),)


def _in_words(work: Callable[[], Given]) -> Given:
    """What the documents raise, as the conversation knows it."""
    try:
        return work()
    except _Stopped:
        raise IndexingStopped("the run was cancelled; what was live stays live") from None
    except NothingIndexed as problem:
        raise NotReady(str(problem)) from problem
    except KnowledgeError as problem:
        raise LibraryUnavailable(str(problem)) from problem
    except OSError as problem:
        raise LibraryUnavailable(f"{problem.filename or 'the documents'}: {problem.strerror}") from problem


class _Stopped(KnowledgeError):
    """The run was cancelled."""


@dataclass
class _Run:
    """A run under way, and how far it is."""

    by: str
    since: datetime
    step: IndexProgress | None = None
    stopped: threading.Event = field(default_factory=threading.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def __str__(self) -> str:
        far = f"{self.step.stage} {self.step.done} of {self.step.total}" if self.step else "starting"
        return f"begun {self.since.astimezone(UTC):%H:%M} UTC{f' by {self.by}' if self.by else ''}: {far}"


def _note(report: IndexReport, order: IndexOrder) -> None:
    counts = {name: len(getattr(report, name)) for name in ("added", "changed", "removed", "moved", "unchanged", "unread")}
    figures = {"edition": report.edition, "held": bool(report.held), "seconds": round(report.seconds, 1)}
    log.info("index run ended", extra=figures | counts | {"dry": order.plan_only, "automatic": order.automatic})
