"""A value of a table stands in one row and one column, and a line gives it to no other."""

from __future__ import annotations

import pytest

from knowledge.table_cells import misplaced, of_another_row, tables

MEALS = """5.1 Meal costs are reimbursed up to the limits in the table.

| Country | Breakfast | Lunch | Dinner |
| --- | --- | --- | --- |
| United Kingdom | £10 | £12 | £28 |
| Germany | €11 | €14 | €31 |"""
SERVICE = """2.2 Leave grows with service.

| Completed years of service | Days per leave year |
| --- | --- |
| 0–2 | 25 |
| 3–4 | 27 |
| 5–9 | 28 |
| 10 or more | 30 |"""
NOTICE = """2.1 The notice depends on the country.

| Country | During probation | After probation |
| --- | --- | --- |
| United Kingdom, bands F1 to F5 | One week | One month |
| United Kingdom, bands F6 and F7 | Two weeks | Three months |
| Germany | Two weeks | Four weeks to the 15th |"""
DUTY = """4.1 The allowance is paid for each day.

| Day | United Kingdom |
| --- | --- |
| Monday to Friday | £28 |
| Saturday or Sunday | £62 |"""
SICK = """3.1 Sick pay differs by country.

| Country | Full pay |
| --- | --- |
| Germany | 6 weeks for each illness |
| United States | 64 hours in each calendar year |"""


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("In Germany lunch is reimbursed up to €31.", MEALS),
        ("Lunch in the UK is up to £12 and dinner up to £10.", MEALS),
        ("After 8 years you get 30 days.", SERVICE),
        ("With 3 yrs you get 28 days.", SERVICE),
        ("In the UK bands F6 and F7 give one month's notice after probation.", NOTICE),
        ("In band F3 in the UK you give three months' notice after probation.", NOTICE),
        ("In Germany you give four weeks' notice during probation.", NOTICE),
        ("On a Tuesday you get £62 in the United Kingdom.", DUTY),
        ("At the weekend you get £28 in the United Kingdom.", DUTY),
    ],
)
def test_a_value_of_another_row_or_column_is_seen(line: str, text: str) -> None:
    assert misplaced(line, text)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("In Germany lunch is reimbursed up to €14.", MEALS),
        ("In the UK, breakfast is £10, lunch £12 and dinner £28.", MEALS),
        ("It is €11, €14 and €31 in Germany.", MEALS),
        ("After 8 years you get 28 days.", SERVICE),
        ("You get 28 days per leave year with 5–9 completed years.", SERVICE),
        ("In the UK bands F6 and F7 give three months' notice after probation.", NOTICE),
        ("In band F3 in the UK you give one month's notice after probation.", NOTICE),
        ("On a Tuesday you get £28, at the weekend £62.", DUTY),
        ("You get 64 hours a year in the United States.", SICK),
        ("Claims are made within 45 days.", MEALS),
    ],
)
def test_a_value_of_its_own_row_and_column_is_fine(line: str, text: str) -> None:
    assert misplaced(line, text) == ""


def test_the_row_that_the_line_leaves_out_is_the_one_that_was_asked_for() -> None:
    assert misplaced("You get 30 days.", SERVICE, "how many days after 8 years?")
    assert misplaced("You get 28 days.", SERVICE, "how many days after 8 years?") == ""


def test_a_word_that_only_another_row_has_is_seen() -> None:
    assert of_another_row("In the United States you get 64 hours for each illness.", SICK, "") == "ill"
    assert of_another_row("In Germany you get 6 weeks for each illness.", SICK, "") == ""


def test_a_question_names_the_rows_that_it_is_about_and_a_year_is_no_length_of_service() -> None:
    (table,) = tables(SERVICE)
    assert table.rows_named("how many days with 6 years of service") == {2}
    assert table.rows_named("how many days do I get in a year") == frozenset()
