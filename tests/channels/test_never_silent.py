"""Trouble in Slack, in the database or in the process costs nobody the answer, and gives nobody two."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.answers import Answer
from bot.channels.slack.app import Patience
from bot.errors import ConversationUnavailable
from playground import Message
from tests.channels.conftest import CARRY, LATER, Bench, leave_hit

QUESTION = "@Ibid how many days can I carry over?"


def replies(bench: Bench, asked: Message) -> list[str]:
    return [reply.plain for reply in bench.slack.replies_to(asked)]


@pytest.mark.parametrize("question", [QUESTION, "@Ibid hello"])
async def test_what_slack_did_not_take_is_said_when_it_is_back_and_said_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, question: str
) -> None:
    monkeypatch.setattr("bot.channels.slack.insist.PAUSES", (0.0, 0.0))
    await bench.disconnect()
    await bench.connect(Patience(drain=5, again=0.05))
    for method in ("chat.startStream", "chat.postMessage"):
        bench.slack.faults.server_error(method, times=7)
    asked = bench.slack.say("priya", "ask-policy", question)
    await bench.slack.reply_to(asked)
    await bench.quiet()
    assert len(replies(bench, asked)) == 1
    assert not await bench.inbox.waiting()
    assert not bench.serving or not bench.serving.desk.unsaid


@pytest.mark.parametrize("confidence", [0.9, 0.0])
async def test_where_ibid_may_not_speak_the_asker_is_answered_alone(bench: Bench, confidence: float) -> None:
    bench.library.confidence = confidence
    for method in ("chat.startStream", "chat.postMessage"):
        bench.slack.faults.refuse(method, "restricted_action", times=1)
    asked = bench.slack.say("priya", "ask-policy", QUESTION)
    answer = await bench.slack.reply_to(asked)
    await bench.quiet()
    assert answer.only_for == "U01PRIYA"
    assert ("As of" in answer.plain) is (confidence > 0)
    assert len(replies(bench, asked)) == 1
    assert bench.seen_by("tom", "ask-policy") == ""
    assert "undeliverable" not in bench.inbox.outcomes.values()


async def test_where_not_even_that_is_possible_the_answer_comes_as_a_direct_message(bench: Bench) -> None:
    for method in ("chat.startStream", "chat.postMessage", "chat.postEphemeral"):
        bench.slack.faults.refuse(method, "is_archived", times=1)
    bench.slack.say("priya", "ask-policy", QUESTION)
    await bench.slack.until(lambda: CARRY in bench.seen_by("priya", "dm"))


async def test_an_introduction_that_slack_refuses_does_not_cost_the_answer(bench: Bench) -> None:
    bench.slack.faults.refuse("chat.postMessage", "restricted_action", times=1)
    asked = bench.slack.say("tom", "dm", "How many days can I carry over?")
    assert CARRY in (await bench.slack.reply_to(asked)).plain
    await bench.quiet()
    assert len(replies(bench, asked)) == 1


async def test_a_beginning_that_cannot_be_noted_does_not_cost_the_answer(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(key: str, reply: str) -> None:
        raise ConversationUnavailable("the disk is full")

    monkeypatch.setattr(bench.inbox, "begun", full)
    bench.writer.lines = [f"{CARRY} [1]\n", f"{LATER} [1]\n", f"Again: {LATER} [1]\n"]
    gate = bench.writer.gates[2] = asyncio.Event()
    asked = bench.slack.say("priya", "ask-policy", QUESTION)
    await bench.slack.until(lambda: bench.called("chat.startStream"))
    gate.set()
    assert CARRY in (await bench.slack.reply_to(asked)).plain
    await bench.quiet()
    assert len(replies(bench, asked)) == 1
    assert not [message for message in bench.slack.messages("priya", "ask-policy") if message.streaming]


async def test_a_receipt_that_cannot_be_closed_does_not_cost_the_answer(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(answer: Answer) -> None:
        raise ConversationUnavailable("the disk is full")

    monkeypatch.setattr(bench.ledger, "close", full)
    asked = bench.slack.say("priya", "ask-policy", QUESTION)
    assert CARRY in (await bench.slack.reply_to(asked)).plain
    await bench.quiet()
    assert len(replies(bench, asked)) == 1


async def test_two_questions_in_one_thread_that_a_crash_cut_off_get_two_answers(bench: Bench) -> None:
    bench.writer.lines = [f"{CARRY} [1]\n", f"{LATER} [1]\n", f"Again: {LATER} [1]\n"]
    gate = bench.writer.gates[2] = asyncio.Event()
    first = bench.slack.say("priya", "ask-policy", QUESTION)
    second = bench.slack.say("tom", "ask-policy", "@Ibid until when can leave be carried over?", first.ts)
    await bench.slack.until(lambda: bench.called("chat.startStream"))
    await bench.slack.settled()
    await bench.crash()
    assert len(await bench.inbox.waiting()) == 2
    gate.set()
    await bench.connect()
    await bench.slack.until(lambda: len(replies(bench, first)) == 2)
    await bench.quiet()
    assert len(replies(bench, first)) == 2
    assert second.ts in [message.ts for message in bench.slack.messages("tom", "ask-policy")]
    assert not await bench.inbox.waiting()


async def test_in_a_thread_of_more_than_two_hundred_messages_a_lost_post_is_still_found(bench: Bench) -> None:
    root = bench.slack.say("tom", "ask-policy", "a long story")
    for number in range(210):
        bench.slack.say("tom", "ask-policy", f"line {number}", root.ts)
    bench.library.confidence = 0.0
    bench.slack.faults.lose_answer("chat.postMessage")
    asked = bench.slack.say("priya", "ask-policy", QUESTION, root.ts)
    await bench.slack.reply_to(asked)
    await bench.quiet()
    assert len(replies(bench, asked)) == 1


async def test_a_policy_may_have_a_sentence_that_begins_with_the_writers_own_word_for_giving_up(bench: Bench) -> None:
    sentence = "NOT FOUND is what the badge reader shows when a card is unknown."
    bench.library.hits = (leave_hit(f"4.1 {sentence} {LATER}"),)
    bench.writer.lines = [f"{sentence} [1]\n", "NOT FOUND.\n", f"{LATER} [1]\n"]
    answer = await bench.ask("priya", "ask-policy", QUESTION)
    assert sentence in answer.plain
    assert LATER not in answer.plain


async def test_mentions_commands_and_direct_messages_share_one_limit(bench: Bench) -> None:
    bench.setting(questions_per_minute=2)
    await bench.disconnect()
    await bench.connect()
    await bench.ask("priya", "ask-policy", QUESTION)
    await bench.ask("priya", "dm", "How many days can I carry over?")
    await bench.slack.slash("priya", "ask-policy", "/ibid ask how many days can I carry over?")
    await bench.slack.until(lambda: "more than 2 questions in a minute" in bench.seen_by("priya", "ask-policy"))
    await bench.quiet()
    assert len(bench.ledger.opened) == 2


async def test_what_breaks_off_is_logged_without_a_word_of_what_was_said_even_at_debug(bench: Bench, logged: Callable[[], str]) -> None:
    bench.writer.breaks = RuntimeError("the zebra project is secret")
    asked = bench.slack.say("priya", "ask-policy", "@Ibid may I name the zebra project?")
    await bench.slack.until(lambda: any("Something went wrong" in text for text in replies(bench, asked)))
    await bench.quiet()
    assert "zebra" not in logged()
    assert "test_never_silent.py" not in logged()
    assert "conftest.py" in logged()  # where it broke


async def test_the_company_has_slacks_name_for_it_where_nobody_gave_a_better_one(bench: Bench) -> None:
    from dataclasses import replace

    from bot.bootstrap import NO_COMPANY

    bench.slack.state.team = replace(bench.slack.state.team, name="Fern & <Hill>")
    bench.ibid = replace(bench.ibid, company=NO_COMPANY, answering=replace(bench.ibid.answering, company=NO_COMPANY))
    bench.library.confidence = 0.0
    await bench.disconnect()
    await bench.connect()
    assert "everyone at Fern &amp; &lt;Hill&gt; may read" in (await bench.ask("priya", "ask-policy", QUESTION)).plain
    bench.library.confidence = 0.9
    await bench.ask("priya", "ask-policy", QUESTION)
    assert "Fern & <Hill>" in str(bench.writer.requests[-1].messages[0])
