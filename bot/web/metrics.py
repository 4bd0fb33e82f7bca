"""What Prometheus reads: how questions end, how long answers take, and what is unfinished. No person, channel or question is a label."""

from __future__ import annotations

import asyncio
import math
import platform
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector
from prometheus_client.aiohttp import make_aiohttp_handler
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from bot import VERSION
from bot.answers import Outcome
from bot.errors import ConversationUnavailable, LibraryUnavailable, Misconfigured, NotReady

if TYPE_CHECKING:
    from aiohttp import web

    from bot.answers import Answer
    from bot.ports import CacheKeeper, Clock, Shelf
    from bot.records import Backlog
    from bot.values import Question

SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60)
LOOKED_UP_WITHIN = 0.5  # seconds; what is not known by then is NaN
UNKNOWN = math.nan


class Metrics:
    """An Observer that counts, and the page with the counts."""

    def __init__(self, clock: Clock, shelf: Shelf, backlog: Backlog, cache: CacheKeeper) -> None:
        self._clock = clock
        self._shelf = shelf
        self._backlog = backlog
        registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        registry.register(_CacheCounts(cache))
        Info("ibid_build", "What runs.", registry=registry).info({"version": VERSION, "python": platform.python_version()})
        self._questions = Counter("ibid_questions", "Questions, by how they ended.", ["outcome"], registry=registry)
        self._answers = Counter("ibid_answers", "Answers, by who wrote them.", ["writer"], registry=registry)
        self._dropped = Counter("ibid_lines_dropped", "Lines of drafts that did not pass the check.", registry=registry)
        self._seconds = Histogram(
            "ibid_answer_seconds",
            "Until the reply stood (total), and the parts of it: search, write.",
            ["stage"],
            buckets=SECONDS,
            registry=registry,
        )
        self._requests = Counter(
            "ibid_slack_requests", "Slack's requests in HTTP mode, by the status of the response.", ["status"], registry=registry
        )
        self._hooks = Counter("ibid_hooks", "Announcements of pushes, by the status of the response.", ["status"], registry=registry)
        self._open = Gauge("ibid_inbox_open", "Deliveries that were taken and have no outcome yet.", registry=registry)
        self._silence = Gauge("ibid_slack_silence_seconds", "Seconds since Slack was heard.", registry=registry)
        self._edition = Gauge("ibid_edition", "The live edition's number.", registry=registry)
        self._documents = Gauge("ibid_edition_documents", "Documents in the live edition.", registry=registry)
        self._published = Gauge("ibid_edition_published_timestamp_seconds", "When the live edition was published.", registry=registry)
        self._page = make_aiohttp_handler(registry)
        for outcome in Outcome:
            self._questions.labels(outcome.value)  # a counter that begins at 0 shows its first increase

    def ended(self, outcome: str) -> None:
        """Observer: every question, whether it got an answer or not."""
        self._questions.labels(str(outcome)).inc()

    async def behind(self, question: Question, answer: Answer) -> None:
        """Observer: what an answer took."""
        evidence = answer.evidence
        if answer.outcome is Outcome.ANSWERED:
            self._answers.labels(evidence.writer).inc()
        self._dropped.inc(len(evidence.dropped))
        for stage, milliseconds in evidence.milliseconds:
            self._seconds.labels(stage).observe(milliseconds / 1000)
        self._seconds.labels("total").observe((self._clock.now() - question.asked_at).total_seconds())

    def responded(self, status: int) -> None:
        """A request of Slack's, or of somebody who pretended to be Slack, got this status."""
        self._requests.labels(str(status)).inc()

    def announced(self, status: int) -> None:
        """An announcement of a push, or what somebody sent in place of one, got this status."""
        self._hooks.labels(str(status)).inc()

    def hears(self, silence: Callable[[], float | None]) -> None:
        """How to find out since when Slack is silent."""
        self._silence.set_function(lambda: UNKNOWN if (seconds := silence()) is None else seconds)

    async def page(self, request: web.Request) -> web.StreamResponse:
        """/metrics"""
        await self._look_up()
        return await self._page(request)

    async def _look_up(self) -> None:
        edition, unfinished = None, UNKNOWN
        try:
            async with asyncio.timeout(LOOKED_UP_WITHIN):
                edition = await self._shelf.live()
        except (TimeoutError, NotReady, LibraryUnavailable, Misconfigured):
            edition = None
        try:
            unfinished = await self._backlog.count()
        except ConversationUnavailable:
            unfinished = UNKNOWN
        self._open.set(unfinished)
        self._edition.set(edition.number if edition else UNKNOWN)
        self._documents.set(len(edition.versions) if edition else UNKNOWN)
        self._published.set(datetime.fromisoformat(edition.published_at).timestamp() if edition else UNKNOWN)


class _CacheCounts(Collector):
    """The cache's own counts, as counters."""

    def __init__(self, cache: CacheKeeper) -> None:
        self._cache = cache

    def collect(self) -> Iterator[Metric]:
        hits, misses = self._cache.tally()
        for name, meaning, counts in (("hits", "had it", hits), ("misses", "did not have it", misses)):
            family = CounterMetricFamily(f"ibid_cache_{name}", f"How often the cache {meaning}, by kind.", labels=["kind"])
            for kind, count in counts.items():
                family.add_metric([kind], count)
            yield family
