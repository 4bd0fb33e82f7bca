"""A line is word for word what a text says only as whole sentences, items and rows."""

from __future__ import annotations

import pytest

from knowledge.sentences import units
from knowledge.verbatim import spoken, word_for_word

TEXT = """4.1 Employees get 25 days. They may
not sell them. See e.g. clause 5.

Nobody may accept:
- a gift above £50; or
- (b) cash.

| Tool | Who |
| --- | --- |
| Lingua | all |
| Code\\|Mate | engineers |"""


@pytest.mark.parametrize(
    "line",
    [
        "Employees get 25 days.",
        "4.1 Employees get 25 days",
        "They may not sell them.",
        "Employees get 25 days. They may not sell them.",
        "They may not sell them. See e.g. clause 5.",
        "Nobody may accept: a gift above £50",
        "Nobody may accept: cash.",
        "Tool: Lingua · Who: all",
        "Tool: Code|Mate · Who: engineers",
    ],
)
def test_whole_units_are(line: str) -> None:
    assert word_for_word(line, TEXT)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "5 days.",
        "Employees get 25",
        "sell them.",
        "Employees get 25 days. They may",
        "Employees get 25 days.xThey may not sell them.",
        "Employees get 25 days. See e.g. clause 5.",
        "a gift above £50",  # without the sentence that forbids it
        "Nobody may accept: a gift above £5",
        "Tool: Lingua · Who: engineers",
        "employees get 25 DAYS.",
    ],
)
def test_pieces_and_patchwork_are_not(line: str) -> None:
    assert not word_for_word(line, TEXT)


def test_every_unit_as_it_is_quoted_is() -> None:
    assert all(word_for_word(spoken(unit, TEXT), TEXT) for unit in units(TEXT))


def test_nothing_is_word_for_word_of_nothing() -> None:
    assert not word_for_word("Employees get 25 days.", "")
