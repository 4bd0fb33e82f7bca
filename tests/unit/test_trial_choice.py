"""Which golden questions a prompt is tried on, and what counts as right."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answers import Answer, Citation, Outcome, Request, Sentence
from bot.trials import Verdict
from evals.choosing import OF_EACH, choose, serves
from evals.figures import Reply
from evals.golden import Clause, GoldenQuestion, Kind
from evals.trial import verdict
from tests.factories import a_hit, a_request

LEAVE = (Clause("annual-leave", "4.1"),)


def a_golden(
    name: str, kind: Kind = "plain", *, says: tuple[str, ...] = ("five days",), clauses: tuple[Clause, ...] = LEAVE
) -> GoldenQuestion:
    never = ("six days",)
    answerable = kind not in ("near_miss", "unanswerable")
    return GoldenQuestion(
        id=name,
        kind=kind,
        asker="priya",
        where="dm",
        question=f"How many? {name}",
        clauses=clauses if answerable else (),
        says=says if answerable else (),
        never=never,
    )


async def given(golden: GoldenQuestion) -> Request | None:
    """As if every question found annual leave."""
    return replace(a_request("4.1 Five days."), sources=a_request("4.1 Five days.").sources)


def many(kind: Kind, count: int) -> list[GoldenQuestion]:
    return [a_golden(f"{kind}-{number}", kind) for number in range(count)]


async def kinds(questions: list[GoldenQuestion]) -> list[str]:
    return [one.kind for one in await choose(questions, OF_EACH, given)]


async def test_seven_that_have_an_answer_and_three_that_have_none() -> None:
    everything = [one for kind in ("plain", "follow_up", "dated", "own_numbers", "near_miss", "unanswerable") for one in many(kind, 20)]
    assert await kinds(everything) == ["plain"] * 3 + ["follow_up"] * 2 + ["dated", "own_numbers"] + ["near_miss"] * 2 + ["unanswerable"]


async def test_what_one_kind_lacks_the_others_like_it_make_up_for() -> None:
    assert await kinds(many("plain", 20) + many("near_miss", 20)) == ["plain"] * 7 + ["near_miss"] * 3
    assert await kinds(many("plain", 2)) == ["plain"] * 2
    assert await kinds([]) == []


async def test_the_order_of_the_file_does_not_matter() -> None:
    questions = many("plain", 20) + many("unanswerable", 20)
    assert await choose(questions, OF_EACH, given) == await choose(questions[::-1], OF_EACH, given)


async def test_what_no_writer_is_asked_and_what_finds_no_answer_is_left_out() -> None:
    async def nothing(golden: GoldenQuestion) -> Request | None:
        return None

    assert await choose(many("plain", 20) + many("near_miss", 20), OF_EACH, nothing) == ()
    request = await given(a_golden("a"))
    assert serves(a_golden("a"), request)
    assert not serves(a_golden("a", clauses=(Clause("annual-leave", "5.1"),)), request)
    assert serves(a_golden("a", "near_miss"), request)
    assert not serves(a_golden("a", "near_miss"), None)


@pytest.mark.parametrize(
    ("kind", "said", "outcome", "expected"),
    [
        ("plain", "You may carry over five days.", Outcome.ANSWERED, "right"),
        ("plain", "You may carry over some days.", Outcome.ANSWERED, "wrong"),
        ("plain", "You may carry over five days, or six days.", Outcome.ANSWERED, "forbidden"),
        ("plain", "", Outcome.NOT_FOUND, "refused"),
        ("plain", "", Outcome.OWN_RECORD, "refused"),
        ("plain", "", Outcome.FAILED, "failed"),
        ("near_miss", "", Outcome.NOT_FOUND, "right"),
        ("near_miss", "You may carry over some days.", Outcome.ANSWERED, "wrong"),
        ("near_miss", "You may carry over six days.", Outcome.ANSWERED, "forbidden"),
        ("unanswerable", "", Outcome.FAILED, "failed"),
    ],
)
def test_right_is_what_must_be_said_or_silence_where_nothing_answers(kind: Kind, said: str, outcome: Outcome, expected: Verdict) -> None:
    hit = a_hit()
    sentences = (Sentence(said, (Citation(number=1, hit=hit, start=0, end=3),)),) if said else ()
    answer = Answer(receipt="golden-1", outcome=outcome, sentences=sentences)
    assert verdict(Reply(golden=a_golden("a", kind), answer=answer)) == expected
