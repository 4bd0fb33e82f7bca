"""A calculation is made again: what is written out counts only when it comes out."""

from __future__ import annotations

import pytest

from bot.answers import Dropped, Sentence
from bot.flows.ground import check
from knowledge.calculations import calculations
from tests.factories import a_request


@pytest.mark.parametrize(
    "line",
    [
        "25 × 0.4 = 10 days",
        "25 days ÷ 12 × 7 months = 14.6",
        "180 miles × 45p = £81",
        "8 % of £31,000 = £2,480",
        "60 % of €3,900 is €2,340",
        "£46,800 ÷ 260 × 4 = £720",
        "(25 + 3) × 0.5 = 14 days",
        "61 hours − 40 hours = 21 hours",
        "You get £81 (180 × 45p).",
        "25 ÷ 12 × 7 = 14.58, rounded up to 15",
        "95 miles × 72.5 cents = $68.88",
    ],
)
def test_what_comes_out_holds(line: str) -> None:
    found = calculations(line)
    assert found
    assert all(one.holds for one in found)


@pytest.mark.parametrize(
    "line", ["25 × 0.4 = 11 days", "180 × 45p = £81.50", "8 % of £31,000 = £2,840", "25 ÷ 12 × 7 = 14.58, rounded up to 14"]
)
def test_what_does_not_come_out_does_not_hold(line: str) -> None:
    assert not all(one.holds for one in calculations(line))


@pytest.mark.parametrize(
    "line", ["between 09:00 - 17:00 is 8", "2026-01-01 is 5", "5 of 7 is 2", "1 ÷ 0 is", "Tips are up to 20 per cent, which is 5"]
)
def test_what_is_no_calculation_is_none(line: str) -> None:
    assert calculations(line) == ()


RATE = a_request("4.1 Mileage is paid at 45p per mile, for a private car.", question="I drove 180 miles, what do I get?")


def test_a_calculation_with_supported_operands_is_shown() -> None:
    assert isinstance(check("For your 180 miles it is 180 × £0.45 = £81. [1]", RATE), Sentence)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("For your 180 miles it is 180 × £0.45 = £91. [1]", "not so"),
        ("For your 180 miles it is 180 × £0.55 = £99. [1]", "GBP 0.55"),
        ("For your 190 miles it is 190 × £0.45 = £85.50. [1]", "190"),
        ("For your 180 miles it is £81. [1]", "GBP 81"),
    ],
)
def test_a_wrong_result_and_an_operand_from_nowhere_are_dropped(line: str, reason: str) -> None:
    verdict = check(line, RATE)
    assert isinstance(verdict, Dropped)
    assert reason in verdict.reason


def test_a_number_of_the_question_is_never_made_a_rule_of_the_source() -> None:
    request = a_request("4.1 Employees may carry over up to five days until 31 March.", question="Can I carry over 10 days until 31 March?")
    assert isinstance(check("You may carry over up to 10 days, until 31 March. [1]", request), Dropped)
    assert isinstance(check("You may carry over up to 5 days, until 31 March. [1]", request), Sentence)


MILES = a_request(
    "2.1 Employees receive 45p per mile for the first 10,000 business miles and 25p per mile after that, and 20p per mile for a bicycle.",
    question="what do I get for 12,000 miles?",
)


def test_what_goes_beyond_the_first_is_left_of_the_askers_own_number() -> None:
    assert isinstance(check("For your 12,000 miles that is 10,000 × £0.45 + 2,000 × £0.25 = £5,000. [1]", MILES), Sentence)
    assert isinstance(check("For your 12,000 miles that is 10,000 × £0.45 + 3,000 × £0.25 = £5,250. [1]", MILES), Dropped)


def test_a_calculation_with_the_figure_of_something_else_is_dropped() -> None:
    assert isinstance(check("For your 12,000 miles by bicycle that is 12,000 × £0.20 = £2,400. [1]", MILES), Sentence)
    assert isinstance(check("For your 12,000 miles that is 12,000 × 25p = £3,000. [1]", MILES), Dropped)
