"""`/ibid reindex`: told as it goes, ended when it is cancelled, and reported only to those who may know what it names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.adapters.kept_file import KeptFile
from bot.adapters.trust import Trust
from bot.channels.slack.app import Patience
from bot.channels.slack.manifest import COMMAND
from bot.errors import DirectoryUnavailable, LibraryUnavailable
from knowledge.values import AccessRule, Document, IndexProgress, IndexReport, Unread
from playground import Message
from tests.channels.conftest import Bench, bands_hit, leave_hit
from tests.factories import EVERYONE, HR, a_document

FINANCE = AccessRule(groups=frozenset({"finance"}))
BUTTONS = ("index_do", "index_remove", "index_anyway", "index_undo", "index_cancel")


@pytest.fixture
async def desk(bench: Bench) -> Bench:
    """The sample company's library, with a document for everyone and one for the People team, both of them Ruth's."""
    bench.library.hits = (leave_hit(), bands_hit())
    return bench


def a_file(name: str, rule: AccessRule = EVERYONE, title: str = "") -> dict[str, Document]:
    return {name: Document(id=name, title=title or name.rsplit("/", 1)[-1], rule=rule)}


def the_report(bench: Bench, person: str = "greta") -> Message:
    """The newest word in this person's direct messages that was not meant to vanish."""
    return [message for message in bench.slack.messages(person, "dm") if message.by_bot and not message.only_for][-1]


def buttons_of(message: Message) -> set[str]:
    return {element["action_id"] for block in message.blocks for element in block.get("elements", ()) if "action_id" in element}


async def ordered(bench: Bench, line: str = "", person: str = "greta") -> Message:
    """The message of a run, once it is over."""
    await bench.slack.slash(person, "general", f"{COMMAND} reindex {line}".strip())
    await bench.quiet()
    return the_report(bench, person)


async def pressed(bench: Bench, message: Message, act: str, person: str = "greta") -> str:
    """What stands in this person's direct messages after a click."""
    assert await bench.slack.click(person, message, act) == {}
    await bench.quiet()
    return bench.seen_by(person, "dm")


def go_live(bench: Bench, edition: int) -> None:
    bench.indexing.published = lambda: setattr(bench.library, "edition", edition)


async def test_a_run_is_acknowledged_at_once_and_one_message_follows_it_to_its_report(desk: Bench) -> None:
    desk.indexing.held_back = True
    desk.indexing.report = IndexReport(
        edition=2, added=("a.md",), unchanged=("b.md", "c.md"), described=a_file("a.md"), embedded=31, seconds=2.0
    )
    go_live(desk, 2)
    assert await desk.slack.slash("jonas", "general", "/ibid reindex") == {}
    await desk.slack.until(lambda: "in our direct messages" in desk.seen_by("jonas", "general"))
    await desk.slack.until(lambda: "Looking at the documents" in desk.seen_by("jonas", "dm"))
    for done in range(1, 13):
        desk.indexing.step("read", done, 40)
    await desk.slack.until(lambda: "Reading documents ▰▰▰▱▱▱▱▱▱▱ 12 of 40" in desk.seen_by("jonas", "dm"))
    assert buttons_of(the_report(desk, "jonas")) == {"index_cancel"}
    desk.indexing.end()
    await desk.slack.until(lambda: "Version 2 is live" in desk.seen_by("jonas", "dm"))
    await desk.quiet()
    (message,) = [message for message in desk.slack.messages("jonas", "dm") if message.by_bot]
    for words in ("1 added, 2 unchanged", "passages embedded: 31", "in 2 s"):
        assert words in message.plain
    assert "Reading" not in message.plain
    assert buttons_of(message) == {"index_undo", "receipt_changed"}
    assert desk.indexing.orders[0].by == "Jonas Weber"
    assert desk.seen_by("priya", "general") == ""
    assert not await desk.inbox.waiting()


async def test_what_was_not_read_is_listed_with_its_reason_and_long_lists_are_counted(desk: Bench) -> None:
    names = [f"pay/{number}_*x*.pdf" for number in range(200)]
    unread = tuple(Unread(name, "is encrypted") for name in names)
    described = {name: document for one in names for name, document in a_file(one).items()}
    desk.indexing.report = IndexReport(edition=2, added=tuple(names), unread=unread, warnings=unread, described=described)
    message = await ordered(desk)
    assert "*Could not be read* (200)\n• `pay/0ˍ∗x∗.pdf`: is encrypted" in message.plain
    assert "*Needs its owner* (200)" in message.plain
    assert "more" in message.plain
    assert "200 added" in message.plain


async def test_a_report_names_a_document_only_to_whoever_may_read_it(desk: Bench) -> None:
    described = {
        **a_file("open.md", title="Open to all"),
        **a_file("hr.md", HR, "Disciplinary cases"),
        **a_file("money.md", FINANCE, "Bonus pool"),
        **a_file("old.md", FINANCE, "Old pool"),
    }
    desk.indexing.report = IndexReport(
        edition=2,
        added=("open.md", "hr.md", "money.md"),
        removed=("old.md",),
        moved=(("hr.md", "money.md"), ("hr.md", "open.md")),
        unread=(Unread("nobody-knows.md", "is empty"), Unread("money.md", "is encrypted")),
        described=described,
    )
    for plan in ("", "plan"):
        message = await ordered(desk, plan, "greta")  # in hr, not in finance
        for words in ("Open to all `open.md`", "Disciplinary cases `hr.md`", "*Added* (3)", "*Moved* (2)\n• `hr.md` → Open to all"):
            assert words in message.plain
        for words in ("Bonus", "money.md", "Old pool", "old.md", "nobody-knows", "encrypted"):
            assert words not in message.plain
        assert "*Could not be read* (2)\n• restricted or without a rule (2)" in message.plain
        assert "the terminal shows it, `ibid index --plan`" in message.plain
        message = await ordered(desk, plan, "jonas")  # an admin in neither
        assert "Open to all" in message.plain
        assert "Disciplinary" not in message.plain


async def test_a_document_that_is_narrowed_by_the_run_is_not_named_to_those_who_could_read_it_before(desk: Bench) -> None:
    leave = leave_hit().document
    desk.indexing.report = IndexReport(edition=2, changed=(leave.id,), described={leave.id: replace(leave, rule=FINANCE)})
    assert "Annual leave" not in (await ordered(desk)).plain
    desk.indexing.report = IndexReport(edition=2, changed=(bands_hit().document.id,), described=a_file(bands_hit().document.id, EVERYONE))
    assert "salary-bands" not in (await ordered(desk, "plan", "jonas")).plain  # to be opened to all, and not open yet
    assert "salary-bands" in (await ordered(desk, "plan", "greta")).plain


async def test_where_it_cannot_be_found_out_who_reads_a_report_has_only_counts(desk: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.indexing.held_back = True
    desk.indexing.report = IndexReport(edition=2, added=("a.md",), described=a_file("a.md"))
    await desk.slack.slash("greta", "general", "/ibid reindex")
    await desk.indexing.begun.wait()

    async def away(user: str) -> None:
        raise DirectoryUnavailable(user)

    assert desk.serving
    monkeypatch.setattr(desk.serving.desk.ibid.directory, "person", away)
    desk.indexing.end()
    await desk.quiet()
    message = the_report(desk)
    assert "Version 2 is live" in message.plain
    assert "1 added" in message.plain
    assert "a.md" not in message.plain
    assert buttons_of(message) == set()


async def test_a_plan_says_what_it_takes_and_does_it_at_a_click(desk: Bench) -> None:
    await desk.ask("priya", "ask-policy", "@Ibid how many days can I carry over?")
    desk.clock.advance(days=80)
    stale = frozenset({leave_hit().passage.id, "never-cited"})
    report = IndexReport(edition=None, changed=("leave/annual-leave.md",), unchanged=("b.md",), embedded=1234, situated=12, stale=stale)
    desk.indexing.report = report
    message = await ordered(desk, "plan")
    for words in (
        "*Plan:* nothing is changed yet, and version 1 is live",
        "1 changed, 1 unchanged",
        "passages to embed: 1,234",
        "lines for a model to write: 12",
        "clauses that would change or go: 2 (cited by answers of the last 90 days: 1)",
        "Annual leave `leave/annual-leave.md`",
    ):
        assert words in message.plain
    assert [order.plan_only for order in desk.indexing.orders] == [True]
    assert buttons_of(message) == {"index_do"}
    desk.indexing.report = replace(report, edition=2)
    go_live(desk, 2)
    await pressed(desk, message, "index_do")
    assert [order.plan_only for order in desk.indexing.orders] == [True, False]
    assert "Version 2 is live" in the_report(desk).plain
    assert "belongs to version 1, and version 2 is live by now" in await pressed(desk, message, "index_do")
    assert len(desk.indexing.orders) == 2
    desk.clock.advance(days=20)
    desk.indexing.report = report
    assert "of the last 90 days: 0)" in (await ordered(desk, "plan")).plain


async def test_a_plan_without_a_change_offers_nothing_to_do(desk: Bench) -> None:
    desk.indexing.report = IndexReport(edition=None, unchanged=("a.md",))
    message = await ordered(desk, "plan")
    assert "there is nothing to change. Version 1 is live" in message.plain
    assert buttons_of(message) == set()
    assert "Nothing has changed. Version 1 stays live" in (await ordered(desk)).plain


async def test_a_version_that_is_held_is_published_only_when_an_admin_says_so_twice(desk: Bench) -> None:
    held = IndexReport(edition=None, changed=("leave/annual-leave.md",), held="3 of 40 golden questions fare worse.")
    desk.indexing.report = held
    message = await ordered(desk)
    assert "*A new version is ready and not published.* Version 1 goes on answering. 3 of 40 golden questions fare worse" in message.plain
    assert buttons_of(message) == {"index_anyway"}
    (button,) = [one for block in message.blocks for one in block.get("elements", ()) if one.get("action_id") == "index_anyway"]
    assert button["confirm"]["title"]["text"] == "Publish it all the same?"
    desk.indexing.report = replace(held, edition=2, held="")
    await pressed(desk, message, "index_anyway")
    assert [order.anyway for order in desk.indexing.orders] == [False, True]
    desk.indexing.report = held
    assert buttons_of(await ordered(desk, "", "ruth")) == set()  # the owner is told, and cannot overrule it


async def test_what_vanished_in_numbers_goes_only_when_an_admin_confirms_it(desk: Bench) -> None:
    reason = "is no longer in the folder, like 9 of 40 documents: too many to be sure; kept until `ibid index --confirm-removal` says so"
    doubtful = IndexReport(edition=None, warnings=tuple(Unread(f"{number}.md", reason, doubtful=True) for number in range(9)))
    desk.indexing.report = doubtful
    for line in ("", "plan"):
        message = await ordered(desk, line)
        assert buttons_of(message) == {"index_remove"}
    assert "Remove the 9" in message.plain
    await pressed(desk, message, "index_remove")
    assert [order.removal_confirmed for order in desk.indexing.orders] == [False, False, True]
    assert buttons_of(await ordered(desk, "", "ruth")) == set()


async def test_a_second_request_is_told_who_began_the_first_and_how_far_it_is(desk: Bench) -> None:
    desk.indexing.held_back = True
    await desk.slack.slash("jonas", "general", "/ibid reindex")
    desk.indexing.step("embed", 10, 40)
    await desk.slack.until(lambda: "10 of 40" in desk.seen_by("jonas", "dm"))
    for line in ("/ibid reindex", "/ibid reindex plan", "/ibid reindex undo"):
        await desk.slack.slash("greta", "general", line)
    said = "started by Jonas Weber at 09:00 UTC: Embedding passages ▰▰▱▱▱▱▱▱▱▱ 10 of 40"
    await desk.slack.until(lambda: desk.seen_by("greta", "general").count(said) >= 3)
    desk.indexing.end()
    await desk.quiet()
    assert len(desk.indexing.orders) == 1


async def test_two_requests_at_the_same_moment_are_one_run(desk: Bench) -> None:
    desk.indexing.held_back = True
    await desk.slack.slash("jonas", "general", "/ibid reindex")
    await desk.slack.slash("greta", "general", "/ibid reindex")
    await desk.slack.until(lambda: any("A run is under way, started by" in desk.seen_by("greta", place) for place in ("general", "dm")))
    desk.indexing.end()
    await desk.quiet()
    assert len(desk.indexing.orders) == 1


async def test_a_run_that_was_begun_elsewhere_can_be_ended_by_an_admin(desk: Bench) -> None:
    since = datetime(2026, 11, 16, 8, 30, tzinfo=UTC)
    desk.indexing.elsewhere("the schedule", since, IndexProgress(stage="read", done=1, total=2))
    await desk.slack.slash("greta", "dm", "/ibid reindex")
    await desk.slack.until(lambda: "started by the schedule at 08:30 UTC" in desk.seen_by("greta", "dm"))
    (message,) = [message for message in desk.slack.messages("greta", "dm") if message.by_bot]
    assert buttons_of(message) == {"index_cancel"}
    await pressed(desk, message, "index_cancel")
    assert desk.indexing._stopped.is_set()
    desk.indexing._run = None
    assert "over already" in await pressed(desk, message, "index_cancel")


async def test_cancelling_ends_the_run_and_what_was_live_stays_live(desk: Bench) -> None:
    desk.indexing.held_back = True
    await desk.slack.slash("greta", "general", "/ibid reindex")
    desk.indexing.step("read", 1, 40)
    await desk.slack.until(lambda: "1 of 40" in desk.seen_by("greta", "dm"))
    message = the_report(desk)
    seen = await pressed(desk, message, "index_cancel")
    assert "Cancelled by Greta Lindqvist" in seen
    assert buttons_of(the_report(desk)) == set()
    assert desk.library.edition == 1
    assert set(desk.inbox.outcomes.values()) == {"done"}


async def test_the_button_of_a_run_that_is_over_does_not_end_the_next_one(desk: Bench) -> None:
    desk.indexing.held_back = True
    await desk.slack.slash("greta", "general", "/ibid reindex")
    desk.indexing.step("read", 1, 40)
    await desk.slack.until(lambda: "1 of 40" in desk.seen_by("greta", "dm"))
    old = replace(the_report(desk), blocks=list(the_report(desk).blocks))
    desk.indexing.end()
    await desk.quiet()
    desk.clock.advance(minutes=1)
    await desk.slack.slash("jonas", "general", "/ibid reindex")
    await desk.slack.until(desk.indexing.running)
    await desk.slack.click("greta", old, "index_cancel")
    await desk.slack.until(lambda: "over already" in desk.seen_by("greta", "dm"))
    assert not desk.indexing._stopped.is_set()
    desk.indexing.end()
    await desk.quiet()


@pytest.mark.parametrize("line", ["", "plan", "handbook", "handbook plan", "HANDBOOK PLAN"])
async def test_a_source_and_plan_are_understood(desk: Bench, line: str) -> None:
    desk.indexing.named = ("handbook", "wiki")
    await ordered(desk, line)
    (order,) = desk.indexing.orders
    assert (order.source, order.plan_only) == ("handbook" if "handbook" in line.lower() else "", "plan" in line.lower())


@pytest.mark.parametrize("line", ["nosuch", "nosuch plan", "handbook wiki", "handbook undo", "--force", "plan handbook", "*plan"])
async def test_what_is_not_understood_starts_nothing_and_says_what_there_is(desk: Bench, line: str) -> None:
    desk.indexing.named = ("handbook", "wiki")
    await desk.slack.slash("greta", "general", f"/ibid reindex {line}")
    await desk.slack.until(lambda: "one of the sources: handbook, wiki" in desk.seen_by("greta", "general"))
    assert desk.indexing.orders == []


async def test_an_owner_brings_only_their_own_documents_up_to_date(desk: Bench) -> None:
    desk.indexing.report = IndexReport(edition=2, changed=("leave/annual-leave.md",))
    go_live(desk, 2)
    message = await ordered(desk, "plan", "ruth")
    await pressed(desk, message, "index_do", "ruth")
    assert [(order.owner, order.plan_only) for order in desk.indexing.orders] == [("ruth", True), ("ruth", False)]
    message = the_report(desk, "ruth")
    assert "Version 2 is live" in message.plain
    assert buttons_of(message) == set()  # no undo
    await desk.slack.slash("ruth", "general", "/ibid reindex undo")
    await desk.slack.until(lambda: "Only admins may do that" in desk.seen_by("ruth", "general"))
    assert desk.slack.modal("ruth") is None


async def test_whoever_owns_nothing_is_told_kindly_and_starts_nothing(desk: Bench) -> None:
    desk.library.hits = (leave_hit(), replace(bands_hit(), document=a_document(owner="carla")))
    for person in ("priya", "carla"):  # Carla is a guest: a document that names her gives her nothing
        for line in ("/ibid reindex", "/ibid reindex plan", "/ibid reindex undo", "/ibid reindex handbook"):
            await desk.slack.slash(person, "redesign", line)
        await desk.slack.until(lambda person=person: desk.seen_by(person, "redesign").count("No document names you") >= 4)  # type: ignore[misc]  # bound at once
    await desk.quiet()
    assert desk.indexing.orders == []


@pytest.mark.parametrize("act", BUTTONS)
async def test_who_presses_is_looked_at_again_at_each_click(desk: Bench, act: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reason = "`ibid index --confirm-removal`"
    desk.indexing.report = IndexReport(edition=2, changed=("a.md",), held="worse", warnings=(Unread("b.md", reason, doubtful=True),))
    desk.library.edition = 2
    if act == "index_cancel":
        desk.indexing.elsewhere("the schedule", desk.clock.now())
        await desk.slack.slash("greta", "dm", "/ibid reindex")
        await desk.quiet()
        message = desk.slack.messages("greta", "dm")[-1]
    else:
        message = await ordered(desk, "plan" if act == "index_do" else "")
    assert act in buttons_of(message)
    orders = len(desk.indexing.orders)
    assert desk.serving
    directory = desk.serving.desk.ibid.directory
    monkeypatch.setattr(directory, "_trusted", KeptFile(None, lambda _: Trust(), lambda trust: trust, desk.clock))
    await pressed(desk, message, act)
    assert "No document names you as its owner" in desk.seen_by("greta", "dm")
    assert len(desk.indexing.orders) == orders
    assert not desk.indexing._stopped.is_set()
    assert desk.slack.modal("greta") is None


async def test_an_owner_whose_documents_went_to_somebody_else_cannot_press_on(desk: Bench) -> None:
    desk.indexing.report = IndexReport(edition=None, changed=("leave/annual-leave.md",))
    message = await ordered(desk, "plan", "ruth")
    desk.library.hits = tuple(replace(hit, document=replace(hit.document, owner="hiro")) for hit in desk.library.hits)
    assert "No document names you as its owner" in await pressed(desk, message, "index_do", "ruth")
    assert len(desk.indexing.orders) == 1


@pytest.mark.parametrize("value", ["", "yes", "{}x", '{"kind": "erase"}', '{"live": "1"}', '{"rm": 1}', "[]", "null"])
async def test_a_button_of_another_version_of_ibid_starts_nothing(desk: Bench, value: str) -> None:
    desk.indexing.report = IndexReport(edition=None, changed=("a.md",))
    message = await ordered(desk, "plan")
    for block in message.blocks:
        for element in block.get("elements", ()):
            if element.get("action_id") == "index_do":
                element["value"] = value
    await desk.slack.click("greta", message, "index_do", value=value)
    await desk.slack.until(lambda: "do not know this button" in desk.seen_by("greta", "dm"))
    assert len(desk.indexing.orders) == 1


async def test_a_run_that_fails_says_so_and_nothing_of_why(desk: Bench) -> None:
    desk.indexing.fails = LibraryUnavailable("/srv/secret/handbook: Permission denied")
    message = await ordered(desk)
    assert "The run failed and the version before it goes on answering" in message.plain
    assert "secret" not in message.plain
    assert list(desk.inbox.outcomes.values()) == ["failed"]


async def test_a_run_that_died_with_its_process_is_called_off_and_not_begun_again(desk: Bench) -> None:
    desk.indexing.held_back = True
    await desk.slack.slash("jonas", "general", "/ibid reindex")
    await desk.slack.until(lambda: "Looking at the documents" in desk.seen_by("jonas", "dm"))
    await desk.indexing.begun.wait()
    await desk.crash()
    await desk.connect()
    await desk.slack.until(lambda: "I was restarted, and the run ended with that. Version 1 is live" in desk.seen_by("jonas", "dm"))
    await desk.quiet()
    assert len(desk.indexing.orders) == 1
    assert buttons_of(the_report(desk, "jonas")) == set()


async def test_a_run_that_a_button_began_is_not_begun_again_after_a_crash(desk: Bench) -> None:
    desk.indexing.report = IndexReport(edition=None, changed=("a.md",))
    message = await ordered(desk, "plan")
    desk.indexing.held_back = True
    await desk.slack.click("greta", message, "index_do")
    await desk.indexing.begun.wait()
    await desk.crash()
    await desk.connect()
    await desk.slack.until(lambda: "I was restarted" in desk.seen_by("greta", "dm"))
    await desk.quiet()
    assert len(desk.indexing.orders) == 2


async def test_the_end_of_a_run_is_told_when_slack_is_back(idle_bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.slack.insist.PAUSES", (0.0,))
    bench = idle_bench
    await bench.connect(Patience(drain=5, again=0.05))
    bench.indexing.held_back = True
    bench.indexing.report = IndexReport(edition=2, changed=("a.md",))
    await bench.slack.slash("greta", "general", "/ibid reindex")
    bench.indexing.step("read", 1, 2)
    await bench.slack.until(lambda: "1 of 2" in bench.seen_by("greta", "dm"))
    bench.slack.faults.refuse("chat.update", "fatal_error", times=4)
    bench.indexing.end()
    await bench.slack.until(lambda: "Version 2 is live" in bench.seen_by("greta", "dm"))
    await bench.quiet()
    assert len(bench.indexing.orders) == 1
    assert "restarted" not in bench.seen_by("greta", "dm")
    assert list(bench.inbox.outcomes.values()) == ["done"]


async def test_nothing_of_a_report_stands_in_the_log(desk: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    desk.indexing.report = IndexReport(edition=2, added=("hr.md",), described=a_file("hr.md", HR, "Disciplinary cases"))
    assert "Disciplinary" in (await ordered(desk)).plain
    logged = "\n".join(str(record.__dict__) for record in caplog.records if record.name.startswith("bot"))
    assert "a run was ordered" in logged
    assert "Disciplinary" not in logged
    assert "hr.md" not in logged
