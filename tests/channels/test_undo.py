"""`/ibid reindex undo`: an admin sees what goes back, and brings a removed document back by its title only."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.adapters.kept_file import KeptFile
from bot.adapters.trust import Trust
from bot.errors import LibraryUnavailable
from knowledge.values import AccessRule, Document, IndexReport, UndoReport
from playground import Json
from tests.channels.conftest import Bench, bands_hit, leave_hit
from tests.channels.prompt_office import text_of
from tests.factories import EVERYONE, HR

FINANCE = AccessRule(groups=frozenset({"finance"}))
SICK = Document(id="leave/sick-leave.md", title="Sick leave", rule=EVERYONE)
CASES = Document(id="hr/cases.md", title="Disciplinary cases", rule=HR)
POOL = Document(id="money/pool.md", title="Bonus pool", rule=FINANCE)


@pytest.fixture
async def desk(bench: Bench) -> Bench:
    """Version 12 is live. Version 11 had three documents more, and one that is narrowed by now."""
    bench.library.hits = (leave_hit(), bands_hit())
    bench.library.edition = 12
    bench.indexing.published = lambda: setattr(bench.library, "edition", 11)
    changed = (leave_hit().document.id, "money/unknown.md")
    bench.indexing.going_back = UndoReport(edition=11, undone=12, changed=changed, removed=(SICK, CASES, POOL), withheld=2)
    return bench


async def opened(bench: Bench, person: str = "greta") -> Json:
    await bench.slack.slash(person, "general", "/ibid reindex undo")
    await bench.slack.until(lambda: (view := bench.slack.modal(person)) and "One moment" not in text_of(view))
    view = bench.slack.modal(person)
    assert view
    return view


async def sent(bench: Bench, **titles: str) -> str:
    """What stands in the admin's direct messages after the modal was sent."""
    await bench.slack.submit("greta", {name.replace("_", "-"): title for name, title in titles.items()})
    await bench.quiet()
    return bench.seen_by("greta", "dm")


async def test_before_anything_goes_back_it_is_said_what_would(desk: Bench) -> None:
    view = await opened(desk)
    for words in (
        "Version 11 answers again, at once, in the place of version 12",
        "*Will be as before* (2)\n• Annual leave `leave/annual-leave.md`\n• restricted or without a rule (1)",
        "*Removed since* (3)",
        "Sick leave",
        "Disciplinary cases",  # Greta is in hr
        "restricted (1)",
        "Narrowed, held back or erased since: 2. No undo brings these back",
    ):
        assert words in text_of(view)
    assert "Bonus" not in str(view)
    assert "pool" not in str(view)
    assert (view["submit"]["text"], view["close"]["text"]) == ("Undo", "Leave it")
    assert desk.indexing.undone == []
    assert desk.library.edition == 12


async def test_an_admin_reads_only_the_titles_that_are_for_them(desk: Bench) -> None:
    view = await opened(desk, "jonas")  # an admin in it-security
    assert "Sick leave" in text_of(view)
    assert "Disciplinary" not in str(view)
    assert "restricted (2)" in text_of(view)


async def test_sending_it_goes_back_and_what_was_removed_stays_away(desk: Bench) -> None:
    await opened(desk)
    seen = await sent(desk)
    assert desk.indexing.undone == [()]
    assert "*Version 11 answers again*, in the place of version 12" in seen
    assert "*As before* (2)" in seen
    assert "Removed, and still away: 3" in seen
    view = desk.slack.modal("greta")
    assert view
    assert "Version 11 answers again" in text_of(view)
    assert not await desk.inbox.waiting()


async def test_a_removed_document_comes_back_when_its_title_is_typed(desk: Bench) -> None:
    await opened(desk)
    seen = await sent(desk, back_0="  sick   LEAVE ")
    assert desk.indexing.undone == [("leave/sick-leave.md",)]
    assert "*Brought back* (1)\n• Sick leave `leave/sick-leave.md`" in seen
    assert "still away: 2" in seen


async def test_a_title_that_is_not_right_is_said_below_it_and_nothing_goes_back(desk: Bench) -> None:
    view = await opened(desk)
    answer = await desk.slack.submit("greta", {"back-0": "Sick leave", "back-1": "yes please"})
    assert answer
    assert answer["response_action"] == "errors"
    assert list(answer["errors"]) == ["back-1"]
    await desk.quiet()
    assert desk.indexing.undone == []
    assert (desk.slack.modal("greta") or {})["id"] == view["id"]
    assert not await desk.inbox.waiting()


async def test_a_document_whose_rule_changed_while_the_modal_was_open_stays_away(desk: Bench) -> None:
    await opened(desk)
    assert desk.indexing.going_back
    narrowed = (SICK, replace(CASES, rule=FINANCE), POOL)
    desk.indexing.going_back = replace(desk.indexing.going_back, removed=narrowed)
    seen = await sent(desk, back_0="Sick leave", back_1="Disciplinary cases")
    assert desk.indexing.undone == [("leave/sick-leave.md",)]
    assert "Disciplinary" not in seen


async def test_a_modal_of_a_version_that_is_not_live_any_more_goes_nowhere(desk: Bench) -> None:
    await opened(desk)
    desk.library.edition = 13
    assert "belongs to version 12, and version 13 is live by now" in await sent(desk)
    assert desk.indexing.undone == []


async def test_the_undo_button_of_an_older_report_is_told_so(desk: Bench) -> None:
    desk.library.edition = 11
    desk.indexing.published = lambda: setattr(desk.library, "edition", 12)
    desk.indexing.report = IndexReport(edition=12, changed=("a.md",))
    await desk.slack.slash("greta", "general", "/ibid reindex")
    await desk.quiet()
    report = [message for message in desk.slack.messages("greta", "dm") if message.by_bot][-1]
    await desk.slack.click("greta", report, "index_undo")
    await desk.slack.until(lambda: "Version 11 answers again" in text_of(desk.slack.modal("greta") or {}))
    await desk.slack.close_modal("greta")
    desk.library.edition = 13
    await desk.slack.click("greta", report, "index_undo")
    await desk.slack.until(lambda: "belongs to version 12, and version 13 is live" in desk.seen_by("greta", "dm"))
    assert desk.slack.modal("greta") is None
    assert desk.indexing.undone == []


async def test_whoever_is_no_admin_any_more_when_it_is_sent_undoes_nothing(desk: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    await opened(desk)
    assert desk.serving
    directory = desk.serving.desk.ibid.directory
    monkeypatch.setattr(directory, "_trusted", KeptFile(None, lambda _: Trust(), lambda trust: trust, desk.clock))
    assert "Only admins may do that" in await sent(desk, back_0="Sick leave")
    assert desk.indexing.undone == []


async def test_where_there_is_nothing_to_go_back_to_it_is_said(desk: Bench) -> None:
    desk.indexing.going_back = None
    assert "There is no earlier version to go back to" in text_of(await opened(desk))
    assert "submit" not in (desk.slack.modal("greta") or {})


async def test_an_undo_that_fails_says_so_and_nothing_of_why(desk: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    await opened(desk)

    async def broken(**_: object) -> UndoReport:
        raise LibraryUnavailable("/srv/secret: disk is full")

    monkeypatch.setattr(desk.indexing, "undo", broken)
    seen = await sent(desk)
    assert "Something went wrong on my side" in seen
    assert "secret" not in seen


async def test_more_titles_than_there_is_room_for_are_counted(desk: Bench) -> None:
    many = tuple(replace(SICK, id=f"{'x' * 150}/{number}.md", title=f"Policy {number} {'y' * 300}") for number in range(40))
    assert desk.indexing.going_back
    desk.indexing.going_back = replace(desk.indexing.going_back, removed=many)
    view = await opened(desk)
    assert "restricted (25)" in text_of(view)
    assert len(view["private_metadata"]) < 3000


async def test_an_undo_that_a_crash_cut_off_is_not_done_again(desk: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    await opened(desk)

    begun = asyncio.Event()

    async def hangs(**_: object) -> UndoReport:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(desk.indexing, "undo", hangs)
    await desk.slack.submit("greta")
    await begun.wait()
    await desk.crash()
    monkeypatch.undo()
    await desk.connect()
    await desk.slack.until(lambda: "I was restarted before I could go back. Version 12 is still live" in desk.seen_by("greta", "dm"))
    await desk.quiet()
    assert desk.indexing.undone == []
    assert not await desk.inbox.waiting()
