"""A sentence of the source with one small thing changed is not what the source says."""

from __future__ import annotations

import pytest

from bot.answers import Dropped, Sentence
from bot.flows.ground import check
from tests.factories import a_request

TEXT = (
    "4.1 The manager may refuse a request within five working days. The hotel limit is $310 a night in New York and $260 a night in Boston."
    " A plan may begin at any time of year and does not need a rating first. Files are deleted by the record owner before 14:00."
    " The host registers visitors in Desk. Non-exempt employees are paid 1.5 times their rate, up to £55 a month."
)
REQUEST = a_request(TEXT, question="what are the rules?")


@pytest.mark.parametrize(
    "line",
    [
        "Your manager may refuse the request within 5 working days.",
        "In Boston the hotel limit is $260 a night.",
        "A plan can begin at any time of year and doesn't need a rating first.",
        "The files are deleted by the record owner before 14:00.",
        "The host registers your visitors in Desk.",
        "If you are a non-exempt employee you are paid 1.5 times your rate, up to £55 a month.",
    ],
)
def test_the_same_rule_in_slightly_other_words_is_shown(line: str) -> None:
    assert isinstance(check(f"{line} [1]", REQUEST), Sentence)


@pytest.mark.parametrize(
    "line",
    [
        "Your manager must refuse the request within 5 working days.",
        "Your manager may not refuse the request within 5 working days.",
        "Your manager may refuse the request within 5 calendar days.",
        "Your manager may refuse the request within 5 weeks.",
        "In Boston the hotel limit is $310 a night.",
        "The hotel limit is $260 a night in New York and $310 a night in Boston.",
        "A plan may not begin at any time of year and needs a rating first.",
        "The files are deleted by the manager before 14:00.",
        "The files are deleted by the record owner after 14:00.",
        "The visitors register the host in Desk.",
        "If you are an exempt employee you are paid 1.5 times your rate, up to £55 a month.",
        "Non-exempt employees are paid 1.5 times their rate, up to £55 a week.",
        "Non-exempt employees are paid 1.5 times their rate, at least £55 a month.",
        "Non-exempt employees are paid 1.5 times their rate, up to €55 a month.",
    ],
)
def test_a_changed_one_is_dropped(line: str) -> None:
    assert isinstance(check(f"{line} [1]", REQUEST), Dropped)


def test_the_score_of_a_verbatim_line_is_one_and_of_another_is_less() -> None:
    verbatim, reworded = (
        check("The host registers visitors in Desk. [1]", REQUEST),
        check("In Desk the host gives you what registers visitors. [1]", REQUEST),
    )
    assert isinstance(verbatim, Sentence)
    assert isinstance(reworded, Sentence)
    assert verbatim.score == 1.0
    assert 0 < reworded.score <= 1.0


RULES = a_request(
    "4.1 Employees give notice of at least twice the length of the leave. Drivers do not hold telephone calls while driving. Keeping the"
    " car at home overnight is permitted if a journey starts before 07:00. Bought days cannot be returned, except when the employee leaves"
    " before having used them. Managers recommending for their own team, and the People team, are excluded from the payment of £1,500."
    " Honest mistakes are corrected in the next claim without further consequence.",
    question="what are the rules?",
)


@pytest.mark.parametrize(
    "line",
    [
        "You give notice of at least twice the length of your leave.",
        "No, you must not hold telephone calls while driving.",
        "You may keep the car at home overnight if a journey starts before 07:00.",
        "Honest mistakes are corrected in the next claim.",
    ],
)
def test_a_ban_a_permission_and_a_consequence_may_be_put_in_everyday_words(line: str) -> None:
    assert isinstance(check(f"{line} [1]", RULES), Sentence)


@pytest.mark.parametrize(
    "line",
    [
        "You give notice of at least the length of the leave.",
        "You may hold telephone calls while driving.",
        "You must keep the car at home overnight if a journey starts before 07:00.",
        "Bought days can be returned if you have not used them.",
        "Managers recommending for their own team receive the payment of £1,500.",
    ],
)
def test_a_rule_with_its_twice_its_ban_or_its_exclusion_taken_out_is_dropped(line: str) -> None:
    assert isinstance(check(f"{line} [1]", RULES), Dropped)


def test_a_value_of_another_row_of_a_table_is_dropped_though_it_stands_in_the_clause() -> None:
    rows = "| Country | Lunch | Dinner |\n| --- | --- | --- |\n| Germany | €14 | €31 |\n| Austria | €16 | €33 |"
    meals = a_request(f"5.1 Meals are reimbursed up to the limits in the table.\n\n{rows}", question="what is lunch?")
    assert isinstance(check("Lunch in Germany is reimbursed up to €14. [1]", meals), Sentence)
    assert isinstance(check("Lunch in Germany is reimbursed up to €31. [1]", meals), Dropped)
    assert isinstance(check("Lunch in Germany is reimbursed up to €16. [1]", meals), Dropped)
