"""A figure is said of what its source says it of, on the side of it and for the time that its source says."""

from __future__ import annotations

import pytest

from knowledge.bounds import other_period, other_side, share_told_whole, turned_span
from knowledge.pairing import half_told, mispaired, of_another_country

MEETS = "The manager meets the employee within 2 weeks and decides within 6 weeks of the request."
FLIGHTS = (
    "Flights are booked at least 14 days before departure within a continent and at least 21 days before departure between continents."
)
HOTELS = "The hotel limit in the United States is $310 a night in New York, $260 a night in Boston and $190 a night elsewhere."
DENTAL = "Dental coverage costs $12 a month and vision coverage $4 a month for the employee only."
ADOPTERS = "Adopters have paid time off for up to 5 adoption appointments, and the second adopter for up to 2."
REPAID = "All fees are repaid when leaving within 12 months of the payment and half when leaving in the 12 months after that."
CARRIED = "Carried-over days must be taken by 31 March; days above the limit lapse on 31 December."
MILES = "Employees receive 45p per mile for the first 10,000 business miles and 25p per mile after that."
TIPS = "Tips are reimbursed at up to 20 per cent of the bill in the United States and up to 10 per cent in all other countries."
RAIL = "Rail journeys are made in standard class in the United Kingdom and in second class in Germany."
ALLOWANCE = "The allowance is paid once and amounts to up to £300 in the United Kingdom, €350 in Germany and $400 in the United States."


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("The manager decides within 2 weeks of the request.", MEETS),
        ("Flights between continents are booked at least 14 days before departure.", FLIGHTS),
        ("In Boston the limit is $310 a night.", HOTELS),
        ("Adopters have paid time off for up to 2 adoption appointments.", ADOPTERS),
        ("You repay half when leaving within 12 months of the payment.", REPAID),
        ("Carried-over days must be taken by 31 December.", CARRIED),
    ],
)
def test_a_figure_of_something_else_is_seen(line: str, source: str) -> None:
    assert mispaired(line, (source,))


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("The manager decides within 6 weeks of the request.", MEETS),
        ("Flights within a continent are booked at least 14 days before departure.", FLIGHTS),
        ("In Boston the hotel limit is $260 a night.", HOTELS),
        ("Dental coverage costs $12 a month for the employee only.", DENTAL),
        ("The second adopter has paid time off for up to 2.", ADOPTERS),
        ("Carried-over days must be taken by 31 March.", CARRIED),
    ],
)
def test_a_figure_of_its_own_is_fine(line: str, source: str) -> None:
    assert mispaired(line, (source,)) == ""


def test_what_comes_after_the_first_is_no_answer_by_itself() -> None:
    assert half_told("For your 200 miles you get 200 25p.", (MILES,), "") == "25"
    assert half_told("You get 45p for the first 10,000 miles and 25p after that.", (MILES,), "") == ""


def test_a_figure_of_one_country_names_it_where_others_have_another() -> None:
    assert half_told("Tips are reimbursed up to 20 per cent of the bill.", (TIPS,), "") == "20"
    assert half_told("Tips are reimbursed up to 20 per cent of the bill.", (TIPS,), "tips in the US?") == ""
    assert half_told("In New York the limit is $310.", (HOTELS,), "") == ""


def test_what_holds_in_one_country_is_not_said_of_another() -> None:
    assert of_another_country("Rail journeys are made in second class in the United Kingdom.", (RAIL,)) == "second"
    assert of_another_country("In Germany, rail journeys are made in second class.", (RAIL,)) == ""
    assert of_another_country("The allowance is paid once and amounts to up to $400 in the United States.", (ALLOWANCE,)) == ""


@pytest.mark.parametrize(
    ("line", "source"),
    [
        (
            "After a call-out that ends before 23:00 you rest.",
            "After a call-out that ends later than 23:00 the employee rests before work.",
        ),
        ("Your manager approves courses of £600 or more.", "The manager approves courses that cost up to £600."),
        ("It is possible if the trip was arranged more than 24 hours before.", "It is if the trip was arranged less than 24 hours before."),
    ],
)
def test_the_other_side_of_a_figure_is_seen(line: str, source: str) -> None:
    assert other_side(line, source)
    assert other_side(source, source) == ""


def test_what_was_before_is_told_where_the_source_tells_it() -> None:
    assert other_side("Before the 6 months, 3 days may be advanced.", "After 6 months it is due; before that 3 days may be advanced.") == ""


def test_hours_are_not_turned_round() -> None:
    source = "It is paid twice between 23:00 and 06:00."
    assert turned_span("It is paid twice between 06:00 and 23:00.", source)
    assert turned_span("It is paid twice from 11 pm to 6 am.", source) == ""


def test_one_in_twenty_is_not_twenty() -> None:
    source = "Finance reviews one in twenty claims each month."
    assert share_told_whole("Finance reviews twenty claims each month.", source) == "20"
    assert share_told_whole("One in 20 claims is reviewed each month.", source) == ""


def test_six_days_a_year_are_not_six_days_a_month() -> None:
    source = "Employees receive up to six paid study days a year, of which no more than three may be taken in one month."
    assert other_period("You receive up to six paid study days a month.", source) == "6 a month"
    assert other_period("You receive up to six paid study days each year.", source) == ""
