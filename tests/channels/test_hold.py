"""`/ibid hold`: owners stop their own documents, admins everything; only titles that are theirs to read, and the rights of the moment."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels.slack.errands import Errand, errand_in
from bot.channels.slack.hold_views import MOST_DOCUMENTS, mark_of
from bot.channels.slack.listeners import Counter
from knowledge.holds import Hold
from knowledge.values import AccessRule
from playground import Json
from tests.channels.conftest import CARRY, Bench, bands_hit, leave_hit
from tests.channels.prompt_office import text_of
from tests.factories import TODAY, a_document, a_hit

LEAVE, BANDS = leave_hit().document, bands_hit().document  # Ruth owns both
POOL = a_document("pool", title="Bonus pool", owner="tom", rule=AccessRule(groups=frozenset({"finance"})))
WHY = "Legal reads it again; ask <!channel> & *HR*."
NEXT_WEEK = (TODAY + timedelta(days=7)).isoformat()
ASKED = "@Ibid how many days can I carry over?"


@pytest.fixture
async def house(bench: Bench) -> Bench:
    bench.library.hits = (leave_hit(), bands_hit(), a_hit(document=POOL))
    return bench


async def opened(bench: Bench, person: str) -> Json:
    await bench.slack.slash(person, "general", "/ibid hold")
    await bench.slack.until(lambda: (view := bench.slack.modal(person)) and "One moment" not in text_of(view))
    view = bench.slack.modal(person)
    assert view
    return view


def options(view: Json) -> list[str]:
    return [
        str(option["text"]["text"])
        for block in view["blocks"]
        if block.get("block_id") == "document"
        for option in block["element"]["options"]
    ]


async def sent(bench: Bench, person: str, **fields: str) -> Json | None:
    answer = await bench.slack.submit(person, {"sentence": WHY, **fields})
    await bench.quiet()
    return answer


async def held_leave(bench: Bench, person: str = "ruth") -> Hold:
    await opened(bench, person)
    await sent(bench, person, document=mark_of(LEAVE))
    (hold,) = await bench.ibid.holds.current()
    return hold


def desk_of(bench: Bench) -> Counter:
    assert bench.serving
    return Counter(bench.serving.desk)


def an_errand(**body: object) -> Errand:
    """Of Ruth's, as if Slack had delivered it."""
    errand = errand_in({"team": {"id": "T"}, "user": {"id": "U07RUTH"}, **body}, "B")
    assert errand
    return errand


def a_form(document: str = "", topic: str = "") -> Errand:
    """Sent by somebody who was never offered that."""
    values: Json = {
        "document": {"document": {"selected_option": {"value": document}}},
        "topic": {"topic": {"value": topic}},
        "sentence": {"sentence": {"value": WHY}},
        "until": {"until": {"selected_date": NEXT_WEEK}},
    }
    return an_errand(type="view_submission", trigger_id="1", view={"callback_id": "hold_make", "id": "V", "state": {"values": values}})


# What is offered


async def test_an_owner_is_offered_their_own_documents_and_no_topic(house: Bench) -> None:
    view = await opened(house, "ruth")

    assert options(view) == ["Annual leave", "Salary bands"]
    assert "Bonus" not in str(view)
    assert {block.get("block_id") for block in view["blocks"]} >= {"document", "sentence", "until"}
    assert "topic" not in {block.get("block_id") for block in view["blocks"]}
    assert view["submit"]["text"] == "Hold back"


async def test_an_admin_is_offered_what_they_may_read_and_topics(house: Bench) -> None:
    view = await opened(house, "jonas")  # an admin, neither in hr nor in finance

    assert options(view) == ["Annual leave"]
    assert "Salary" not in str(view)
    assert "Bonus" not in str(view)
    assert "topic" in {block.get("block_id") for block in view["blocks"]}


async def test_whoever_owns_nothing_is_offered_nothing(house: Bench) -> None:
    await house.slack.slash("priya", "general", "/ibid hold")
    await house.quiet()

    assert "No document names you as its owner" in house.seen_by("priya", "general")
    assert house.slack.modal("priya") is None


async def test_more_documents_than_a_list_takes_are_counted(house: Bench) -> None:
    many = [a_document(f"d{number}", title=f"Document {number:03}") for number in range(MOST_DOCUMENTS + 7)]
    house.library.hits = [a_hit(document=one) for one in many]

    view = await opened(house, "ruth")

    assert len(options(view)) == MOST_DOCUMENTS
    assert "7 more documents do not fit" in text_of(view)


# Holding


async def test_what_is_held_is_not_answered_from_and_whoever_asks_is_told_the_sentence(house: Bench) -> None:
    assert CARRY in (await house.ask("priya", "general", ASKED)).plain

    hold = await held_leave(house)

    assert (hold.document, hold.by, hold.until.isoformat()) == (LEAVE.id, "U07RUTH", NEXT_WEEK)
    told = await house.ask("priya", "general", ASKED)
    assert CARRY not in told.plain
    assert "Legal reads it again" in told.plain
    assert "<!channel>" not in json.dumps(told.blocks)
    assert "Annual leave* is held back until 23 November 2026" in house.seen_by("ruth", "dm")
    view = house.slack.modal("ruth")
    assert view
    assert "is held back" in text_of(view)
    await house.quiet()
    assert not await house.inbox.waiting()


async def test_an_admin_holds_a_topic(house: Bench) -> None:
    await opened(house, "greta")
    await sent(house, "greta", topic="carry over")

    assert [hold.topic for hold in await house.ibid.holds.current()] == ["carry over"]
    assert "Legal reads it again" in (await house.ask("priya", "general", ASKED)).plain


@pytest.mark.parametrize(
    ("person", "fields", "wrong"),
    [
        ("greta", {"document": mark_of(LEAVE), "topic": "leave"}, ["topic"]),
        ("greta", {}, ["document"]),
        ("greta", {"topic": "leave", "until": "2026-11-15"}, ["until"]),
    ],
)
async def test_what_is_wrong_is_said_below_it_and_nothing_is_held(
    house: Bench, person: str, fields: dict[str, str], wrong: list[str]
) -> None:
    await opened(house, person)

    answer = await sent(house, person, **fields)

    assert answer
    assert (answer["response_action"], list(answer["errors"])) == ("errors", wrong)
    assert await house.ibid.holds.current() == ()


async def test_who_owns_a_document_no_more_when_the_form_is_sent_holds_nothing(house: Bench) -> None:
    await opened(house, "ruth")
    house.library.hits = [replace(hit, document=replace(hit.document, owner="tom")) for hit in house.library.hits]

    await sent(house, "ruth", document=mark_of(LEAVE))

    assert await house.ibid.holds.current() == ()
    assert "No document names you as its owner" in house.seen_by("ruth", "dm")


@pytest.mark.parametrize("chosen", [{"document": mark_of(BANDS)}, {"topic": "leave"}])
async def test_an_owner_who_sends_another_s_document_or_a_topic_holds_nothing(house: Bench, chosen: dict[str, str]) -> None:
    house.library.hits = (leave_hit(), a_hit(document=replace(BANDS, owner="tom")))

    desk_of(house).start(a_form(**chosen))
    await house.quiet()

    assert await house.ibid.holds.current() == ()
    assert "No document names you as its owner" in house.seen_by("ruth", "dm")


async def test_the_same_order_done_again_after_a_crash_makes_no_second_hold(house: Bench) -> None:
    hold = await held_leave(house)
    await house.slack.close_modal("ruth")

    desk_of(house).take_up(a_form(document=mark_of(LEAVE)), "")
    await house.quiet()

    assert await house.ibid.holds.current() == (hold,)


# Lifting


async def test_a_hold_is_lifted_by_its_button_and_the_document_answers_again(house: Bench) -> None:
    await held_leave(house)
    await house.slack.close_modal("ruth")
    message = [message for message in house.slack.messages("ruth", "dm") if message.by_bot][-1]

    await house.slack.click("ruth", message, "hold_lift")
    await house.quiet()

    assert await house.ibid.holds.current() == ()
    assert "is held back no more" in house.seen_by("ruth", "dm")
    assert CARRY in (await house.ask("priya", "general", ASKED)).plain
    await house.slack.click("ruth", message, "hold_lift")
    await house.quiet()
    assert "has ended already" in house.seen_by("ruth", "dm")


async def test_the_form_lists_what_is_held_and_who_may_lift_it(house: Bench) -> None:
    await held_leave(house, "greta")  # an admin
    await house.ibid.holds.hold(Hold(number=0, document=POOL.id, sentence="Secret.", by="the terminal", until=TODAY))

    owner, admin = await opened(house, "ruth"), await opened(house, "greta")

    assert "*Annual leave*, until 23 November 2026, by <@U08GRETA>" in text_of(owner)
    assert "hold_lift" not in str(owner)
    assert "Secret" not in str(owner) + str(admin)
    assert str(admin).count("hold_lift") == 1
    assert "Further, or restricted: 1" in text_of(admin)
    assert "restricted: 1" not in text_of(owner)


async def test_an_owner_does_not_lift_what_an_admin_held(house: Bench) -> None:
    hold = await held_leave(house, "greta")

    desk_of(house).start(
        an_errand(type="block_actions", actions=[{"action_id": "hold_lift", "value": str(hold.number), "action_ts": "1.1"}])
    )
    await house.quiet()

    assert await house.ibid.holds.current() == (hold,)
    assert "admins lift any of them" in house.seen_by("ruth", "dm")


async def test_a_button_in_the_form_lifts_and_the_form_shows_it(house: Bench) -> None:
    await held_leave(house)
    await house.slack.close_modal("ruth")
    view = await opened(house, "ruth")
    assert "Annual leave*, until" in text_of(view)

    await house.slack.click_in_modal("ruth", "hold_lift")
    await house.slack.until(lambda: "*Annual leave*, until" not in text_of(house.slack.modal("ruth") or {}))

    assert await house.ibid.holds.current() == ()
