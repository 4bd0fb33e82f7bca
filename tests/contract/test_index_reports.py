"""Whatever a run reports, Slack takes it, it names nothing that its reader may not read, and its buttons fit the moment."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.channels.slack.indexing.progress import Pace, progress_text
from bot.channels.slack.indexing.report import Around, report_reply
from bot.channels.slack.indexing.undoing import MOST_TITLES, GoingBack, plan_view, undone_reply
from bot.channels.slack.indexing.wishes import Kind, Wish, wish_in, wish_of
from bot.flows.sight import Sight, sight_of
from bot.settings import HOME
from bot.wording import load_wording
from knowledge.values import AccessRule, Document, IndexProgress, IndexReport, UndoReport, Unread
from playground.limits import check_message_blocks, check_view
from tests.factories import EVERYONE, HR, Seconds, a_person

WORDING = load_wording(HOME / "wording")
HOSTILE = "<!channel> <@U02TOM> *bold* `code` http://evil.example/x & <b> " * 8
NAMES = tuple(f"{number}/{HOSTILE}" for number in range(300))
EVERYTHING = Sight(dict.fromkeys(NAMES, HOSTILE))


def read(node: object) -> str:
    """All words of some blocks."""
    if isinstance(node, dict):
        return "\n".join(read(child) for child in node.values())
    if isinstance(node, list | tuple):
        return "\n".join(read(child) for child in node)
    return node if isinstance(node, str) else ""


@pytest.mark.parametrize("kind", ["run", "plan"])
@pytest.mark.parametrize("sight", [EVERYTHING, Sight()])
def test_the_longest_and_worst_report_fits_into_one_message_and_is_harmless(kind: Kind, sight: Sight) -> None:
    unread = tuple(Unread(name, HOSTILE * 20 + "--confirm-removal") for name in NAMES)
    report = IndexReport(
        edition=2,
        added=NAMES,
        changed=NAMES,
        removed=NAMES,
        moved=tuple(zip(NAMES, reversed(NAMES), strict=True)),
        unread=unread,
        warnings=unread,
        stale=frozenset(NAMES),
        held=HOSTILE * 50,
        seconds=1e6,
        embedded=10**9,
        situated=10**9,
        pictured=10**9,
    )
    wish = Wish(kind=kind, source="handbook")
    reply = report_reply(report, Around(wish=wish, live=12, sight=sight, admin=True, rests=10**9), WORDING)
    check_message_blocks(reply.blocks)
    words = read(reply.blocks)
    for mark in ("<!channel>", "<@U02TOM>", "*bold*", "http://evil"):
        assert mark not in words
    assert ("evil" in read(reply.blocks[3:])) is bool(sight.titles)


@pytest.mark.parametrize("sight", [EVERYTHING, Sight()])
def test_the_longest_and_worst_undo_fits_into_a_modal_and_a_message(sight: Sight) -> None:
    removed = tuple(Document(id=name, title=HOSTILE * 9, rule=EVERYONE) for name in NAMES)
    report = UndoReport(edition=11, undone=12, changed=NAMES, removed=removed, brought_back=NAMES, withheld=10**6)
    going = GoingBack(live=12, report=report, sight=sight)
    view = plan_view(going, WORDING)
    check_view(view)
    assert len(view["private_metadata"]) < 3000
    assert sum(block["type"] == "input" for block in view["blocks"]) == (MOST_TITLES if sight.titles else 0)
    check_message_blocks(undone_reply(going, WORDING).blocks)


def test_a_report_without_any_change_is_short() -> None:
    reply = report_reply(IndexReport(edition=12, unchanged=NAMES), Around(wish=Wish(), live=12, admin=True), WORDING)
    assert reply.text == "Nothing has changed. Version 12 stays live."
    assert len(reply.blocks) == 2


def test_the_first_version_cannot_be_undone() -> None:
    reply = report_reply(IndexReport(edition=1, added=("a.md",)), Around(wish=Wish(), live=1, admin=True), WORDING)
    assert "undo" not in json.dumps(reply.blocks).lower()


def test_a_source_that_cannot_be_asked_is_named_to_an_admin_only() -> None:
    report = IndexReport(edition=None, warnings=(Unread("wiki", "cannot be asked now: is down"),))
    for admin in (True, False):
        reply = report_reply(report, Around(wish=Wish(), live=1, admin=admin, places=("wiki",)), WORDING)
        assert ("is down" in read(reply.blocks)) is admin


def test_somebody_sees_a_document_only_where_all_of_its_rules_let_them() -> None:
    everyone, hr = (Document(id="a.md", title=title, rule=rule) for title, rule in (("before", EVERYONE), ("now", HR)))
    both = (("a.md", everyone), ("a.md", hr))
    assert sight_of(a_person("ruth", "hr"), both).title("a.md") == "now"
    assert not sight_of(a_person("tom"), both).sees("a.md")
    assert sight_of(a_person("tom"), [("a.md", everyone)]).sees("a.md")
    assert not sight_of(a_person("tom"), [("a.md", everyone)]).sees("a.md", "b.md")
    named = Document(id="b.md", title="b", rule=AccessRule(people=frozenset({"tom"})))
    assert sight_of(a_person("tom", membership="guest"), [("b.md", named), ("a.md", everyone)]).titles == {"b.md": "b"}
    assert sight_of(a_person("ruth", "hr", groups_known=False), ()).titles == {}


@pytest.mark.parametrize(
    ("words", "understood"),
    [
        ("", Wish()),
        ("plan", Wish(kind="plan")),
        ("UNDO", Wish(kind="undo")),
        ("wiki", Wish(source="wiki")),
        ("Wiki Plan", Wish(kind="plan", source="wiki")),
        ("wiki undo", "wiki"),
        ("plan wiki", "plan wiki"),
        ("wiki handbook", "wiki handbook"),
        ("--force", "--force"),
    ],
)
def test_what_stands_after_reindex_is_understood_or_given_back(words: str, understood: Wish | str) -> None:
    assert wish_of(words.split(), ("wiki", "handbook")) == understood


@given(
    some.builds(
        Wish,
        kind=some.sampled_from(["run", "plan", "undo"]),
        source=some.text(max_size=20),
        owner=some.text(max_size=20),
        live=some.integers(0, 10**6),
        removal=some.booleans(),
        anyway=some.booleans(),
    )
)
def test_a_button_gives_back_the_wish_that_it_was_made_of(wish: Wish) -> None:
    assert wish_in(wish.value()) == wish


@given(
    some.recursive(
        some.none() | some.booleans() | some.integers() | some.text(), lambda one: some.lists(one) | some.dictionaries(some.text(), one)
    )
)
def test_whatever_else_a_button_holds_is_no_wish(value: object) -> None:
    assert wish_in(json.dumps(value)) is None


@pytest.mark.parametrize(
    "wish", [Wish(), Wish(kind="undo", owner="ruth"), Wish(owner="ruth", anyway=True), Wish(owner="ruth", removal=True)]
)
def test_what_touches_more_than_ones_own_documents_needs_an_admin(wish: Wish) -> None:
    assert wish.needs_admin
    assert not Wish(owner="ruth", kind="plan").needs_admin
    assert not Wish(owner="ruth").needs_admin


def test_the_rate_is_of_the_stage_under_way_and_waits_until_it_says_something() -> None:
    now = Seconds()
    pace = Pace(now)
    rates: list[float | None] = [pace.rate]
    for stage, done, later in (("plan", 1, 0.5), ("plan", 40, 0.0), ("read", 0, 2.0), ("read", 12, 1.0), ("embed", 0, 0.0)):
        pace.heard(IndexProgress(stage=stage, done=done, total=40))  # type: ignore[arg-type]  # tests pass plain strings
        rates.append(pace.rate)
        now.at += later
    assert rates == [None, None, None, None, 6.0, None]
    assert pace.reading == 6.0
    read = IndexProgress(stage="read", done=12, total=40)
    assert progress_text(read, WORDING, 6.0) == "Reading documents ▰▰▰▱▱▱▱▱▱▱ 12 of 40 · 6.0 a second"


@given(some.integers(0, 10**7), some.integers(2, 10**7))
def test_the_bar_has_ten_cells_whatever_is_counted(done: int, total: int) -> None:
    text = progress_text(IndexProgress(stage="embed", done=done, total=total), WORDING)
    assert text.count("▰") + text.count("▱") == 10


def test_a_stage_of_one_step_has_no_bar() -> None:
    for done in (0, 1):
        assert progress_text(IndexProgress(stage="verify", done=done, total=1), WORDING, 0.1) == "Checking…"
