"""The one crossing from the conversation into knowledge/: every call in a thread, every error in the conversation's words."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bot.errors import AlreadyIndexing, LibraryUnavailable, Misconfigured, NotReady
from knowledge.errors import BadMetadata, EmbedderUnavailable, KnowledgeError, NothingIndexed
from knowledge.values import AccessRule, Edition, Findings, Hit, IndexProgress, IndexReport, Scope

if TYPE_CHECKING:
    from bot.ports import Clock
    from knowledge.corpus import Corpus
    from knowledge.policy import Defaults
    from knowledge.situating import Situator

log = logging.getLogger(__name__)

SEARCHES_AT_ONCE = 2
LONGEST_WAIT = 60.0  # seconds for the first run of the index
Given = TypeVar("Given")


@dataclass(frozen=True, kw_only=True)
class IndexOrder:
    """What a run of the index is asked to do."""

    folder: Path
    plan_only: bool = False
    removal_confirmed: bool = False


class CorpusLibrary:
    """The library of those who ask and the shelf of those who keep the documents. It begins to open when it is made."""

    def __init__(
        self,
        open_corpus: Callable[[], Corpus],
        defaults: Callable[[], Defaults],
        documents: Path,
        clock: Clock,
        names: Mapping[str, str] | None = None,
    ) -> None:
        self._searching = ThreadPoolExecutor(SEARCHES_AT_ONCE, thread_name_prefix="search")
        self._looking_up = ThreadPoolExecutor(1, thread_name_prefix="look-up")  # in memory, in no time: it waits behind no search
        self._indexing = ThreadPoolExecutor(1, thread_name_prefix="index")
        self._opening = self._searching.submit(open_corpus)
        self._defaults = defaults
        self._documents = documents
        self._clock = clock
        self._names = names or {}  # what the people are called whom documents name as their owners
        self._open_situator: Callable[[], Situator | None] = lambda: None
        self._run: _Run | None = None

    def situated_by(self, open_situator: Callable[[], Situator | None]) -> None:
        """Who writes lines about passages; called on the loop at the beginning of each run."""
        self._open_situator = open_situator

    async def ready(self) -> None:
        """Wait until the documents are open. Raises LibraryUnavailable when they cannot be."""
        await self._opened()

    async def rules(self) -> frozenset[AccessRule]:
        """While the first run of the index is under way, a question waits for its end."""
        try:
            return await self._look_up(lambda corpus: _rules(corpus, self._clock.today()))
        except NotReady:
            if self._run is None:
                raise
            with suppress(TimeoutError):
                await asyncio.wait_for(self._run.ended.wait(), LONGEST_WAIT)
            return await self._look_up(lambda corpus: _rules(corpus, self._clock.today()))

    async def search(self, question: str, scope: Scope, as_of: date) -> Findings:
        findings = await self._ask(lambda corpus: corpus.search(question, scope, as_of))
        return replace(findings, hits=tuple(map(self._told, findings.hits)))

    async def standing(self) -> str:
        return await self._look_up(lambda corpus: corpus.standing())

    async def recall(self, found: bytes, scope: Scope, as_of: date) -> Findings | None:
        findings = await self._look_up(lambda corpus: corpus.recall(found, scope, as_of))
        return replace(findings, hits=tuple(map(self._told, findings.hits))) if findings else None

    async def passage(self, passage: str, scope: Scope) -> Hit | None:
        hit = await self._look_up(lambda corpus: corpus.passage(passage, scope))
        return self._told(hit) if hit else None

    def _told(self, hit: Hit) -> Hit:
        """With its owner called as colleagues call them."""
        owner = hit.document.owner
        return replace(hit, document=replace(hit.document, owner=self._names.get(owner, owner)))

    async def live(self) -> Edition | None:
        return await self._ask(lambda corpus: corpus.live())

    async def count(self, scope: Scope) -> int:
        return await self._ask(lambda corpus: len(corpus.documents(scope)))

    async def reindex(self, progress: Callable[[IndexProgress], None]) -> IndexReport:
        return await self.index(IndexOrder(folder=self._documents), progress)

    async def index(self, order: IndexOrder, progress: Callable[[IndexProgress], None]) -> IndexReport:
        """One run at a time. `progress` is called on the loop, in order, until the run ends."""
        if self._run is not None:
            raise AlreadyIndexing(f"a run is under way, {self._run}", self._run.step)
        self._run = run = _Run(self._clock.now())
        loop = asyncio.get_running_loop()

        def told(step: IndexProgress) -> None:
            if run.stopped.is_set():
                raise _Stopped
            run.step = step
            loop.call_soon_threadsafe(progress, step)

        try:
            corpus = await self._opened()
            work = loop.run_in_executor(self._indexing, self._indexed, corpus, order, self._open_situator(), told)
            try:
                report = await asyncio.shield(work)
            except asyncio.CancelledError:
                run.stopped.set()  # the thread ends at its next step; what it has done is found again by the next run
                await asyncio.gather(work, return_exceptions=True)
                raise
            _note(report)
            return report
        finally:
            self._run = None
            run.ended.set()

    async def close(self) -> None:
        """Let running searches end and close the documents."""
        try:
            corpus = await self._opened()
        except (LibraryUnavailable, Misconfigured):
            corpus = None
        await asyncio.to_thread(self._searching.shutdown)
        await asyncio.to_thread(self._looking_up.shutdown)
        await asyncio.to_thread(self._indexing.shutdown)
        if corpus is not None:
            await asyncio.to_thread(corpus.close)

    def _indexed(self, corpus: Corpus, order: IndexOrder, situator: Situator | None, told: Callable[[IndexProgress], None]) -> IndexReport:
        from knowledge.connectors.folder import Folder

        try:
            folder = Folder(order.folder)
            return corpus.index(
                folder,
                self._defaults(),
                plan_only=order.plan_only,
                removal_confirmed=order.removal_confirmed,
                situator=situator,
                progress=told,
            )
        except KnowledgeError as problem:
            raise LibraryUnavailable(str(problem)) from problem
        except OSError as problem:
            raise LibraryUnavailable(f"{problem.filename or order.folder}: {problem.strerror}") from problem

    async def _opened(self) -> Corpus:
        try:
            return await asyncio.shield(asyncio.wrap_future(self._opening))  # one who stops waiting must not stop the opening
        except EmbedderUnavailable as problem:
            raise Misconfigured(str(problem)) from problem
        except BadMetadata as problem:  # the glossary is the one file of wording/ that opens with the documents
            raise Misconfigured(f"wording/{problem}.") from problem
        except KnowledgeError as problem:
            raise LibraryUnavailable(str(problem)) from problem

    async def _ask(self, question: Callable[[Corpus], Given]) -> Given:
        return await self._asked(self._searching, question)

    async def _look_up(self, question: Callable[[Corpus], Given]) -> Given:
        return await self._asked(self._looking_up, question)

    async def _asked(self, pool: ThreadPoolExecutor, question: Callable[[Corpus], Given]) -> Given:
        corpus = await self._opened()
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, question, corpus)
        except NothingIndexed as problem:
            raise NotReady(str(problem)) from problem
        except KnowledgeError as problem:
            raise LibraryUnavailable(str(problem)) from problem


class _Stopped(KnowledgeError):
    """The run was cancelled."""


class _Run:
    """A run under way, and how far it is."""

    def __init__(self, began: datetime) -> None:
        self.stopped = threading.Event()
        self.ended = asyncio.Event()
        self.step: IndexProgress | None = None
        self._began = began

    def __str__(self) -> str:
        far = f"{self.step.stage} {self.step.done} of {self.step.total}" if self.step else "starting"
        return f"begun {self._began.astimezone(UTC):%H:%M} UTC: {far}"


def _note(report: IndexReport) -> None:
    counts = {name: len(getattr(report, name)) for name in ("added", "changed", "removed", "unchanged", "unread")}
    log.info("index run ended", extra={"edition": report.edition, **counts, "seconds": round(report.seconds, 1)})


def _rules(corpus: Corpus, today: date) -> frozenset[AccessRule]:
    """An edition without rules and no edition look alike; a search for nothing says which it is."""
    rules = corpus.rules()
    if not rules:
        corpus.search("", Scope(frozenset()), today)
    return rules
