"""When more people can read a channel than before, what not all of them may read is taken back: over Slack's own protocol."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.channels.slack import circle
from bot.house_rules import Grant, HouseRules
from bot.values import Place, StandingReply
from knowledge.values import AccessRule
from playground import Message
from playground.state import Change
from tests.channels.conftest import BANDS, CARRY, Bench, bands_hit, leave_hit
from tests.factories import HR

QUESTION = "@Ibid what is paid in band C of the salary bands?"
PLACE = Place(team="T0FERNHILL", channel="C01ASK", thread=None, kind="private")
GROWN = "More people can read this conversation"


@pytest.fixture
def bands(bench: Bench) -> Bench:
    """A library that holds nothing but what HR may read."""
    bench.library.hits = (bands_hit(),)
    bench.writer.lines = [f"{BANDS} [1]\n"]
    return bench


async def answered(bench: Bench, person: str = "ruth", channel: str = "people-team", words: str = BANDS) -> Message:
    answer = await bench.ask(person, channel, QUESTION)
    await bench.quiet()
    assert words in answer.plain
    return answer


def now(bench: Bench, answer: Message) -> str:
    """What everybody reads in its place."""
    return bench.slack.state.message(answer.channel, answer.ts).plain


async def test_who_joins_and_may_not_read_an_earlier_answer_finds_it_taken_back(bands: Bench) -> None:
    answer = await answered(bands)
    bands.slack.join("priya", "people-team")
    await bands.quiet()
    assert GROWN in now(bands, answer)
    assert BANDS not in bands.seen_by("priya", "people-team")
    assert "Salary bands" not in bands.seen_by("priya", "people-team")


async def test_who_joins_and_may_read_it_changes_nothing(bands: Bench) -> None:
    bands.slack.set_group("hr", ["ruth", "greta", "priya"])
    answer = await answered(bands)
    bands.slack.join("priya", "people-team")
    await bands.quiet()
    assert BANDS in now(bands, answer)


async def test_who_joins_where_all_that_was_said_is_for_everyone_changes_nothing(bench: Bench) -> None:
    answer = await answered(bench, words=CARRY)
    bench.slack.join("priya", "people-team")
    await bench.quiet()
    assert CARRY in now(bench, answer)


async def test_a_guest_who_joins_lacks_also_what_is_for_everyone(bench: Bench) -> None:
    answer = await answered(bench, words=CARRY)
    bench.slack.join("carla", "people-team")
    await bench.quiet()
    assert GROWN in now(bench, answer)
    assert CARRY not in bench.seen_by("carla", "people-team")


async def test_a_channel_that_is_made_public_is_a_larger_circle(bands: Bench) -> None:
    answer = await answered(bands)
    bands.slack.make_public("people-team", "ruth")
    await bands.quiet()
    assert GROWN in now(bands, answer)
    assert BANDS not in bands.seen_by("priya", "people-team")


async def test_what_everyone_may_read_is_not_for_the_company_that_a_channel_is_shared_with(bench: Bench) -> None:
    answer = await answered(bench, words=CARRY)
    bench.slack.share("people-team", "T0NORTHGATE")
    await bench.quiet()
    assert GROWN in now(bench, answer)


async def test_who_loses_a_group_may_not_read_the_earlier_answers_of_their_channel_any_more(bands: Bench) -> None:
    answer = await answered(bands)
    bands.slack.set_group("hr", ["ruth"])
    await bands.quiet()
    assert GROWN in now(bands, answer)


async def test_the_button_answers_who_may_read_it_alone_and_tells_the_newcomer_nothing(bands: Bench) -> None:
    answer = await answered(bands)
    bands.slack.join("priya", "people-team")
    await bands.quiet()
    taken_back = bands.slack.state.message(answer.channel, answer.ts)
    for person, may in (("greta", True), ("priya", False)):
        await bands.slack.click(person, taken_back, "offer_private")
        await bands.quiet()
        assert (BANDS in bands.seen_by(person, "people-team")) is may
    assert "Salary bands" not in bands.seen_by("priya", "people-team")


async def test_a_crash_between_the_event_and_the_edit_loses_nothing(bands: Bench) -> None:
    answer = await answered(bands)
    bands.slack.faults.slow("conversations.members", 30.0, times=1)
    bands.slack.join("priya", "people-team")
    await bands.slack.settled()
    await bands.crash()
    assert BANDS in now(bands, answer)
    await bands.connect()
    await bands.quiet()
    assert GROWN in now(bands, answer)


async def test_one_event_twice_and_two_events_edit_once(bands: Bench) -> None:
    await answered(bands)
    bands.slack.join("priya", "people-team")
    bands.slack.join("tom", "people-team")
    await bands.quiet()
    assert len([call for call in bands.called("chat.update") if GROWN in str(call)]) == 1


async def test_while_slack_does_not_say_who_reads_nothing_is_taken_back_on_a_guess(bands: Bench) -> None:
    answer = await answered(bands)
    bands.slack.faults.refuse("conversations.members", "fatal_error", times=50)
    bands.slack.join("priya", "people-team")
    await bands.quiet()
    assert BANDS in now(bands, answer)
    assert bands.serving
    assert bands.serving.desk.unsaid  # it is looked at again


async def test_when_ibid_comes_back_to_a_channel_it_looks_who_came_meanwhile(bands: Bench) -> None:
    answer = await answered(bands)
    room = bands.slack.state.channel("people-team")
    room.members.remove(bands.slack.bot_user_id)
    room.members.append("U01PRIYA")
    bands.clock.advance(minutes=2)
    room.members.append(bands.slack.bot_user_id)
    bands.slack.state.tell(Change(what="joined", channel=room.id, user=bands.slack.bot_user_id))
    await bands.quiet()
    assert GROWN in now(bands, answer)


async def test_where_no_reply_stands_nobodys_coming_is_noted(bench: Bench) -> None:
    bench.slack.join("priya", "people-team")
    await bench.quiet()
    assert bench.inbox.outcomes == {}


async def test_a_reply_that_was_deleted_is_not_looked_for_again(bands: Bench) -> None:
    answer = await answered(bands)
    bands.slack.state.remove(bands.slack.state.message(answer.channel, answer.ts))
    bands.slack.join("priya", "people-team")
    await bands.quiet()
    assert await bands.replies.in_channel("C04PEOPLE") == ()


async def test_a_lost_event_is_made_up_for_at_the_next_start(bands: Bench) -> None:
    answer = await answered(bands)
    await bands.disconnect()
    bands.slack.state.channel("people-team").members.append("U01PRIYA")
    await bands.connect()
    await bands.slack.until(lambda: GROWN in now(bands, answer))


async def test_a_grant_shows_to_all_in_a_channel_what_not_all_may_read_and_its_end_takes_that_back(bands: Bench) -> None:
    bands.slack.join("priya", "people-team")
    grant = Grant(channel="C04PEOPLE", label="groups:hr", reason="the pay round", by="greta", until=bands.clock.today())
    bands.rulebook.rules = HouseRules(grants=(grant,))
    answer = await answered(bands)
    bands.clock.advance(hours=16)
    bands.slack.join("tom", "people-team")
    await bands.quiet()
    assert GROWN in now(bands, answer)


async def test_what_is_narrower_than_everyone_stands_in_a_public_channel_only_by_a_grant(bands: Bench) -> None:
    bands.library.hits = (leave_hit(), bands_hit(rule=AccessRule(groups=frozenset({"hr"}))))
    bands.writer.lines = [f"{BANDS} [2]\n"]
    grant = Grant(channel="C01ASK", label="groups:hr", reason="the pay round", by="greta", until=bands.clock.today())
    assert BANDS not in (await bands.ask("ruth", "ask-policy", QUESTION)).plain
    bands.rulebook.rules = HouseRules(grants=(grant,))
    assert BANDS in (await bands.ask("ruth", "ask-policy", QUESTION)).plain


async def test_who_joins_while_the_answer_is_being_noted_is_not_overlooked(bands: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    noting = bands.replies.stands

    async def stands(reply: StandingReply) -> None:
        if reply.labels:
            bands.slack.join("priya", "people-team")
            await bands.slack.settled()  # nothing stands there yet, so that the event starts nothing
        await noting(reply)

    monkeypatch.setattr(bands.replies, "stands", stands)
    answer = await bands.ask("ruth", "people-team", QUESTION)
    await bands.quiet()
    assert GROWN in now(bands, answer)


async def test_every_channel_is_looked_at_when_a_group_shrinks_and_one_that_slack_does_not_tell_of_keeps_none_back(
    bands: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(circle, "APART", 0.0)
    first = await answered(bands)
    await bands.replies.stands(
        StandingReply(receipt="gone", place=replace(PLACE, channel="C00GONE"), ts="1.1", labels=frozenset({HR.label}))
    )
    await bands.replies.stands(
        StandingReply(receipt="open", place=replace(PLACE, channel="C01ASK"), ts="1.2", labels=frozenset({"everyone"}))
    )
    before = len(bands.called("conversations.info"))
    bands.slack.set_group("hr", ["ruth"])
    await bands.quiet()
    assert GROWN in now(bands, first)
    asked = [str(fields["channel"]) for fields in bands.called("conversations.info")[before:]]
    assert "C01ASK" not in asked  # what every employee may read does not depend on groups


async def test_while_slack_does_not_tell_the_groups_no_look_by_the_way_takes_anything_back(bands: Bench) -> None:
    answer = await answered(bands)
    bands.clock.advance(minutes=2)
    bands.slack.faults.refuse("usergroups.list", "fatal_error", times=50)
    assert bands.serving
    await circle.look_everywhere(bands.serving.desk)
    assert BANDS in now(bands, answer)
    bands.slack.state.channel("people-team").members.append("U13CARLA")
    bands.clock.advance(minutes=2)
    await circle.look_everywhere(bands.serving.desk)
    assert GROWN in now(bands, answer)  # that a guest reads there is known all the same


async def test_a_reply_is_noted_before_its_question_counts_as_answered(bands: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a crash in between leaves it standing, and nobody knows that it does."""
    seen: list[bool] = []
    closing = bands.inbox.close

    async def close(key: str, outcome: str) -> None:
        seen.append(bool(bands.replies.standing))
        await closing(key, outcome)

    monkeypatch.setattr(bands.inbox, "close", close)
    await answered(bands)
    assert seen[0]


async def test_what_slack_does_not_let_be_changed_is_deleted(bands: Bench) -> None:
    answer = await answered(bands)
    bands.slack.faults.refuse("chat.update", "edit_window_closed", times=1)
    bands.slack.join("priya", "people-team")
    await bands.quiet()
    assert BANDS not in bands.seen_by("priya", "people-team")
    assert await bands.replies.in_channel(answer.channel) == ()


async def test_what_can_be_neither_changed_nor_deleted_is_tried_again(bands: Bench) -> None:
    answer = await answered(bands)
    bands.slack.faults.refuse("chat.update", "is_archived", times=1)
    bands.slack.faults.refuse("chat.delete", "is_archived", times=1)
    bands.slack.join("priya", "people-team")
    await bands.quiet()
    assert BANDS in now(bands, answer)
    assert bands.serving
    await circle.look_everywhere(bands.serving.desk)
    assert GROWN in now(bands, answer)
