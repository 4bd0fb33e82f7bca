"""Caches and drafts are shared, documents are not: nobody's reply holds what not everyone who can open it may read at that moment."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.adapters.memory import ListLibrary
from bot.adapters.memory_cache import MemoryCache
from bot.answers import Closed, Event, Outcome
from bot.flows.answer import Answering
from bot.values import Audience, Question, Turn
from knowledge.values import Hit
from tests.factories import HR, a_document, a_hit, a_person, a_question, an_answering
from tests.unit.test_writing import CARRY, LAPSE, LIBRARY, Scripted, quotes

BANDS = "Band C is paid between 52,000 and 61,000 euros."
SECRET = a_hit(f"2.1 {BANDS}", document=a_document("bands", rule=HR, title="Salary bands", owner="wendy"), clause="2.1")
RUTH = a_person("ruth", "hr")
OPEN = Audience(circle="whole_company")


def in_the_open(question: Question) -> Question:
    return replace(question, audience=OPEN, place=replace(question.place, channel="C1", kind="public"))


async def told(flow: Answering, question: Question) -> list[Event]:
    return [event async for event in flow.answer(question)]


def outcome(events: Sequence[Event]) -> Outcome:
    assert isinstance(events[-1], Closed)
    return events[-1].answer.outcome


async def test_what_one_may_read_alone_is_in_no_channels_reply_whatever_was_cached_before() -> None:
    cache, library = MemoryCache(), ListLibrary(hits=(SECRET,))
    local, public = Scripted("local", (f"{BANDS} [1]",)), Scripted("public", (f"{BANDS} [1]",), may_see=frozenset({"everyone"}))
    flow = an_answering(library, public, local, quotes(), cache=cache)
    question = a_question("What is band C paid?", asker=RUTH)
    for _ in range(2):
        assert BANDS in repr(await told(flow, question))
    for other in (in_the_open(question), a_question("What is band C paid?", asker=a_person("tom"))):
        events = await told(flow, other)
        assert outcome(events) in (Outcome.NOTHING_READABLE, Outcome.NOT_FOUND)
        assert not any(word in repr(events) for word in ("52,000", "Salary bands", "wendy"))
    assert public.asked == []


async def test_both_at_once_get_each_their_own() -> None:
    library = ListLibrary(hits=(SECRET, *LIBRARY.hits))
    model = Scripted("local", (f"{BANDS} [1]", f"{CARRY} [2]", f"{CARRY} [1]"), gate=asyncio.Event())
    flow, question = an_answering(library, model, quotes(), cache=MemoryCache()), a_question("What is band C paid?", asker=RUTH)
    both = [asyncio.create_task(told(flow, one)) for one in (question, in_the_open(question))]
    while len(model.asked) < 2:  # until both get as far as the model
        _, still = await asyncio.wait(both, timeout=0.01)
        assert len(still) == 2
    assert model.gate
    model.gate.set()
    alone, open_to_all = await asyncio.gather(*both)
    assert BANDS in repr(alone)
    assert "52,000" not in repr([event for event in open_to_all if not isinstance(event, Closed)])
    assert isinstance(open_to_all[-1], Closed)
    assert [sentence.text for sentence in open_to_all[-1].answer.sentences] == [CARRY]
    assert [source.hit.document.title for source in open_to_all[-1].answer.evidence.sources] == ["Annual leave"]


def _changed(change: str) -> tuple[Hit, ...]:
    (hit,) = LIBRARY.hits
    narrowed = replace(hit, document=replace(hit.document, rule=HR), passage=replace(hit.passage, id="narrowed", label=HR.label))
    edited = replace(hit, passage=replace(hit.passage, id="edited", text="4.1 Employees may carry over up to three days."))
    return {"denied": (a_hit("9.1 Something else.", clause="9.1"),), "narrowed": (narrowed,), "edited": (edited,)}[change]


@pytest.mark.parametrize("change", ["denied", "narrowed", "edited"])
@pytest.mark.parametrize("meanwhile", [False, True], ids=["afterwards", "while the first is being answered"])
async def test_a_document_that_changes_between_two_who_ask_is_in_neither_reply_that_comes_later(change: str, *, meanwhile: bool) -> None:
    library, model = ListLibrary(hits=LIBRARY.hits), Scripted("tuned", (f"{CARRY} [1]", f"{LAPSE} [1]"), gate=asyncio.Event())
    flow, question = an_answering(library, model, quotes(), cache=MemoryCache()), in_the_open(a_question())
    assert model.gate
    first = asyncio.create_task(told(flow, question))
    await model.begun.wait()
    if not meanwhile:
        model.gate.set()
        assert CARRY in repr(await first)
    library.hits = _changed(change)
    second = asyncio.create_task(told(flow, question))
    model.gate.set()
    for events in await asyncio.gather(second, *([first] if meanwhile else [])):
        assert isinstance(events[-1], Closed)
        assert not any(CARRY in repr(event) for event in events[:-1])
        assert CARRY not in repr(events[-1].answer.sentences)


async def test_what_was_asked_alone_reaches_no_model_for_everyone_by_the_thread_either() -> None:
    public = Scripted("public", ("What is the deadline?",), may_see=frozenset({"everyone"}))
    flow = an_answering(ListLibrary(hits=LIBRARY.hits), public, quotes(), cache=MemoryCache())
    await told(flow, a_question("and the deadline?", turns=(Turn("Can Tom be dismissed while he is ill?"),)))
    assert public.asked == []


async def test_a_members_only_channel_is_no_public_place_for_a_model_either() -> None:
    public = Scripted("public", (f"{CARRY} [1]",), may_see=frozenset({"everyone"}))
    flow = an_answering(ListLibrary(hits=LIBRARY.hits), public, quotes(), cache=MemoryCache())
    question = replace(a_question(), audience=Audience(circle="members", readers=(a_person(), a_person("tom"))))
    assert outcome(await told(flow, question)) is Outcome.ANSWERED
    assert public.asked == []
    await told(flow, in_the_open(a_question()))
    assert len(public.asked) == 1
