"""Never silent, never twice: whatever Slack does to a delivery or to the reply, there is one reply in the end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.answers import Answer
from bot.errors import ConversationUnavailable, WriterFailed
from bot.settings import HOME
from bot.values import Delivery, Question
from playground import Message, Workspace
from playground.workspace import Setting
from tests.channels.conftest import CARRY, LATER, Bench

QUESTION = "@Ibid how many days can I carry over?"


def texts(bench: Bench, asked: Message) -> list[str]:
    return [reply.plain for reply in bench.slack.replies_to(asked)]


async def held(bench: Bench, before_line: int = 2) -> tuple[Message, asyncio.Event]:
    """A question whose answer is streaming, two sentences shown, and waits for the gate."""
    bench.writer.lines = [f"{CARRY} [1]\n", f"{LATER} [1]\n", f"Again: {LATER} [1]\n"]
    gate = bench.writer.gates[before_line] = asyncio.Event()
    asked = bench.slack.say("priya", "ask-policy", QUESTION)
    await bench.slack.until(lambda: bench.called("chat.startStream"))
    return asked, gate


async def one_whole_answer(bench: Bench, asked: Message) -> str:
    await bench.slack.until(lambda: any("As of" in text for text in texts(bench, asked)), within=20)
    await bench.quiet()
    (text,) = texts(bench, asked)
    assert text.count(f"{CARRY} [1]") == 1
    assert text.count("Source 1:") == 1
    return text


async def test_the_same_event_delivered_again_is_acknowledged_and_answered_once(bench: Bench) -> None:
    asked = bench.slack.say("priya", "ask-policy", QUESTION)
    await bench.slack.reply_to(asked)
    await bench.quiet()
    for delivery in list(bench.slack.sockets.deliveries):
        bench.slack.sockets.send_event(delivery.payload)
    await bench.quiet()
    assert all(delivery.acked for delivery in bench.slack.sockets.deliveries)
    assert len(texts(bench, asked)) == 1


async def test_what_could_not_be_written_down_is_not_acknowledged_and_comes_again(bench: Bench, logged: Callable[[], str]) -> None:
    failures = [ConversationUnavailable("the disk is full: how many days"), ConversationUnavailable("still full")]
    take = bench.inbox.take

    async def failing(delivery: Delivery) -> bool:
        if failures:
            raise failures.pop()
        return await take(delivery)

    bench.inbox.take = failing  # type: ignore[method-assign]  # the disk is full for two deliveries
    asked = bench.slack.say("priya", "dm", "How many days can I carry over?")
    assert CARRY in (await bench.slack.reply_to(asked)).plain
    await bench.quiet()
    assert [delivery.acked for delivery in bench.slack.sockets.deliveries if delivery.attempt < 3][:3] == [False, False, True]
    assert len(texts(bench, asked)) == 1
    assert "how many days" not in logged().lower()


async def test_a_message_that_is_not_addressed_to_ibid_leaves_no_trace(bench: Bench, logged: Callable[[], str]) -> None:
    bench.slack.say("priya", "ask-policy", "the zebra project is secret")
    root = bench.slack.say("tom", "general", "a zebra thread")
    bench.slack.say("priya", "general", "a zebra reply", root.ts)
    await bench.quiet()
    assert len([one for one in bench.slack.sockets.deliveries if one.acked]) == 3
    assert not bench.inbox.outcomes
    assert not await bench.inbox.waiting()
    assert not bench.ledger.opened
    assert "zebra" not in logged()
    assert {call.method for call in bench.slack.calls} == {"auth.test", "apps.connections.open"}


async def test_edits_deletions_and_other_bots_are_nobody_asking(bench: Bench) -> None:
    event = {"type": "message", "channel": "D01IBID", "channel_type": "im", "user": "U01PRIYA", "text": "how many days?", "ts": "1.1"}
    for odd in (
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"bot_id": "B9"},
        {"edited": {"ts": "2"}},
        {"user": "U0IBID"},
    ):
        bench.slack.events.send("message.im", event | odd)
    bench.slack.open_home("priya")
    await bench.quiet()
    assert all(delivery.acked for delivery in bench.slack.sockets.deliveries)
    assert not bench.ledger.opened


async def test_sentences_appear_as_they_are_proved(bench: Bench) -> None:
    asked, gate = await held(bench)
    await bench.slack.until(lambda: any(LATER in m.streamed for m in bench.slack.messages("tom", "ask-policy")))
    assert texts(bench, asked) == []
    gate.set()
    assert f"Again: {LATER} [1]" in await one_whole_answer(bench, asked)
    assert not bench.called("chat.update")
    assert not bench.called("chat.postMessage")


async def test_an_expired_stream_is_finished_in_its_own_message(bench: Bench) -> None:
    asked, gate = await held(bench)
    bench.slack.expire_streams()
    gate.set()
    assert f"Again: {LATER} [1]" in await one_whole_answer(bench, asked)
    assert len(bench.called("chat.update")) == 1


@pytest.mark.parametrize("method", ["chat.startStream", "chat.appendStream", "chat.stopStream"])
@pytest.mark.parametrize("fault", ["rate_limit", "server_error", "drop", "lose_answer"])
async def test_a_stream_that_breaks_anywhere_ends_in_one_whole_answer(bench: Bench, method: str, fault: str) -> None:
    if fault == "rate_limit":
        bench.slack.faults.rate_limit(method, times=1, retry_after=30)
    else:
        getattr(bench.slack.faults, fault)(method)
    bench.writer.lines = [f"{CARRY} [1]\n", f"{LATER} [1]\n", f"Again: {LATER} [1]\n"]
    gate = bench.writer.gates[2] = asyncio.Event()
    asked = bench.slack.say("priya", "ask-policy", QUESTION)
    await bench.slack.until(lambda: method == "chat.startStream" or bench.called("chat.startStream"))
    gate.set()
    assert f"Again: {LATER} [1]" in await one_whole_answer(bench, asked)
    assert [message for message in bench.slack.messages("priya", "ask-policy") if message.streaming] == []


@pytest.mark.parametrize("fault", ["server_error", "drop", "lose_answer"])
async def test_a_refusal_whose_post_got_lost_is_said_once(bench: Bench, fault: str) -> None:
    bench.library.confidence = 0.0
    getattr(bench.slack.faults, fault)("chat.postMessage")
    asked = bench.slack.say("priya", "ask-policy", QUESTION)
    await bench.slack.reply_to(asked)
    await bench.quiet()
    assert len(texts(bench, asked)) == 1


async def test_a_short_rate_limit_is_waited_for(bench: Bench) -> None:
    bench.library.confidence = 0.0
    bench.slack.faults.rate_limit("chat.postMessage", retry_after=0)
    asked = bench.slack.say("priya", "ask-policy", QUESTION)
    assert "I could not find" in (await bench.slack.reply_to(asked)).plain


async def test_a_writer_that_breaks_off_leaves_what_is_proved_and_says_so(bench: Bench) -> None:
    bench.writer.breaks = WriterFailed("too slow")
    answer = await bench.ask("priya", "ask-policy", QUESTION)
    assert CARRY in answer.plain
    assert "The answer broke off here" in answer.plain


async def test_a_failure_that_nobody_foresaw_is_one_honest_sentence(bench: Bench, logged: Callable[[], str]) -> None:
    bench.writer.breaks = RuntimeError("how many days broke the writer")
    asked = bench.slack.say("priya", "ask-policy", QUESTION)
    await bench.slack.until(lambda: any("Something went wrong" in text for text in texts(bench, asked)))
    await bench.quiet()
    assert len(texts(bench, asked)) == 1
    assert list(bench.inbox.outcomes.values()).count("failed") == 1
    assert "broke the writer" not in texts(bench, asked)[0]


async def test_when_slack_does_not_say_who_asks_the_asker_hears_that_it_failed(bench: Bench) -> None:
    bench.slack.faults.refuse("users.list", "fatal_error", times=9)
    asked = bench.slack.say("priya", "ask-policy", QUESTION)
    answer = await bench.slack.reply_to(asked)
    assert answer.only_for == "U01PRIYA"
    assert "Something went wrong" in answer.plain
    assert bench.library.searched == []


async def test_what_is_behind_an_answer_is_told_after_it_and_trouble_there_is_not_the_askers(bench: Bench) -> None:
    told: list[tuple[str, str]] = []

    class Broken:
        def ended(self, outcome: str) -> None:
            told.append(("", outcome))

        async def behind(self, question: Question, answer: Answer) -> None:
            told.append((question.text, answer.receipt))
            raise RuntimeError

    bench.ibid = replace(bench.ibid, observers=(Broken(),))
    await bench.disconnect()
    await bench.connect()
    asked = bench.slack.say("priya", "ask-policy", QUESTION)
    await bench.slack.reply_to(asked)
    await bench.quiet()
    assert told == [("", "answered"), ("how many days can I carry over?", "0000-0001")]
    assert len(texts(bench, asked)) == 1


async def test_what_slack_will_not_take_in_the_channel_reaches_the_asker_directly(bench: Bench) -> None:
    bench.slack.faults.refuse("chat.postEphemeral", "channel_not_found", times=1)
    bench.slack.say("priya", "northgate", QUESTION)
    await bench.slack.until(lambda: CARRY in bench.seen_by("priya", "dm"))
    assert bench.seen_by("nils", "northgate") == ""


async def test_when_the_answer_cannot_be_delivered_at_all_it_stays_in_the_inbox(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.slack.insist.PAUSES", (0.0, 0.0))
    bench.library.confidence = 0.0
    bench.slack.faults.server_error("chat.postMessage", times=3)
    asked = bench.slack.say("priya", "ask-policy", QUESTION)
    await bench.quiet()
    assert texts(bench, asked) == []
    assert len(await bench.inbox.waiting()) == 1
    await bench.disconnect()
    await bench.connect()
    await bench.quiet()
    assert len(texts(bench, asked)) == 1
    assert not await bench.inbox.waiting()


async def test_after_a_crash_in_mid_stream_the_same_message_becomes_the_whole_answer(bench: Bench) -> None:
    asked, gate = await held(bench)
    await bench.crash()
    (delivery,) = await bench.inbox.waiting()
    assert delivery.reply
    gate.set()
    await bench.connect()
    await one_whole_answer(bench, asked)
    assert not await bench.inbox.waiting()


async def test_after_a_crash_before_anything_was_posted_there_is_one_new_reply(bench: Bench) -> None:
    gate = bench.writer.gates[0] = asyncio.Event()
    asked = bench.slack.say("priya", "ask-policy", QUESTION)
    await bench.slack.until(lambda: bench.called("assistant.threads.setStatus"))
    await bench.crash()
    gate.set()
    await bench.connect()
    await one_whole_answer(bench, asked)


async def test_after_a_crash_between_the_post_and_its_note_the_reply_is_found_and_not_repeated(bench: Bench) -> None:
    asked = bench.slack.say("priya", "ask-policy", QUESTION)
    await bench.slack.reply_to(asked)
    await bench.quiet()
    await bench.disconnect()
    (key,) = bench.inbox.outcomes
    delivery = Delivery(key=key, payload=json.dumps({**PAYLOAD, "key": key, "ts": asked.ts, "channel": asked.channel}))
    bench.inbox.outcomes.clear()
    await bench.inbox.take(delivery)
    await bench.connect()
    await bench.quiet()
    assert len(texts(bench, asked)) == 1
    assert bench.inbox.outcomes == {key: "posted"}


PAYLOAD = {"what": "ask", "team": "T0FERNHILL", "user": "U01PRIYA", "kind": "public", "text": "how many days can I carry over?"}


async def test_a_delivery_from_another_version_is_closed_and_one_older_than_a_day_is_dropped(idle_bench: Bench) -> None:
    await idle_bench.inbox.take(Delivery(key="old", payload=json.dumps({**PAYLOAD, "key": "old", "channel": "C01ASK", "ts": "1.1"})))
    idle_bench.clock.advance(hours=25)
    await idle_bench.inbox.take(Delivery(key="odd", payload='{"what": "ask", "colour": "red"}'))
    await idle_bench.connect()
    await idle_bench.quiet()
    assert idle_bench.inbox.outcomes == {"old": "expired", "odd": "lost"}
    assert idle_bench.seen_by("priya", "ask-policy") == ""


async def test_stopping_lets_running_answers_end(bench: Bench) -> None:
    asked, gate = await held(bench)
    stopping = asyncio.create_task(bench.disconnect())
    await asyncio.sleep(0)
    gate.set()
    await stopping
    (text,) = texts(bench, asked)
    assert f"Again: {LATER} [1]" in text


async def test_a_new_socket_after_disconnect_or_a_cut_goes_on_answering(bench: Bench) -> None:
    await bench.slack.sockets.disconnect()
    assert CARRY in (await bench.ask("priya", "ask-policy", QUESTION)).plain


async def test_two_questions_in_one_thread_are_answered_one_after_the_other(bench: Bench) -> None:
    first, gate = await held(bench)
    bench.slack.say("tom", "ask-policy", QUESTION, first.ts)
    await bench.slack.settled()
    assert len(bench.ledger.opened) == 1
    gate.set()
    await bench.slack.until(lambda: len(texts(bench, first)) == 1)
    await bench.quiet()
    assert len(bench.ledger.opened) == 2


async def test_the_next_pretend_workspace_uses_no_id_again_that_the_inbox_remembers(bench: Bench) -> None:
    bench.slack.say("priya", "ask-policy", QUESTION)
    await bench.quiet()
    async with Workspace.start(HOME / "handbook" / "workspace.yaml", Setting(redeliver_after=(), pause=_at_once)) as other:
        other.say("priya", "ask-policy", QUESTION)
        await other.settled()
        ids = [{one.payload["event_id"] for one in slack.sockets.deliveries} for slack in (bench.slack, other)]
    assert all(ids)
    assert not ids[0] & ids[1]


async def _at_once(_: float) -> None:
    """Nobody waits for an acknowledgement that cannot come."""
