"""Automatic runs: what is wanted is done once, what fails waits longer each time, and what needs a person is told once."""

from __future__ import annotations

import asyncio
import heapq
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from bot.automatic import BUSY, FIRST_WAIT, LONGEST_STIR, LONGEST_WAIT, QUIET, TELL_AGAIN, Automatic, Doubt, doubt, running
from bot.errors import AlreadyIndexing, IndexingStopped, LibraryUnavailable, SlackUnavailable
from knowledge.looking import BROUGHT_BACK, NOBODY_LISTS, NOT_ASKED, TOO_MANY_GONE
from knowledge.values import IndexOrder, IndexProgress, IndexReport, Unread

DONE = IndexReport(edition=2)
HOUR = 3600.0


class Time:
    """Passes when the test says so, and wakes who sleeps."""

    def __init__(self) -> None:
        self.at = 1000.0
        self._asleep: list[tuple[float, int, asyncio.Future[None]]] = []

    def __call__(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.get_running_loop().create_future()
        heapq.heappush(self._asleep, (self.at + seconds, id(woken), woken))
        await woken

    async def passes(self, seconds: float = 0.0) -> None:
        """Everything that falls due meanwhile happens at its own moment."""
        end = self.at + seconds
        await _settled()
        while self._asleep and self._asleep[0][0] <= end:
            self.at, _, woken = heapq.heappop(self._asleep)
            if not woken.done():
                woken.set_result(None)
                await _settled()
        self.at = end
        await _settled()


async def _settled() -> None:
    """Nothing here waits for anything but the loop itself, a few turns of it."""
    for _ in range(30):
        await asyncio.sleep(0)


@dataclass
class Runs:
    """Indexing: notes what is ordered, and ends as the test says."""

    time: Time
    ends: list[IndexReport | Exception] = field(default_factory=list)  # one after the other; the last goes on
    orders: list[tuple[float, IndexOrder]] = field(default_factory=list)
    gate: asyncio.Event | None = None
    at_once: int = 0
    most_at_once: int = 0

    async def index(self, order: IndexOrder, progress: Callable[[IndexProgress], None]) -> IndexReport:
        self.orders.append((self.time.at - 1000.0, order))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.gate:
                await self.gate.wait()
        finally:
            self.at_once -= 1
        end = (self.ends.pop(0) if len(self.ends) > 1 else self.ends[0]) if self.ends else DONE
        if isinstance(end, Exception):
            raise end
        return end

    @property
    def when(self) -> list[float]:
        return [when for when, _ in self.orders]

    @property
    def what(self) -> list[tuple[str, str]]:
        return [(order.by, order.source) for _, order in self.orders]


class Told:
    """Hears what needs a person; raises what it is given instead."""

    def __init__(self) -> None:
        self.heard: list[Doubt] = []
        self.raises: Exception | None = None

    async def __call__(self, found: Doubt) -> None:
        if self.raises:
            raise self.raises
        self.heard.append(found)


@dataclass
class Bench:
    time: Time
    runs: Runs
    told: Told
    automatic: Automatic


@asynccontextmanager
async def a_bench(every: Mapping[str, float] | None = None) -> AsyncIterator[Bench]:
    time, told = Time(), Told()
    runs = Runs(time)
    automatic = Automatic(runs, told, every, clock=time, sleep=time.sleep)  # type: ignore[arg-type]  # the one method that it calls
    async with running(automatic):
        yield Bench(time, runs, told, automatic)


async def test_without_a_schedule_a_change_or_a_push_nothing_is_run() -> None:
    async with a_bench() as bench:
        await bench.time.passes(100 * HOUR)
        assert bench.runs.orders == []


async def test_the_schedule_is_kept_and_counts_from_the_end_of_a_run() -> None:
    async with a_bench({"": HOUR, "wiki": HOUR / 2}) as bench:
        bench.runs.gate = asyncio.Event()
        await bench.time.passes(HOUR / 2)
        assert bench.runs.what == [("the schedule", "wiki")]
        await bench.time.passes(600)
        bench.runs.gate.set()
        await bench.time.passes(HOUR - 1)
        assert bench.runs.orders[0][1] == IndexOrder(by="the schedule", automatic=True, source="wiki")
        assert bench.runs.what[1:] == [("the schedule", ""), ("the schedule", "wiki")]
        assert bench.runs.when == [1800.0, 3600.0, 4200.0]


async def test_a_push_is_followed_by_one_run_at_once() -> None:
    async with a_bench() as bench:
        bench.automatic.pushed("handbook")
        await bench.time.passes()
        assert bench.runs.orders == [(0.0, IndexOrder(by="a push", automatic=True, source="handbook"))]
        await bench.time.passes(HOUR)
        assert len(bench.runs.orders) == 1


async def test_several_pushes_while_a_run_is_under_way_become_one_more_run() -> None:
    async with a_bench() as bench:
        bench.runs.gate = asyncio.Event()
        for _ in range(5):
            bench.automatic.pushed()
            await bench.time.passes(1)
        bench.automatic.pushed("wiki")
        assert len(bench.runs.orders) == 1
        bench.runs.gate.set()
        await bench.time.passes(HOUR)
        assert bench.runs.what == [("a push", ""), ("a push", "")]
        assert bench.runs.most_at_once == 1


async def test_pushes_of_two_sources_are_a_run_of_each() -> None:
    async with a_bench() as bench:
        for source in ("wiki", "handbook", "wiki"):
            bench.automatic.pushed(source)
        await bench.time.passes(1)
        assert sorted(bench.runs.what) == [("a push", "handbook"), ("a push", "wiki")]


async def test_a_watched_folder_is_read_once_it_is_quiet() -> None:
    async with a_bench() as bench:
        for _ in range(5):
            bench.automatic.stirred()
            await bench.time.passes(1)
        assert bench.runs.orders == []
        await bench.time.passes(HOUR)
        assert bench.runs.what == [("the watched folder", "")]
        assert bench.runs.when == [4 + QUIET]


async def test_a_folder_that_never_is_quiet_is_read_all_the_same() -> None:
    async with a_bench() as bench:
        for _ in range(100):
            bench.automatic.stirred()
            await bench.time.passes(1)
        assert bench.runs.when == [LONGEST_STIR, 2 * LONGEST_STIR, 3 * LONGEST_STIR]


async def test_a_run_that_fails_waits_longer_each_time_also_when_pushes_come_and_then_has_forgotten_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with a_bench() as bench:
        bench.runs.ends = [*[LibraryUnavailable("the disk is full")] * 8, DONE]
        bench.automatic.pushed()
        for _ in range(500):
            await bench.time.passes(60)
            bench.automatic.pushed()
            if len(bench.runs.orders) == 9:
                break
        gaps = [later - sooner for sooner, later in zip(bench.runs.when, bench.runs.when[1:], strict=False)]
        assert gaps == [min(FIRST_WAIT * 2**one, LONGEST_WAIT) for one in range(8)]
        bench.runs.ends = [LibraryUnavailable("again"), DONE]
        await bench.time.passes(FIRST_WAIT)
        assert bench.runs.when[-1] - bench.runs.when[-2] == FIRST_WAIT
    assert "an automatic run failed" in caplog.text


async def test_a_schedule_outlives_runs_that_fail() -> None:
    async with a_bench({"": HOUR}) as bench:
        bench.runs.ends = [LibraryUnavailable("away"), DONE]
        await bench.time.passes(2 * HOUR + 100)
        assert bench.runs.when == [HOUR, HOUR + FIRST_WAIT, 2 * HOUR + FIRST_WAIT]


async def test_while_somebody_elses_run_is_under_way_the_wish_waits_and_is_not_lost() -> None:
    async with a_bench() as bench:
        bench.runs.ends = [AlreadyIndexing("begun"), AlreadyIndexing("begun"), DONE]
        bench.automatic.pushed("wiki")
        await bench.time.passes(HOUR)
        assert bench.runs.when == [0.0, BUSY, 2 * BUSY]


async def test_a_run_that_somebody_ended_is_not_begun_again_behind_their_back() -> None:
    async with a_bench({"": HOUR}) as bench:
        bench.runs.ends = [IndexingStopped("by greta"), DONE]
        bench.automatic.pushed()
        await bench.time.passes(HOUR - 1)
        assert len(bench.runs.orders) == 1
        await bench.time.passes(1)
        assert len(bench.runs.orders) == 2


HELD = IndexReport(edition=None, held="two golden questions fare worse")
GONE = tuple(Unread(f"leave/{one}.md", TOO_MANY_GONE.format(place="the folder", count=9, total=20), doubtful=True) for one in range(9))


async def test_what_needs_a_person_is_told_once_and_again_when_it_is_something_else() -> None:
    async with a_bench({"": HOUR}) as bench:
        bench.runs.ends = [HELD, HELD, replace(HELD, held="three fare worse"), DONE, HELD, replace(DONE, warnings=GONE)]
        await bench.time.passes(8 * HOUR)
        assert [(one.held, len(one.vanished)) for one in bench.told.heard] == [
            ("two golden questions fare worse", 0),
            ("three fare worse", 0),
            ("two golden questions fare worse", 0),
            ("", 9),
        ]
        assert {one.by for one in bench.told.heard} == {"the schedule"}


async def test_what_could_not_be_told_is_told_later_unless_it_is_over_by_then(caplog: pytest.LogCaptureFixture) -> None:
    async with a_bench({"": HOUR}) as bench:
        bench.told.raises = SlackUnavailable("no network")
        bench.runs.ends = [HELD, DONE]
        await bench.time.passes(HOUR + 3 * TELL_AGAIN)
        bench.told.raises = None
        await bench.time.passes(TELL_AGAIN)
        assert [one.held for one in bench.told.heard] == [HELD.held]
        bench.told.raises = SlackUnavailable("no network")
        bench.runs.ends = [HELD, DONE]
        await bench.time.passes(HOUR)
        bench.told.raises = None
        bench.automatic.pushed()
        await bench.time.passes(HOUR)
        assert len(bench.told.heard) == 1
    assert "nobody could be told" in caplog.text
    assert "golden" not in caplog.text


def test_only_what_a_person_has_to_decide_is_a_doubt() -> None:
    kept = Unread("leave/a.md", NOBODY_LISTS, doubtful=True)
    known = (Unread("leave/b.md", BROUGHT_BACK), Unread("wiki", NOT_ASKED.format(reason="down")), Unread("leave/c.md", "holds no text"))
    found = doubt("a push", replace(DONE, warnings=(*GONE, kept, *known), unread=known))
    assert found == Doubt("a push", "", frozenset({*(one.path for one in GONE), "leave/a.md"}))
    assert not any(doubt("a push", replace(DONE, warnings=known)).matter)


async def test_the_end_ends_a_run_that_is_under_way() -> None:
    async with a_bench() as bench:
        bench.runs.gate = asyncio.Event()
        bench.automatic.pushed()
        await bench.time.passes()
        assert bench.runs.at_once == 1
    assert bench.runs.at_once == 0


async def test_an_error_that_nobody_foresaw_ends_the_automatic_runs_with_a_line_in_the_log_and_not_the_bot(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with a_bench() as bench:
        bench.runs.ends = [ZeroDivisionError("words that nobody may read")]
        bench.automatic.pushed()
        await bench.time.passes(1)
        worked_on = True
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert worked_on
    assert vars(record)["cause"] == "ZeroDivisionError"
    assert "words that nobody may read" not in caplog.text


async def test_what_follows_the_folders_ends_with_it() -> None:
    followed: list[str] = []

    async def follow() -> None:
        followed.append("begun")
        try:
            await asyncio.Event().wait()
        finally:
            followed.append("ended")

    async with running(Automatic(Runs(Time()), Told()), [follow()]):  # type: ignore[arg-type]  # the one method that it calls
        await _settled()
        assert followed == ["begun"]
    assert followed == ["begun", "ended"]
