"""What goes to a model, and nowhere else: the key, the question and the answer; and nothing goes there that the environment holds."""

from __future__ import annotations

import json
import logging
import traceback

import httpx
import pytest

from bot.adapters.openai_writer import OpenAIWriter
from bot.adapters.outside import way_out
from bot.logs import JsonLines
from bot.models import Model
from bot.settings import read_settings
from playground.model import CUT, GARBAGE, MODELS, Line, PretendModel, Script, html_page, refuses, says
from tests.openai_bench import ANSWER, LONG, PROMPT, Bench, a_bench

KEY = "key-of-the-marzipan-factory"
ECHO = f"{PROMPT} was asked with {KEY}"


def nothing_of_it(text: str) -> bool:
    return not any(secret in text for secret in (KEY, "arzipan", "25 days", "nswer from the sources"))


@pytest.fixture
def written(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> pytest.LogCaptureFixture:
    """All that is logged, with the clients as loud as they can be made."""
    for name in ("openai", "httpx", "httpcore"):
        monkeypatch.setattr(logging.getLogger(name), "level", logging.DEBUG)  # as OPENAI_LOG=debug does
    caplog.set_level(logging.DEBUG)
    return caplog


@pytest.mark.parametrize(
    "script",
    [
        says(ANSWER),
        refuses(400, message=ECHO, code=f"no {KEY}"),
        refuses(400, message=f"temperature: {ECHO}"),
        refuses(401, message=ECHO),
        refuses(429, message=ECHO),
        refuses(500, message=ECHO),
        says(CUT),
        says(ANSWER, GARBAGE),
        says(ANSWER, Line(f"data: {ECHO}")),
        says(ANSWER, Line(f"data: {json.dumps({'error': {'message': ECHO, 'code': ECHO}})}")),
        says(ANSWER, finish=ECHO),  # type: ignore[arg-type]  # a server may send anything
        html_page(),
    ],
    ids=lambda script: type(script).__name__,
)
async def test_neither_log_nor_error_repeats_what_was_said(script: Script, written: pytest.LogCaptureFixture) -> None:
    async with a_bench(key=KEY) as bench:
        bench.model.key = ""
        bench.model.script(script, script)
        heard = await bench.ask()
        assert heard.failed or heard.text == ANSWER
        if heard.failed:
            assert nothing_of_it("".join(traceback.format_exception(heard.failed)))
            assert heard.failed.__context__ is None  # the client's own error hangs nowhere on it
        assert nothing_of_it("\n".join(map(JsonLines().format, written.records)))


async def test_a_second_try_is_logged_with_its_reason(written: pytest.LogCaptureFixture) -> None:
    async with a_bench() as bench:
        bench.model.script(refuses(429, message=ECHO), ANSWER)
        await bench.ask()
    [line] = [json.loads(JsonLines().format(record)) for record in written.records if record.name.startswith("bot.")]
    assert (line["writer"], line["reason"], line["cause"]) == (MODELS[0], "busy", "status 429 rate_limit_exceeded")


async def test_the_signature_names_the_model_and_how_it_is_asked_but_nobody_who_pays() -> None:
    async with httpx.AsyncClient(trust_env=False) as http:

        def signature(**changes: object) -> str:
            fields: dict[str, object] = {"name": "m", "url": "https://models.example/v1", "key": KEY}
            return OpenAIWriter(Model(**{**fields, **changes}), http=http).signature  # type: ignore[arg-type]  # plain values

        plain = signature()
        assert nothing_of_it(plain)
        assert signature(key="another") == signature(url=f"https://ibid:{KEY}@models.example/v1") == plain
        other = (signature(name="n"), signature(url="https://models.example/v2"), signature(api_version="1"), signature(temperature=0.7))
        assert len({plain, signature(temperature=None), *other}) == 6


async def test_a_model_says_itself_what_it_may_see() -> None:
    async with a_bench(may_see=frozenset({"everyone"})) as bench:
        assert bench.writer.name == MODELS[0]
        assert bench.writer.sees({"everyone"})
        assert not bench.writer.sees({"everyone", "groups:hr"})


@pytest.mark.parametrize("azure", [False, True])
async def test_nothing_from_the_environment_is_sent_to_a_model(azure: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    foreign = "belongs-to-somebody-else"
    for name in ("API_KEY", "ADMIN_KEY", "ORG_ID", "PROJECT_ID"):
        monkeypatch.setenv(f"OPENAI_{name}", foreign)
    for name in ("API_KEY", "AD_TOKEN"):
        monkeypatch.setenv(f"AZURE_OPENAI_{name}", foreign)
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", f"X-Login: {foreign}")
    async with a_bench(LONG, **({"api_version": "2025-04-01-preview"} if azure else {})) as bench:
        bench.model.script(ANSWER)
        assert (await bench.ask()).text == ANSWER
        assert foreign not in str(bench.model.requests[0].headers)


async def test_this_machine_is_asked_around_any_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = "http://127.0.0.1:9"  # nobody listens: who goes through it gets no answer
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, nowhere)
    settings = read_settings({"HTTPS_PROXY": nowhere})
    async with PretendModel.start() as model:
        told = Model(name=MODELS[0], url=model.url, key=model.key)
        async with httpx.AsyncClient(**way_out(settings, model.url)) as shown, httpx.AsyncClient() as lost:
            writers = [OpenAIWriter(told, LONG), OpenAIWriter(told, LONG, shown), OpenAIWriter(told, LONG, lost)]
            model.script(*[ANSWER] * 3)
            heard = [await Bench(model, writer, shown, []).ask() for writer in writers]
            assert [one.text or one.reason for one in heard] == [ANSWER, ANSWER, "unreachable"]
            await writers[0].close()
            await writers[1].close()
            assert not shown.is_closed  # whoever opened it closes it
            assert len(model.requests) == 2
