"""One draft for many: whoever comes, leaves or fails, and whenever, each reader hears one run of the writer to its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.memory_cache import MemoryCache
from bot.answers import Request
from bot.errors import WriterFailed
from bot.flows.drafts import Drafts, answer_key
from bot.models import Spent
from bot.ports import Writer
from tests.factories import a_request
from tests.unit.test_writing import CARRY, LAPSE, Scripted, quotes

REQUEST = a_request(f"4.1 {CARRY} {LAPSE}")


@dataclass
class Stubborn(Scripted):
    """Takes its time to stop, as a connection does that has to be closed."""

    may_stop: asyncio.Event = field(default_factory=asyncio.Event)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def write(self, request: Request) -> AsyncGenerator[str | Spent, None]:
        try:
            async with aclosing(super().write(request)) as pieces:
                async for piece in pieces:
                    yield piece
        finally:
            self.stopping.set()
            await self.may_stop.wait()


async def whole(drafts: Drafts, writer: Writer, seconds: float = 30) -> str:
    until = asyncio.get_running_loop().time() + seconds
    async with drafts.reading(writer, REQUEST) as draft, aclosing(draft.pieces(until)) as pieces:
        return "".join([piece async for piece in pieces])


async def test_who_comes_while_the_last_reader_leaves_gets_a_draft_of_its_own() -> None:
    drafts, writer = Drafts(MemoryCache()), Stubborn("tuned", (f"{CARRY} [1]",), gate=asyncio.Event())
    leaving = asyncio.create_task(whole(drafts, writer))
    await writer.begun.wait()
    leaving.cancel()
    await writer.stopping.wait()
    assert writer.gate
    writer.gate.set()
    writer.may_stop.set()
    assert await whole(drafts, writer) == f"{CARRY} [1]\n"
    await asyncio.gather(leaving, return_exceptions=True)
    assert len(writer.asked) == 2


async def test_each_reader_waits_as_long_as_its_own_time_allows_whoever_began() -> None:
    drafts, writer = Drafts(MemoryCache()), Scripted("tuned", (f"{CARRY} [1]",), gate=asyncio.Event())
    for impatient_first in (True, False):
        writer.gate = asyncio.Event()
        seconds = (0.02, 30) if impatient_first else (30, 0.02)
        readers = [asyncio.create_task(whole(drafts, writer, each)) for each in seconds]
        impatient, patient = readers if impatient_first else reversed(readers)
        with pytest.raises(WriterFailed, match="time"):
            await impatient
        writer.gate.set()
        assert await patient == f"{CARRY} [1]\n"
    assert len(writer.asked) == 2


async def test_who_comes_after_a_failure_does_not_share_it() -> None:
    drafts, writer = Drafts(MemoryCache()), Scripted("tuned", (f"{CARRY} [1]",), breaks=WriterFailed("broke off"))
    until = asyncio.get_running_loop().time() + 30
    async with drafts.reading(writer, REQUEST) as draft:
        with pytest.raises(WriterFailed):
            assert [piece async for piece in draft.pieces(until)]
        writer.breaks = None
        assert await whole(drafts, writer) == f"{CARRY} [1]\n"  # while the first one is still looking at what it has
    assert await whole(drafts, writer) == f"{CARRY} [1]\n"


async def test_who_leaves_a_failed_draft_takes_nothing_from_those_who_began_again() -> None:
    drafts, writer = Drafts(MemoryCache()), Scripted("tuned", (f"{CARRY} [1]",), breaks=WriterFailed("broke off"))
    async with drafts.reading(writer, REQUEST) as draft:
        with pytest.raises(WriterFailed):
            assert [piece async for piece in draft.pieces(asyncio.get_running_loop().time() + 30)]
        writer.breaks, writer.gate = None, asyncio.Event()
        again = asyncio.create_task(whole(drafts, writer))
        await asyncio.sleep(0)
    also = asyncio.create_task(whole(drafts, writer))
    await asyncio.sleep(0)
    writer.gate.set()
    assert set(await asyncio.gather(again, also)) == {f"{CARRY} [1]\n"}
    assert len(writer.asked) == 2


async def test_two_who_find_the_same_with_other_figures_are_quoted_each_by_its_own() -> None:
    others = tuple(replace(source, hit=replace(source.hit, score=0.5)) for source in REQUEST.sources)
    other = replace(REQUEST, sources=others)
    assert answer_key(quotes(), REQUEST) != answer_key(quotes(), other)  # quotes read them, and another's readers may see more
    assert answer_key(Scripted("tuned"), REQUEST) == answer_key(Scripted("tuned"), other)  # a model reads the words alone


STEP = st.one_of(
    st.just("join"),
    st.tuples(st.just("leave"), st.integers(0, 5)),
    st.just("say"),
    st.just("end"),
    st.just("fail"),
    st.just("wait"),
)


class Spoken:
    """A writer that says, ends and fails when it is told to; every run of it is remembered."""

    name = "spoken"
    signature = ""

    def __init__(self) -> None:
        self.runs: list[tuple[asyncio.Queue[str | WriterFailed | None], list[str]]] = []
        self.running = 0

    def sees(self, labels: Collection[str]) -> bool:
        return True

    async def write(self, request: Request) -> AsyncGenerator[str | Spent, None]:
        told, said_here = asyncio.Queue[str | None | WriterFailed](), list[str]()
        self.runs.append((told, said_here))
        self.running += 1
        try:
            while (piece := await told.get()) is not None:
                if isinstance(piece, WriterFailed):
                    raise piece
                said_here.append(piece)
                yield piece
        finally:
            try:
                await asyncio.sleep(0)  # stopping takes a turn
            finally:
                self.running -= 1


@given(st.lists(STEP, min_size=1, max_size=40))
def test_whatever_the_order_every_reader_hears_one_run_to_its_end(steps: Sequence[str | tuple[str, int]]) -> None:
    asyncio.run(_schedule(steps))


async def _schedule(steps: Sequence[str | tuple[str, int]]) -> None:
    drafts, writer = Drafts(MemoryCache()), Spoken()
    readers: list[asyncio.Task[str]] = []
    gone: set[asyncio.Task[str]] = set()
    for number, step in enumerate((*steps, "wait", "end", "wait")):
        match step:
            case "join":
                readers.append(asyncio.create_task(whole(drafts, writer)))
            case ("leave", place) if readers:
                leaving = readers[int(place) % len(readers)]
                if leaving.cancel():
                    gone.add(leaving)
            case "say" | "end" | "fail":
                for told, _ in writer.runs:
                    told.put_nowait({"say": f"{number};", "end": None}.get(str(step), WriterFailed("broke off")))
            case "wait":
                for _ in range(8):
                    await asyncio.sleep(0)
    for told, _ in writer.runs:
        told.put_nowait(None)
    ends = await asyncio.wait_for(asyncio.gather(*readers, return_exceptions=True), 10)
    texts = {"".join(said_here) for _, said_here in writer.runs}
    for reader, end in zip(readers, ends, strict=True):
        assert isinstance(end, WriterFailed) or end in texts or (reader in gone and isinstance(end, asyncio.CancelledError))
    assert (writer.running, drafts._under_way) == (0, {})
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_bytes_read_ahead_are_taken_only_for_the_very_key_they_were_read_for() -> None:
    tuned, cache = Scripted("tuned", (f"{CARRY} [1]",)), MemoryCache()
    for ahead, asked in ((("answer:other", LAPSE.encode() + b" [1]"), 1), ((answer_key(tuned, REQUEST), f"{CARRY} [1]".encode()), 0)):
        tuned.asked.clear()
        async with Drafts(cache).reading(tuned, REQUEST, ahead) as draft:
            assert [piece.strip() async for piece in draft.pieces(asyncio.get_running_loop().time() + 30)] == [f"{CARRY} [1]"]
        assert len(tuned.asked) == asked
    assert cache.tally() == ({}, {"answer": 1})  # what came along is not asked for again


async def test_what_is_written_for_somebody_else_is_not_looked_for_in_the_cache_and_kept_once() -> None:
    cache, tuned = MemoryCache(), Scripted("tuned", (f"{CARRY} [1]",), gate=asyncio.Event())
    drafts, puts = Drafts(cache), 0

    async def put(key: str, value: bytes, seconds: int) -> None:
        nonlocal puts
        puts += 1

    cache.put = put  # type: ignore[method-assign]  # counts only
    async with drafts.reading(tuned, REQUEST) as draft, drafts.reading(tuned, REQUEST) as same:
        assert draft is same
        for _ in range(2):
            await drafts.keep(tuned, draft)
    assert (puts, cache.tally()) == (1, ({}, {"answer": 1}))


@pytest.mark.parametrize("other", ["version", "signature", "name", "request"])
def test_another_check_model_or_request_is_another_answer(other: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = answer_key(Scripted("tuned"), REQUEST)
    if other == "version":
        monkeypatch.setattr("bot.flows.ground.VERSION", "another")
    writer = Scripted("base" if other == "name" else "tuned", signature="warmer" if other == "signature" else "scripted")
    assert answer_key(writer, replace(REQUEST, messages=(("user", "other words"),)) if other == "request" else REQUEST) != before
    monkeypatch.undo()
    assert answer_key(Scripted("tuned"), REQUEST) == before
