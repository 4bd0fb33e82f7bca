"""What docs/access.md shows is taken as it stands."""

from __future__ import annotations

from pathlib import Path

from bot.adapters.file_directory import read_directory
from bot.adapters.house_file import read_house_rules
from tests.documented import ROOT, blocks

PAGE = ROOT / "docs" / "access.md"


def test_the_house_rules_that_are_shown_are_read(tmp_path: Path) -> None:
    (shown,) = blocks(PAGE, "yaml")
    (tmp_path / "house.yaml").write_text(shown, encoding="utf-8")
    rules = read_house_rules(tmp_path / "house.yaml")
    assert [grant.label for grant in rules.grants] == ["groups:hr"]
    assert rules.stores("U0ARCHIVE")
    assert not rules.records("C05WORKS")
    assert rules.follow_ups


def test_the_people_that_are_shown_are_read(tmp_path: Path) -> None:
    (shown,) = blocks(PAGE, "csv")
    (tmp_path / "people.csv").write_text(shown, encoding="utf-8")
    people = read_directory(tmp_path / "people.csv").people
    assert people["ruth"].groups == {"people-partners", "auditors"}
    assert [name for name, person in people.items() if person.admin] == ["greta"]
