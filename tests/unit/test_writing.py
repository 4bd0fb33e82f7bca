"""Who speaks: the first writer that may, and whose draft holds; after a release nobody else continues."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Collection
from dataclasses import dataclass, field

import pytest

from bot.adapters.memory import ListLibrary, MemoryLedger
from bot.adapters.memory_cache import MemoryCache
from bot.answers import Answer, Closed, Event, Outcome, Released, Request, Tried
from bot.errors import WriterFailed
from bot.flows.drafts import Draft
from bot.models import Spent
from bot.ports import Writer
from tests.factories import HR, a_document, a_hit, a_person, a_question, an_answering

CARRY = "Employees may carry over up to five days."
LAPSE = "They lapse on 31 March."
LIE = "Employees may carry over up to 25 days."
LIBRARY = ListLibrary(hits=(a_hit(f"4.1 {CARRY} {LAPSE}"),))


@dataclass
class Scripted:
    """A model that says its lines and then ends, or breaks."""

    name: str
    lines: tuple[str, ...] = ()
    breaks: WriterFailed | None = None
    may_see: frozenset[str] | None = None
    signature: str = "scripted"
    spent: Spent | None = None
    asked: list[Request] = field(default_factory=list)
    gate: asyncio.Event | None = None
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    def sees(self, labels: Collection[str]) -> bool:
        return self.may_see is None or self.may_see.issuperset(labels)

    async def write(self, request: Request) -> AsyncGenerator[str | Spent, None]:
        self.asked.append(request)
        self.begun.set()
        if self.gate:
            await self.gate.wait()
        for line in self.lines:
            yield f"{line}\n"
        if self.spent:
            yield self.spent
        if self.breaks:
            raise self.breaks


def quotes() -> Scripted:
    return Scripted("quotes", (f"{CARRY} [1]",), signature="")


async def events_of(*writers: Writer, library: ListLibrary = LIBRARY, cache: MemoryCache | None = None) -> list[Event]:
    flow = an_answering(library, *writers, cache=cache)
    return [event async for event in flow.answer(a_question())]


async def answer_of(*writers: Writer, library: ListLibrary = LIBRARY, cache: MemoryCache | None = None) -> Answer:
    last = (await events_of(*writers, library=library, cache=cache))[-1]
    assert isinstance(last, Closed)
    return last.answer


def said(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.sentences]


async def test_the_tuned_model_speaks_and_nobody_behind_it_is_asked() -> None:
    tuned, base, last = Scripted("tuned", (f"{CARRY} [1]", f"{LAPSE} [1]")), Scripted("base"), quotes()
    answer = await answer_of(tuned, base, last)
    assert (answer.evidence.writer, said(answer), answer.evidence.tried) == ("tuned", [CARRY, LAPSE], ())
    assert base.asked == last.asked == []


@pytest.mark.parametrize(
    "failure",
    [WriterFailed(reason) for reason in ("unreachable", "too slow", "busy", "refused", "no such model", "broke off", "not an answer")],
)
@pytest.mark.parametrize("lines", [(), (f"{CARRY} [1]",)])
async def test_any_failure_before_a_release_moves_on_to_the_next_writer(failure: WriterFailed, lines: tuple[str, ...]) -> None:
    tuned, base = Scripted("tuned", lines, breaks=failure), Scripted("base", (f"{LAPSE} [1]",))
    answer = await answer_of(tuned, base, quotes())
    assert (answer.evidence.writer, said(answer), answer.complete) == ("base", [LAPSE], True)
    assert answer.evidence.tried == (Tried("tuned", failure.reason),)


async def test_after_a_release_no_other_writer_continues_and_the_reply_says_that_it_was_cut() -> None:
    tuned, base = Scripted("tuned", (f"{CARRY} [1]", f"{LAPSE} [1]"), breaks=WriterFailed("broke off")), Scripted("base", (f"{LAPSE} [1]",))
    answer = await answer_of(tuned, base, quotes())
    assert (answer.evidence.writer, said(answer), answer.complete) == ("tuned", [CARRY, LAPSE], False)
    assert base.asked == []


async def test_a_draft_that_proves_nothing_moves_on_and_what_it_said_is_kept_for_who_looks_behind() -> None:
    answer = await answer_of(Scripted("tuned", (f"{LIE} [1]", "Ask your manager.")), quotes())
    assert (answer.evidence.writer, said(answer)) == ("quotes", [CARRY])
    assert answer.evidence.tried == (Tried("tuned", "proved nothing"),)
    assert [dropped.text for dropped in answer.evidence.dropped] == [LIE, "Ask your manager."]


async def test_a_model_that_says_that_nothing_answers_is_believed() -> None:
    last = quotes()
    answer = await answer_of(Scripted("tuned", ("NOT FOUND",)), last)
    assert (answer.outcome, answer.evidence.writer, said(answer)) == (Outcome.NOT_FOUND, "tuned", [])
    assert last.asked == []


async def test_a_model_is_never_given_what_it_may_not_see() -> None:
    secret = ListLibrary(hits=(a_hit(CARRY, document=a_document(rule=HR)),))
    public, local = Scripted("public", may_see=frozenset({"everyone", "asker"})), Scripted("local", (f"{CARRY} [1]",))
    flow = an_answering(secret, public, local, quotes())
    last = [event async for event in flow.answer(a_question(asker=a_person("ruth", "hr")))][-1]
    assert isinstance(last, Closed)
    assert (last.answer.evidence.writer, last.answer.evidence.tried) == ("local", (Tried("public", "may not see these documents"),))
    assert public.asked == []


async def test_a_question_asked_alone_is_not_given_to_a_model_for_everyone() -> None:
    public = Scripted("public", (f"{CARRY} [1]",), may_see=frozenset({"everyone"}))
    answer = await answer_of(public, quotes())
    assert (answer.evidence.writer, public.asked) == ("quotes", [])


async def test_what_all_drafts_cost_is_told() -> None:
    tuned = Scripted("tuned", (f"{LIE} [1]",), spent=Spent(100, 0, 9))
    base = Scripted("base", (f"{CARRY} [1]",), spent=Spent(100, 80, 11))
    assert (await answer_of(tuned, base, quotes())).evidence.spent == Spent(200, 80, 20)


async def test_when_nobody_speaks_the_failure_is_the_answers() -> None:
    answer = await answer_of(
        Scripted("tuned", breaks=WriterFailed("busy")), Scripted("quotes", breaks=WriterFailed("unreachable"), signature="")
    )
    assert (answer.outcome, said(answer)) == (Outcome.FAILED, [])


async def test_a_whole_answer_of_the_first_writer_is_remembered_and_checked_again() -> None:
    cache, tuned = MemoryCache(), Scripted("tuned", (f"{CARRY} [1]", f"{LIE} [1]"), spent=Spent(100, 0, 9))
    first = await answer_of(tuned, quotes(), cache=cache)
    again = await answer_of(tuned, quotes(), cache=cache)
    assert said(first) == said(again) == [CARRY]
    assert [dropped.text for dropped in again.evidence.dropped] == [LIE]
    assert (first.evidence.remembered, again.evidence.remembered) == (False, True)
    assert again.evidence.spent is None
    assert len(tuned.asked) == 1


@pytest.mark.parametrize(
    ("tuned", "base"),
    [
        (Scripted("tuned", breaks=WriterFailed("busy")), Scripted("base", (f"{CARRY} [1]",))),  # not the first writer's
        (Scripted("tuned", (f"{CARRY} [1]", f"{LAPSE} [1]"), breaks=WriterFailed("broke off")), Scripted("base")),  # not whole
        (Scripted("tuned", (f"{LIE} [1]",)), Scripted("base", (f"{CARRY} [1]",))),  # proves nothing
    ],
)
async def test_what_is_not_the_first_writers_whole_answer_is_not_remembered(tuned: Scripted, base: Scripted) -> None:
    cache = MemoryCache()
    tuned.asked.clear()
    for _ in range(2):
        assert not (await answer_of(tuned, base, quotes(), cache=cache)).evidence.remembered
    assert len(tuned.asked) == 2


async def test_a_passage_that_was_edited_is_never_answered_from_what_was_remembered() -> None:
    cache, tuned = MemoryCache(), Scripted("tuned", (f"{CARRY} [1]",))
    await answer_of(tuned, quotes(), cache=cache)
    edited = ListLibrary(hits=(a_hit("4.1 Employees may carry over up to three days."),))
    answer = await answer_of(
        tuned, Scripted("quotes", ("Employees may carry over up to three days. [1]",), signature=""), library=edited, cache=cache
    )
    assert said(answer) == ["Employees may carry over up to three days."]


async def test_many_who_ask_the_same_at_once_are_answered_by_one_draft() -> None:
    tuned = Scripted("tuned", (f"{CARRY} [1]", f"{LAPSE} [1]"), gate=asyncio.Event())
    library, ledger = ListLibrary(hits=LIBRARY.hits), MemoryLedger()
    flow = an_answering(library, tuned, quotes(), cache=MemoryCache(), ledger=ledger)

    async def ask() -> list[str]:
        return [event.sentence.text async for event in flow.answer(a_question()) if isinstance(event, Released)]

    asking = [asyncio.create_task(ask()) for _ in range(20)]
    await tuned.begun.wait()
    for _ in range(100):  # turns of the loop, in which everybody gets as far as the draft
        await asyncio.sleep(0)
    assert tuned.gate
    tuned.gate.set()
    assert await asyncio.gather(*asking) == [[CARRY, LAPSE]] * 20
    assert (len(tuned.asked), len(library.searched), len(ledger.closed)) == (1, 1, 20)


async def test_one_who_leaves_takes_the_draft_from_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    tuned = Scripted("tuned", (f"{CARRY} [1]",), gate=asyncio.Event())
    flow = an_answering(LIBRARY, tuned, quotes())
    readers, join = asyncio.Semaphore(0), Draft.join

    def joined(draft: Draft) -> None:
        join(draft)
        readers.release()

    monkeypatch.setattr(Draft, "join", joined)
    leaving, staying = (asyncio.create_task(_text(flow.answer(a_question()))) for _ in range(2))
    for _ in range(2):
        await readers.acquire()
    await tuned.begun.wait()
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    assert tuned.gate
    tuned.gate.set()
    assert await staying == [CARRY]
    assert len(tuned.asked) == 1


async def test_a_draft_that_nobody_waits_for_is_not_written_on() -> None:
    tuned = Scripted("tuned", (f"{CARRY} [1]",), gate=asyncio.Event())
    flow = an_answering(LIBRARY, tuned, quotes())
    before = asyncio.all_tasks()
    leaving = asyncio.create_task(_text(flow.answer(a_question())))
    await tuned.begun.wait()
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    assert asyncio.all_tasks() == before


async def _text(events: AsyncGenerator[Event, None]) -> list[str]:
    return [event.sentence.text async for event in events if isinstance(event, Released)]
