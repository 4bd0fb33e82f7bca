"""What admins decide about places: read strictly, held to its day and its author, and narrowed when it cannot be read."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.adapters.house_file import read_house_rules
from bot.adapters.kept_file import KeptFile
from bot.adapters.memory import FixedClock
from bot.errors import Misconfigured
from bot.house_rules import NO_RULES, Grant, HouseRules, StoringApp
from tests.factories import NOW, TODAY

WHOLE = """
grants:
  - channel: C04PEOPLE
    label: groups:managers,hr
    reason: The pay round is prepared here
    by: greta
    until: 2026-12-31
apps_that_store:
  - {app: U0ARCHIVE, reason: Compliance archive}
record_none: [C05WORKS]
follow_ups: off
"""
GRANT = Grant(
    channel="C04PEOPLE", label="groups:hr,managers", reason="The pay round is prepared here", by="greta", until=date(2026, 12, 31)
)


def _file(folder: Path, text: str) -> Path:
    file = folder / "house.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_whole_file_is_read_and_labels_get_their_canonical_form(tmp_path: Path) -> None:
    assert read_house_rules(_file(tmp_path, WHOLE)) == HouseRules(
        grants=(GRANT,),
        apps_that_store=(StoringApp(app="U0ARCHIVE", reason="Compliance archive"),),
        record_none=frozenset({"C05WORKS"}),
        follow_ups=False,
    )


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "grants:\nrecord_none: []\n"])
def test_nothing_is_said_by_no_file_and_by_an_empty_one(tmp_path: Path, text: str) -> None:
    assert read_house_rules(None) == read_house_rules(_file(tmp_path, text)) == NO_RULES


@pytest.mark.parametrize(
    ("text", "line", "complaint"),
    [
        ("grant: []", 1, "`grant` is not known here; known: grants, apps_that_store"),
        ("grants: {channel: C1}", 1, "grants is a list"),
        ("grants:\n  - C04PEOPLE", 2, "must have the fields channel, label, reason, by, until"),
        (WHOLE.replace("    reason: The pay round is prepared here\n", ""), 3, "`reason` is missing"),
        (WHOLE.replace("    by: greta\n", ""), 3, "`by` is missing"),
        (WHOLE.replace("    until: 2026-12-31\n", ""), 3, "`until` is missing"),
        (WHOLE.replace("2026-12-31", "soon"), 7, "write the grant's last one as YYYY-MM-DD"),
        (WHOLE.replace("C04PEOPLE", "#people-team"), 3, "there must be words here"),
        (WHOLE.replace("C04PEOPLE", "people-team"), 3, "write a channel's id"),
        (WHOLE.replace("groups:managers,hr", "hr"), 4, "is no access label"),
        (WHOLE.replace("groups:managers,hr", "everyone"), 4, "everyone is no label to grant"),
        (WHOLE.replace("U0ARCHIVE", "archive"), 9, "write the app's user id"),
        (WHOLE.replace("C05WORKS", "works"), 10, "write a channel's id"),
        (WHOLE.replace("follow_ups: off", "follow_ups: maybe"), 11, "on or off"),
        (WHOLE + "record_none: []\n", 12, "given twice"),
        ("grants: [", 1, "does not parse"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_to_do(tmp_path: Path, text: str, line: int, complaint: str) -> None:
    with pytest.raises(Misconfigured) as refusal:
        read_house_rules(_file(tmp_path, text))
    assert f"house.yaml, line {line}: " in str(refusal.value)
    assert complaint in str(refusal.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"IBID_HOUSE_RULES: .* cannot be read"):
        read_house_rules(tmp_path / "missing.yaml")


def test_a_grant_is_for_its_channel_until_the_end_of_its_day_while_its_author_is_an_admin() -> None:
    rules = HouseRules(grants=(GRANT,))
    assert rules.granted("C04PEOPLE", date(2026, 12, 31), {"greta"}) == {"groups:hr,managers"}
    assert not rules.granted("C04PEOPLE", date(2027, 1, 1), {"greta"})
    assert not rules.granted("C04PEOPLE", TODAY, {"ruth"})
    assert not rules.granted("C01ASK", TODAY, {"greta"})


def test_a_channel_is_recorded_unless_it_is_named_and_only_a_named_app_stores() -> None:
    rules = HouseRules(record_none=frozenset({"C05WORKS"}), apps_that_store=(StoringApp(app="U0ARCHIVE", reason="archive"),))
    assert rules.records("C01ASK")
    assert not rules.records("C05WORKS")
    assert rules.stores("U0ARCHIVE")
    assert not rules.stores("U0OTHER")


async def test_a_file_that_breaks_takes_back_what_widens_keeps_what_narrows_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    file, clock = _file(tmp_path, WHOLE), FixedClock(NOW)
    kept = KeptFile(file, read_house_rules, HouseRules.narrowed, clock)
    whole = await kept.now()
    file.write_text(WHOLE.replace("by: greta", "by:"), encoding="utf-8")
    clock.at += timedelta(seconds=60)
    assert await kept.now() == replace(whole, grants=())
    assert "line 6" in str(caplog.records[0].__dict__["detail"])
    file.unlink()
    clock.at += timedelta(seconds=60)
    assert await kept.now() == replace(whole, grants=())
    _file(tmp_path, WHOLE)
    clock.at += timedelta(seconds=60)
    assert await kept.now() == whole


async def test_what_could_not_be_read_for_a_moment_is_read_again_although_it_has_not_changed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    answers: list[str | None] = ["one", None, None, "two"]
    clock, file = FixedClock(NOW), _file(tmp_path, "")

    def read(_: Path | None) -> str:
        said = answers.pop(0)
        if said is None:
            raise Misconfigured("the disk did not answer")
        return said

    kept = KeptFile(file, read, lambda before: f"less than {before}", clock)
    file.write_text("changed", encoding="utf-8")
    told = []
    for _ in range(3):
        clock.advance(seconds=5)
        told.append(await kept.now())
    assert told == ["less than one", "less than less than one", "two"]
    assert len(caplog.records) == 1


async def test_what_has_not_changed_is_not_read_again(tmp_path: Path) -> None:
    reads, clock = [], FixedClock(NOW)

    def read(file: Path | None) -> str:
        reads.append(file)
        return file.read_text(encoding="utf-8") if file else ""

    file = _file(tmp_path, "one")
    kept = KeptFile(file, read, str.upper, clock)
    for _ in range(5):
        clock.advance(seconds=60)
        assert await kept.now() == "one"
    assert len(reads) == 1
    file.write_text("two", encoding="utf-8")
    assert await kept.now() == "one"  # looked at a moment ago
    clock.advance(seconds=5)
    assert await kept.now() == "two"
