"""What becomes of a draft in the whole flow: conditions come along, what does not answer is none, and a reason names what is wrong."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection
from dataclasses import dataclass

import pytest

from bot.adapters.memory import ListLibrary
from bot.answers import Answer, Closed, Dropped, Outcome, Request, Sentence
from bot.flows.ground import check
from bot.models import Spent
from tests.factories import a_hit, a_question, a_request, an_answering

LEAVE = "4.1 Employees in Germany get 30 days a year. Employees in Spain get 25 days a year."
CARDS = "3.1 Corporate cards are issued by Finance. Lost cards are reported to Harbour within 2 days. Travel is booked within 5 days."


@dataclass(frozen=True)
class Says:
    """A model that says these lines."""

    lines: tuple[str, ...]
    name: str = "says"
    signature: str = "says"

    def sees(self, labels: Collection[str]) -> bool:
        return True

    async def write(self, request: Request) -> AsyncGenerator[str | Spent, None]:
        for line in self.lines:
            yield f"{line}\n"


async def answer_of(text: str, question: str, *lines: str) -> Answer:
    flow = an_answering(ListLibrary(hits=(a_hit(text),)), Says(lines))
    last = [event async for event in flow.answer(a_question(question))][-1]
    assert isinstance(last, Closed)
    return last.answer


async def test_a_condition_that_a_draft_left_out_is_shown_below_it() -> None:
    text = "4.1 Employees get 5 days for a move. This does not apply in the first year."
    answer = await answer_of(text, "How many days do I get for a move?", "You get 5 days for a move. [1]")
    assert [(sentence.text, sentence.condition) for sentence in answer.sentences] == [
        ("You get 5 days for a move.", False),
        ("This does not apply in the first year.", True),
    ]


async def test_a_draft_that_lost_what_was_asked_for_is_no_answer() -> None:
    text = "4.1 Employees may carry over up to 5 days. Requests are made in Harbour."
    question = "How many days can I carry over?"
    answer = await answer_of(text, question, "Employees may carry over up to 25 days. [1]", "Requests are made in Harbour. [1]")
    assert answer.outcome is Outcome.NOT_FOUND
    assert answer.sentences == ()


async def test_a_draft_that_kept_it_is_one() -> None:
    text = "4.1 Employees may carry over up to 5 days. Requests are made in Harbour."
    answer = await answer_of(text, "How many days can I carry over?", "Employees may carry over up to 5 days. [1]")
    assert answer.outcome is Outcome.ANSWERED


@pytest.mark.parametrize(
    ("line", "text", "reason"),
    [
        ("Employees in France get 30 days a year [1]", LEAVE, "names france"),
        ("Lost cards are reported to Harbour within 5 days [1]", CARDS, "says 5, which stands in other sentences"),
        ("Lost laptops are reported to Harbour within 2 days [1]", CARDS, "speaks of laptop, which the cited source does not"),
    ],
)
def test_a_line_is_dropped_for_what_is_wrong_with_it(line: str, text: str, reason: str) -> None:
    verdict = check(line, a_request(text))
    assert isinstance(verdict, Dropped)
    assert verdict.reason.startswith(reason)


def test_a_right_line_with_the_number_of_a_source_that_was_not_given_is_not_shown() -> None:
    assert isinstance(check("In Germany employees get 30 days a year [1]", a_request(LEAVE)), Sentence)
    assert isinstance(check("In Germany employees get 30 days a year [7]", a_request(LEAVE)), Dropped)
