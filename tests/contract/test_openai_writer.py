"""What a model writes comes through as it is written; everything that is not a whole answer is told apart from one, and why."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace

import pytest

from bot.adapters.openai_client import limit_name
from bot.adapters.openai_writer import LONGEST
from bot.errors import WhyNot
from bot.models import Model
from playground.model import COMMENT, CUT, ERROR, GARBAGE, MODELS, STALL, Line, Page, Refusal, Script, html_page, refuses, says
from tests.openai_bench import ANSWER, LONG, PROMPT, REQUEST, a_bench, delta

# A whole answer


async def test_the_pieces_come_as_they_are_and_then_what_they_cost() -> None:
    async with a_bench() as bench:
        bench.model.script(says("You get ", "25 days. [1]", cached=3))
        heard = await bench.ask()
        assert heard.pieces == ["You get ", "25 days. [1]"]
        assert heard.failed is None
        [spent] = heard.spent
        assert (spent.cached, spent.written) == (3, 5)
        assert spent.prompt > 3


async def test_the_request_holds_the_messages_the_key_and_what_is_wished_for() -> None:
    async with a_bench() as bench:
        bench.model.script(ANSWER)
        await bench.ask()
        [asked] = bench.model.requests
        assert asked.path == "/v1/chat/completions"
        assert asked.headers["authorization"] == f"Bearer {bench.model.key}"
        assert asked.body == {
            "model": MODELS[0],
            "messages": [{"role": "system", "content": "Answer from the sources."}, {"role": "user", "content": PROMPT}],
            "stream": True,
            "stream_options": {"include_usage": True},
            "temperature": 0.0,
            "max_tokens": LONGEST,
        }


async def test_a_temperature_that_is_not_set_is_not_sent() -> None:
    async with a_bench(temperature=None) as bench:
        bench.model.script(ANSWER)
        assert (await bench.ask()).text == ANSWER
        assert "temperature" not in bench.model.requests[0].body


async def test_the_first_words_are_there_while_the_model_still_writes() -> None:
    async with a_bench() as bench:
        bench.model.script(says("You get ", STALL, "25 days. [1]"))
        async with aclosing(bench.writer.write(REQUEST)) as pieces:
            assert await anext(pieces) == "You get "
            await bench.model.until(lambda: bench.model.stalled)
            bench.model.release()
            assert await anext(pieces) == "25 days. [1]"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
async def test_any_line_end_and_single_characters_make_the_same_text(line_end: str) -> None:
    text = "Über 25 Tage — 日 [1]\u2028\n"
    async with a_bench() as bench:
        bench.model.script(says(*text, line_end=line_end))  # type: ignore[arg-type]  # one of the three
        assert (await bench.ask()).text == text


@pytest.mark.parametrize("key", ["", "pretend"])
async def test_a_server_that_asks_for_no_key_is_asked_without_one_of_ours(key: str) -> None:
    async with a_bench(key=key) as bench:
        bench.model.key = ""
        bench.model.script(ANSWER)
        assert (await bench.ask()).text == ANSWER
        assert bench.model.requests[0].headers["authorization"] == f"Bearer {key or 'none'}"


async def test_azure_is_asked_by_deployment_name_and_with_its_own_key_header() -> None:
    async with a_bench(api_version="2025-04-01-preview") as bench:
        bench.model.script(ANSWER)
        heard = await bench.ask()
        assert (heard.text, heard.reason) == (ANSWER, "")
        [asked] = bench.model.requests
        assert asked.path == f"/openai/deployments/{MODELS[0]}/chat/completions?api-version=2025-04-01-preview"
        assert asked.headers["api-key"] == bench.model.key
        assert "authorization" not in asked.headers
        assert asked.body["max_completion_tokens"] == LONGEST
        assert "max_tokens" not in asked.body


@pytest.mark.parametrize(
    ("url", "api_version", "expected"),
    [
        ("https://api.openai.com/v1", "", "max_completion_tokens"),
        ("https://eu.api.openai.com/v1", "", "max_completion_tokens"),
        ("https://acme.openai.azure.com/openai/v1", "", "max_completion_tokens"),
        ("https://gateway.acme.example/azure", "2025-04-01-preview", "max_completion_tokens"),
        ("http://127.0.0.1:11434/v1", "", "max_tokens"),
        ("https://api.openai.com.acme.example/v1", "", "max_tokens"),
    ],
)
def test_the_limit_is_called_what_that_server_calls_it(url: str, api_version: str, expected: str) -> None:
    assert limit_name(Model(name="m", url=url, api_version=api_version)) == expected


async def test_what_a_model_thinks_is_never_passed_on() -> None:
    async with a_bench() as bench:
        aside = (delta('"reasoning_content": "SECRET"'), delta('"content": null'))
        bench.model.script(says(*aside, "\n<thi", "nk>SECRET</th", "ink>\n\n", ANSWER), says("<", "thi"))
        assert (await bench.ask()).text == ANSWER
        assert (await bench.ask()).text == "<thi"  # which was no thought


async def test_a_server_that_does_not_tell_the_cost_costs_nothing_we_know_of() -> None:
    async with a_bench() as bench:
        bench.model.script(says(ANSWER, delta("", '"stop"'), Line("data: [DONE]"), finish=None, done=False))
        bench.model.script(says(delta('"content": "x"', '"stop"'), Line('data: {"choices": [], "usage": {"prompt_tokens": "many"}}')))
        first = await bench.ask()
        assert (first.text, first.reason) == (ANSWER, "")
        assert (await bench.ask()).text == "x"


async def test_an_answer_that_has_ended_is_whole_even_if_nothing_follows() -> None:
    async with a_bench(replace(LONG, after=0.05)) as bench:
        bench.model.script(says(ANSWER, delta("", '"stop"'), STALL))
        bench.model.script(says(ANSWER, delta("", '"stop"'), CUT))
        for _ in range(2):
            async with asyncio.timeout(2):
                heard = await bench.ask()
            assert (heard.text, heard.reason, heard.spent) == (ANSWER, "", [])


async def test_a_whole_answer_in_one_packet_leaves_everything_else_its_turn() -> None:
    turns = 0

    async def everything_else() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async with a_bench() as bench:
        bench.model.script(says(*"x" * LONGEST))
        other = asyncio.create_task(everything_else())
        assert len((await bench.ask()).text) == LONGEST
        other.cancel()
        assert turns >= LONGEST


# What is not an answer


@pytest.mark.parametrize(
    ("script", "reason", "said"),
    [
        (refuses(401), "refused", ""),
        (refuses(403), "refused", ""),
        (refuses(404), "no such model", ""),
        (refuses(400, code="content_filter"), "refused", ""),
        (refuses(400, code="context_length_exceeded", message="maximum context length exceeded by max_tokens"), "refused", ""),
        (refuses(408), "too slow", ""),
        (refuses(409), "refused", ""),
        (html_page(), "not an answer", ""),
        (Page(text='{"choices": [{"message": {"content": "You get"}, "finish_reason": "stop"}]}'), "not an answer", ""),
        (says(GARBAGE), "not an answer", ""),
        (says(Line("data: " + "[" * 100_000)), "not an answer", ""),
        (says(), "not an answer", ""),
        (says(" ", "\n"), "not an answer", " \n"),
        (says("<think>Hm."), "not an answer", ""),
        (says(delta('"tool_calls": []', '"tool_calls"')), "not an answer", ""),
        (says("You", finish=None), "broke off", "You"),
        (says("You", finish=None, done=False), "broke off", "You"),
        (says("You", CUT), "broke off", "You"),
        (says("You", ERROR), "broke off", "You"),
        (says("You", GARBAGE), "not an answer", "You"),
        (says("You get 2", finish="length"), "cut short", "You get 2"),
        (says("You get 2", finish="content_filter"), "refused", "You get 2"),
        (says(delta('"refusal": "I cannot help with that."')), "refused", ""),
        (says("You", Line('data: {"error": {"message": "no", "code": "content_filter"}}')), "refused", "You"),
        (says(Line('data: {"error": {"message": "no", "code": 429}}')), "busy", ""),
        (says(Line('data: {"error": {"message": "no", "type": "rate_limit_error"}}')), "busy", ""),
        (says(Line('data: {"error": "no"}')), "broke off", ""),
    ],
    ids=str,
)
async def test_what_is_not_a_whole_answer_says_why_after_one_request(script: Script, reason: WhyNot, said: str) -> None:
    async with a_bench() as bench:
        bench.model.script(script)
        heard = await bench.ask()
        assert heard.reason == reason
        assert heard.text.strip() == said.strip()
        assert bench.asked == 1
        assert not bench.naps


@pytest.mark.parametrize(
    "line",
    [
        *("42", '"text"', "null", "[]", "{}", '{"choices": 7}', '{"choices": [7]}', '{"choices": [{"delta": 7}]}', '{"choices": [{}]}'),
        *('{"choices": [{"delta": {"content": ["not", "text"]}}]}', '{"choices": [], "usage": 7}', '{"event": "ping"}'),
    ],
)
async def test_strange_lines_among_the_pieces_do_no_harm(line: str) -> None:
    async with a_bench() as bench:
        bench.model.script(says("You get ", Line(f"data: {line}"), COMMENT, Line("event: ping\ndata: {}"), "25 days. [1]"))
        heard = await bench.ask()
        assert (heard.text, heard.reason) == (ANSWER, "")


async def test_what_was_cut_short_has_its_cost_told() -> None:
    async with a_bench() as bench:
        bench.model.script(says("You get 2", finish="length", cached=1))
        heard = await bench.ask()
        assert heard.reason == "cut short"
        assert [spent.cached for spent in heard.spent] == [1]


async def test_a_page_that_sends_elsewhere_is_not_followed_with_the_question() -> None:
    async with a_bench() as bench:
        bench.http.follow_redirects = True  # whoever made it so, the model that may see this is the one that is asked
        bench.model.script(Refusal(status=307, headers={"Location": f"{bench.model.url}/chat/completions"}))
        assert (await bench.ask()).reason == "not an answer"
        assert bench.asked == 1
