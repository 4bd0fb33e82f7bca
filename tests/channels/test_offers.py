"""What one person is offered below a reply that others read: an answer alone, a case of several, and to share what was answered alone."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, fields, replace

from bot.answers import Answer, Case, Closed, Contact, Event, Outcome, Progress, Withdrawn
from bot.channels.slack.errands import errand_in
from bot.flows.answer import Answering
from bot.values import Person, Place, Question, StandingReply
from knowledge.values import Hit
from playground import Message
from tests.channels.conftest import BANDS, CARRY, LATER, Bench, bands_hit, leave_hit

BAND = "@Ibid what is paid in band C of the salary bands?"
OFFER = "I can answer again with them, to you alone"
GONE = "no question here any more"
Dress = Callable[[Question, Answer], Answer]


@dataclass(frozen=True, kw_only=True)
class Dressed(Answering):
    """The flow, whose answers a test dresses up before they are told."""

    dress: Dress
    contact: Contact | None = None

    async def answer(self, question: Question) -> AsyncGenerator[Event, None]:
        async with aclosing(super().answer(question)) as events:
            async for event in events:
                if not isinstance(event, Closed):
                    yield replace(event, contact=self.contact) if isinstance(event, Progress) else event
                    continue
                dressed = self.dress(question, event.answer)
                for sentence in event.answer.sentences:
                    if sentence not in dressed.sentences:
                        yield Withdrawn(sentence, "taken away")
                await self.ledger.close(dressed)
                yield Closed(dressed)


async def dressed(bench: Bench, dress: Dress, contact: Contact | None = None) -> None:
    """Ibid again, over the same workspace."""
    parts = {one.name: getattr(bench.ibid.answering, one.name) for one in fields(Answering)}
    await bench.disconnect()
    bench.ibid = replace(bench.ibid, answering=Dressed(**parts, dress=dress, contact=contact))
    await bench.connect()


def hr_knows(bench: Bench, *more: Hit) -> None:
    """Only HR may read the salary bands."""
    bench.library.hits = (bands_hit(), *more)
    bench.writer.lines = [f"{BANDS} [1]\n"]


async def offered(bench: Bench, person: str, channel: str) -> Message:
    """What was whispered last to this person there, with buttons that offer something."""
    return await bench.slack.until(
        lambda: next((one for one in reversed(bench.slack.messages(person, channel)) if one.only_for and "offer_" in str(one.blocks)), None)
    )


def whispers(bench: Bench, person: str, channel: str) -> list[Message]:
    return [message for message in bench.slack.messages(person, channel) if message.only_for]


async def test_whoever_may_read_more_is_offered_an_answer_alone_below_the_refusal_and_gets_it_at_the_click(bench: Bench) -> None:
    hr_knows(bench, leave_hit())
    refusal = await bench.ask("ruth", "ask-policy", BAND)
    offer = await offered(bench, "ruth", "ask-policy")
    assert offer.thread_ts == refusal.thread_ts
    assert OFFER in offer.plain
    await bench.slack.click("ruth", offer, "offer_private")
    await bench.slack.until(lambda: BANDS in bench.seen_by("ruth", "ask-policy"))
    private = next(message for message in whispers(bench, "ruth", "ask-policy") if BANDS in message.plain)
    assert (private.only_for, private.thread_ts) == ("U07RUTH", refusal.thread_ts)
    assert "Source 1: Salary bands, 2.1" in private.plain
    await bench.quiet()
    thread = Place(team="T0FERNHILL", channel=refusal.channel, thread=refusal.thread_ts, kind="public")
    assert len(await bench.threads.recall(thread, await _person(bench, "U07RUTH"))) == 1  # the private answer feeds no thread
    for other in ("priya", "greta"):
        assert BANDS not in bench.seen_by(other, "ask-policy")
        assert OFFER not in bench.seen_by(other, "ask-policy")


async def test_the_reply_that_others_read_is_the_same_whether_an_offer_follows_or_not(bench: Bench) -> None:
    hr_knows(bench, leave_hit())
    with_offer = await bench.ask("ruth", "ask-policy", BAND)
    await offered(bench, "ruth", "ask-policy")
    without = await bench.ask("tom", "ask-policy", BAND)
    await bench.quiet()
    assert with_offer.plain == without.plain
    assert whispers(bench, "tom", "ask-policy") == []


async def test_an_offer_is_made_once_in_a_thread_and_over_a_restart_too(bench: Bench) -> None:
    hr_knows(bench, leave_hit())
    first = await bench.ask("ruth", "ask-policy", BAND)
    await offered(bench, "ruth", "ask-policy")
    await bench.disconnect()
    await bench.connect()
    await bench.ask("ruth", "ask-policy", BAND, first.thread_ts)
    await bench.quiet()
    assert len(whispers(bench, "ruth", "ask-policy")) == 1
    await bench.ask("ruth", "ask-policy", BAND)
    await bench.quiet()
    assert len(whispers(bench, "ruth", "ask-policy")) == 2


async def test_nothing_is_offered_where_no_question_is_kept_that_could_be_answered_again(bench: Bench) -> None:
    hr_knows(bench, leave_hit())
    bench.ledger.asked = _nothing_kept  # type: ignore[method-assign]  # as where an admin wants nothing recorded
    await bench.ask("ruth", "ask-policy", BAND)
    await bench.quiet()
    assert whispers(bench, "ruth", "ask-policy") == []


async def _nothing_kept(receipt: str, person: object = None) -> None:
    return None


async def test_the_click_is_authorised_again_by_what_the_person_may_read_then(bench: Bench) -> None:
    hr_knows(bench, leave_hit())
    await bench.ask("ruth", "ask-policy", BAND)
    offer = await offered(bench, "ruth", "ask-policy")
    bench.slack.set_group("hr", ["greta"])
    await bench.quiet()
    await bench.slack.click("ruth", offer, "offer_private")
    await bench.slack.until(lambda: "policies that you may read" in bench.seen_by("ruth", "ask-policy"))
    await bench.quiet()
    assert BANDS not in bench.seen_by("ruth", "ask-policy")


async def test_a_receipt_of_somebody_else_answers_nothing_unless_its_reply_stands_in_that_channel(bench: Bench) -> None:
    hr_knows(bench)
    await bench.ask("ruth", "people-team", BAND)
    await bench.quiet()
    (receipt,) = bench.ledger.opened
    assert bench.replies.standing[receipt].labels == {"groups:hr"}
    await bench.ask("ruth", "ask-policy", BAND)
    offer = await offered(bench, "ruth", "ask-policy")
    offer.blocks[-1]["elements"][0]["value"] = receipt
    await bench.slack.click("greta", offer, "offer_private", value=receipt)
    await bench.slack.until(lambda: GONE in bench.seen_by("greta", "dm") + bench.seen_by("greta", "ask-policy"))
    await bench.quiet()
    assert BANDS not in bench.seen_by("greta", "dm")


async def test_anybody_who_can_read_a_channel_may_have_a_reply_that_stands_there_answered_for_themselves(bench: Bench) -> None:
    hr_knows(bench)
    reply = await bench.ask("ruth", "people-team", BAND)
    await bench.quiet()
    (receipt,) = bench.ledger.opened
    reply.blocks.append({"type": "actions", "elements": [_private(receipt)]})
    await bench.slack.click("greta", reply, "offer_private")
    await bench.slack.until(lambda: len(whispers(bench, "greta", "people-team")) == 1)
    assert BANDS in whispers(bench, "greta", "people-team")[0].plain
    bench.slack.join("priya", "people-team")
    await bench.quiet()
    await bench.slack.click("priya", reply, "offer_private")
    await bench.slack.until(lambda: whispers(bench, "priya", "people-team"))
    assert BANDS not in whispers(bench, "priya", "people-team")[0].plain
    bench.slack.leave("priya", "people-team")
    await bench.quiet()
    await bench.slack.click("priya", reply, "offer_private")
    await bench.slack.until(lambda: GONE in bench.seen_by("priya", "dm"))


def _private(receipt: str) -> dict[str, object]:
    return {"type": "button", "action_id": "offer_private", "text": {"type": "plain_text", "text": "Alone"}, "value": receipt}


async def test_a_reply_that_one_person_reads_is_not_noted_and_neither_is_one_that_quotes_and_names_nothing(bench: Bench) -> None:
    hr_knows(bench)
    await bench.ask("ruth", "dm", BAND)
    await bench.slack.slash("ruth", "people-team", "/ibid ask what is paid in band C?")
    await bench.ask("ruth", "people-team", "@Ibid hello")
    await bench.quiet()
    assert bench.replies.standing == {}


async def test_a_standing_reply_is_noted_with_its_place_and_its_time(bench: Bench) -> None:
    hr_knows(bench)
    reply = await bench.ask("ruth", "people-team", BAND)
    await bench.quiet()
    (noted,) = await bench.replies.in_channel(reply.channel)
    place = Place(team=noted.place.team, channel=reply.channel, thread=reply.thread_ts, kind="private")
    assert noted == StandingReply(receipt=noted.receipt, place=place, ts=reply.ts, labels=frozenset({"groups:hr"}))


async def test_what_was_asked_alone_in_a_channel_is_shared_as_an_answer_for_all_who_read_it(bench: Bench) -> None:
    await bench.slack.slash("priya", "ask-policy", "/ibid ask how many days can I carry over?")
    private = await offered(bench, "priya", "ask-policy")
    assert CARRY not in bench.seen_by("tom", "ask-policy")
    await bench.slack.click("priya", private, "offer_share")
    await bench.slack.until(lambda: CARRY in bench.seen_by("tom", "ask-policy"))
    await bench.quiet()
    question, answer = [message for message in bench.slack.messages("tom", "ask-policy") if message.by_bot]
    assert question.plain.splitlines()[0] == "Priya Raman shares a question: _how many days can I carry over?_"
    assert answer.thread_ts == question.ts
    assert "answer there says" not in bench.seen_by("priya", "ask-policy")


async def test_a_shared_answer_says_no_more_than_the_channel_may_read_and_the_sharer_is_told(bench: Bench) -> None:
    hr_knows(bench, leave_hit())
    await bench.slack.slash("ruth", "ask-policy", "/ibid ask what is paid in band C of the salary bands?")
    private = await offered(bench, "ruth", "ask-policy")
    assert BANDS in private.plain
    await bench.slack.click("ruth", private, "offer_share")
    await bench.slack.until(lambda: "The answer there says what they may read" in bench.seen_by("ruth", "ask-policy"))
    await bench.quiet()
    assert "I could not find this" in bench.seen_by("tom", "ask-policy")
    assert BANDS not in bench.seen_by("tom", "ask-policy")
    assert "The answer there says what they may read" not in bench.seen_by("tom", "ask-policy")


async def test_a_private_answer_from_an_offer_is_shared_in_the_thread_that_it_came_from(bench: Bench) -> None:
    hr_knows(bench, leave_hit())
    refusal = await bench.ask("ruth", "ask-policy", BAND)
    await bench.slack.click("ruth", await offered(bench, "ruth", "ask-policy"), "offer_private")
    private = await bench.slack.until(lambda: next((one for one in whispers(bench, "ruth", "ask-policy") if BANDS in one.plain), None))
    before = len([message for message in bench.slack.messages("tom", "ask-policy") if message.by_bot])
    await bench.slack.click("ruth", private, "offer_share")
    await bench.slack.until(lambda: "The answer there says what they may read" in bench.seen_by("ruth", "ask-policy"))
    await bench.quiet()
    shared = [message for message in bench.slack.messages("tom", "ask-policy") if message.by_bot][before:]
    assert [message.thread_ts for message in shared] == [refusal.thread_ts]
    assert BANDS not in bench.seen_by("tom", "ask-policy")


async def test_nothing_is_shared_where_people_from_outside_read(bench: Bench) -> None:
    await bench.slack.slash("priya", "northgate", "/ibid ask how many days can I carry over?")
    private = await offered(bench, "priya", "northgate")
    await bench.slack.click("priya", private, "offer_share")
    await bench.slack.until(lambda: "People from outside Fernhill Instruments can read this channel" in bench.seen_by("priya", "northgate"))
    await bench.quiet()
    assert bench.seen_by("tom", "northgate") == ""


async def test_where_ibid_may_not_write_the_sharer_is_told_so_alone(bench: Bench) -> None:
    await bench.slack.slash("priya", "ask-policy", "/ibid ask how many days can I carry over?")
    private = await offered(bench, "priya", "ask-policy")
    bench.slack.faults.refuse("chat.postMessage", "not_in_channel", times=1)
    await bench.slack.click("priya", private, "offer_share")
    await bench.slack.until(lambda: "I cannot write in that channel" in bench.seen_by("priya", "ask-policy"))
    assert bench.seen_by("tom", "ask-policy") == ""


async def test_a_question_in_a_direct_message_has_nothing_to_share_and_nothing_more_to_offer(bench: Bench) -> None:
    hr_knows(bench)
    answer = await bench.ask("ruth", "dm", BAND)
    await bench.quiet()
    assert BANDS in answer.plain
    assert "offer_" not in str(answer.blocks)


def asks_back(question: Question, answer: Answer) -> Answer:
    """Until a case is named."""
    if "(Germany)" in question.text or "(fixed-term)" in question.text:
        return answer
    cases = (Case("contract", "fixed-term"), Case("country", "Germany"), Case("country", "<@U02TOM>"))
    return replace(answer, outcome=Outcome.ASKS_BACK, cases=cases, sentences=())


async def test_in_a_channel_the_cases_are_named_to_all_and_chosen_and_answered_alone(bench: Bench) -> None:
    await dressed(bench, asks_back)
    bench.writer.lines = ["NOT FOUND\n"]
    asked = bench.slack.say("priya", "ask-policy", "@Ibid how much notice do I have to give?")
    reply = await bench.slack.reply_to(asked)
    assert "fixed-term, Germany, &lt;@U02TOM&gt;" in reply.plain
    assert "offer_case" not in str(reply.blocks)
    bench.writer.lines = [f"{CARRY} [1]\n"]
    question = await offered(bench, "priya", "ask-policy")
    assert question.thread_ts == asked.ts
    await bench.slack.click("priya", question, "offer_case_2")
    await bench.slack.until(lambda: CARRY in bench.seen_by("priya", "ask-policy"))
    await bench.quiet()
    assert bench.library.searched[-1][0] == "how much notice do I have to give? (Germany)"
    assert CARRY not in bench.seen_by("tom", "ask-policy")
    answer = whispers(bench, "priya", "ask-policy")[-1]
    assert "offer_share" not in str(answer.blocks)


async def test_in_a_direct_message_the_buttons_stand_in_the_reply_and_the_answer_in_its_thread(bench: Bench) -> None:
    await dressed(bench, asks_back)
    bench.writer.lines = ["NOT FOUND\n"]
    asked = bench.slack.say("priya", "dm", "How much notice do I have to give?")
    reply = await bench.slack.reply_to(asked)
    assert "Which one do you mean?" in reply.plain
    bench.writer.lines = [f"{CARRY} [1]\n"]
    await bench.slack.click("priya", reply, "offer_case_1")
    answer = await bench.slack.until(lambda: next((one for one in bench.slack.replies_to(reply) if CARRY in one.plain), None))
    await bench.quiet()
    assert (answer.thread_ts, answer.only_for) == (asked.ts, None)
    assert len(await bench.threads.recall(_place(answer), await _person(bench, "U01PRIYA"))) == 1


def _place(message: Message) -> Place:
    return Place(team="T0FERNHILL", channel=message.channel, thread=message.thread_ts, kind="direct")


async def _person(bench: Bench, user: str) -> Person:
    assert bench.serving
    return await bench.serving.desk.ibid.directory.person(user)


async def test_a_case_chosen_from_the_list_counts_as_one_from_a_button(bench: Bench) -> None:
    def many(question: Question, answer: Answer) -> Answer:
        if "(plan" in question.text:
            return answer
        return replace(answer, outcome=Outcome.ASKS_BACK, cases=tuple(Case("plan", f"plan {n}") for n in range(9)), sentences=())

    await dressed(bench, many)
    bench.writer.lines = ["NOT FOUND\n"]
    reply = await bench.ask("priya", "dm", "How much is paid for glasses?")
    options = next(one["options"] for block in reply.blocks for one in block.get("elements", ()) if one.get("type") == "static_select")
    await bench.slack.click("priya", reply, "offer_case_more", value=options[2]["value"])
    await bench.slack.until(lambda: bench.library.searched[-1][0].endswith("(plan 7)"))


async def test_a_case_of_somebody_elses_question_is_not_answered(bench: Bench) -> None:
    await dressed(bench, asks_back)
    bench.writer.lines = ["NOT FOUND\n"]
    group = bench.slack.state.direct_message("U01PRIYA", "U02TOM")
    await bench.ask("priya", group.id, "@Ibid how much notice do I have to give?")
    question = await offered(bench, "priya", group.id)
    searches = len(bench.library.searched)
    await bench.slack.click("tom", question, "offer_case_1")
    await bench.slack.until(lambda: GONE in bench.seen_by("tom", group.id))
    await bench.quiet()
    assert len(bench.library.searched) == searches


async def test_a_sensitive_matter_asked_where_others_read_is_answered_to_the_asker_alone_with_the_contact_first(bench: Bench) -> None:
    contact = Contact("harassment", "You can talk to *Ines Okafor* in confidence.")

    def sensitive(question: Question, answer: Answer) -> Answer:
        if question.audience.circle == "alone":
            return replace(answer, contact=contact)
        bench.writer.lines = [f"{CARRY} [1]\n"]
        return replace(answer, outcome=Outcome.CONTACT_FIRST, contact=contact, sentences=())

    await dressed(bench, sensitive)
    bench.writer.lines = ["NOT FOUND\n"]
    asked = bench.slack.say("priya", "ask-policy", "@Ibid what can I do about harassment?")
    reply = await bench.slack.reply_to(asked)
    await bench.quiet()
    assert reply.only_for == "U01PRIYA"
    assert reply.plain.index("Ines Okafor") < reply.plain.index(CARRY)
    assert "offer_" not in str(reply.blocks)
    assert bench.seen_by("tom", "ask-policy") == ""
    assert not bench.slack.state.statuses


async def test_whom_to_speak_to_stands_above_an_answer_that_was_streamed(bench: Bench) -> None:
    await dressed(bench, lambda _, answer: replace(answer, contact=Contact("health", "*Dr Berger* listens.")))
    asked = bench.slack.say("priya", "dm", "How many days can I carry over?")
    reply = await bench.slack.until(lambda: next((one for one in bench.slack.replies_to(asked) if "Dr Berger" in one.plain), None))
    await bench.quiet()
    assert reply.plain.index("Dr Berger") < reply.plain.index(CARRY)


async def test_nothing_is_streamed_before_it_is_said_whom_to_speak_to(bench: Bench) -> None:
    contact = Contact("health", "*Dr Berger* listens.")
    await dressed(bench, lambda _, answer: replace(answer, contact=contact), contact)
    reply = await bench.ask("priya", "dm", "How many days can I carry over?")
    await bench.quiet()
    assert reply.plain.index("Dr Berger") < reply.plain.index(CARRY)
    assert not bench.called("chat.startStream")


async def test_what_is_taken_back_after_it_was_shown_is_replaced_by_a_sentence_that_says_so(bench: Bench) -> None:
    def first_only(_: Question, answer: Answer) -> Answer:
        return replace(answer, sentences=answer.sentences[:1], complete=False)

    await dressed(bench, first_only)
    asked = bench.slack.say("priya", "ask-policy", "@Ibid how many days can I carry over?")
    reply = await bench.slack.until(lambda: next((one for one in bench.slack.replies_to(asked) if "is taken back" in one.plain), None))
    await bench.quiet()
    assert reply.plain.index(CARRY) < reply.plain.index("is taken back")
    assert LATER not in reply.plain


async def test_an_answer_of_which_nothing_is_left_says_that_it_is_taken_back(bench: Bench) -> None:
    await dressed(bench, lambda _, answer: replace(answer, sentences=(), outcome=Outcome.FAILED, complete=False))
    asked = bench.slack.say("priya", "ask-policy", "@Ibid how many days can I carry over?")
    reply = await bench.slack.until(lambda: next((one for one in bench.slack.replies_to(asked) if "is taken back" in one.plain), None))
    assert CARRY not in reply.plain
    assert "Something went wrong" not in reply.plain


async def test_a_click_that_a_crash_interrupted_is_done_at_the_next_start_and_a_question_is_not_posted_twice(bench: Bench) -> None:
    await bench.slack.slash("priya", "ask-policy", "/ibid ask how many days can I carry over?")
    private = await offered(bench, "priya", "ask-policy")
    bench.slack.faults.refuse("conversations.info", "fatal_error", times=50)
    click = {"type": "block_actions", "user": {"id": "U01PRIYA"}, "team": {"id": "T0FERNHILL"}, "channel": {"id": private.channel}}
    action = {"action_id": "offer_share", "action_ts": "1.5", "value": private.blocks[-3]["elements"][0].get("value", "")}
    errand = errand_in({**click, "actions": [action], "container": {"message_ts": private.ts}}, "U0IBID")
    assert errand
    await bench.disconnect()
    await bench.inbox.take(errand.delivery())
    await bench.connect()
    await bench.slack.until(lambda: "press it once more" in bench.seen_by("priya", "ask-policy"))
    await bench.quiet()
    assert await bench.inbox.count() == 0
    assert bench.seen_by("tom", "ask-policy") == ""


async def test_who_has_left_a_channel_shares_nothing_with_it(bench: Bench) -> None:
    await bench.slack.slash("ruth", "people-team", "/ibid ask how many days can I carry over?")
    private = await offered(bench, "ruth", "people-team")
    bench.slack.leave("ruth", "people-team")
    await bench.quiet()
    await bench.slack.click("ruth", private, "offer_share")
    await bench.slack.until(lambda: GONE in bench.seen_by("ruth", "dm"))
    await bench.quiet()
    assert bench.seen_by("greta", "people-team") == ""


async def test_in_a_public_channel_that_is_shared_meanwhile_its_own_people_still_get_their_answer_alone(bench: Bench) -> None:
    reply = await bench.ask("priya", "ask-policy", "@Ibid how many days can I carry over?")
    await bench.quiet()
    bench.slack.share("ask-policy", "T0NORTHGATE")
    await bench.quiet()
    taken_back = bench.slack.state.message(reply.channel, reply.ts)
    await bench.slack.click("tom", taken_back, "offer_private")
    await bench.slack.until(lambda: CARRY in bench.seen_by("tom", "ask-policy"))
    await bench.quiet()
    assert CARRY not in bench.seen_by("priya", "ask-policy")


async def test_where_a_question_is_not_kept_the_cases_are_named_and_no_button_leads_nowhere(bench: Bench) -> None:
    await dressed(bench, lambda question, answer: replace(asks_back(question, answer), contact=Contact("health", "*Dr Berger* listens.")))
    bench.writer.lines = ["NOT FOUND\n"]
    reply = await bench.ask("priya", "dm", "How much notice do I have to give?")
    await bench.quiet()
    assert "fixed-term, Germany" in reply.plain
    assert "offer_" not in str(reply.blocks)


async def test_where_nothing_is_recorded_no_button_needs_what_is_not_kept(bench: Bench) -> None:
    bench.ledger.unrecorded.add(bench.slack.channel("priya", "ask-policy").id)
    await bench.slack.slash("priya", "ask-policy", "/ibid ask how many days can I carry over?")
    await bench.slack.until(lambda: CARRY in bench.seen_by("priya", "ask-policy"))
    for name in ("offer_share", "receipt_behind"):
        assert name not in str([message.blocks for message in whispers(bench, "priya", "ask-policy")])


async def test_a_refusal_in_place_of_what_was_taken_back_names_no_document_to_who_joined_meanwhile(bench: Bench) -> None:
    hr_knows(bench)

    def somebody_joins(_: Question, answer: Answer) -> Answer:
        assert bench.serving
        bench.slack.join("priya", "people-team")
        bench.serving.desk.ibid.directory.forget({"type": "member_joined_channel", "channel": "C04PEOPLE"})  # type: ignore[attr-defined]  # Slack's
        answer = replace(answer, nearest_title="Salary bands", nearest_owner="Ruth", may_help=answer.citations)
        return replace(answer, sentences=(), outcome=Outcome.NOT_FOUND)

    await dressed(bench, somebody_joins)
    bench.slack.say("ruth", "people-team", BAND)
    await bench.slack.until(lambda: "I could not find this" in bench.seen_by("ruth", "people-team"))
    await bench.quiet()
    assert not [call.method for call in bench.slack.calls if "Salary bands" in str(call.fields)]  # not for a moment either
