"""How fast one person may ask."""

from __future__ import annotations

from datetime import timedelta

from bot.flows.pace import Pace
from tests.factories import NOW


def test_the_limit_holds_in_any_minute_and_is_told_once() -> None:
    pace = Pace(limit=2)
    verdicts = [pace.ask("U1", NOW + timedelta(seconds=second)) for second in (0, 30, 40, 50, 59)]
    assert verdicts == ["go", "go", "too_many", "told", "told"]
    assert pace.ask("U1", NOW + timedelta(seconds=60)) == "go"
    assert pace.ask("U1", NOW + timedelta(seconds=61)) == "told"
    assert pace.ask("U1", NOW + timedelta(seconds=90)) == "go"
    assert pace.ask("U1", NOW + timedelta(seconds=101)) == "too_many"


def test_one_persons_haste_is_nobody_elses() -> None:
    pace = Pace(limit=1)
    assert [pace.ask(person, NOW) for person in ("U1", "U2", "U1", "U2")] == ["go", "go", "too_many", "too_many"]


def test_nobody_is_remembered_longer_than_a_minute() -> None:
    pace = Pace(limit=1)
    pace.ask("U1", NOW)
    pace.ask("U1", NOW)
    pace.ask("U2", NOW + timedelta(minutes=2))
    assert "U1" not in str(pace)
