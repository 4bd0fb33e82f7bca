"""The flow: what is yielded, in which order, and what never is."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import pytest

from bot.answers import Answer, Closed, Event, Outcome, Progress, Released, Request
from bot.errors import ConversationUnavailable, LibraryUnavailable, NotReady, WriterFailed
from bot.models import Spent
from bot.values import Audience, Person, Question, Turn
from knowledge.holds import Hold
from knowledge.validity import current
from knowledge.values import AccessRule, Document, Findings, Hit, Scope
from knowledge.weights import THRESHOLDS
from tests.factories import EVERYONE, HR, NOW, TODAY, a_document, a_hit, a_person, a_question, an_answering

SURE, UNSURE = THRESHOLDS.answer_from, THRESHOLDS.answer_from - 0.01


@dataclass
class Shelf:
    """A library that gives what it is told to give, whatever the scope: the flow must not trust it."""

    hits: Sequence[Hit] = (a_hit("4.1 Employees may carry over up to five days. They lapse on 31 March."),)
    confidence: float = 1.0
    problem: Exception | None = None
    rule_set: frozenset[AccessRule] = frozenset({EVERYONE, HR})
    searched: list[tuple[str, Scope, date]] = field(default_factory=list)

    async def rules(self) -> frozenset[AccessRule]:
        return self.rule_set

    async def search(self, question: str, scope: Scope, as_of: date) -> Findings:
        self.searched.append((question, scope, as_of))
        if self.problem:
            raise self.problem
        return Findings(hits=tuple(self.hits), confidence=self.confidence, edition=7)

    async def readable(self, scope: Scope) -> tuple[Document, ...]:
        return tuple({hit.document.id: hit.document for hit in self.hits}.values())

    async def holding(self, as_of: date) -> frozenset[str]:
        return current([hit.document for hit in self.hits], as_of)

    async def passages(self, scope: Scope, as_of: date) -> tuple[Hit, ...]:
        return tuple(self.hits)

    async def held_topics(self, question: str) -> tuple[Hold, ...]:
        return ()

    async def passage(self, passage: str, scope: Scope, edition: int | None = None) -> Hit | None:
        return next((hit for hit in self.hits if hit.passage.id == passage), None)


@dataclass
class Script:
    """A writer that says what the script says, piece by piece, and may break off."""

    pieces: Sequence[str]
    breaks: bool = False
    requests: list[Request] = field(default_factory=list)
    name: str = "script"
    signature: str = ""

    def sees(self, labels: Collection[str]) -> bool:
        return True

    async def write(self, request: Request) -> AsyncGenerator[str | Spent, None]:
        self.requests.append(request)
        for piece in self.pieces:
            yield piece
        if self.breaks:
            raise WriterFailed("broke off")


@dataclass
class Book:
    """A ledger that remembers in which order it was opened and closed."""

    closed: list[Answer] = field(default_factory=list)
    opened: int = 0

    async def open(self, question: Question) -> str:
        self.opened += 1
        return "r-1"

    async def close(self, answer: Answer) -> None:
        self.closed.append(answer)

    async def feedback(self, receipt: str, person: Person, verdict: str) -> None: ...


class Now:
    def now(self) -> datetime:
        return NOW

    def today(self) -> date:
        return TODAY


GOOD = ("Employees may carry over up to five days. [1]\n", "They lapse on 31 March. [1]\n")


async def run(question: Question, shelf: Shelf, writer: Script, book: Book | None = None) -> list[Event]:
    flow = an_answering(shelf, writer, ledger=book or Book(), clock=Now())
    return [event async for event in flow.answer(question)]


def the_answer(events: list[Event]) -> Answer:
    assert isinstance(events[-1], Closed)
    assert sum(isinstance(event, Closed) for event in events) == 1
    return events[-1].answer


def shown(events: list[Event]) -> list[str]:
    return [event.sentence.text for event in events if isinstance(event, Released)]


async def test_a_question_is_answered_with_checked_sentences_and_the_row_is_closed() -> None:
    book = Book()
    events = await run(a_question(), Shelf(), Script(GOOD), book)
    assert shown(events) == ["Employees may carry over up to five days.", "They lapse on 31 March."]
    assert the_answer(events).outcome is Outcome.ANSWERED
    assert (book.opened, book.closed) == (1, [the_answer(events)])
    assert isinstance(events[0], Progress)


async def test_lines_are_put_together_from_pieces_split_anywhere() -> None:
    text = "".join(GOOD)
    events = await run(a_question(), Shelf(), Script([text[index : index + 3] for index in range(0, len(text), 3)]))
    assert len(shown(events)) == 2


async def test_what_is_not_proved_is_never_released_and_is_kept_with_its_reason() -> None:
    lie = "Employees may carry over nine days. [1]\n"
    events = await run(a_question(), Shelf(), Script((GOOD[0], lie, "Trust me.\n", GOOD[1])))
    assert lie.split(" [", maxsplit=1)[0] not in shown(events)
    assert len(shown(events)) == 2
    assert [dropped.reason for dropped in the_answer(events).evidence.dropped] == [
        "says 9, which is not in the cited source",
        "names no source",
    ]


async def test_nothing_is_released_before_a_second_sentence_is_proved_or_the_draft_ends() -> None:
    with_failure = await run(a_question(), Shelf(), Script(GOOD[:1], breaks=True))
    assert shown(with_failure) == []
    assert the_answer(with_failure).outcome is Outcome.FAILED
    assert shown(await run(a_question(), Shelf(), Script(GOOD[:1]))) == ["Employees may carry over up to five days."]


async def test_a_writer_that_breaks_off_after_a_release_leaves_an_answer_that_says_so() -> None:
    events = await run(a_question(), Shelf(), Script(GOOD, breaks=True))
    assert len(shown(events)) == 2
    assert the_answer(events).complete is False


@pytest.mark.parametrize("pieces", [(), ("NOT FOUND\n",), ("I think it is nine. [1]\n",), ("\n\n",)])
async def test_a_draft_that_proves_nothing_is_a_refusal_that_names_the_nearest_owner(pieces: tuple[str, ...]) -> None:
    events = await run(a_question(), Shelf(), Script(pieces))
    answer = the_answer(events)
    assert (answer.outcome, answer.sentences) == (Outcome.NOT_FOUND, ())
    assert (answer.nearest_title, answer.nearest_owner) == ("Annual leave", "ruth")
    assert answer.looked_for == "How many days can I carry over?"


async def test_below_the_threshold_no_writer_sees_anything() -> None:
    writer = Script(GOOD)
    assert the_answer(await run(a_question(), Shelf(confidence=UNSURE), writer)).outcome is Outcome.NOT_FOUND
    assert writer.requests == []
    assert the_answer(await run(a_question(), Shelf(confidence=SURE), writer)).outcome is Outcome.ANSWERED


async def test_a_passage_outside_the_scope_reaches_neither_prompt_nor_refusal_even_if_the_index_returns_it() -> None:
    secret = a_hit("9.9 The Bristol site closes.", document=a_document("secret", rule=HR, title="Reorganisation", owner="wendy"))
    writer = Script(GOOD)
    events = await run(a_question(), Shelf(hits=(secret, a_hit("4.1 Employees may carry over up to five days."))), writer)
    assert all("Bristol" not in text for request in writer.requests for _, text in request.messages)
    assert all(source.hit.document.title != "Reorganisation" for source in the_answer(events).evidence.sources)
    alone = the_answer(await run(a_question(), Shelf(hits=(secret,)), Script(GOOD)))
    assert (alone.outcome, alone.nearest_title, alone.nearest_owner) == (Outcome.NOT_FOUND, "", "")


@pytest.mark.parametrize(("document", "passage"), [(HR, EVERYONE), (EVERYONE, HR)])
async def test_a_passage_is_shown_only_where_its_own_label_and_its_documents_are_readable(
    document: AccessRule, passage: AccessRule
) -> None:
    mixed = a_hit("9.9 The Bristol site closes.", document=a_document("secret", rule=document))
    mixed = replace(mixed, passage=replace(mixed.passage, label=passage.label))
    answer = the_answer(await run(a_question(), Shelf(hits=(mixed,)), Script(("The Bristol site closes. [1]\n",))))
    assert (answer.outcome, answer.evidence.sources) == (Outcome.NOT_FOUND, ())


async def test_no_answer_is_told_again_from_what_is_out_of_scope_even_if_the_library_gives_it() -> None:
    secret = a_hit("9.9 The Bristol site closes.", document=a_document("secret", rule=HR, title="Reorganisation", owner="wendy"))
    question = a_question("where does it say that?", turns=(Turn("Which site closes?", (secret.passage.id,)),))
    writer = Script(("The Bristol site closes. [1]\n",))
    answer = the_answer(await run(question, Shelf(hits=(secret,)), writer))
    assert (answer.outcome, answer.sentences, answer.evidence.sources) == (Outcome.CANNOT_RETELL, (), ())
    assert writer.requests == []


async def test_a_receipt_that_cannot_be_closed_costs_no_answer() -> None:
    class Stuck(Book):
        async def close(self, answer: Answer) -> None:
            raise ConversationUnavailable("locked")

    assert the_answer(await run(a_question(), Shelf(), Script(GOOD), Stuck())).outcome is Outcome.ANSWERED


async def test_an_audience_that_may_read_nothing_is_told_so_without_a_search() -> None:
    guest = a_person("carla", membership="guest")
    shelf = Shelf()
    assert the_answer(await run(a_question(asker=guest), shelf, Script(GOOD))).outcome is Outcome.NOTHING_READABLE
    assert shelf.searched == []


async def test_the_scope_is_the_audiences_not_the_askers() -> None:
    question = a_question(asker=a_person("ruth", "hr"))
    shelf = Shelf()
    await run(question, shelf, Script(GOOD))
    public = Question(
        text=question.text, asker=question.asker, audience=Audience(circle="whole_company"), place=question.place, asked_at=NOW
    )
    await run(public, shelf, Script(GOOD))
    assert [sorted(scope.labels) for _, scope, _ in shelf.searched] == [["everyone", "groups:hr"], ["everyone"]]


@pytest.mark.parametrize(("problem", "outcome"), [(LibraryUnavailable("down"), Outcome.FAILED), (NotReady("empty"), Outcome.NOT_READY)])
async def test_an_outage_is_one_honest_outcome_and_the_row_is_closed(problem: Exception, outcome: Outcome) -> None:
    book = Book()
    events = await run(a_question(), Shelf(problem=problem), Script(GOOD), book)
    assert the_answer(events).outcome is outcome
    assert len(book.closed) == 1


@dataclass
class TwoSearches(Shelf):
    """Finds the joined question surely, and the other as surely as it is told to."""

    alone: float = 0.0

    async def search(self, question: str, scope: Scope, as_of: date) -> Findings:
        found = await super().search(question, scope, as_of)
        return replace(found, confidence=self.alone) if "carry over" not in question else found


THREAD = (Turn("How many days can I carry over?"),)


@pytest.mark.parametrize(
    ("text", "alone", "searched"),
    [
        ("How long is jury service paid in Bristol?", 0.9, ["How long is jury service paid in Bristol?"]),
        ("Is jury service paid?", 0.1, ["Is jury service paid?", "How many days can I carry over? Is jury service paid?"]),
        ("and in Bristol?", 0.9, ["How many days can I carry over? and in Bristol?"]),
    ],
)
async def test_a_follow_up_is_joined_with_the_turn_before_it_only_where_alone_it_finds_too_little(
    text: str, alone: float, searched: list[str]
) -> None:
    shelf = TwoSearches(alone=alone)
    answer = the_answer(await run(a_question(text, turns=THREAD), shelf, Script(GOOD)))
    assert [question for question, _, _ in shelf.searched] == searched
    assert answer.evidence.standalone == searched[-1]


async def test_small_talk_is_answered_without_a_search() -> None:
    shelf = Shelf()
    assert the_answer(await run(a_question("hello!"), shelf, Script(GOOD))).outcome is Outcome.SMALL_TALK
    assert shelf.searched == []
