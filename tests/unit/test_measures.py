"""What is measured is told from what it is worth."""

from __future__ import annotations

import pytest

from knowledge.measures import measured


@pytest.mark.parametrize(
    ("text", "measures"),
    [
        ("up to 5 days of unused leave", {"day": {"5"}}),
        ("ten further paid working days", {"day": {"10"}}),
        ("up to £120, €140 or $150", {"GBP": {"120"}, "EUR": {"140"}, "USD": {"150"}}),
        ("at most 15 per cent", {"percent": {"15"}}),
        ("by 31 March", {"date": {"--03-31"}}),
        ("before 9:30", {"clock": {"9:30"}}),
        ("the first 10,000 miles", {"mile": {"10000"}}),
        ("two weeks before, eight weeks after", {"week": {"2", "8"}}),
        ("clause 4.2 says so", {}),
        ("as soon as possible", {}),
    ],
)
def test_every_measure_has_its_values(text: str, measures: dict[str, set[str]]) -> None:
    assert measured(text) == measures
