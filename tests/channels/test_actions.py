"""What people press and command: sources, feedback, /ibid."""

from __future__ import annotations

import re
from copy import deepcopy

from bot.channels.slack.errands import errand_in
from playground import Json, Message
from tests.channels.conftest import BANDS, CARRY, LATER, Bench, bands_hit, leave_hit

QUESTION = "@Ibid how many days can I carry over?"


async def shown_source(bench: Bench, person: str, message: Message) -> str:
    """What stands in the modal once it is not loading any more."""
    assert await bench.slack.click(person, message, "source") == {}
    view = await bench.slack.until(lambda: _settled(bench.slack.modal(person)))
    return str(view)


def _settled(view: Json | None) -> Json | None:
    return view if view and "Looking through" not in str(view) else None


async def test_the_source_opens_with_the_quoted_sentence_highlighted_in_its_clause(bench: Bench) -> None:
    answer = await bench.ask("priya", "ask-policy", QUESTION)
    await shown_source(bench, "priya", answer)
    view = bench.slack.modal("priya")
    assert view
    (rich,) = [block for block in view["blocks"] if block["type"] == "rich_text"]
    elements = rich["elements"][0]["elements"]
    carry, later = [element["text"] for element in elements if element.get("style", {}).get("bold")]
    assert (CARRY in carry, LATER in later) == (True, True)
    assert any("4.1" in element["text"] and "style" not in element for element in elements)
    assert view["blocks"][0]["text"]["text"] == "Annual leave"
    assert "effective 1 January 2026" in str(view)
    assert "Owner: ruth" in str(view)
    assert "https://handbook.example/leave" in str(view)


async def test_who_may_not_read_the_document_now_sees_that_it_is_not_available(bench: Bench) -> None:
    bench.library.hits = (bands_hit(),)
    bench.writer.lines = [f"{BANDS} [1]\n"]
    answer = deepcopy(await bench.ask("ruth", "people-team", "@Ibid what is paid in band C of the salary bands?"))  # taken back below
    assert "52,000" in await shown_source(bench, "greta", answer)
    bench.slack.join("priya", "people-team")
    await bench.quiet()
    seen = await shown_source(bench, "priya", answer)
    assert "no longer available to you" in seen
    assert "52,000" not in seen
    assert "Salary bands" not in seen
    bench.slack.set_group("hr", ["greta"])
    await bench.quiet()
    await bench.slack.close_modal("ruth")
    assert "no longer available to you" in await shown_source(bench, "ruth", answer)


async def test_a_source_that_is_gone_and_a_forged_button_show_nothing(bench: Bench) -> None:
    answer = await bench.ask("priya", "ask-policy", QUESTION)
    bench.library.hits = ()
    assert "no longer available to you" in await shown_source(bench, "priya", answer)
    bench.library.hits = (leave_hit(),)
    await bench.slack.close_modal("priya")
    for block in answer.blocks:
        if block.get("accessory"):
            block["accessory"]["value"] = "[]"
    assert "no longer available to you" in await shown_source(bench, "priya", answer)


async def test_feedback_is_stored_thanked_for_once_and_can_be_changed(bench: Bench) -> None:
    answer = await bench.ask("priya", "ask-policy", QUESTION)
    (receipt,) = bench.ledger.opened
    await bench.slack.click("tom", answer, "feedback", value=f"{receipt}:up")
    await bench.slack.until(lambda: "Thank you" in bench.seen_by("tom", "ask-policy"))
    assert "Thank you" not in bench.seen_by("priya", "ask-policy")
    await bench.slack.click("tom", answer, "feedback", value=f"{receipt}:down")
    await bench.quiet()
    assert bench.ledger.verdicts == {(receipt, "U02TOM"): "down"}
    thanks = [message for message in bench.slack.messages("tom", "ask-policy") if message.only_for and "Thank you" in message.text]
    assert len(thanks) == 1


async def test_help_unknown_words_and_a_missing_question_are_answered_alone(bench: Bench) -> None:
    for line, words in (
        ("/ibid help", "Ask me about a policy"),
        ("/ibid", "Ask me about a policy"),
        ("/ibid *dance* now", "I do not know `/ibid ∗dance∗`"),
        ("/ibid ask", "Write the question after it"),
    ):
        await bench.slack.slash("tom", "ask-policy", line)
        await bench.slack.until(lambda words=words: words in bench.seen_by("tom", "ask-policy"))  # type: ignore[misc]  # bound at once
    assert bench.seen_by("priya", "ask-policy") == ""
    assert not bench.ledger.opened


async def test_status_counts_what_the_person_may_read(bench: Bench) -> None:
    bench.library.hits = (leave_hit(), bands_hit())
    await bench.slack.slash("ruth", "ask-policy", "/ibid status")
    await bench.slack.until(lambda: "from *2* documents" in bench.seen_by("ruth", "ask-policy"))
    await bench.slack.slash("tom", "ask-policy", "/ibid status")
    await bench.slack.until(lambda: "from *1* documents" in bench.seen_by("tom", "ask-policy"))
    assert "answers are quotes" in bench.seen_by("tom", "ask-policy")
    bench.library.hits = ()
    await bench.slack.slash("hiro", "ask-policy", "/ibid status")
    await bench.slack.until(lambda: "Nothing is indexed yet" in bench.seen_by("hiro", "ask-policy"))


async def test_how_often_the_cache_helped_is_for_admins_as_others_could_find_out_by_it_what_was_asked_before(bench: Bench) -> None:
    for person, told in (("greta", True), ("tom", False)):
        await bench.slack.slash(person, "ask-policy", "/ibid status")
        await bench.slack.until(lambda person=person: "documents" in bench.seen_by(person, "ask-policy"))  # type: ignore[misc]  # bound at once
        assert ("Repeated context is kept" in bench.seen_by(person, "ask-policy")) is told


async def test_a_button_that_ibid_does_not_know_is_acknowledged(bench: Bench) -> None:
    assert errand_in({"type": "block_actions", "actions": [{"action_id": "from_last_year"}]}, "U0IBID") is None
    answer = await bench.ask("priya", "ask-policy", QUESTION)
    for block in answer.blocks:
        if block.get("accessory"):
            block["accessory"]["action_id"] = "from_last_year"
    assert await bench.slack.click("priya", answer, "from_last_year") == {}


async def test_what_a_document_wrote_pings_nobody_links_nowhere_and_keeps_its_look(bench: Bench) -> None:
    hostile = "Tell <!channel> and <@U02TOM> *now* _or_ ~else~ `rm` [here](http://evil.example/x) www.evil.example & <b>so</b>."
    bench.library.hits = (leave_hit(hostile),)
    bench.writer.lines = [f"{hostile} [1]\n"]
    answer = await bench.ask("priya", "ask-policy", QUESTION)
    for text in (answer.streamed, answer.plain):
        for alive in ("<!channel>", "<@U02TOM>", "http://evil", "www.evil", "<b>"):
            assert alive not in text
        assert not re.search(r"(?<!\\)\]\(", text)
    for escaped in ("&lt;!channel&gt;", "\\*now\\*", "\\_or\\_", "\\~else\\~", "\\`rm\\`", "\\[here\\](http:", "&amp;"):
        assert escaped in answer.streamed
    for call in bench.slack.calls:
        if call.method == "chat.postMessage":
            assert call.fields["unfurl_links"] in (False, "false", "0", 0)
