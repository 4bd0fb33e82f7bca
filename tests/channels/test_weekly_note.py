"""`/ibid note`: once a week, to those who asked for it, about their own documents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.channels.slack.indexing.weekly import send_due, send_notes
from bot.errors import LibraryUnavailable
from knowledge.values import AccessRule, Document, Hit, Unread
from tests.channels.conftest import Bench
from tests.factories import EVERYONE, HR, a_hit

FINANCE = AccessRule(groups=frozenset({"finance"}))
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)  # in London, where Ruth is


def due(name: str, review_by: date | None, owner: str = "ruth", rule: AccessRule = EVERYONE, url: str = "") -> Hit:
    title = name.replace("-", " ").capitalize()
    return a_hit(document=Document(id=f"{name}.md", title=title, rule=rule, owner=owner, review_by=review_by, url=url))


@pytest.fixture
async def desk(bench: Bench) -> Bench:
    """The Friday before; Ruth has asked for the note."""
    bench.library.hits = (
        due("old-leave", date(2026, 10, 1), url="https://handbook.example/leave"),
        due("older-leave", date(2026, 9, 1)),
        due("pay", date(2026, 12, 16)),
        due("travel", date(2026, 12, 17)),
        due("today", date(2026, 11, 16)),
        due("secret-pool", date(2026, 1, 1), rule=FINANCE),
        due("hiros", date(2026, 1, 1), owner="hiro"),
        due("nobodys", date(2026, 12, 1), owner=""),
        due("forever", None),
    )
    bench.library.remarks = (Unread("pay.md", "page 2 is scanned"), Unread("hiros.md", "is encrypted"), Unread("stray.pdf", "is empty"))
    bench.clock.at = datetime(2026, 11, 13, 12, 0, tzinfo=UTC)
    await asked(bench, "ruth")
    return bench


async def asked(bench: Bench, person: str, word: str = "on") -> str:
    await bench.slack.slash(person, "general", f"/ibid note {word}")
    await bench.quiet()
    return bench.seen_by(person, "general")


async def sent(bench: Bench, at: datetime = MONDAY) -> int:
    bench.clock.at = at
    assert bench.serving
    return await send_due(bench.serving.desk)


async def test_an_owner_gets_what_is_overdue_what_is_due_soon_and_what_could_not_be_read(desk: Bench) -> None:
    assert await sent(desk) == 1
    seen = desk.seen_by("ruth", "dm")
    for words in (
        "*Your documents this week*",
        "*Overdue for review* (3)\n• Older leave: was due on 1 September 2026\n• <https://handbook.example/leave|Old leave>: was due on",
        "1 October 2026\n• restricted or without a rule (1)",
        "*Due within 30 days* (2)\n• Today: 16 November 2026\n• Pay: 16 December 2026",
        "*Could not be read, or needs you* (1)\n• `pay.md`: page 2 is scanned",
        "`/ibid note off` ends it",
    ):
        assert words in seen
    for words in ("Travel", "Secret", "Hiros", "hiros.md", "Nobodys", "stray", "Forever", "Of other owners"):
        assert words not in seen


async def test_an_admin_also_gets_a_count_of_the_rest(desk: Bench) -> None:
    assert "Mondays at 9:00 (Europe/Berlin)" in await asked(desk, "greta")
    assert await sent(desk) == 2
    seen = desk.seen_by("greta", "dm")
    assert "Of other owners: 4 overdue, 3 due within 30 days, 3 unreadable or with a remark" in seen
    for words in ("Old leave", "stray", "pay.md"):
        assert words not in seen


async def test_nobody_gets_a_note_who_did_not_ask_for_it_or_asked_for_it_no_more(desk: Bench) -> None:
    assert "You get no weekly note" in await asked(desk, "ruth", "off")
    assert await sent(desk) == 0
    assert desk.seen_by("ruth", "dm") == ""
    assert desk.seen_by("hiro", "dm") == ""


async def test_only_owners_and_admins_can_ask_for_it(desk: Bench) -> None:
    assert "No document names you as its owner" in await asked(desk, "priya")
    assert "/ibid note on` sends you" in await asked(desk, "hiro", "")
    assert list(desk.notes.weeks) == ["U07RUTH"]


async def test_a_note_with_nothing_in_it_is_not_sent(desk: Bench) -> None:
    desk.library.hits = (due("forever", None),)
    desk.library.remarks = ()
    assert await sent(desk) == 0
    desk.library.hits = (due("old-leave", date(2026, 10, 1)),)
    assert await sent(desk, MONDAY.replace(hour=12)) == 0  # this week is settled
    assert await sent(desk, MONDAY.replace(day=23)) == 1


@pytest.mark.parametrize(
    ("person", "early", "punctual"),
    [
        ("ruth", datetime(2026, 11, 16, 8, 59, tzinfo=UTC), datetime(2026, 11, 16, 9, 0, tzinfo=UTC)),
        ("greta", datetime(2026, 11, 16, 7, 59, tzinfo=UTC), datetime(2026, 11, 16, 8, 0, tzinfo=UTC)),
    ],
)
async def test_it_comes_on_monday_at_nine_where_the_person_is(desk: Bench, person: str, early: datetime, punctual: datetime) -> None:
    await asked(desk, "ruth", "off")
    await asked(desk, person)
    assert await sent(desk, early) == 0
    assert await sent(desk, punctual) == 1


async def test_it_comes_once_a_week_over_any_number_of_restarts(desk: Bench) -> None:
    assert await sent(desk) == 1
    for hour in (9, 10, 23):
        await desk.disconnect()
        await desk.connect()
        assert await sent(desk, MONDAY.replace(hour=hour)) == 0
    await asked(desk, "ruth", "off")
    await asked(desk, "ruth")
    assert await sent(desk, MONDAY.replace(hour=23)) == 0
    assert await sent(desk, MONDAY.replace(day=9)) == 0  # a clock that jumps back
    assert await sent(desk, MONDAY.replace(day=23)) == 1


async def test_after_a_long_absence_the_next_monday_is_soon_enough(desk: Bench) -> None:
    assert await sent(desk, MONDAY.replace(day=18, hour=9)) == 0
    assert await sent(desk, MONDAY.replace(day=24, hour=12)) == 1


async def test_while_slack_or_the_library_is_away_nothing_is_settled(desk: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.slack.faults.refuse("conversations.open", "fatal_error", times=1)
    assert await sent(desk) == 0

    async def away() -> tuple[Unread, ...]:
        raise LibraryUnavailable("gone")

    with monkeypatch.context() as patched:
        patched.setattr(desk.library, "unread", away)
        assert await sent(desk) == 0
    assert await sent(desk) == 1


async def test_who_looks_after_nothing_any_more_or_left_gets_none(desk: Bench) -> None:
    kept = desk.library.hits
    desk.library.hits = tuple(replace(hit, document=replace(hit.document, owner="hiro")) for hit in kept)
    assert await sent(desk) == 0
    desk.library.hits = kept
    desk.slack.change_person_of("ruth", guest="single")
    await desk.quiet()
    assert await sent(desk, MONDAY.replace(day=23)) == 0


async def test_the_loop_looks_again_and_again_and_outlives_a_library_that_is_away(desk: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[float] = []
    desk.clock.at = MONDAY

    async def away() -> dict[str, str]:
        raise LibraryUnavailable("gone")

    async def sleep(seconds: float) -> None:
        looked.append(seconds)
        restore()
        if len(looked) == 3:
            raise _Enough

    restore: Callable[[], None] = monkeypatch.undo
    monkeypatch.setattr(desk.notes, "subscribers", away)
    assert desk.serving
    with pytest.raises(_Enough):
        await send_notes(desk.serving.desk, sleep=sleep)
    assert looked == [600.0, 600.0, 600.0]
    assert len([message for message in desk.slack.messages("ruth", "dm") if message.by_bot]) == 1


async def test_only_the_name_of_a_person_counts_that_the_people_file_gives(desk: Bench) -> None:
    desk.library.hits = (due("hers", date(2026, 1, 1), owner="Priya Raman"), due("open", date(2026, 1, 1), owner="priya", rule=HR))
    assert "Mondays at 9:00" in await asked(desk, "priya")
    assert await sent(desk) == 1
    seen = desk.seen_by("priya", "dm")
    assert "*Overdue for review* (1)\n• restricted or without a rule (1)" in seen
    assert "Hers" not in seen


class _Enough(BaseException):
    """The test has seen enough."""
