"""Whatever writers, caches and readers do: no reply is lost or late, none that was cut looks whole, and none shows what was taken away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field

import pytest

from bot.adapters.memory import ListLibrary, MemoryLedger
from bot.adapters.memory_cache import MemoryCache
from bot.answers import Answer, Closed, Event, Outcome, Released, Request, Tried, Withdrawn
from bot.errors import WriterFailed
from bot.flows.answer import Answering
from bot.flows.drafts import LARGEST, Drafts, answer_key
from bot.flows.finding import Finding, Found
from bot.flows.writing import Writing
from bot.models import Spent
from bot.ports import Writer
from knowledge.values import Findings, Hit, Scope
from tests.factories import a_document, a_hit, a_question, an_answering
from tests.unit.test_drafts import REQUEST, Stubborn
from tests.unit.test_finding import Spied
from tests.unit.test_writing import CARRY, LAPSE, LIBRARY, LIE, Scripted, answer_of, quotes, said


@dataclass
class Raw(Scripted):
    """Says its pieces as they are, whatever is in them."""

    async def write(self, request: Request) -> AsyncGenerator[str | Spent, None]:
        self.asked.append(request)
        for piece in self.lines:
            yield piece


@dataclass
class Cancelled(Scripted):
    """Ends as if somebody had stopped it: some libraries do that to themselves."""

    async def write(self, request: Request) -> AsyncGenerator[str | Spent, None]:
        self.asked.append(request)
        yield f"{CARRY} [1]\n"
        raise asyncio.CancelledError


@dataclass
class Stalls(Scripted):
    """Says two good lines, and then nothing any more."""

    async def write(self, request: Request) -> AsyncGenerator[str | Spent, None]:
        yield f"{CARRY} [1]\n{LAPSE} [1]\n"
        await asyncio.Event().wait()


async def written(*writers: Writer, seconds: float = 30) -> Answer:
    """What `Writing` makes of the request within these seconds."""
    drafts = Drafts(MemoryCache())
    writing = Writing(writers=writers, drafts=drafts, finding=Finding(ListLibrary()), seconds=seconds)
    found = Found(Findings(hits=tuple(LIBRARY.hits), confidence=1.0, edition=1))
    async with aclosing(writing.write(Answer(receipt="r", outcome=Outcome.NOT_FOUND), REQUEST, found)) as events:
        return [event.answer async for event in events if isinstance(event, Closed)][-1]


# Writers that do not stop as they should


async def test_a_writer_that_is_stopped_from_inside_is_a_failure_and_not_the_end_of_who_reads() -> None:
    base = Scripted("base", (f"{LAPSE} [1]",))
    answer = await answer_of(Cancelled("tuned"), base, quotes())
    assert (answer.evidence.writer, said(answer), answer.evidence.tried) == ("base", [LAPSE], (Tried("tuned", "broke off"),))


async def test_a_writer_that_does_not_stop_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.flows.drafts.TO_STOP", 0.01)
    stubborn = Stubborn("tuned", gate=asyncio.Event())
    answer = await written(stubborn, quotes(), seconds=0.1)
    assert (answer.evidence.writer, answer.evidence.tried) == ("quotes", (Tried("tuned", "too slow"),))
    stubborn.may_stop.set()


# Time


async def test_the_writers_before_the_last_share_one_time() -> None:
    @dataclass
    class Slow(Scripted):
        async def write(self, request: Request) -> AsyncGenerator[str | Spent, None]:
            await asyncio.sleep(0.02)
            yield f"{LAPSE} [1]\n"

    answer = await written(Scripted("tuned", gate=asyncio.Event()), Slow("base"), quotes(), seconds=0.1)
    assert answer.evidence.tried == (Tried("tuned", "too slow"), Tried("base", "too slow"))


async def test_the_last_writer_has_its_time_for_itself_when_the_others_took_all_there_was() -> None:
    hanging, also = Scripted("tuned", gate=asyncio.Event()), Scripted("base", gate=asyncio.Event())
    answer = await written(hanging, also, quotes(), seconds=0.1)
    assert (answer.evidence.writer, said(answer)) == ("quotes", [CARRY])
    assert answer.evidence.tried == (Tried("tuned", "too slow"), Tried("base", "too slow"))


async def test_a_model_that_stalls_after_a_release_is_closed_as_cut_when_the_time_is_over() -> None:
    answer = await written(Stalls("tuned"), quotes(), seconds=0.1)
    assert (answer.evidence.writer, said(answer), answer.complete) == ("tuned", [CARRY, LAPSE], False)


# What a server may send


@pytest.mark.parametrize(
    "pieces",
    [
        (f"{CARRY} [{'1' * 5000}]\n",),
        (f"{CARRY} [1]" + "[1]" * 10_000 + "x\n",),
        ("a" + " " * 20_000 + "b [1]\n",),
        ("x" * (LARGEST + 1),),
        tuple("x" for _ in range(LARGEST + 1)),
        ("\x00 [1]\n", "\u202e [1]\n", "[1]\n", "[1] [1]\n", "]\n", "**[1]**\n"),
    ],
    ids=["a number without end", "marks without end", "spaces", "no end", "no end, by letters", "nothing"],
)
async def test_no_odd_text_of_a_model_costs_the_reply(pieces: tuple[str, ...]) -> None:
    answer = await answer_of(Raw("tuned", pieces), Scripted("base", (f"{LAPSE} [1]",)), quotes(), cache=MemoryCache())
    assert (answer.outcome, said(answer), answer.complete) == (Outcome.ANSWERED, [LAPSE], True)


async def test_a_model_that_does_not_end_is_no_answer() -> None:
    @dataclass
    class Endless(Scripted):
        async def write(self, request: Request) -> AsyncGenerator[str | Spent, None]:
            while True:
                yield "and so on "
                await asyncio.sleep(0)

    answer = await written(Endless("tuned"), quotes())
    assert (answer.evidence.writer, answer.evidence.tried) == ("quotes", (Tried("tuned", "not an answer"),))


async def test_the_last_line_needs_no_end_and_an_empty_one_is_none() -> None:
    answer = await answer_of(Raw("tuned", (f"{CARRY} [1]\n \n\n", f"{LAPSE} ", "[1]")), quotes())
    assert (said(answer), answer.evidence.dropped) == ([CARRY, LAPSE], ())


async def test_half_an_emoji_is_a_question_mark_and_the_answer_is_remembered_all_the_same() -> None:
    cache, tuned = MemoryCache(), Raw("tuned", (f"{CARRY} [1]\n", "Bravo \ud83d\n"))
    first, again = [await answer_of(tuned, quotes(), cache=cache) for _ in range(2)]
    assert said(first) == said(again) == [CARRY]
    assert [dropped.text for dropped in again.evidence.dropped] == ["Bravo ?"]
    assert len(tuned.asked) == 1


# What is remembered


async def _poisoned(value: bytes) -> tuple[MemoryCache, Scripted]:
    """A cache that holds this where the tuned model's answer stands."""
    cache, tuned = MemoryCache(), Scripted("tuned", (f"{CARRY} [1]",))
    await answer_of(tuned, quotes())
    await cache.put(answer_key(tuned, tuned.asked.pop()), value, 60)
    return cache, tuned


@pytest.mark.parametrize("value", [b"\xff\xfe\x00", LIE.encode() + b" [1]", b"[1]\n" * 100, b"\n", f"{CARRY} [7]".encode()])
async def test_garbage_in_the_cache_is_never_shown_and_is_gone_the_next_time(value: bytes) -> None:
    cache, tuned = await _poisoned(value)
    assert said(await answer_of(tuned, quotes(), cache=cache)) == [CARRY]
    answer = await answer_of(tuned, quotes(), cache=cache)
    assert (said(answer), answer.evidence.writer, len(tuned.asked)) == ([CARRY], "tuned", 1)


async def test_nothing_at_all_in_the_cache_is_as_good_as_no_value() -> None:
    cache, tuned = await _poisoned(b"")
    answer = await answer_of(tuned, quotes(), cache=cache)
    assert (answer.evidence.writer, answer.evidence.remembered, len(tuned.asked)) == ("tuned", False, 1)


async def test_that_nothing_answers_is_asked_again_the_next_time() -> None:
    cache, tuned = MemoryCache(), Scripted("tuned", ("NOT FOUND",))
    for _ in range(2):
        assert (await answer_of(tuned, quotes(), cache=cache)).outcome is Outcome.NOT_FOUND
    assert len(tuned.asked) == 2


async def test_quotes_are_neither_looked_for_nor_kept() -> None:
    cache = MemoryCache()
    for _ in range(2):
        assert said(await answer_of(quotes(), cache=cache)) == [CARRY]
    hits, misses = cache.tally()
    assert "answer" not in {*hits, *misses}
    assert (await cache.stats()).entries == 1  # the context


async def test_the_next_who_asks_finds_the_answer_beside_its_context() -> None:
    cache, tuned = Spied(), Scripted("tuned", (f"{CARRY} [1]",))
    flow = an_answering(ListLibrary(hits=LIBRARY.hits), tuned, quotes(), cache=cache)
    for _ in range(3):
        cache.trips = 0
        await _events(flow)
    assert cache.trips == 1
    assert cache.tally() == ({"context": 2, "answer": 2}, {"context": 1, "answer": 1})


@pytest.mark.parametrize("line", ["NOT FOUND", "NOT FOUND.", "  NOT FOUND!"])
async def test_a_model_may_say_that_nothing_answers_and_nothing_after_that_counts(line: str) -> None:
    answer = await answer_of(Scripted("tuned", (line, f"{CARRY} [1]", "Ask me.")), quotes())
    assert (answer.outcome, answer.evidence.writer, said(answer), answer.evidence.dropped) == (Outcome.NOT_FOUND, "tuned", [], ())


async def test_a_policy_may_have_a_line_that_begins_like_that() -> None:
    library = ListLibrary(hits=(a_hit("4.1 NOT FOUND is what the search says without a result."),))
    answer = await answer_of(Scripted("tuned", ("NOT FOUND is what the search says without a result. [1]",)), quotes(), library=library)
    assert said(answer) == ["NOT FOUND is what the search says without a result."]


async def test_a_model_that_says_so_and_then_breaks_is_not_believed() -> None:
    answer = await answer_of(Scripted("tuned", ("NOT FOUND", "Sorry."), breaks=WriterFailed("broke off")), quotes())
    assert (answer.evidence.writer, answer.evidence.tried) == ("quotes", (Tried("tuned", "broke off"),))


async def test_what_one_model_cost_is_told_also_where_the_next_one_does_not_say() -> None:
    tuned, base = Scripted("tuned", (f"{LIE} [1]",), spent=Spent(100, 0, 9)), Scripted("base", (f"{CARRY} [1]",))
    assert (await answer_of(tuned, base, quotes())).evidence.spent == Spent(100, 0, 9)


# What is taken away while it is written


@dataclass
class Taking(ListLibrary):
    """A list of which a test takes everything away after so many looks at single passages."""

    looks: int = 0

    async def passage(self, passage: str, scope: Scope, edition: int | None = None) -> Hit | None:
        self.looks -= 1
        return await super().passage(passage, scope, edition) if self.looks >= 0 else None


async def _events(flow: Answering) -> list[Event]:
    return [event async for event in flow.answer(a_question())]


async def test_what_is_taken_away_while_it_is_written_is_not_shown() -> None:
    events = await _events(an_answering(Taking(hits=LIBRARY.hits), Scripted("tuned", (f"{CARRY} [1]", f"{LAPSE} [1]")), quotes()))
    assert not any(isinstance(event, Released | Withdrawn) for event in events)
    assert isinstance(events[-1], Closed)
    assert (events[-1].answer.outcome, events[-1].answer.sentences, events[-1].answer.nearest_title) == (Outcome.FAILED, (), "")


async def test_what_is_taken_away_after_it_was_shown_is_taken_back_and_the_answer_is_not_whole() -> None:
    library = Taking(hits=LIBRARY.hits, looks=3)  # two at the release, one at the end
    events = await _events(an_answering(library, Scripted("tuned", (f"{CARRY} [1]", f"{LAPSE} [1]")), quotes()))
    assert [event.sentence.text for event in events if isinstance(event, Released)] == [CARRY, LAPSE]
    assert [event.sentence.text for event in events if isinstance(event, Withdrawn)] == [LAPSE]
    assert isinstance(events[-1], Closed)
    assert (said(events[-1].answer), events[-1].answer.complete) == ([CARRY], False)


HERE = "The home-office allowance is paid once and amounts to up to £300 for furniture."
THERE = a_hit(HERE.replace("300", "250"), document=a_document("equipment", title="Equipment"))


@dataclass
class Removing(Scripted):
    """Somebody takes a document out of the library while this is writing, but for what `keeps` says."""

    library: ListLibrary = field(default_factory=ListLibrary)
    keeps: tuple[Hit, ...] = ()

    async def write(self, request: Request) -> AsyncGenerator[str | Spent, None]:
        for line in self.lines:
            yield f"{line}\n"
        self.library.hits = self.keeps


async def _while_it_is_written(line: str, *keeps: Hit) -> Answer:
    library = ListLibrary(hits=(a_hit(HERE, document=a_document("remote-work")), THERE))
    events = await _events(an_answering(library, Removing("quotes", (line,), library=library, keeps=keeps)))
    assert isinstance(events[-1], Closed)
    return events[-1].answer


async def test_what_is_taken_away_while_it_is_written_is_not_shown_as_contradicting_or_as_near_either() -> None:
    first = a_hit(HERE, document=a_document("remote-work"))
    assert [one.second.hit.document.title for one in (await _while_it_is_written(f"{HERE} [1]", first, THERE)).conflicts] == ["Equipment"]
    assert (await _while_it_is_written(f"{HERE} [1]", first)).conflicts == ()
    refused = await _while_it_is_written("NOT FOUND", THERE)
    assert (refused.nearest_title, [citation.hit for citation in refused.may_help]) == ("Equipment", [THERE])


# Who stops reading


async def test_a_reader_that_turns_away_at_any_event_leaves_nothing_running_and_a_closed_row() -> None:
    for number in range(1, 5):
        ledger, before = MemoryLedger(), asyncio.all_tasks()
        events = an_answering(LIBRARY, Stalls("tuned"), quotes(), ledger=ledger).answer(a_question())
        for _ in range(number):
            await anext(events)
        await events.aclose()
        assert asyncio.all_tasks() == before
        assert len(ledger.closed) == 1


async def test_wherever_one_of_two_is_stopped_the_other_is_answered_and_nothing_is_left_running() -> None:
    for turns in range(60):
        tuned, ledger, cache = Scripted("tuned", (f"{CARRY} [1]", f"{LAPSE} [1]")), MemoryLedger(), MemoryCache()
        flow = an_answering(ListLibrary(hits=LIBRARY.hits), tuned, quotes(), ledger=ledger, cache=cache)
        before = asyncio.all_tasks()
        stopped, other = (asyncio.create_task(_events(flow)) for _ in range(2))
        for _ in range(turns):
            await asyncio.sleep(0)
        stopped.cancel()
        last = (await other)[-1]
        assert isinstance(last, Closed)
        assert (said(last.answer), last.answer.complete) == ([CARRY, LAPSE], True)
        await asyncio.gather(stopped, return_exceptions=True)
        assert asyncio.all_tasks() == before
        assert flow.writing.drafts._under_way == {}
        assert len(ledger.closed) == len(ledger.opened)
