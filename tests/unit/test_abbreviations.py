"""What a document calls by its initials and explains is known by both."""

from __future__ import annotations

import pytest

from knowledge.abbreviations import agreed, explained, met
from knowledge.glossary import Glossary


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Employees have Paid Time Off (PTO).", [("PTO", "Paid Time Off")]),
        ("PTO (paid time off) accrues monthly.", [("PTO", "paid time off")]),
        ("under the Family and Medical Leave Act (FMLA)", [("FMLA", "Family and Medical Leave Act")]),
        ("the Department of Labor (DoL) says", [("DoL", "Department of Labor")]),
        ("several Employee Resource Groups (ERGs)", [("ERG", "Employee Resource Groups")]),
        ("paid leave (see 4.2)", []),
        ("in writing (HR)", []),
        ("the United Kingdom office (GBP)", []),
    ],
)
def test_initials_in_brackets_are_explained_by_the_words_before_them(text: str, found: list[tuple[str, str]]) -> None:
    assert list(explained(text)) == found


def _also(question: str, *pairs: tuple[str, str]) -> tuple[str, ...]:
    return Glossary(met(question, agreed(pairs), lambda word: word in ("care", "paid", "time", "off"))).sought(question).also


def test_both_ways_are_searched() -> None:
    assert _also("how does pto accrue", ("PTO", "Paid Time Off")) == ("paid time off",)
    assert _also("when is paid time off due", ("PTO", "Paid Time Off")) == ("PTO",)
    assert _also("when is time off due", ("PTO", "Paid Time Off")) == ()


@pytest.mark.parametrize(
    ("short", "long"), [("IT", "information technology"), ("ARE", "advanced rules editor"), ("CARE", "company aid relief effort")]
)
def test_an_everyday_word_is_short_for_something_only_in_capitals(short: str, long: str) -> None:
    assert _also(f"what about {short.lower()}", (short, long)) == ()
    assert _also(f"what about {short}", (short, long)) == (long,)


def test_what_is_explained_in_two_ways_is_not_explained() -> None:
    assert agreed([("PPP", "personal pension plan"), ("PPP", "public private partnership")]) == ()


def test_one_explanation_in_capitals_and_one_without_are_the_same() -> None:
    assert [one.long for one in agreed([("PTO", "Paid Time Off"), ("PTO", "paid time off")])] == ["paid time off"]
