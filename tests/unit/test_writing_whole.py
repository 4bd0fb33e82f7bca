"""An answer is whole: with the conditions it needs, with an answer in it, and no longer than it has to be."""

from __future__ import annotations

from bot.adapters.memory import ListLibrary
from bot.answers import Answer, Closed, Event, Outcome, Released, Withdrawn
from tests.factories import a_hit, a_question, an_answering
from tests.unit.test_writing import Scripted

CARRY = "Employees may carry over up to five days."
LIMIT = "This does not apply to interns."
HARBOUR = "Requests are made in Harbour."
ROOM = "Leave is planned with the team."
LIE = "Employees may carry over up to 25 days."
LIBRARY = ListLibrary(hits=(a_hit(f"4.1 {CARRY} {LIMIT}"), a_hit(f"4.2 {HARBOUR}\n\n{ROOM}", clause="4.2")))


async def events_of(*lines: str, behind: tuple[str, ...] = ()) -> list[Event]:
    flow = an_answering(LIBRARY, Scripted("tuned", lines), *([Scripted("behind", behind, signature="")] if behind else []))
    return [event async for event in flow.answer(a_question("How many days can I carry over?"))]


def closed(events: list[Event]) -> Answer:
    last = events[-1]
    assert isinstance(last, Closed)
    return last.answer


async def test_a_condition_is_released_before_the_end_and_is_part_of_the_answer() -> None:
    events = await events_of("You may carry over up to 5 days. [1]")
    answer = closed(events)
    assert [(sentence.text, sentence.condition) for sentence in answer.sentences] == [
        ("You may carry over up to 5 days.", False),
        (LIMIT, True),
    ]
    assert [event.sentence for event in events if isinstance(event, Released)] == list(answer.sentences)
    assert answer.sentences[1].citations[0].number == answer.sentences[0].citations[0].number


async def test_side_remarks_alone_are_a_refusal_and_were_never_shown() -> None:
    events = await events_of(f"{LIE} [1]", f"{HARBOUR} [2]", f"{ROOM} [2]")
    assert closed(events).outcome is Outcome.NOT_FOUND
    assert closed(events).sentences == ()
    assert not any(isinstance(event, Released) for event in events)


async def test_the_next_writer_answers_what_the_first_one_did_not() -> None:
    answer = closed(await events_of(f"{LIE} [1]", f"{HARBOUR} [2]", behind=(f"{CARRY} [1]",)))
    assert [sentence.text for sentence in answer.sentences] == [CARRY, LIMIT]
    assert [tried.reason for tried in answer.evidence.tried] == ["does not answer"]


async def test_side_remarks_that_were_shown_before_the_answer_fell_are_withdrawn() -> None:
    events = await events_of(f"{HARBOUR} [2]", f"{ROOM} [2]", f"{LIE} [1]", behind=(f"{CARRY} [1]",))
    assert [event.sentence.text for event in events if isinstance(event, Released)] == [HARBOUR, ROOM]
    assert [event.sentence.text for event in events if isinstance(event, Withdrawn)] == [HARBOUR, ROOM]
    assert closed(events).outcome is Outcome.NOT_FOUND


async def test_one_question_gets_five_lines_at_most_and_conditions_on_top() -> None:
    lines = [f"{CARRY} [1]"] * 6 + [f"{HARBOUR} [2]"]
    answer = closed(await events_of(*lines))
    assert sum(not sentence.condition for sentence in answer.sentences) == 5
    assert HARBOUR not in [sentence.text for sentence in answer.sentences]
    assert answer.sentences[-1].condition
