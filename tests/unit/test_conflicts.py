"""Two documents that hold for the same people and disagree are both shown; everything else is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.answers import Citation
from bot.flows.conflicts import conflicts
from knowledge.values import Document, Hit
from tests.factories import TODAY, a_document, a_hit

ALLOWANCE = "The home-office allowance is paid once and amounts to up to £300 for furniture."
OTHER = a_document("equipment", title="Equipment")


def cited(hit: Hit, number: int = 1) -> Citation:
    return Citation(number=number, hit=hit, start=0, end=len(hit.passage.text))


def disagrees(here: str, there: str, document: Document = OTHER, own: Document | None = None, as_of: date = TODAY) -> bool:
    first, second = a_hit(here, document=own or a_document("remote-work", title="Remote work")), a_hit(there, document=document)
    return bool(conflicts((cited(first),), (first, second), as_of))


def test_another_amount_for_the_same_thing_is_shown_with_both_quotes() -> None:
    first, second = a_hit(ALLOWANCE, document=a_document("remote-work")), a_hit(ALLOWANCE.replace("300", "250"), document=OTHER)
    (conflict,) = conflicts((cited(first),), (first, second), TODAY)
    assert (conflict.first.quote, conflict.second.quote) == (ALLOWANCE, ALLOWANCE.replace("300", "250"))
    assert conflict.second.hit.document is OTHER


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (ALLOWANCE, "A home-office allowance for furniture amounts to up to £250 and is paid once."),
        ("Expense claims are submitted in Tally within 45 days.", "Expense claims are submitted in Tally within 60 days."),
        ("Expense claims are submitted in Tally within ten working days.", "Expense claims are submitted in Tally within 12 working days."),
        ("Tips are reimbursed at up to 15 % of the bill.", "Tips are reimbursed at up to 20 per cent of the bill."),
        ("Unused annual leave is carried over until 31 March.", "Unused annual leave is carried over until 30 April."),
        ("The reception desk opens at 08:30 for visitors.", "The reception desk opens at 09:00 for visitors."),
        ("Laptops are replaced after four years.", "A laptop is replaced after three years."),
        ("Gifts from bidders may be accepted.", "Gifts from bidders may not be accepted."),
        ("Employees may choose a BahnCard 50 for rail journeys.", "Employees may choose a BahnCard 25 for rail journeys."),
        (
            "Maternity protection covers 6 weeks before and 8 weeks after birth.",
            "Maternity protection covers 8 weeks before and 8 weeks after birth.",
        ),
    ],
)
def test_what_says_something_else_about_the_same_is_a_conflict(here: str, there: str) -> None:
    assert disagrees(here, there)
    assert not disagrees(here, here)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (ALLOWANCE, "The relocation allowance is paid in two parts and amounts to up to £4,000 for a family."),
        ("Minutes are published in Desk within two weeks.", "The rota is published in Desk at least six weeks ahead."),
        (ALLOWANCE, "The home-office allowance is paid once and amounts to up to £300 for furniture, within 24 months."),
        (ALLOWANCE, "The home-office allowance for furniture is paid once the manager has agreed."),
        (
            "Employees in Germany submit expense claims within 45 days.",
            "Employees in the United States submit expense claims within 60 days.",
        ),
    ],
)
def test_what_is_about_something_else_is_none(here: str, there: str) -> None:
    assert not disagrees(here, there)


def test_documents_for_different_countries_do_not_contradict_each_other() -> None:
    uk, germany = replace(OTHER, applies_to="Employees in the United Kingdom"), replace(a_document("de"), applies_to="Employees in Germany")
    changed = ALLOWANCE.replace("300", "250")
    assert not disagrees(ALLOWANCE, changed, uk, germany)
    assert disagrees(ALLOWANCE, changed, uk, replace(germany, applies_to="Employees in the United Kingdom"))


def test_documents_for_different_contracts_do_not_contradict_each_other() -> None:
    permanent, interns = replace(OTHER, applies_to="Permanent employees"), replace(a_document("interns"), applies_to="Interns")
    assert not disagrees(ALLOWANCE, ALLOWANCE.replace("300", "250"), permanent, interns)


def test_a_version_does_not_contradict_the_one_that_replaced_it() -> None:
    new = replace(a_document("equipment-2026"), supersedes="equipment")
    assert not disagrees(ALLOWANCE, ALLOWANCE.replace("300", "250"), OTHER, new)


def test_versions_of_versions_do_not_contradict_each_other() -> None:
    oldest, middle, newest = (replace(OTHER, id=f"equipment-{year}.md", effective=None) for year in (2024, 2025, 2026))
    middle, newest = replace(middle, supersedes="equipment-2024"), replace(newest, supersedes="equipment-2025")
    hits = [a_hit(ALLOWANCE.replace("300", f"{number}00"), document=one) for number, one in enumerate((newest, middle, oldest), start=3)]
    assert conflicts((cited(hits[0]),), hits, TODAY) == ()


def test_a_document_that_is_not_in_force_yet_contradicts_nothing() -> None:
    coming = replace(OTHER, effective=date(2027, 1, 1))
    changed = ALLOWANCE.replace("300", "250")
    assert not disagrees(ALLOWANCE, changed, coming)
    assert disagrees(ALLOWANCE, changed, coming, as_of=date(2027, 1, 1))


def test_two_places_of_one_document_are_left_to_its_owner() -> None:
    assert not disagrees(ALLOWANCE, ALLOWANCE.replace("300", "250"), OTHER, OTHER)


ROWS = "2.2 As the table shows.\n\n| Years of service | Days |\n| --- | --- |\n| 0–2 | 25 |\n| 3–4 | 27 |\n"


def test_rows_are_held_against_rows_of_the_same_name() -> None:
    assert disagrees(ROWS, ROWS.replace("| 27 |", "| 29 |"))
    assert not disagrees(ROWS, ROWS.replace("| 3–4 | 27 |", "| 5–9 | 29 |"))


LIST = """5.1 Employees receive paid special leave for these events:

- (a) own wedding or civil partnership: 2 days;
- (b) silver wedding: 1 day.
"""


def test_items_of_like_lists_are_held_against_each_other_though_only_the_sentence_before_them_is_cited() -> None:
    first, second = a_hit(LIST, document=a_document("leave")), a_hit(LIST.replace("2 days", "4 days"), document=OTHER)
    lead = Citation(number=1, hit=first, start=0, end=LIST.index("\n"))
    (conflict,) = conflicts((lead,), (first, second), TODAY)
    assert "own wedding" in conflict.first.quote


def test_a_pair_of_documents_is_shown_once_and_a_reply_shows_two_at_most() -> None:
    first = a_hit(ALLOWANCE, document=a_document("remote-work"))
    others = [a_hit(ALLOWANCE.replace("300", f"{amount}"), document=a_document(f"other-{amount}")) for amount in (250, 200, 150)]
    assert len(conflicts((cited(first), cited(first)), (first, others[0]), TODAY)) == 1
    assert len(conflicts((cited(first),), (first, *others), TODAY)) == 2


def test_what_is_not_cited_is_numbered_behind_what_is() -> None:
    first, second = a_hit(ALLOWANCE, document=a_document("remote-work")), a_hit(ALLOWANCE.replace("300", "250"), document=OTHER)
    (conflict,) = conflicts((cited(first, number=4),), (first, second), TODAY)
    assert conflict.first.number == 4
    assert conflict.second.number > 4


def test_funds_that_are_called_differently_do_not_contradict_each_other() -> None:
    dental = a_hit("The dental plan pays up to £300 a year.", document=a_document("dental", title="Dental plan"))
    optical = a_hit("The optical plan pays up to £150 a year.", document=a_document("optical", title="Optical plan"))
    assert conflicts((cited(dental),), (dental, optical), TODAY) == ()
    again = a_hit("The dental plan pays up to £200 a year.", document=a_document("benefits", title="Benefits"))
    assert conflicts((cited(dental),), (dental, again), TODAY)
