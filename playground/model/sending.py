"""Sends a scripted reply: at once, or piece by piece as server-sent events, with everything that goes wrong on the way."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from playground.model.scripts import Line, Mishap, Refusal, Reply, Step
from playground.model.shapes import chunk_json, completion_json, error_json
from playground.values import Json

Stall = Callable[[], Awaitable[None]]
_GARBAGE = '{"id": "chatcmpl-'
# Nobody between the model and its client may keep an answer.
_HEADERS = {"Cache-Control": "no-store", "x-request-id": "req-pretend"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A reply, and what stands around it on the wire."""

    reply: Reply
    head: Json  # id, created, model: the same on every chunk
    usage: Json
    wants_usage: bool = False
    azure: bool = False


async def send_whole(request: web.Request, said: Said, stall: Stall) -> web.StreamResponse:
    """The answer in one body."""
    for step in said.reply.steps:
        if step is Mishap.STALL:
            await stall()
        elif step is Mishap.CUT:
            return cut(request)
        elif step is Mishap.GARBAGE:
            return web.Response(text=_GARBAGE, content_type="application/json", headers=_HEADERS)
        elif step is Mishap.ERROR:
            return web.json_response(error_json(Refusal(status=500)), status=500, headers=_HEADERS)
        elif step is not Mishap.COMMENT and said.reply.pause:
            await asyncio.sleep(said.reply.pause)
    return web.json_response(completion_json(said.head, said.reply, said.usage), headers=_HEADERS)


async def send_stream(request: web.Request, said: Said, stall: Stall) -> web.StreamResponse:
    """The answer as it is written."""
    steps = list(said.reply.steps)
    while steps[:1] == [Mishap.STALL]:
        await stall()
        del steps[0]
    if steps[:1] == [Mishap.CUT]:
        return cut(request)
    response = web.StreamResponse(headers=_HEADERS | {"Content-Type": "text/event-stream; charset=utf-8"})
    await response.prepare(request)
    async for line in _lines(said, steps, stall):
        if line is None:
            cut(request)
            return response
        await response.write(f"{line}{said.reply.line_end * 2}".encode())
    await response.write_eof()
    return response


async def _lines(said: Said, steps: list[Step], stall: Stall) -> AsyncIterator[str | None]:
    """Every line of the stream; None where the connection is cut."""
    head = said.head | ({"usage": None} if said.wants_usage else {})
    if said.azure:  # Azure begins with a chunk that has no choice in it
        yield _data(head | {"object": "", "choices": [], "prompt_filter_results": [{"prompt_index": 0, "content_filter_results": {}}]})
    yield _data(chunk_json(head, {"role": "assistant", "content": "", "refusal": None}))
    for step in steps:
        if step is Mishap.STALL:
            await stall()
        elif step is Mishap.CUT:
            yield None
        elif isinstance(step, Mishap):
            yield _wrong(step)
        elif isinstance(step, Line):
            yield step.text
        else:
            if said.reply.pause:
                await asyncio.sleep(said.reply.pause)
            yield _data(chunk_json(head, {"content": step}))
    if said.reply.finish:
        yield _data(chunk_json(head, {}, said.reply.finish))
    if said.wants_usage:
        yield _data({**head, "object": "chat.completion.chunk", "choices": [], "usage": said.usage})
    if said.reply.done:
        yield "data: [DONE]"


def _wrong(mishap: Mishap) -> str:
    """A line where a piece of text should be."""
    if mishap is Mishap.ERROR:
        return _data(error_json(Refusal(status=500)))
    return ": keep-alive" if mishap is Mishap.COMMENT else f"data: {_GARBAGE}"


def _data(event: Json) -> str:
    return f"data: {json.dumps(event, separators=(',', ':'))}"


def cut(request: web.Request) -> web.Response:
    """Close the connection as a server that dies does."""
    if request.transport:
        request.transport.abort()
    return web.Response(status=500)
