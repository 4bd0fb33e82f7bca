"""A passage's situation names its document, whom it covers, and its headings, once each."""

from __future__ import annotations

import pytest

from knowledge.situating import situation
from knowledge.values import AccessRule, Document


@pytest.mark.parametrize(
    ("title", "applies_to", "line"),
    [
        ("Annual leave (Germany)", "Employees in Germany", "Annual leave (Germany) › 4. Carrying over"),
        ("Annual leave", "Employees in Germany", "Annual leave › Employees in Germany › 4. Carrying over"),
        ("Expenses", "All employees", "Expenses › 4. Carrying over"),
        ("Expenses", "", "Expenses › 4. Carrying over"),
    ],
)
def test_whom_a_document_covers_is_said_where_it_adds_words(title: str, applies_to: str, line: str) -> None:
    document = Document(id="a.md", title=title, rule=AccessRule(everyone=True), applies_to=applies_to)

    assert situation(document, ("4. Carrying over",)) == line
