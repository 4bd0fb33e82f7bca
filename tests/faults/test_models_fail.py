"""Whatever a model does, each question ends in one reply: none is lost, none is said twice, none that was cut looks whole.

The real bot, the real `openai` client, a real Redis and the pretend model, in the pretend workspace.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from playground.model import CUT, GARBAGE, STALL, Script, html_page, refuses, says
from tests.office import QUESTION, Office, an_office, hashing

CARRY = "Employees in the United Kingdom may carry over up to 5 days of unused annual leave into the next leave year."
TAKEN = "Carried-over days must be taken by 31 March; days above the limit lapse on 31 December."
FAILURES: dict[str, Script] = {
    "401": refuses(401),
    "403": refuses(403),
    "404": refuses(404, code="model_not_found"),
    "429": refuses(429, retry_after=60),
    "cut before a word": says(CUT),
    "cut within the first line": says("Employees in the United ", CUT),
    "no finish_reason": says(f"{CARRY} [1]\n", finish=None),
    "cut short": says(f"{CARRY} [1]\n", finish="length"),
    "filtered": says("", finish="content_filter"),
    "garbage": says("Employees", GARBAGE),
    "a page": html_page(),
    "empty": says(""),
    "proves nothing": says("You may carry over 99 days. [1]\nAsk your manager.\n"),
}


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path, hashing) as office:
        yield office


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES.keys())
async def test_the_base_model_speaks_when_the_tuned_one_does_not(office: Office, failure: Script) -> None:
    office.model.script(failure, failure, model="pretend-tuned")  # a cut connection is tried once more
    office.model.script(f"{CARRY} [1]\n", model="pretend-base")
    reply = await office.ask("priya", "ask-policy", f"@Ibid {QUESTION}")
    assert CARRY in reply.plain
    assert "no model was used" not in reply.plain
    assert "broke off" not in reply.plain
    assert _replies(office) == 1


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES.keys())
async def test_quotes_speak_when_both_models_do_not_and_the_reply_says_so(office: Office, failure: Script) -> None:
    office.model.script(failure, failure, model="pretend-tuned")  # a cut connection is tried once more
    office.model.script(failure, failure, model="pretend-base")
    reply = await office.ask("priya", "ask-policy", f"@Ibid {QUESTION}")
    assert "no model was used" in reply.plain
    assert "99 days" not in reply.plain
    assert _replies(office) == 1


async def test_500s_are_tried_once_more_and_then_the_next_one_speaks(office: Office) -> None:
    office.model.script(refuses(500), refuses(500), model="pretend-tuned")
    office.model.script(refuses(503), f"{CARRY} [1]\n", model="pretend-base")
    reply = await office.ask("priya", "ask-policy", f"@Ibid {QUESTION}")
    assert CARRY in reply.plain
    assert len(office.model.requests) == 4


@pytest.mark.parametrize("mishap", [CUT, GARBAGE], ids=["cut", "garbage"])
async def test_what_breaks_after_something_was_shown_is_closed_as_cut_and_nobody_else_continues(office: Office, mishap: object) -> None:
    office.model.script(says(f"{CARRY} [1]\n", f"{TAKEN} [1]\n", "And also ", mishap), model="pretend-tuned")  # type: ignore[arg-type]  # two of the steps
    reply = await office.ask("priya", "ask-policy", f"@Ibid {QUESTION}")
    assert CARRY in reply.plain
    assert TAKEN in reply.plain
    assert "And also" not in reply.plain
    assert "broke off" in reply.plain
    assert [request.body["model"] for request in office.model.requests] == ["pretend-tuned"]
    assert _replies(office) == 1


async def test_a_cut_reply_is_not_remembered_as_the_answer(office: Office) -> None:
    office.model.script(says(f"{CARRY} [1]\n", f"{TAKEN} [1]\n", CUT), f"{CARRY} [1]\n", model="pretend-tuned")
    assert "broke off" in (await office.ask("priya", "ask-policy", f"@Ibid {QUESTION}")).plain
    again = await office.ask("tom", "ask-policy", f"@Ibid {QUESTION}")
    assert "broke off" not in again.plain
    assert len(office.model.requests) == 2


async def test_many_who_ask_the_same_at_once_get_one_reply_each_from_one_request(office: Office) -> None:
    office.model.script(says(f"{CARRY} [1]\n", STALL, f"{TAKEN} [1]\n"), model="pretend-tuned")
    asked = [office.slack.say(person, "ask-policy", f"@Ibid {QUESTION}") for person in ("priya", "tom", "lena", "marcus", "ruth", "hiro")]
    await office.model.until(lambda: office.model.stalled)
    office.model.release()
    await office.quiet()
    for question in asked:
        (reply,) = office.slack.replies_to(question)
        assert TAKEN in reply.plain
    assert len(office.model.requests) == 1


async def test_a_bot_that_is_stopped_in_the_middle_leaves_the_question_open_and_not_half_answered(office: Office) -> None:
    office.model.script(says(f"{CARRY} [1]\n", STALL), model="pretend-tuned")
    asked = office.slack.say("priya", "ask-policy", f"@Ibid {QUESTION}")
    await office.model.until(lambda: office.model.stalled)
    await office.serving.desk.tasks.drain(0)
    assert [one.plain for one in office.slack.replies_to(asked)] == []
    assert len(await office.house.ibid.backlog.waiting()) == 1


def _replies(office: Office) -> int:
    return sum(message.by_bot for message in office.slack.messages("priya", "ask-policy"))
