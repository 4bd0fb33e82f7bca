"""What was asked before in a thread is gone on from only as far as everyone who reads there today may read it."""

from __future__ import annotations

import pytest

from playground import Message
from tests.channels.conftest import BANDS, CARRY, Bench, bands_hit, leave_hit

QUESTION = "@Ibid what is paid in band C of the salary bands?"


@pytest.fixture
def bands(bench: Bench) -> Bench:
    bench.library.hits = (leave_hit(), bands_hit())
    bench.writer.lines = [f"{BANDS} [2]\n"]
    return bench


async def begun(bench: Bench) -> Message:
    asked = bench.slack.say("ruth", "people-team", QUESTION)
    assert BANDS in (await bench.slack.reply_to(asked)).plain
    await bench.quiet()
    return asked


async def next_search(bench: Bench, asked: Message, text: str) -> str:
    before = len(bench.library.searched)
    bench.slack.say("ruth", "people-team", text, asked.ts)
    await bench.quiet()
    return " ".join(question for question, _ in bench.library.searched[before:])


async def test_a_follow_up_goes_on_from_what_all_may_read(bands: Bench) -> None:
    assert "band C" in await next_search(bands, await begun(bands), "@Ibid and until when?")


async def test_a_follow_up_does_not_go_on_from_what_a_newcomer_may_not_read(bands: Bench) -> None:
    asked = await begun(bands)
    bands.slack.join("priya", "people-team")
    await bands.quiet()
    bands.writer.lines = [f"{CARRY} [1]\n"]
    searched = await next_search(bands, asked, "@Ibid and until when?")
    assert "until when" in searched
    assert "band" not in searched
    assert "52,000" not in bands.seen_by("priya", "people-team")


@pytest.mark.parametrize("wish", ["@Ibid where does it say that?", "@Ibid say that in simpler words", "@Ibid what was that again?"])
async def test_nothing_is_told_again_to_a_newcomer_who_may_not_read_it(bands: Bench, wish: str) -> None:
    asked = await begun(bands)
    bands.slack.join("priya", "people-team")
    await bands.quiet()
    bands.slack.say("ruth", "people-team", wish, asked.ts)
    await bands.quiet()
    assert "52,000" not in bands.seen_by("priya", "people-team")
    assert "Salary bands" not in bands.seen_by("priya", "people-team")


async def test_a_follow_up_does_not_go_on_from_what_was_taken_away(bands: Bench) -> None:
    asked = await begun(bands)
    bands.library.hits = (leave_hit(),)
    bands.writer.lines = [f"{CARRY} [1]\n"]
    searched = await next_search(bands, asked, "@Ibid and until when?")
    assert "until when" in searched
    assert "band" not in searched


async def test_what_was_asked_in_a_direct_message_is_gone_on_from_in_no_channel(bands: Bench) -> None:
    await bands.ask("ruth", "dm", "what is paid in band C of the salary bands?")
    await bands.quiet()
    asked = bands.slack.say("ruth", "people-team", "@Ibid and until when?")
    await bands.slack.reply_to(asked)
    await bands.quiet()
    assert bands.library.searched[-1][0] == "and until when?"
