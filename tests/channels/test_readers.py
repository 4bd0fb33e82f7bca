"""Every row of "Access, exactly", over Slack's own protocol; and what happens when the people change while an answer is made."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from bot.flows import access
from knowledge.values import AccessRule
from playground import Message
from tests.channels.conftest import BANDS, CARRY, LATER, Bench, bands_hit, leave_hit

QUESTION = "@Ibid what is paid in band C of the salary bands?"
SECRET = "52,000"


@pytest.fixture
def bands(bench: Bench) -> Bench:
    """A library that holds nothing but what HR may read."""
    bench.library.hits = (bands_hit(),)
    bench.writer.lines = [f"{BANDS} [1]\n"]
    return bench


async def held(bench: Bench, person: str, channel: str, before_line: int = 0) -> tuple[Message, asyncio.Event]:
    """A question whose answer is being written, and the gate that holds it back."""
    gate = bench.writer.gates[before_line] = asyncio.Event()
    asked = bench.slack.say(person, channel, QUESTION)
    await bench.slack.until(lambda: bench.called("assistant.threads.setStatus")[1:])  # searching, and then writing
    return asked, gate


def said(bench: Bench, channel: str) -> str:
    """Everything that was ever sent to this channel for all to see, also what was taken back later."""
    speaking = ("chat.startStream", "chat.appendStream", "chat.stopStream", "chat.postMessage", "chat.update")
    room = bench.slack.state.channel(channel).id
    return "\n".join(str(call.fields) for call in bench.slack.calls if call.method in speaking and call.fields.get("channel") == room)


async def test_who_joins_while_the_answer_is_made_is_shown_nothing_that_they_may_not_read(bands: Bench) -> None:
    asked, gate = await held(bands, "ruth", "people-team")
    bands.slack.join("priya", "people-team")
    await bands.slack.settled()
    gate.set()
    answer = await bands.slack.reply_to(asked)
    await bands.quiet()
    assert "There is no policy that everyone in this conversation may read" in answer.plain
    assert SECRET not in said(bands, "people-team")
    assert "Salary bands" not in said(bands, "people-team")
    assert len([reply for reply in bands.slack.replies_to(asked) if reply.only_for is None]) == 1
    assert not bands.slack.state.statuses


async def test_a_channel_that_is_shared_while_the_answer_is_made_is_answered_to_the_asker_alone(bands: Bench) -> None:
    asked, gate = await held(bands, "ruth", "people-team")
    bands.slack.share("people-team", "T0NORTHGATE")
    await bands.slack.settled()
    gate.set()
    answer = await bands.slack.reply_to(asked)
    await bands.quiet()
    assert answer.only_for == "U07RUTH"
    assert SECRET in answer.plain
    assert said(bands, "people-team") == ""
    assert not bands.slack.state.statuses


async def test_a_refusal_names_no_document_to_who_joined_meanwhile(bands: Bench) -> None:
    bands.writer.lines = ["NOT FOUND\n"]
    bands.library.confidence = 0.5
    asked, gate = await held(bands, "ruth", "people-team")
    bands.slack.join("priya", "people-team")
    await bands.slack.settled()
    gate.set()
    await bands.slack.reply_to(asked)
    await bands.quiet()
    assert "Salary bands" not in said(bands, "people-team")


async def test_what_streams_stops_where_somebody_joins_who_may_not_read_it(bands: Bench) -> None:
    more = "Band D is paid between 62,000 and 75,000 euros a year."
    bands.library.hits = (replace(bands_hit(), passage=replace(bands_hit().passage, text=f"{BANDS} {more} {LATER}")),)
    bands.writer.lines = [f"{BANDS} [1]\n", f"{LATER} [1]\n", f"{more} [1]\n"]
    gate = bands.writer.gates[2] = asyncio.Event()
    asked = bands.slack.say("ruth", "people-team", QUESTION)
    await bands.slack.until(lambda: bands.called("chat.startStream"))
    bands.slack.join("priya", "people-team")
    await bands.slack.settled()
    gate.set()
    answer = await bands.slack.reply_to(asked)
    await bands.quiet()
    assert "75,000" not in str(bands.slack.calls)
    assert "The answer broke off here" in str(bands.called("chat.stopStream"))
    assert SECRET not in answer.plain  # what had been shown is taken back
    assert len(bands.slack.replies_to(asked)) == 1


async def test_no_note_names_a_document_that_was_kept_from_who_joined_meanwhile(bands: Bench) -> None:
    coming = replace(bands_hit().document, effective=date(2027, 1, 1))
    bands.library.hits = (leave_hit(), replace(bands_hit(), document=coming))
    bands.writer.lines = [f"{CARRY} [1]\n", f"{LATER} [1]\n", f"{BANDS} [2]\n"]
    gate = bands.writer.gates[2] = asyncio.Event()
    asked = bands.slack.say("ruth", "people-team", QUESTION)
    await bands.slack.until(lambda: bands.called("chat.startStream"))
    bands.slack.join("priya", "people-team")
    await bands.slack.settled()
    gate.set()
    answer = await bands.slack.reply_to(asked)
    await bands.quiet()
    assert CARRY in answer.plain
    assert "Salary bands" not in said(bands, "people-team")


async def test_who_joins_but_may_read_it_too_changes_nothing(bands: Bench) -> None:
    bands.slack.set_group("hr", ["ruth", "greta", "priya"])
    asked, gate = await held(bands, "ruth", "people-team")
    bands.slack.join("priya", "people-team")
    await bands.slack.settled()
    gate.set()
    assert BANDS in (await bands.slack.reply_to(asked)).plain
    assert len(bands.ledger.opened) == 1


async def test_readers_who_change_faster_than_the_answer_comes_end_in_one_honest_sentence(
    bands: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: object) -> bool:
        return False

    monkeypatch.setattr("bot.channels.slack.readership.Readership.covers", never)
    asked = bands.slack.say("ruth", "people-team", QUESTION)
    answer = await bands.slack.reply_to(asked)
    await bands.quiet()
    assert "Something went wrong" in answer.plain
    assert len(bands.slack.replies_to(asked)) == 1
    assert SECRET not in said(bands, "people-team")


async def test_who_has_left_reads_nothing_more_there_and_a_group_counts_as_it_is_now(bands: Bench) -> None:
    bands.slack.join("priya", "people-team")
    await bands.quiet()
    assert SECRET not in (await bands.ask("ruth", "people-team", QUESTION)).plain
    bands.slack.leave("priya", "people-team")
    await bands.quiet()
    assert SECRET in (await bands.ask("ruth", "people-team", QUESTION)).plain
    bands.slack.set_group("hr", ["ruth"])
    await bands.quiet()
    assert SECRET not in (await bands.ask("ruth", "people-team", QUESTION)).plain


async def test_a_guest_in_a_private_channel_and_one_who_becomes_a_guest_leave_the_asker_alone(bands: Bench) -> None:
    bands.slack.join("carla", "people-team")
    await bands.quiet()
    assert (await bands.ask("ruth", "people-team", QUESTION)).only_for == "U07RUTH"
    bands.slack.leave("carla", "people-team")
    bands.slack.change_person_of("greta", guest="multi")
    await bands.quiet()
    assert (await bands.ask("ruth", "people-team", QUESTION)).only_for == "U07RUTH"
    assert said(bands, "people-team") == ""


async def test_deactivated_accounts_and_apps_do_not_count_and_the_deactivated_get_no_answer(bands: Bench) -> None:
    bands.slack.join("bea", "people-team")
    await bands.quiet()
    assert SECRET in (await bands.ask("ruth", "people-team", QUESTION)).plain
    bands.slack.say("bea", "people-team", QUESTION)
    await bands.quiet()
    assert len(bands.ledger.opened) == 1


async def test_in_a_group_direct_message_everyone_in_it_counts(bands: Bench) -> None:
    mixed = bands.slack.state.direct_message("U07RUTH", "U01PRIYA")
    both = bands.slack.state.direct_message("U07RUTH", "U08GRETA")
    assert SECRET not in (await bands.ask("ruth", mixed.id, QUESTION)).plain
    assert SECRET in (await bands.ask("ruth", both.id, QUESTION)).plain
    guest = bands.slack.state.direct_message("U07RUTH", "U13CARLA")
    assert (await bands.ask("ruth", guest.id, QUESTION)).only_for == "U07RUTH"


async def test_unknown_groups_and_too_many_members_leave_what_everyone_may_read(bands: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bands.library.hits = (leave_hit(), bands_hit())
    bands.writer.lines = [f"{CARRY} [1]\n"]
    monkeypatch.setattr(access, "LARGEST_CHECKED", 1)
    assert CARRY in (await bands.ask("ruth", "people-team", QUESTION)).plain
    monkeypatch.setattr(access, "LARGEST_CHECKED", 500)
    bands.clock.advance(seconds=61)
    bands.slack.faults.refuse("usergroups.list", "missing_scope", times=50)
    assert CARRY in (await bands.ask("ruth", "people-team", QUESTION)).plain
    assert CARRY in (await bands.ask("ruth", "dm", QUESTION)).plain
    assert [request.labels - {"asker"} for request in bands.writer.requests] == [{"everyone"}] * 3
    assert SECRET not in str(bands.writer.requests)


async def test_a_list_of_members_that_breaks_off_is_no_list(bands: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.adapters.slack_directory.PAGE", 1)
    pages = bands.slack.faults
    pages.slow("conversations.members", 0.0, times=1)
    pages.refuse("conversations.members", "fatal_error", times=1)
    answer = await bands.ask("ruth", "people-team", QUESTION)
    assert answer.only_for == "U07RUTH"
    assert said(bands, "people-team") == ""


async def test_a_name_in_the_people_file_grants_and_a_display_name_does_not(bands: Bench) -> None:
    bands.library.hits = (bands_hit(rule=AccessRule(people=frozenset({"ruth", "U09HIRO", "Priya Raman"}))),)
    for person, may in (("ruth", True), ("hiro", True), ("priya", False), ("greta", False)):
        await bands.ask(person, "dm", QUESTION)
        await bands.quiet()
        assert (SECRET in bands.seen_by(person, "dm")) is may


async def test_what_was_asked_in_one_place_is_not_remembered_in_another(bench: Bench) -> None:
    private = bench.slack.say("ruth", "dm", "How many days of leave can I carry over in my notice period?")
    await bench.slack.reply_to(private)
    await bench.slack.slash("ruth", "ask-policy", "/ibid ask how many days of leave can a grievance suspend?")
    await bench.slack.until(lambda: CARRY in bench.seen_by("ruth", "ask-policy"))
    await bench.quiet()
    asked = bench.slack.say("ruth", "ask-policy", "@Ibid and until when?")
    await bench.slack.reply_to(asked)
    await bench.quiet()
    follow_up = bench.slack.say("priya", "ask-policy", "@Ibid and for them?", asked.ts)
    await bench.slack.reply_to(follow_up)
    assert [question for question, _ in bench.library.searched[-2:]] == ["and until when?", "and for them?"]
    assert "notice" not in bench.seen_by("priya", "ask-policy")
    assert "grievance" not in bench.seen_by("priya", "ask-policy")


async def test_what_is_taken_away_while_it_is_answered_from_is_taken_back_from_the_thread(bench: Bench) -> None:
    bench.writer.lines = [f"{CARRY} [1]\n", f"{LATER} [1]\n", f"{CARRY} [1]\n"]
    gate = bench.writer.gates[2] = asyncio.Event()
    asked = bench.slack.say("priya", "ask-policy", "@Ibid How many days can I carry over?")
    await bench.slack.until(lambda: CARRY in bench.seen_by("priya", "ask-policy") or None)
    bench.library.hits = (leave_hit("9.1 Something else.", clause="9.1"),)
    gate.set()
    await bench.quiet()
    (reply,) = bench.slack.replies_to(asked)
    assert not any(words in reply.plain for words in (CARRY, LATER))
    assert not reply.streaming
    assert list(bench.inbox.outcomes.values()) == ["failed"]
