"""Numbers, amounts, percentages and dates in one spelling."""

from __future__ import annotations

import pytest

from knowledge.figures import Figure, figures, unsupported


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("five days", "number", "5"),
        ("twenty-five days", "number", "25"),
        ("£1,200.50", "amount", "GBP 1200.5"),
        ("EUR 300", "amount", "EUR 300"),
        ("28 €", "amount", "EUR 28"),
        ("25 %", "percent", "25"),
        ("25 per cent", "percent", "25"),
        ("1 January 2027", "date", "2027-01-01"),
        ("January 1, 2027", "date", "2027-01-01"),
        ("2027-01-01", "date", "2027-01-01"),
        ("the 31st of March", "date", "--03-31"),
        ("March 2027", "date", "2027-03"),
    ],
)
def test_each_spelling_has_one_value(text: str, kind: str, value: str) -> None:
    assert figures(text) == {Figure(kind, value)}  # type: ignore[arg-type]  # the table holds plain strings


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("You may carry over 5 days.", "up to five days"),
        ("Until 31 March.", "by 31 March 2027"),
        ("It is 160 a night.", "£160 a night"),
        ("In 2027 it is more.", "from 1 January 2027"),
        ("One of you may go.", "anyone may go"),
    ],
)
def test_a_figure_in_another_spelling_is_supported(line: str, source: str) -> None:
    assert not unsupported(line, source)


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("You may carry over 8 days.", "up to five days"),
        ("Until 31 May.", "by 31 March 2027"),
        ("It costs €160.", "£160 a night"),
        ("You get 5 %.", "5 days"),
        ("From 1 January 2028.", "from 1 January 2027"),
        ("15 days", "5 days"),
    ],
)
def test_another_figure_is_not(line: str, source: str) -> None:
    assert unsupported(line, source)


def test_amounts_that_stand_side_by_side_each_keep_their_own_currency() -> None:
    assert {figure.value for figure in figures("$0.45 £0.25 €30")} == {"USD 0.45", "GBP 0.25", "EUR 30"}
    assert {figure.value for figure in figures("30 € and 45 £")} == {"EUR 30", "GBP 45"}
