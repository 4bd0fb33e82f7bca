"""What is held back ends a question with the words of who holds it: before it is answered, while it is, and when it is told again."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection
from dataclasses import dataclass, replace
from datetime import date

from bot.adapters.memory import FixedClock, ListLibrary
from bot.adapters.memory_holds import MemoryHolds
from bot.answers import Answer, Closed, Event, Outcome, Released, Request, Withdrawn
from bot.models import Spent
from bot.values import Question, Turn
from knowledge.holds import Hold
from knowledge.values import Findings, Scope
from tests.factories import HR, NOW, TODAY, a_document, a_hit, a_person, a_question, an_answering

CARRY, LAPSE = "Employees may carry over up to five days until 31 March 2027.", "Days carried over lapse after that date."
HIT = a_hit(f"4.1 {CARRY} {LAPSE}")
HOLD = Hold(number=0, document=HIT.document.id, sentence="It is being rewritten.", by="URUTH", until=TODAY)
TOPIC = replace(HOLD, document="", topic="carry over")


@dataclass
class Writes:
    """Both sentences."""

    requests: int = 0
    name: str = "tuned"
    signature: str = ""

    def sees(self, labels: Collection[str]) -> bool:
        return True

    async def write(self, request: Request) -> AsyncGenerator[str | Spent, None]:
        self.requests += 1
        for line in (CARRY, LAPSE):
            yield f"{line} [1]\n"


@dataclass
class Stopping(ListLibrary):
    """A list whose topic somebody stops after so many looks at what is stopped."""

    looks: int = 0

    async def held_topics(self, question: str) -> tuple[Hold, ...]:
        self.looks -= 1
        if self.looks < 0 and self.holds and not self.holds.kept:
            await self.holds.hold(TOPIC)
        return await super().held_topics(question)


def a_library() -> ListLibrary:
    return ListLibrary(hits=[HIT], holds=MemoryHolds(FixedClock(NOW)))


async def events_of(library: ListLibrary, writer: Writes, question: Question | None = None) -> tuple[list[Event], Answer]:
    events = [event async for event in an_answering(library, writer).answer(question or a_question())]
    assert isinstance(events[-1], Closed)
    return events, events[-1].answer


async def test_a_question_whose_document_is_held_is_written_by_nobody_and_told_the_hold() -> None:
    library = a_library()
    assert library.holds
    held = await library.holds.hold(HOLD)
    writer = Writes()

    _, answer = await events_of(library, writer)

    assert (answer.outcome, answer.hold, answer.sentences, writer.requests) == (Outcome.HELD, held, (), 0)


async def test_a_hold_on_a_document_that_the_readers_may_not_read_is_not_told() -> None:
    library = a_library()
    assert library.holds
    secret = a_hit(document=a_document("bands", rule=HR))
    library.hits = [HIT, secret]
    await library.holds.hold(replace(HOLD, document=secret.document.id))

    _, answer = await events_of(library, Writes())

    assert (answer.outcome, answer.hold) == (Outcome.ANSWERED, None)


async def test_a_topic_that_is_held_while_it_is_answered_takes_back_what_was_shown() -> None:
    library = Stopping(hits=[HIT], holds=MemoryHolds(FixedClock(NOW)), looks=3)  # one by the search, two at the release

    events, answer = await events_of(library, Writes())

    shown = [event.sentence for event in events if isinstance(event, Released)]
    assert shown
    assert [event.sentence for event in events if isinstance(event, Withdrawn)] == shown
    assert library.holds
    assert (answer.outcome, answer.hold, answer.sentences) == (Outcome.HELD, library.holds.kept[0], ())


async def test_an_answer_is_not_told_again_once_its_topic_is_held() -> None:
    library = a_library()
    assert library.holds
    turn = Turn("How many days can I carry over?", (HIT.passage.id,))
    told = a_question("Where does it say that?", turns=(turn,))
    _, before = await events_of(library, Writes(), told)
    assert before.outcome is Outcome.ANSWERED
    held = await library.holds.hold(TOPIC)

    _, answer = await events_of(library, Writes(), told)

    assert (answer.outcome, answer.hold, answer.sentences) == (Outcome.HELD, held, ())


async def test_a_follow_up_whose_document_is_held_is_not_answered_from_what_was_asked_before() -> None:
    library = a_library()
    other = a_hit(document=a_document("expenses", title="Expenses"))
    library.hits, library.confidence = [HIT, other], 0.0
    assert library.holds
    held = await library.holds.hold(HOLD)
    turn = Turn("By when do I claim expenses?", (other.passage.id,))

    _, answer = await events_of(library, Writes(), a_question("How many days of annual leave can I carry over?", turns=(turn,)))

    assert (answer.outcome, answer.hold) == (Outcome.HELD, held)
    assert len(library.searched) == 1


async def test_where_the_rule_of_the_asker_s_own_country_is_held_another_country_s_is_no_answer() -> None:
    class OfCountry(ListLibrary):
        async def search(self, question: str, scope: Scope, as_of: date) -> Findings:
            found = await super().search(question, scope, as_of)
            return replace(found, hits=(), confidence=0.0) if "Germany" in question else replace(found, hits=(british,), held=())

    british = a_hit(document=a_document("leave-uk", title="Annual leave (United Kingdom)"))
    german = a_hit(document=a_document("leave-de", title="Annual leave (Germany)"))
    library = OfCountry(hits=[british, german], holds=MemoryHolds(FixedClock(NOW)))
    assert library.holds
    held = await library.holds.hold(replace(HOLD, document=german.document.id))
    asker = replace(a_person(), country="Germany")

    _, answer = await events_of(library, Writes(), a_question(asker=asker))

    assert (answer.outcome, answer.hold) == (Outcome.HELD, held)
