"""When the weekly note is due, for whom, and what stands in it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.flows.owning import owned, rights_of
from bot.flows.weekly_note import note_for, week_due, week_settled, zone
from knowledge.values import Document, Unread
from tests.factories import EVERYONE, a_person

MOMENTS = some.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=some.just(UTC))  # noqa: DTZ001  hypothesis wants bare bounds
ZONES = ("UTC", "Europe/Berlin", "America/Los_Angeles", "Pacific/Kiritimati", "Asia/Kathmandu")


def a_policy(name: str, owner: str = "ruth", review_by: date | None = None) -> Document:
    return Document(id=f"{name}.md", title=name, rule=EVERYONE, owner=owner, review_by=review_by)


@given(MOMENTS, some.sampled_from(ZONES))
def test_it_is_due_from_monday_nine_for_two_days_in_the_week_that_it_names(now: datetime, name: str) -> None:
    where = ZoneInfo(name)
    here = now.astimezone(where)
    since_monday = timedelta(days=here.weekday(), hours=here.hour, minutes=here.minute, seconds=here.second)
    week = week_due(now, where)
    if timedelta(hours=9) <= since_monday < timedelta(days=2, hours=8):
        year, number, _ = here.isocalendar()
        assert week == f"{year}-W{number:02d}"
    elif not timedelta(days=2, hours=8) <= since_monday <= timedelta(days=2, hours=10):  # a clock may be put forward in between
        assert week == ""


@given(MOMENTS, some.sampled_from(ZONES), some.integers(0, 8 * 24))
def test_whoever_asks_gets_the_first_note_at_the_next_monday_nine(now: datetime, name: str, later: int) -> None:
    where = ZoneInfo(name)
    settled, due = week_settled(now, where), week_due(now + timedelta(hours=later), where)
    here = now.astimezone(where)
    monday = datetime.combine(here.date() - timedelta(days=here.weekday()), datetime.min.time().replace(hour=9), where)
    following = monday if now < monday else monday + timedelta(days=7)
    assert (due > settled) is (bool(due) and now + timedelta(hours=later) >= following)


@pytest.mark.parametrize("name", ["", "Nowhere/Land", "../../etc/passwd", "/etc/passwd", "Europe/Berlin\0", "europe"])
def test_an_unknown_zone_is_utc(name: str) -> None:
    assert zone(name) is UTC


def test_a_document_counts_as_overdue_from_the_day_after_its_review() -> None:
    today = date(2026, 11, 16)
    days = {-1: "overdue", 0: "soon", 30: "soon", 31: ""}
    documents = [a_policy(f"in{day}", review_by=today + timedelta(days=day)) for day in days]
    note = note_for(rights_of(a_person("ruth"), documents, admin=False), documents, (), today)
    assert [one.id for one in note.overdue] == ["in-1.md"]
    assert [one.id for one in note.soon] == ["in0.md", "in30.md"]


def test_an_admin_who_owns_nothing_gets_a_count_and_nobody_else_does() -> None:
    documents = [a_policy("old", review_by=date(2026, 1, 1))]
    for admin in (True, False):
        note = note_for(rights_of(a_person("greta"), documents, admin=admin), documents, [Unread("x.md", "is empty")], date(2026, 11, 16))
        assert bool(note) is admin
        assert note.overdue == ()
        assert (note.rest.overdue, note.rest.unread) == ((1, 1) if admin else (0, 0))


def test_whoever_left_or_is_a_guest_owns_nothing() -> None:
    documents = [a_policy("a"), a_policy("b", owner=""), a_policy("c", owner="Ruth"), a_policy("d", owner="URUTH"), a_policy("e")]
    assert [one.id for one in owned(a_person("ruth"), documents)] == ["a.md", "d.md", "e.md"]
    assert rights_of(a_person("ruth"), documents, admin=False).owns == "ruth"  # two of three call her that
    for membership in ("guest", "outsider", "deactivated", "app"):
        rights = rights_of(a_person("ruth", membership=membership), documents, admin=False)
        assert (rights.owns, rights.any) == ("", False)
