"""The countries that a text names."""

from __future__ import annotations

import pytest

from knowledge.places import countries, country_named, with_article, without_countries


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


def test_a_norwegians_code_is_no_no() -> None:
    assert country_named(False) == country_named("NO") == "Norway"
    assert country_named(None) == ""


@pytest.mark.parametrize(
    ("country", "said"), [("United States", "the United States"), ("Netherlands", "the Netherlands"), ("Germany", "Germany")]
)
def test_a_country_is_said_with_its_article(country: str, said: str) -> None:
    assert with_article(country) == said


@pytest.mark.parametrize(
    ("profile", "named"), [("GB", "United Kingdom"), ("de", "Germany"), ("United States", "United States"), ("", ""), ("Atlantis", "")]
)
def test_a_profiles_country_is_called_as_documents_call_it(profile: str, named: str) -> None:
    assert country_named(profile) == named
