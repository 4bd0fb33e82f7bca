"""An owner is told of personal data by kind and number, and of ordinary contacts, examples and figures not at all."""

from __future__ import annotations

import pytest

from knowledge.personal import personal_remarks

PEOPLE = "\n".join(f"- ada.number{number}@fernhill.example" for number in range(9))
PAID = "| Name | Role | Salary |\n| --- | --- | --- |\n| Priya Nair | Engineer | 61,000 |\n| Tom van Dyke | Clerk | 38 500 |"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Pay it to GB82 WEST 1234 5698 7654 32 at once.", "1 account number"),
        ("From DE89370400440532013000 and GB82WEST12345698765432.", "2 account numbers"),
        ("Her number is 536-90-4399, his is AB 12 34 56 C.", "2 tax or insurance numbers"),
        (PEOPLE, "a list of 9 people's e-mail addresses"),
        (PAID, "what 2 people are paid, by name"),
    ],
)
def test_personal_data_is_remarked_on_and_not_repeated(text: str, told: str) -> None:
    (remark,) = personal_remarks(text)
    assert told in remark
    assert not any(word in remark for word in ("GB82", "DE89", "536", "AB 12", "ada.", "Priya", "61,000"))


@pytest.mark.parametrize(
    "text",
    [
        "Write to people@fernhill.example or ruth.baker@fernhill.example.",
        "\n".join(f"- team{number}@fernhill.example" for number in range(20)),
        "GB82 WEST 1234 5698 7654 33 is no account.",
        "Call 020-555-1234 or use form HR-12-2026, order 000-12-3456.",
        "| Band | Salary |\n| --- | --- |\n| Band C | 52,000 |\n| Band D | 61,000 |",
        "| Name | Room |\n| --- | --- |\n| Priya Nair | 4.12 |\n| Tom Dyke | 1,200 |",
    ],
)
def test_contacts_bands_and_wrong_numbers_are_no_personal_data(text: str) -> None:
    assert personal_remarks(text) == ()
