"""A question in Slack ends in one cited reply, where the people are who may read it."""

from __future__ import annotations

from knowledge.values import AccessRule
from knowledge.weights import THRESHOLDS
from tests.channels.conftest import BANDS, CARRY, LATER, Bench, bands_hit, leave_hit


async def test_a_mention_is_answered_in_its_thread_with_marks_sources_and_footer(bench: Bench) -> None:
    asked = bench.slack.say("priya", "ask-policy", "@Ibid how many days can I carry over?")
    answer = await bench.slack.reply_to(asked)
    assert answer.thread_ts == asked.ts
    assert answer.only_for is None
    assert f"{CARRY} [1]" in answer.plain
    assert f"{LATER} [1]" in answer.plain
    assert "Source 1: Annual leave, 4.1 · effective 1 January 2026" in answer.plain
    assert "<https://handbook.example/leave|Open the document>" in answer.plain
    assert "As of 16 November 2026" in answer.plain
    assert "no model was used" in answer.plain


async def test_a_status_line_is_the_first_sign_and_the_answer_ends_it(bench: Bench) -> None:
    await bench.ask("priya", "ask-policy", "@Ibid how many days can I carry over?")
    methods = [call.method for call in bench.slack.calls]
    assert methods.index("assistant.threads.setStatus") < methods.index("chat.startStream")
    assert not bench.slack.state.statuses


async def test_a_direct_message_needs_no_mention_and_is_its_own_thread(bench: Bench) -> None:
    asked = bench.slack.say("priya", "dm", "How many days can I carry over?")
    answer = await bench.slack.reply_to(asked)
    assert answer.thread_ts == asked.ts
    assert CARRY in answer.plain


async def test_the_first_direct_message_is_answered_below_what_ibid_keeps_and_the_second_is_not(bench: Bench) -> None:
    first = bench.slack.say("tom", "dm", "How many days can I carry over?")
    await bench.slack.until(lambda: len(bench.slack.replies_to(first)) == 2)
    introduction, answer = bench.slack.replies_to(first)
    assert "encrypted for 30 days" in introduction.plain
    assert CARRY in answer.plain
    second = bench.slack.say("tom", "dm", "And how many days may I carry over next year?")
    await bench.slack.reply_to(second)
    await bench.quiet()
    assert len(bench.slack.replies_to(second)) == 1


async def test_a_group_direct_message_is_answered_when_it_mentions_ibid_and_else_forgotten(bench: Bench) -> None:
    group = bench.slack.state.direct_message("U01PRIYA", "U02TOM")
    bench.slack.say("priya", group.id, "how many days can tom carry over?")
    await bench.quiet()
    assert not bench.ledger.opened
    answer = await bench.ask("priya", group.id, "@Ibid how many days can I carry over?")
    assert CARRY in answer.plain
    assert len(bench.ledger.opened) == 1


async def test_a_mention_and_its_message_twin_get_one_answer(bench: Bench) -> None:
    asked = bench.slack.say("priya", "ask-policy", "@Ibid how many days can I carry over?")
    await bench.slack.reply_to(asked)
    await bench.quiet()
    kinds = [delivery.payload["event"]["type"] for delivery in bench.slack.sockets.deliveries]
    assert kinds.count("message") >= 1
    assert kinds.count("app_mention") == 1
    assert len(bench.slack.replies_to(asked)) == 1
    assert len(bench.ledger.opened) == 1


async def test_the_asker_goes_on_in_the_thread_without_a_mention_for_thirty_minutes(bench: Bench) -> None:
    asked = bench.slack.say("priya", "ask-policy", "@Ibid how many days of leave can I carry over?")
    await bench.slack.reply_to(asked)
    await bench.quiet()
    bench.clock.advance(minutes=29)
    follow_up = bench.slack.say("priya", "ask-policy", "and until when?", asked.ts)
    await bench.slack.reply_to(follow_up)
    assert bench.library.searched[-1][0] == "how many days of leave can I carry over? and until when?"
    await bench.quiet()
    bench.clock.advance(minutes=31)
    late = bench.slack.say("priya", "ask-policy", "and in germany?", asked.ts)
    await bench.quiet()
    assert bench.slack.replies_to(late) == []


async def test_somebody_else_in_the_thread_has_to_mention_ibid(bench: Bench) -> None:
    asked = bench.slack.say("priya", "ask-policy", "@Ibid how many days of leave can I carry over?")
    await bench.slack.reply_to(asked)
    await bench.quiet()
    other = bench.slack.say("tom", "ask-policy", "and until when?", asked.ts)
    await bench.quiet()
    assert bench.slack.replies_to(other) == []
    mentioned = bench.slack.say("tom", "ask-policy", "@Ibid until when can leave be carried over?", asked.ts)
    assert CARRY in (await bench.slack.reply_to(mentioned)).plain


async def test_a_muted_thread_stays_quiet_until_ibid_is_mentioned(bench: Bench) -> None:
    asked = bench.slack.say("priya", "ask-policy", "@Ibid how many days of leave can I carry over?")
    answer = await bench.slack.reply_to(asked)
    await bench.quiet()
    bench.slack.react("tom", answer, "mute")
    await bench.slack.until(lambda: "I will be quiet" in bench.seen_by("tom", "ask-policy"))
    assert "I will be quiet" not in bench.seen_by("priya", "ask-policy")
    await bench.quiet()
    ignored = bench.slack.say("priya", "ask-policy", "and until when?", asked.ts)
    await bench.quiet()
    assert bench.slack.replies_to(ignored) == []
    mentioned = bench.slack.say("priya", "ask-policy", "@Ibid how many days of leave can I carry over?", asked.ts)
    assert await bench.slack.reply_to(mentioned)


async def test_ibid_ask_answers_the_asker_alone_and_reads_what_she_may_read(bench: Bench) -> None:
    bench.library.hits = (bands_hit(),)
    bench.writer.lines = [f"{BANDS} [1]\n"]
    answer = await bench.slack.slash("ruth", "ask-policy", "/ibid ask what is paid in band C of the salary bands?")
    assert answer == {}
    await bench.slack.until(lambda: BANDS in bench.seen_by("ruth", "ask-policy"))
    assert BANDS not in bench.seen_by("priya", "ask-policy")
    assert not bench.called("assistant.threads.setStatus")
    await bench.slack.slash("priya", "ask-policy", "/ibid ask what is paid in band C of the salary bands?")
    await bench.slack.until(lambda: "There is no policy that you may read" in bench.seen_by("priya", "ask-policy"))
    assert BANDS not in bench.seen_by("priya", "ask-policy")


async def test_a_restricted_document_is_not_quoted_in_a_public_channel_even_to_who_may_read_it(bench: Bench) -> None:
    bench.library.hits = (leave_hit(), bands_hit())
    bench.writer.lines = ["NOT FOUND\n"]
    answer = await bench.ask("ruth", "ask-policy", "@Ibid what is paid in band C of the salary bands?")
    assert "52,000" not in str(bench.writer.requests)
    assert "everyone at Fernhill Instruments may read" in answer.plain
    assert "Salary bands" not in answer.plain


async def test_a_private_channel_where_all_are_in_hr_reads_what_hr_may_read(bench: Bench) -> None:
    bench.library.hits = (bands_hit(),)
    bench.writer.lines = [f"{BANDS} [1]\n"]
    answer = await bench.ask("ruth", "people-team", "@Ibid what is paid in band C of the salary bands?")
    assert BANDS in answer.plain
    bench.slack.join("priya", "people-team")
    await bench.quiet()
    refused = await bench.ask("ruth", "people-team", "@Ibid what is paid in band C of the salary bands?")
    assert BANDS not in refused.plain


async def test_in_a_shared_channel_only_the_asker_sees_the_answer_and_why(bench: Bench) -> None:
    asked = bench.slack.say("priya", "northgate", "@Ibid how many days can I carry over?")
    answer = await bench.slack.reply_to(asked)
    assert answer.only_for == "U01PRIYA"
    assert CARRY in answer.plain
    assert "People from outside Fernhill Instruments can read this channel" in answer.plain
    assert bench.seen_by("nils", "northgate") == ""
    assert not bench.called("assistant.threads.setStatus")


async def test_a_channel_that_is_just_being_shared_counts_as_shared_before_anybody_has_come(bench: Bench) -> None:
    assert (await bench.ask("priya", "engineering", "@Ibid how many days can I carry over?")).only_for is None
    bench.slack.share("engineering", "T0NORTHGATE")
    await bench.quiet()
    answer = await bench.ask("priya", "engineering", "@Ibid how many days can I carry over?")
    assert answer.only_for == "U01PRIYA"


async def test_outsiders_and_guests_in_a_channel_get_one_neutral_sentence_and_no_search(bench: Bench) -> None:
    for person, channel in (("nils", "northgate"), ("carla", "redesign")):
        asked = bench.slack.say(person, channel, "@Ibid how many days can I carry over?")
        answer = await bench.slack.reply_to(asked)
        assert answer.only_for == asked.user
        assert answer.plain.count("I answer questions of Fernhill Instruments's employees") >= 1
        assert "policies" not in answer.plain
    assert bench.library.searched == []
    assert not bench.ledger.opened


async def test_a_guest_in_a_direct_message_reads_only_what_is_granted_by_name(bench: Bench) -> None:
    refused = await bench.ask("carla", "dm", "How many days can I carry over?")
    assert "Please ask your contact" in refused.plain
    assert CARRY not in refused.plain
    bench.library.hits = (leave_hit(rule=AccessRule(people=frozenset({"carla"}))),)
    granted = await bench.ask("carla", "dm", "How many days can I carry over?")
    assert CARRY in granted.plain


async def test_when_slack_does_not_say_who_reads_the_channel_the_asker_is_answered_alone(bench: Bench) -> None:
    bench.slack.faults.refuse("conversations.members", "fatal_error", times=5)
    asked = bench.slack.say("priya", "engineering", "@Ibid how many days can I carry over?")
    answer = await bench.slack.reply_to(asked)
    assert answer.only_for == "U01PRIYA"
    assert "I could not find out who can read this channel" in answer.plain


async def test_a_refusal_says_what_was_looked_for_and_for_whom(bench: Bench) -> None:
    bench.library.confidence = (THRESHOLDS.mention_from + THRESHOLDS.answer_from) / 2
    answer = await bench.ask("priya", "ask-policy", "@Ibid what is the *parking* fee at <the> garage?")
    assert "I could not find this in the policies that everyone at Fernhill Instruments may read" in answer.plain
    assert "what is the ∗parking∗ fee at &lt;the&gt; garage?" in answer.plain
    assert "Annual leave" in answer.plain
    assert "In a direct message" in answer.plain
    assert not bench.writer.requests


async def test_small_talk_only_emoji_and_far_too_much_each_get_their_words(bench: Bench) -> None:
    for text, words in (
        ("hello", "Hello!"),
        (":wave: :+1:", "I did not see a question"),
        ("🎉", "I did not see a question"),
        ("a" * 4500, "longer than the 4,000 characters"),
        ("Wie viele Tage Urlaub habe ich?", "I read English only"),
    ):
        answer = await bench.ask("priya", "dm", text)
        assert words in answer.plain
    assert bench.library.searched == []


async def test_the_eleventh_question_in_a_minute_is_refused_once_to_its_asker_alone(bench: Bench) -> None:
    bench.setting(questions_per_minute=2)
    await bench.disconnect()
    await bench.connect()
    for _ in range(2):
        await bench.ask("priya", "ask-policy", "@Ibid how many days can I carry over?")
    third = await bench.ask("priya", "ask-policy", "@Ibid how many days can I carry over?")
    assert "more than 2 questions in a minute" in third.plain
    assert third.only_for == "U01PRIYA"
    fourth = bench.slack.say("priya", "ask-policy", "@Ibid how many days can I carry over?")
    await bench.quiet()
    assert bench.slack.replies_to(fourth) == []
    assert CARRY in (await bench.ask("tom", "ask-policy", "@Ibid how many days can I carry over?")).plain
    bench.clock.advance(seconds=61)
    assert CARRY in (await bench.ask("priya", "ask-policy", "@Ibid how many days can I carry over?")).plain


async def test_nothing_indexed_yet_is_said_as_such(bench: Bench) -> None:
    bench.library.hits = ()
    answer = await bench.ask("priya", "ask-policy", "@Ibid how many days can I carry over?")
    assert "/ibid reindex" in answer.plain
