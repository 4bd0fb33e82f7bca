"""The pretend model's promises, heard by the real OpenAI client and by one that looks at every line of the wire."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from openai import APIConnectionError, APIError, APIStatusError, AsyncAzureOpenAI, AsyncOpenAI
from openai.types.chat import ChatCompletionChunk

from playground import Workspace
from playground.model import COMMENT, CUT, ERROR, GARBAGE, STALL, PretendModel, Script, html_page, refuses, says
from tests.paper import a_chart, inlined

QUESTION = "How many days of annual leave can I carry over in Germany?"
LEAVE = """[1] Annual leave (Germany) › 4. Carrying leave over (effective 2026-01-01)
4.1 Employees in Germany may carry over up to 10 days of unused annual leave into the next year.
Carried-over days must be taken by 31 March.

4.2 Employees must ask for their leave in Harbour.

[2] Parking › 1. Bicycles
1.1 Bicycles are kept in the yard. See [3] for the map."""
MODEL = "pretend-tuned"
ROSTER = Path(__file__).parents[2] / "handbook" / "workspace.yaml"


def prompt(question: str = QUESTION, sources: str = LEAVE) -> str:
    return f"<sources>\n{sources}\n</sources>\n\nToday is 16 November 2026.\n\n<question>\n{question}\n</question>"


@pytest_asyncio.fixture
async def model() -> AsyncIterator[PretendModel]:
    async with PretendModel.start() as started:
        yield started


@pytest_asyncio.fixture
async def client(model: PretendModel) -> AsyncIterator[AsyncOpenAI]:
    async with AsyncOpenAI(base_url=model.url, api_key=model.key, max_retries=0, timeout=10) as opened:
        yield opened


async def streamed(client: AsyncOpenAI, text: str = "Hello?", *, name: str = MODEL, usage: bool = False) -> list[ChatCompletionChunk]:
    options: Any = {"stream_options": {"include_usage": True}} if usage else {}
    stream = await client.chat.completions.create(model=name, messages=[{"role": "user", "content": text}], stream=True, **options)
    return [chunk async for chunk in stream]


def text_of(chunks: list[ChatCompletionChunk]) -> str:
    return "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)


def ends(chunks: list[ChatCompletionChunk]) -> list[str]:
    return [choice.finish_reason for chunk in chunks for choice in chunk.choices if choice.finish_reason]


async def wire(model: PretendModel, *, headers: dict[str, str] | None = None, **body: object) -> tuple[int, str, str]:
    """Status, content type and the whole text of an answer, as they come."""
    sent = {"model": MODEL, "messages": [{"role": "user", "content": "Hello?"}], "stream": True, **body}
    given = {"Authorization": f"Bearer {model.key}"} if headers is None else headers
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{model.url}/chat/completions", json=sent, headers=given) as answer,
    ):
        return answer.status, answer.content_type, (await answer.read()).decode()


async def test_a_scripted_reply_arrives_in_the_pieces_that_were_given(model: PretendModel, client: AsyncOpenAI) -> None:
    model.script(says("You get ", "25 ", "days. [1]"))
    chunks = await streamed(client)
    assert [choice.delta.content for chunk in chunks for choice in chunk.choices] == ["", "You get ", "25 ", "days. [1]", None]
    assert ends(chunks) == ["stop"]
    assert all(chunk.usage is None for chunk in chunks)


async def test_usage_comes_last_where_it_is_asked_for(model: PretendModel, client: AsyncOpenAI) -> None:
    model.script(says("four", cached=7))
    last = (await streamed(client, "x" * 40, usage=True))[-1]
    assert last.choices == []
    assert last.usage
    assert (last.usage.completion_tokens, last.usage.prompt_tokens_details.cached_tokens if last.usage.prompt_tokens_details else 0) == (
        1,
        7,
    )
    assert last.usage.prompt_tokens >= 10
    assert model.requests[0].body["stream_options"] == {"include_usage": True}


async def test_a_prompt_that_begins_like_one_before_is_counted_as_cached_in_steps(model: PretendModel, client: AsyncOpenAI) -> None:
    async def cached(text: str) -> int:
        usage = (await streamed(client, text, usage=True))[-1].usage
        assert usage
        assert usage.prompt_tokens_details
        return usage.prompt_tokens_details.cached_tokens or 0

    model.script("a", "b", "c", "d")
    assert await cached("x" * 6000 + "first") == 0
    assert await cached("x" * 6000 + "second") == 1408
    assert await cached("x" * 4000) == 0  # under 1,024 tokens nothing is kept
    assert await cached("y" * 6000) == 0


async def test_an_answer_that_is_not_streamed_is_whole(model: PretendModel, client: AsyncOpenAI) -> None:
    model.script(says("You get ", "25 days. [1]", finish="length"))
    answer = await client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": "Hello?"}])
    assert (answer.choices[0].message.content, answer.choices[0].finish_reason) == ("You get 25 days. [1]", "length")
    assert answer.usage
    assert answer.usage.completion_tokens == 5


async def test_the_models_are_listed_and_others_do_not_exist(model: PretendModel, client: AsyncOpenAI) -> None:
    assert [one.id async for one in client.models.list()] == ["pretend-tuned", "pretend-base"]
    with pytest.raises(APIStatusError) as refused:
        await streamed(client, name="somebody-else")
    assert (refused.value.status_code, refused.value.code) == (404, "model_not_found")


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"api-key": "wrong"}])
async def test_without_the_key_nothing_is_answered_and_no_script_is_used_up(model: PretendModel, headers: dict[str, str]) -> None:
    model.script("kept")
    status, _, text = await wire(model, headers=headers)
    assert (status, json.loads(text)["error"]["code"]) == (401, "invalid_api_key")
    assert "kept" in (await wire(model))[2]


async def test_azure_is_asked_by_deployment_and_begins_with_a_chunk_without_a_choice(model: PretendModel) -> None:
    model.script("You get 25 days. [1]")
    client = AsyncAzureOpenAI(azure_endpoint=model.azure_url, api_key=model.key, api_version="2024-10-21", max_retries=0)
    async with client:
        chunks = await streamed(client, name="pretend-tuned")
        assert chunks[0].choices == []
        assert text_of(chunks) == "You get 25 days. [1]"
        assert model.requests[0].path == "/openai/deployments/pretend-tuned/chat/completions?api-version=2024-10-21"
        assert model.requests[0].headers["api-key"] == model.key
        with pytest.raises(APIStatusError) as refused:
            await streamed(client, name="no-such-deployment")
    assert (refused.value.status_code, refused.value.code) == (404, "DeploymentNotFound")


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "invalid_api_key"), (403, "model_not_found"), (404, "model_not_found"), (429, "rate_limit_exceeded"), (500, None), (503, None)],
)
async def test_a_refusal_has_the_shape_of_openai(model: PretendModel, client: AsyncOpenAI, status: int, code: str | None) -> None:
    model.script(refuses(status, retry_after=2), "next")
    with pytest.raises(APIStatusError) as refused:
        await streamed(client)
    assert (refused.value.status_code, refused.value.code) == (status, code)
    assert refused.value.response.headers["Retry-After"] == "2"
    assert text_of(await streamed(client)) == "next"


async def test_a_script_for_one_model_waits_for_that_model(model: PretendModel, client: AsyncOpenAI) -> None:
    model.script(refuses(404), model="pretend-tuned")
    model.script("from the base", model="pretend-base")
    assert text_of(await streamed(client, name="pretend-base")) == "from the base"
    with pytest.raises(APIStatusError):
        await streamed(client, name="pretend-tuned")


async def test_it_stalls_where_it_was_told_to_until_it_is_released(model: PretendModel, client: AsyncOpenAI) -> None:
    model.script(says("You get ", STALL, "25 days. [1]"))
    stream = await client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": "Hello?"}], stream=True)
    heard = [await anext(stream), await anext(stream)]
    assert text_of(heard) == "You get "
    going_on = asyncio.create_task(anext(stream))
    await model.until(lambda: model.stalled)
    assert not going_on.done()
    model.release()
    assert text_of([await going_on]) == "25 days. [1]"
    await stream.close()
    assert model.stalled == 0


async def test_a_stall_before_the_first_byte_sends_no_headers_and_ends_with_its_client(model: PretendModel) -> None:
    model.script(says(STALL, "never said"))
    asking = asyncio.create_task(wire(model))
    await model.until(lambda: model.stalled)
    assert not asking.done()
    asking.cancel()
    await model.until(lambda: model.requests[0].left)
    assert model.stalled == 0


async def test_a_cut_stream_breaks_and_a_cut_before_it_never_begins(model: PretendModel, client: AsyncOpenAI) -> None:
    model.script(says("You get ", CUT, "25 days. [1]"), says(CUT))
    with pytest.raises(aiohttp.ClientPayloadError):
        await wire(model)
    with pytest.raises(APIConnectionError):
        await streamed(client)


async def test_an_end_without_a_reason_is_clean_and_says_none(model: PretendModel, client: AsyncOpenAI) -> None:
    model.script(says("You get 25", finish=None), says("You get 25", finish=None, done=False))
    assert ends(await streamed(client)) == []
    _, _, text = await wire(model)
    assert "You get 25" in text
    assert "[DONE]" not in text


async def test_garbage_and_errors_stand_where_a_piece_should_be(model: PretendModel, client: AsyncOpenAI) -> None:
    model.script(says("You ", GARBAGE, "get"), says("You ", ERROR, "get"))
    with pytest.raises(json.JSONDecodeError):
        await streamed(client)
    with pytest.raises(APIError):
        await streamed(client)


async def test_a_page_is_no_answer_although_its_status_says_so(model: PretendModel) -> None:
    model.script(html_page())
    status, kind, text = await wire(model)
    assert (status, kind) == (200, "text/html")
    assert text.startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("script", "said", "reason"),
    [
        (says("cut sh", finish="length"), "cut sh", "length"),
        (says("", finish="content_filter"), "", "content_filter"),
        (says(), "", "stop"),
        (says(*"one by one ’"), "one by one ’", "stop"),
        (says("a ", "b", line_end="\r\n"), "a b", "stop"),
        (says(COMMENT, "a ", COMMENT, "b"), "a b", "stop"),
        (says("long " * 50_000), "long " * 50_000, "stop"),
        (says("a", "b", pause=0.001), "ab", "stop"),
    ],
)
async def test_what_is_odd_and_allowed_is_heard_whole(
    model: PretendModel, client: AsyncOpenAI, script: Script, said: str, reason: str
) -> None:
    model.script(script)
    chunks = await streamed(client)
    assert (text_of(chunks), ends(chunks)) == (said, [reason])


async def test_comments_and_line_ends_are_on_the_wire(model: PretendModel) -> None:
    model.script(says(COMMENT, "a", line_end="\r\n"))
    _, kind, text = await wire(model)
    assert kind == "text/event-stream"
    assert ": keep-alive\r\n\r\n" in text
    assert text.endswith("data: [DONE]\r\n\r\n")
    assert "\n" not in text.replace("\r\n", "")


@pytest.mark.parametrize("body", ["{", "[]", '{"model": "pretend-tuned"}', '{"messages": ["Hello?"]}'])
async def test_a_body_that_cannot_be_read_is_refused(model: PretendModel, body: str) -> None:
    headers = {"Authorization": f"Bearer {model.key}", "Content-Type": "application/json"}
    async with aiohttp.ClientSession() as session, session.post(f"{model.url}/chat/completions", data=body, headers=headers) as answer:
        assert answer.status == 400
        assert (await answer.json())["error"]["type"] == "invalid_request_error"


async def test_unscripted_it_rewords_its_sources_word_by_word(model: PretendModel, client: AsyncOpenAI) -> None:
    chunks = await streamed(client, prompt())
    assert text_of(chunks).splitlines() == [
        "In Germany, you may carry over up to 10 days of unused annual leave into the next year. [1]",
        "Carried-over days must be taken by 31 March. [1]",
    ]
    assert max(len((choice.delta.content or "").split()) for chunk in chunks for choice in chunk.choices) == 1


async def test_switched_off_it_is_a_model_that_does_not_exist_and_cannot_lie(model: PretendModel, client: AsyncOpenAI) -> None:
    model.lie_next()
    model.switch(speaks=False)
    model.lie_next()
    assert model.lies is False
    with pytest.raises(APIStatusError) as refused:
        await streamed(client, prompt())
    assert (refused.value.status_code, refused.value.code) == (404, "model_not_found")
    assert re.search(r"`pretend-tuned` does not exist", refused.value.message)
    assert [one.id async for one in client.models.list()] == []
    model.script("a script is heard all the same")
    assert text_of(await streamed(client)) == "a script is heard all the same"
    model.switch(speaks=True)
    assert "[1]" in text_of(await streamed(client, prompt()))


async def test_without_a_key_of_its_own_it_asks_for_none() -> None:
    async with PretendModel.start(key="") as model:
        model.script("hello")
        assert (await wire(model, headers={}))[0] == 200


async def test_in_the_workspace_it_stands_at_its_address_and_is_silent_until_it_is_chosen() -> None:
    async with Workspace.start(ROSTER) as slack, AsyncOpenAI(base_url=f"{slack.address}/v1", api_key="pretend", max_retries=0) as client:
        with pytest.raises(APIStatusError) as refused:
            await streamed(client, prompt())
        assert refused.value.code == "model_not_found"
        slack.model.switch(speaks=True)
        assert "[1]" in text_of(await streamed(client, prompt()))


async def test_shown_a_picture_it_says_what_size_and_colour_that_is(model: PretendModel, client: AsyncOpenAI) -> None:
    picture: Any = {"type": "image_url", "image_url": {"url": inlined(a_chart(bar="blue"))}}
    broken = {"type": "image_url", "image_url": {"url": "data:image/png;base64,QQ=="}}
    for shown, said in ((picture, "wider than it is high, of 160 by 90 dots, mostly white and blue."), (broken, "cannot be opened.")):
        content: Any = [{"type": "text", "text": "What is this?"}, shown]
        answer = await client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": content}])
        assert said in (answer.choices[0].message.content or "")
    assert model.requests[0].pictures == [picture["image_url"]["url"]]
