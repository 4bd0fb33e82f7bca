"""The whole handbook as context: only where it fits and a model may see all of it, in an order that no question changes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Sequence
from dataclasses import dataclass, field, replace

import pytest

from bot.adapters.memory import ListLibrary
from bot.adapters.quote_writer import QuoteWriter
from bot.answers import Answer, Closed, Outcome, Request
from bot.errors import WriterFailed
from bot.flows.context import whole_from
from bot.models import Spent
from bot.ports import Writer
from bot.values import Turn
from knowledge.values import Findings, Hit, Scope
from tests.factories import HR, a_document, a_hit, a_question, an_answering

FOUND = a_hit("4.1 Employees may carry over up to five days.")
OTHER = a_hit("1.1 The office opens at eight.", document=a_document("office", title="Office"), clause="1.1")
CLOSED = a_hit("2.1 Twelve roles are cut.", document=a_document("cuts", title="Cuts", rule=HR), clause="2.1")


@dataclass
class Finds(ListLibrary):
    """Its search finds the first passage only."""

    async def search(self, question: str, scope: Scope, as_of: object) -> Findings:
        return Findings(hits=(FOUND,), confidence=self.confidence, edition=1)


@dataclass
class Model:
    """A model that may see some labels, and writes what it is told to."""

    lines: Sequence[str] = ("The office opens at eight. [1]\n",)
    labels: frozenset[str] = frozenset({"everyone", "groups:hr", "asker"})
    breaks: bool = False
    requests: list[Request] = field(default_factory=list)
    name: str = "model"
    signature: str = "model"

    def sees(self, labels: Collection[str]) -> bool:
        return self.labels.issuperset(labels)

    async def write(self, request: Request) -> AsyncGenerator[str | Spent, None]:
        self.requests.append(request)
        if self.breaks:
            raise WriterFailed("broke off")
        for line in self.lines:
            yield line


async def _answer(*writers: Writer, tokens: int, hits: Sequence[Hit] = (OTHER, FOUND), confidence: float = 0.9, text: str = "") -> Answer:
    library = Finds(hits=hits, confidence=confidence)
    flow = replace(an_answering(library, *writers), context_tokens=tokens)
    turns = (Turn("When does it open?", (OTHER.passage.id,)),) if text else ()
    events = [event async for event in flow.answer(a_question(text or "How many days can I carry over?", turns=turns))]
    assert isinstance(events[-1], Closed)
    return events[-1].answer


async def test_a_model_is_given_everything_in_the_documents_order_and_may_cite_any_of_it() -> None:
    model = Model()
    answer = await _answer(model, QuoteWriter(), tokens=1000)
    assert [source.hit for source in model.requests[0].sources] == [OTHER, FOUND]
    assert [citation.hit for citation in answer.citations] == [OTHER]
    assert {source.hit.passage.id for source in answer.evidence.sources} == {OTHER.passage.id, FOUND.passage.id}


@pytest.mark.parametrize("tokens", [0, 10])
async def test_switched_off_or_too_large_it_is_given_what_was_found(tokens: int) -> None:
    model = Model(lines=("Employees may carry over up to five days. [1]\n",))
    await _answer(model, QuoteWriter(), tokens=tokens)
    assert [source.hit for source in model.requests[0].sources] == [FOUND]


async def test_a_model_that_may_not_see_all_of_it_is_given_what_was_found() -> None:
    model = Model(lines=("Employees may carry over up to five days. [1]\n",), labels=frozenset({"everyone", "asker"}))
    flow = replace(an_answering(Finds(hits=(CLOSED, FOUND)), model, QuoteWriter()), context_tokens=1000)
    asked = a_question()
    reader = replace(asked.asker, groups=frozenset({"hr"}))
    asked = replace(asked, asker=reader, audience=replace(asked.audience, readers=(reader,)))
    _ = [event async for event in flow.answer(asked)]
    assert [source.hit for source in model.requests[0].sources] == [FOUND]


async def test_what_is_out_of_scope_is_no_part_of_it() -> None:
    model = Model()
    await _answer(model, QuoteWriter(), tokens=1000, hits=(CLOSED, OTHER, FOUND))
    assert [source.hit for source in model.requests[0].sources] == [OTHER, FOUND]
    assert "Twelve" not in str(model.requests[0].messages)


async def test_the_quotes_behind_it_have_what_was_found() -> None:
    answer = await _answer(Model(breaks=True), QuoteWriter(), tokens=1000)
    assert answer.evidence.writer == "quotes"
    assert [citation.hit for citation in answer.citations] == [FOUND]
    assert [source.hit for source in answer.evidence.sources] == [FOUND]


async def test_what_the_search_refuses_is_refused_without_asking_a_model() -> None:
    model = Model()
    assert (await _answer(model, QuoteWriter(), tokens=1000, confidence=0.0)).outcome is Outcome.NOT_FOUND
    assert model.requests == []


async def test_a_wish_about_the_answer_before_is_written_by_a_model_from_that_answers_passages() -> None:
    model = Model()
    answer = await _answer(model, QuoteWriter(), tokens=1000, text="in one sentence")
    assert [source.hit for source in model.requests[0].sources] == [OTHER]
    assert "When does it open?\nin one sentence" in model.requests[0].messages[-1][1]
    assert (answer.outcome, answer.evidence.standalone) == (Outcome.ANSWERED, "When does it open?")


async def test_other_words_that_are_not_proved_are_not_shown() -> None:
    answer = await _answer(Model(lines=("The office opens at nine. [1]\n",)), QuoteWriter(), tokens=0, text="shorter")
    assert (answer.outcome, answer.sentences) == (Outcome.CANNOT_RETELL, ())


async def test_no_model_that_may_not_see_those_passages_is_asked_for_other_words() -> None:
    model = Model(labels=frozenset())
    assert (await _answer(model, QuoteWriter(), tokens=0, text="shorter")).outcome is Outcome.CANNOT_RETELL
    assert model.requests == []


def test_the_numbers_are_the_same_whatever_is_asked() -> None:
    assert [(source.number, source.hit) for source in whole_from((OTHER, FOUND), 1000)] == [(1, OTHER), (2, FOUND)]
    assert whole_from((OTHER, FOUND), 5) == ()
