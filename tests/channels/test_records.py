"""What is kept of people, as they see it in Slack: behind an answer, /ibid my-data, /ibid privacy, and what takes two admins."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answers import Answer
from bot.channels.slack.blocks import Reply
from bot.channels.slack.receipts import behind_button
from bot.channels.slack.voice import Spot
from bot.errors import WriterFailed
from bot.house_rules import HouseRules
from playground import Message
from tests.channels.conftest import CARRY, Bench, bands_hit, leave_hit

ASKED = "how many days can I carry over?"


async def command(bench: Bench, person: str, line: str, channel: str = "general") -> str:
    await bench.slack.slash(person, channel, f"/ibid {line}")
    await bench.quiet()
    return bench.seen_by(person, channel)


async def last(bench: Bench, person: str, channel: str, words: str) -> Message:
    return [one for one in bench.slack.messages(person, channel) if one.by_bot and words in one.plain][-1]


async def with_a_button(bench: Bench, person: str, channel: str, receipt: str) -> Message:
    """A message that has nothing but the button."""
    assert bench.serving
    desk, room = bench.serving.desk, bench.slack.channel(person, channel).id
    spot = Spot(key=f"button-{receipt}", team=desk.me.team, user=person, channel=room)
    button = behind_button(receipt, bench.ibid.wording)
    await desk.voice.post(spot, Reply(text="the button", tail=({"type": "actions", "elements": [button]},)))
    return await last(bench, person, channel, "the button")


async def behind(bench: Bench, person: str, message: Message) -> str:
    await bench.slack.click(person, message, "receipt_behind")
    await bench.quiet()
    view = bench.slack.modal(person)
    assert view
    return "\n".join(str((block.get("text") or block["elements"][0])["text"]) for block in view["blocks"])


async def test_the_asker_sees_what_is_behind_an_answer(bench: Bench) -> None:
    await bench.ask("priya", "ask-policy", f"@Ibid {ASKED}")
    (receipt,) = bench.ledger.closed
    seen = await behind(bench, "priya", await with_a_button(bench, "priya", "ask-policy", receipt))

    for words in (
        "Answered on 16 November 2026, 09:00 UTC",
        "Quoted word for word",
        "*Sentence 1*: word for word in its source",
        "• Annual leave, 4.1 (version effective 1 January 2026)",
        f"Number {receipt}, kept until 14 February 2027",
    ):
        assert words in seen
    for words in (CARRY, "edition", "scope", "label", "passage", "receipt"):
        assert words not in seen


async def test_somebody_else_sees_one_sentence_and_nothing_of_it(bench: Bench) -> None:
    await bench.ask("priya", "ask-policy", f"@Ibid {ASKED}")
    (receipt,) = bench.ledger.closed
    button = await with_a_button(bench, "priya", "ask-policy", receipt)

    for person in ("tom", "greta"):  # an admin is somebody else too
        seen = await behind(bench, person, button)
        assert "Only who asked can look behind an answer" in seen
        assert "Annual leave" not in seen
        await bench.slack.close_modal(person)


async def test_what_the_asker_may_not_read_any_more_is_not_named_behind_the_answer(bench: Bench) -> None:
    bench.library.hits = (bands_hit(),)
    bench.writer.lines = ["Band C is paid between 52,000 and 61,000 euros a year. [1]\n"]
    await bench.ask("ruth", "dm", "What is band C paid?")
    (receipt,) = bench.ledger.closed
    button = await with_a_button(bench, "ruth", "dm", receipt)
    assert "Salary bands" in await behind(bench, "ruth", button)
    await bench.slack.close_modal("ruth")
    bench.slack.set_group("hr", ["greta"])
    await bench.quiet()
    seen = await behind(bench, "ruth", button)

    assert "a source that has changed since, or that you may not see any more" in seen
    assert "Salary bands" not in seen


async def test_my_data_counts_copies_and_ends_what_is_kept(bench: Bench) -> None:
    await bench.ask("priya", "ask-policy", f"@Ibid {ASKED}")
    await bench.ask("tom", "ask-policy", "@Ibid how many zebras can I carry over?")
    counted = await command(bench, "priya", "my-data")
    assert "• questions: 1, the last one until 16 December 2026" in counted
    assert "• what is behind your answers: 1, the last one until 14 February 2027" in counted

    await bench.slack.click("priya", await last(bench, "priya", "general", "questions: 1"), "data_export")
    await bench.quiet()
    copy = bench.seen_by("priya", "dm")
    assert f"_{ASKED}_ · answered · sources: Annual leave" in copy
    assert "zebras" not in copy
    assert bench.seen_by("tom", "dm") == ""

    await bench.slack.click("priya", await last(bench, "priya", "general", "questions: 1"), "data_erase")
    await bench.quiet()
    assert [question.asker.id for question in bench.ledger.opened.values()] == ["U02TOM"]
    assert "I keep nothing of you" in await command(bench, "priya", "my-data")


async def test_the_buttons_of_my_data_are_about_whoever_presses_them(bench: Bench) -> None:
    """Whatever the value of the button says."""
    await bench.ask("priya", "ask-policy", f"@Ibid {ASKED}")
    await command(bench, "tom", "my-data")
    button = await last(bench, "tom", "general", "keep")
    for action in ("data_export", "data_erase"):
        for block in button.blocks:
            for element in block.get("elements", []):
                element["value"] = "U01PRIYA"
        await bench.slack.click("tom", button, action)
        await bench.quiet()

    assert len(bench.ledger.opened) == 1
    assert ASKED not in bench.seen_by("tom", "dm")


async def test_privacy_says_what_is_kept_how_long_and_where_nothing_is(bench: Bench) -> None:
    told = await command(bench, "tom", "privacy")
    for words in ("after 24 hours at the latest", "encrypted, for 30 days", "for 90 days", "a second admin agrees"):
        assert words in told
    assert "In this channel nothing is recorded" not in told
    assert "In this channel nothing is recorded" not in await command(bench, "tom", "help")
    bench.rulebook.rules = HouseRules(record_none=frozenset({"C02GENERAL"}))
    assert "In this channel nothing is recorded" in await command(bench, "tom", "help")
    await command(bench, "tom", "privacy")
    assert "In this channel nothing is recorded" in (await last(bench, "tom", "general", "*What I keep*")).plain


async def test_one_admin_alone_gets_nothing_of_somebody_else(bench: Bench) -> None:
    await bench.ask("priya", "ask-policy", f"@Ibid {ASKED}")
    assert "Only admins" in await command(bench, "ruth", "data-of U01PRIYA export because")
    assert "two" not in await command(bench, "greta", "data-of U01PRIYA export a complaint was made")
    plea = await last(bench, "jonas", "dm", "asks for a copy")
    assert "*Greta Lindqvist* asks for a copy of what I keep of *Priya Raman*: “a complaint was made”" in plea.plain
    assert bench.seen_by("greta", "dm") == bench.seen_by("priya", "dm") == ""

    await bench.slack.click("greta", replace(plea), "data_agree")
    await bench.quiet()
    assert ASKED not in bench.seen_by("greta", "dm")
    assert [wish.agreed_by for wish in bench.ibid.disclosures.kept] == [""]  # type: ignore[attr-defined]  # the double's


async def test_when_a_second_admin_agrees_the_first_gets_it_and_the_person_is_told(bench: Bench) -> None:
    await bench.ask("priya", "ask-policy", f"@Ibid {ASKED}")
    await command(bench, "greta", "data-of @priya export a complaint was made")
    await bench.slack.click("jonas", await last(bench, "jonas", "dm", "asks for a copy"), "data_agree")
    await bench.quiet()

    assert f"_{ASKED}_" in bench.seen_by("greta", "dm")
    assert ASKED not in bench.seen_by("jonas", "dm")
    told = bench.seen_by("priya", "dm")
    assert "Greta Lindqvist asked me for a copy of what I keep of you: “a complaint was made”. Jonas Weber agreed" in told
    again = bench.seen_by("greta", "dm")
    await bench.slack.click("jonas", await last(bench, "jonas", "dm", "asks for a copy"), "data_agree")
    await bench.quiet()
    assert bench.seen_by("greta", "dm") == again


async def test_who_is_no_admin_any_more_gets_nothing_that_was_asked_for_before(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    await bench.ask("priya", "ask-policy", f"@Ibid {ASKED}")
    await command(bench, "greta", "data-of priya export a complaint was made")
    assert bench.serving

    async def admins() -> frozenset[str]:
        return frozenset({"U11JONAS"})

    monkeypatch.setattr(bench.serving.desk.roster, "admins", admins)
    await bench.slack.click("jonas", await last(bench, "jonas", "dm", "asks for a copy"), "data_agree")
    await bench.quiet()

    assert ASKED not in bench.seen_by("greta", "dm")
    assert "no admin any more" in bench.seen_by("jonas", "dm")


async def test_an_admin_who_gets_a_copy_learns_of_no_document_that_this_admin_may_not_read(bench: Bench) -> None:
    bench.library.hits = (bands_hit(), leave_hit())
    bench.writer.lines = ["Band C is paid between 52,000 and 61,000 euros a year. [1]\n"]
    await bench.ask("ruth", "dm", "What is band C paid?")
    await bench.quiet()
    await command(bench, "jonas", "data-of ruth export a complaint")
    await bench.slack.click("greta", await last(bench, "greta", "dm", "asks for a copy"), "data_agree")
    await bench.quiet()

    assert "_What is band C paid?_ · answered · sources: –" in bench.seen_by("jonas", "dm")
    assert "Salary bands" not in bench.seen_by("jonas", "dm")


async def test_an_erasure_that_two_admins_agree_to_is_done(bench: Bench) -> None:
    await bench.ask("priya", "ask-policy", f"@Ibid {ASKED}")
    await command(bench, "greta", "data-of priya erase she asked for it by letter")
    assert len(bench.ledger.opened) == 1
    await bench.slack.click("jonas", await last(bench, "jonas", "dm", "asks for the erasure"), "data_agree")
    await bench.quiet()

    assert not bench.ledger.opened
    assert "is erased" in bench.seen_by("greta", "dm")
    assert "the erasure of what I keep of you" in bench.seen_by("priya", "dm")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("data-of", "It is `/ibid data-of PERSON"),
        ("data-of priya export", "It is `/ibid data-of PERSON"),
        ("data-of priya read it all", "It is `/ibid data-of PERSON"),
        ("data-of zebra export because", "I know nobody called zebra"),
        ("data-of greta export because", "use `/ibid my-data`"),
        ("data-of jonas export because", "There is no other admin"),
    ],
)
async def test_a_wish_that_makes_no_sense_is_said_to(bench: Bench, line: str, words: str) -> None:
    assert words in await command(bench, "greta", line)
    assert bench.ibid.disclosures.kept == []  # type: ignore[attr-defined]  # the double's


CHANGED = "4.1 Employees may carry over up to seven days until 31 March 2027."


async def edited(bench: Bench) -> None:
    """The clause is another one now."""
    new = leave_hit(CHANGED, clause="4.1")
    bench.library.hits = (replace(new, passage=replace(new.passage, id="annual-leave#4.1-new")),)
    bench.writer.lines = ["Employees may carry over up to seven days until 31 March 2027. [1]\n"]


async def test_who_got_another_answer_is_counted_for_an_admin_and_told_once_alone(bench: Bench) -> None:
    await bench.ask("priya", "ask-policy", f"@Ibid {ASKED}")
    await bench.ask("tom", "dm", "How many days can I carry over, please?")
    await bench.quiet()
    await edited(bench)
    await command(bench, "greta", "changed")
    count = await last(bench, "greta", "dm", "another one today")
    assert "*People whose answer would be another one today: 2* (answers: 2)" in count.plain
    for words in ("Priya", "Tom", "carry over"):
        assert words not in bench.seen_by("greta", "dm")
    before = len(bench.ledger.opened)
    await bench.slack.click("greta", count, "receipt_tell")
    await bench.quiet()

    told = bench.seen_by("priya", "dm")
    assert f"On 16 November 2026 you asked: _{ASKED}_" in told
    assert "please" not in told
    assert "Told: 2." in bench.seen_by("greta", "dm")
    assert len(bench.ledger.opened) == before  # nobody asked anything
    await bench.slack.click("greta", count, "receipt_tell")
    await bench.quiet()
    assert bench.seen_by("priya", "dm") == told
    assert "Told: 0." in bench.seen_by("greta", "dm")


async def test_one_who_cannot_be_told_keeps_no_other_from_being_told_and_is_told_the_next_time(bench: Bench) -> None:
    await bench.ask("priya", "ask-policy", f"@Ibid {ASKED}")
    await bench.ask("tom", "ask-policy", f"@Ibid {ASKED}")
    await bench.quiet()
    await edited(bench)
    await command(bench, "greta", "changed")
    count = await last(bench, "greta", "dm", "another one today")
    bench.slack.faults.refuse("conversations.open", "user_disabled", times=1)
    for told in (1, 1):
        await bench.slack.click("greta", count, "receipt_tell")
        await bench.quiet()
        assert bench.seen_by("greta", "dm").count(f"Told: {told}.") or bench.seen_by("greta", "general").count(f"Told: {told}.")
    assert "What you asked me has another answer now" in bench.seen_by("priya", "dm")
    assert "What you asked me has another answer now" in bench.seen_by("tom", "dm")


async def test_a_follow_up_is_asked_again_together_with_what_came_before(bench: Bench) -> None:
    first = await bench.ask("priya", "ask-policy", f"@Ibid {ASKED}")
    await bench.ask("priya", "ask-policy", "@Ibid and in Germany?", first.thread_ts)
    await bench.quiet()
    await edited(bench)
    await command(bench, "greta", "changed")

    assert "(answers: 2)" in (await last(bench, "greta", "dm", "another one today")).plain


async def test_nobody_is_counted_whose_answer_stays_what_it_was(bench: Bench) -> None:
    await bench.ask("priya", "ask-policy", f"@Ibid {ASKED}")
    hit = bench.library.hits[0]
    bench.library.hits = (replace(hit, passage=replace(hit.passage, id="the same words, elsewhere")),)
    await command(bench, "greta", "changed")

    assert "Nobody got an answer that would be another one today" in bench.seen_by("greta", "dm")


async def test_only_an_admin_may_ask_who_got_another_answer(bench: Bench) -> None:
    await bench.ask("priya", "ask-policy", f"@Ibid {ASKED}")
    await edited(bench)

    assert "Only admins" in await command(bench, "ruth", "changed")
    assert "another one today" not in bench.seen_by("ruth", "dm")


async def test_a_fired_admin_who_is_still_named_in_the_settings_gets_nothing_that_was_asked_for_before(bench: Bench) -> None:
    await bench.ask("priya", "ask-policy", f"@Ibid {ASKED}")
    await command(bench, "greta", "data-of priya erase a complaint was made")
    bench.slack.change_person_of("greta", deactivated=True)
    await bench.quiet()
    await bench.slack.click("jonas", await last(bench, "jonas", "dm", "asks for the erasure"), "data_agree")
    await bench.quiet()

    assert bench.ledger.opened
    assert "no admin any more" in bench.seen_by("jonas", "dm")


async def test_an_admin_who_is_gone_is_nobody_who_could_agree(bench: Bench) -> None:
    bench.slack.change_person_of("jonas", guest="single")
    await bench.quiet()

    assert "There is no other admin" in await command(bench, "greta", "data-of priya export a complaint was made")
    assert bench.seen_by("jonas", "dm") == ""


async def test_what_could_not_be_answered_again_is_no_other_answer(bench: Bench) -> None:
    await bench.ask("priya", "ask-policy", f"@Ibid {ASKED}")
    await edited(bench)
    bench.writer.lines, bench.writer.breaks = [], WriterFailed("unreachable")
    await command(bench, "greta", "changed")

    assert "Nobody got an answer that would be another one today" in bench.seen_by("greta", "dm")


async def test_what_is_erased_while_it_is_answered_leaves_nothing_in_its_thread_either(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    closing = bench.ledger.close

    async def close(answer: Answer) -> None:
        await bench.ibid.own.erase("U01PRIYA")
        await closing(answer)

    monkeypatch.setattr(bench.ledger, "close", close)
    await bench.ask("priya", "ask-policy", f"@Ibid {ASKED}")
    await bench.quiet()

    assert bench.threads.of("U01PRIYA") == ()
    assert bench.threads.listening_to("U01PRIYA") == 0


async def test_what_is_behind_an_answer_does_not_tell_that_somebody_else_asked_the_same(bench: Bench) -> None:
    await bench.ask("priya", "ask-policy", f"@Ibid {ASKED}")
    (receipt,) = bench.ledger.closed
    answer = bench.ledger.closed[receipt]
    first = await behind(bench, "priya", await with_a_button(bench, "priya", "ask-policy", receipt))
    await bench.slack.close_modal("priya")
    bench.ledger.closed[receipt] = replace(answer, evidence=replace(answer.evidence, remembered=True))

    assert await behind(bench, "priya", await with_a_button(bench, "priya", "ask-policy", receipt)) == first
