"""A model on this machine is found at once, and where there is none nobody waits for it."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from aiohttp import web

from bot.adapters.openai_models import SHORTLY, ask_for_models, list_models
from bot.errors import WhyNot, WriterFailed
from playground.model import MODELS, PretendModel


@asynccontextmanager
async def a_server(body: str | None, status: int = 200, headers: dict[str, str] | None = None) -> AsyncIterator[str]:
    """Answers every request with this; with None it says nothing at all."""

    async def answer(request: web.Request) -> web.Response:
        if body is None:
            await asyncio.Event().wait()  # until the client has gone
        return web.Response(text=body, status=status, headers=headers)

    site = web.Application()
    site.add_routes([web.get("/{path:.*}", answer)])
    runner = web.AppRunner(site, access_log=None, handler_cancellation=True, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    finally:
        await runner.cleanup()


async def test_the_models_that_answer_are_named() -> None:
    async with PretendModel.start() as model, httpx.AsyncClient(trust_env=False) as http:
        assert await list_models(model.url, model.key) == MODELS
        assert await list_models(f"{model.url}/", model.key, http) == MODELS
        assert await ask_for_models(model.url, model.key, http) == MODELS


async def test_without_its_key_a_server_names_none() -> None:
    async with PretendModel.start() as model:
        assert await list_models(model.url) == ()
        with pytest.raises(WriterFailed, match="status 401") as failed:
            await ask_for_models(model.url)
        assert failed.value.reason == "refused"


@pytest.mark.parametrize("body", ["<!doctype html>", "[]", "7", "null", '{"data": null}', '{"data": [7]}', '{"data": [{}]}', "[" * 100_000])
async def test_something_else_that_answers_there_is_no_model_server(body: str) -> None:
    async with a_server(body) as url:
        assert await list_models(url) == ()
        with pytest.raises(WriterFailed) as failed:
            await ask_for_models(url)
        assert failed.value.reason == "not an answer"
        assert failed.value.__context__ is None


@pytest.mark.parametrize(("status", "reason"), [(302, "not an answer"), (404, "no such model"), (503, "unreachable")])
async def test_a_server_that_refuses_is_told_apart(status: int, reason: WhyNot) -> None:
    async with PretendModel.start() as model, a_server("", status, {"Location": f"{model.url}/models"}) as url:
        with pytest.raises(WriterFailed) as failed:
            await ask_for_models(url, model.key)
        assert failed.value.reason == reason


async def test_where_nobody_listens_there_is_none() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    assert await list_models(f"http://127.0.0.1:{port}/v1") == ()
    with pytest.raises(WriterFailed) as failed:
        await ask_for_models(f"http://127.0.0.1:{port}/v1")
    assert failed.value.reason == "unreachable"


async def test_nobody_waits_for_a_server_that_says_nothing() -> None:
    async with a_server(None) as url:
        began = time.monotonic()
        with pytest.raises(WriterFailed) as failed:
            await ask_for_models(url)
        assert failed.value.reason == "too slow"
        assert SHORTLY <= time.monotonic() - began < SHORTLY + 3
        assert await list_models(url) == ()
