"""`ibid doctor` says what is granted, by whom and until when; and what does not hold any more."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.doctor_access import house_rules
from bot.cli.finding import Finding
from bot.settings import HOME, read_settings

GRANT = "grants:\n  - {channel: C04PEOPLE, label: 'groups:hr', reason: The pay round, by: greta, until: 2026-12-31}\n"


def look(folder: Path, text: str | None) -> Finding:
    file = folder / "house.yaml"
    given = {"IBID_PEOPLE_FILE": str(HOME / "handbook" / "workspace.yaml"), "IBID_TODAY": "2026-11-16"}
    if text is not None:
        file.write_text(text, encoding="utf-8")
        given["IBID_HOUSE_RULES"] = str(file)
    return house_rules(read_settings(given))


def test_without_house_rules_nothing_is_granted(tmp_path: Path) -> None:
    found = look(tmp_path, None)
    assert found.well is None
    assert "nothing is granted" in found.what


def test_a_grant_that_holds_is_told_with_its_author_day_and_reason(tmp_path: Path) -> None:
    found = look(tmp_path, GRANT + "record_none: [C05WORKS]\nfollow_ups: off")
    assert found.well is True
    assert found.what == "House rules: 1 grant, 0 apps that store messages, 1 channel not recorded, follow-ups are off"
    assert found.cure == "In C04PEOPLE groups:hr is granted by greta until 2026-12-31: The pay round"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (GRANT.replace("2026-12-31", "2026-11-15"), "ended on 2026-11-15; take it out"),
        (GRANT.replace("by: greta", "by: ruth"), "ruth is no admin"),
        (GRANT.replace("'groups:hr'", "hr"), "house.yaml, line 2: 'hr' is no access label"),
    ],
)
def test_what_does_not_hold_is_told_with_what_to_do(tmp_path: Path, text: str, complaint: str) -> None:
    found = look(tmp_path, text)
    assert found.well is False
    assert complaint in found.cure
