"""The countries that a text names."""

from __future__ import annotations

import pytest

from knowledge.places import countries, without_countries


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Annual leave (United Kingdom)", {"uk"}),
        ("in the US and in Germany", {"usa", "germany"}),
        ("German law", {"germany"}),
        ("our colleague in France", {"france"}),
        ("tell us about leave", set()),
        ("All employees", set()),
    ],
)
def test_a_country_has_one_name_in_every_spelling(text: str, named: set[str]) -> None:
    assert countries(text) == named


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("how many days can I carry over in the UK?", "how many days can I carry over ?"),
        ("is the United States plan taxed", "is plan taxed"),
        ("tell us about leave for Germany", "tell us about leave"),
        ("is leave paid", "is leave paid"),
    ],
)
def test_the_names_of_countries_can_be_taken_out(text: str, rest: str) -> None:
    assert without_countries(text) == rest
