"""`ibid doctor` asks whoever Ibid relies on outside, and says of each what is wrong before an employee notices."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli.doctor_services import cache, models, slack
from bot.cli.finding import Finding
from bot.settings import HOME, read_settings
from playground import Workspace
from playground.model import PretendModel, html_page, refuses, says
from playground.workspace import SCOPES, Setting
from tests.redis_server import RedisServer


async def found(model: PretendModel, **given: str) -> Finding:
    """Asked from a thread of its own, as from a terminal."""
    usual = {"OPENAI_BASE_URL": model.url, "OPENAI_API_KEY": model.key, "IBID_MODEL": "pretend-base", "IBID_MODEL_MAY_SEE": "local"}
    return await asyncio.to_thread(models, read_settings(usual | given))


async def test_models_that_write_are_named_in_their_order_and_each_is_asked_once() -> None:
    async with PretendModel.start() as model:
        finding = await found(model, IBID_TUNED_MODEL="pretend-tuned")
        assert finding == Finding(True, "Models: pretend-tuned, then pretend-base, then quotes")
        assert {asked.body["model"] for asked in model.requests} == {"pretend-tuned", "pretend-base"}
        assert len(model.requests) == 2


async def test_what_a_model_may_not_see_is_told_with_what_to_do() -> None:
    async with PretendModel.start() as model:
        public = await found(model, IBID_MODEL_MAY_SEE="everyone groups:hr")
        private = await found(model, IBID_MODEL_MAY_SEE="everyone asker")
    assert public.well
    assert public.cure.splitlines() == [
        "pretend-base may see everyone groups:hr.",
        "What is asked in private is answered in quotes; add asker to IBID_MODEL_MAY_SEE where a model may see it.",
    ]
    assert (private.well, private.cure) == (True, "pretend-base may see asker everyone.")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"IBID_MODEL": "nope"}, "knows no such model (status 404 model_not_found). It has pretend-tuned, pretend-base."),
        ({"OPENAI_API_KEY": "sk-zebra"}, "refuses (status 401 invalid_api_key). Check OPENAI_API_KEY."),
        ({"OPENAI_API_KEY": ""}, "Check OPENAI_API_KEY, which is not set."),
        ({"IBID_MODEL": "", "IBID_TUNED_MODEL": "m", "IBID_TUNED_URL": "{url}/", "IBID_TUNED_KEY": "sk-zebra"}, "Check OPENAI_API_KEY."),
        ({"IBID_MODEL": "", "IBID_TUNED_MODEL": "m", "IBID_TUNED_URL": "{url}x"}, "Check the name, and IBID_TUNED_URL: most end in /v1."),
        ({"OPENAI_BASE_URL": "{azure}"}, "Check the name, and OPENAI_BASE_URL: most end in /v1."),
        (
            {"OPENAI_BASE_URL": "{azure}", "OPENAI_API_VERSION": "1", "IBID_MODEL": "nope"},
            "(status 404 DeploymentNotFound). Check the name.",
        ),
        ({"OPENAI_BASE_URL": "http://127.0.0.1:{unused}/v1"}, "does not answer (no connection: ConnectError). Check OPENAI_BASE_URL"),
        ({"OPENAI_BASE_URL": "http://300.1.1.1/v1"}, "cannot be used: Invalid IPv4 address: '300.1.1.1'"),
        ({"IBID_CA_FILE": "/no/such/file"}, "IBID_CA_FILE is /no/such/file"),
    ],
)
async def test_a_model_that_does_not_write_is_told_with_what_to_do(given: dict[str, str], words: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        unused = taken.getsockname()[1]
    async with PretendModel.start() as model:
        places = {"url": model.url, "azure": model.azure_url, "unused": unused}
        finding = await found(model, **{name: value.format(**places) for name, value in given.items()})
    assert finding.well is False
    assert words in finding.cure
    assert "zebra" not in finding.cure


async def test_a_model_that_stumbles_is_told_apart_from_one_that_is_not_there() -> None:
    async with PretendModel.start() as model:
        model.script(refuses(429, retry_after=60), html_page(200), refuses(400, message="zebra"))
        busy, page, refused = [await found(model) for _ in range(3)]
        model.script(says(" "))
        silent = await found(model)
    assert "takes no more requests (status 429" in busy.cure
    assert "gives no whole answer" in page.cure
    assert "refuses (status 400" in refused.cure
    assert "zebra" not in refused.cure
    assert "gives no whole answer" in silent.cure


def test_without_a_model_it_is_said_what_was_set_for_nothing() -> None:
    assert models(read_settings({})) == Finding(None, "Models: none; answers are quotes")
    finding = models(read_settings({"OPENAI_API_KEY": "sk-zebra", "IBID_SITUATE": "yes"}))
    assert finding.cure == "OPENAI_API_KEY and IBID_SITUATE are set, but no model: name it in IBID_MODEL."


def test_a_cache_that_answers_is_well_and_one_that_does_not_is_told_why(start_redis: Callable[..., RedisServer]) -> None:
    assert cache(read_settings({})) == Finding(None, "Cache: in memory; REDIS_URL is not set")
    server = start_redis("--requirepass", "right")
    address = server.url.removeprefix("unix://")
    well, refused = (cache(read_settings({"REDIS_URL": f"unix://:{password}@{address}"})) for password in ("right", "zebra"))
    assert well == Finding(True, f"Cache: 0 entries in unix://{address}")
    assert (refused.well, refused.what) == (False, f"Cache: unix://{address} cannot be used")
    assert refused.cure.startswith("it does not take the user and password of REDIS_URL")
    server.kill()
    gone = cache(read_settings({"REDIS_URL": f"unix://:right@{address}"}))
    assert "nothing listens there (ConnectionRefusedError). Ibid works without it." in gone.cure
    assert cache(read_settings({"REDIS_URL": "zebra"})).well is False
    assert "zebra" not in str((refused, gone, cache(read_settings({"REDIS_URL": "zebra"}))))


async def introduced(scopes: str, **given: str) -> Finding:
    async with Workspace.start(HOME / "handbook" / "workspace.yaml", Setting(scopes=scopes)) as workspace:
        usual = {"SLACK_BOT_TOKEN": workspace.bot_token, "SLACK_APP_TOKEN": workspace.app_token, "SLACK_API_URL": workspace.api_url}
        return await asyncio.to_thread(slack, read_settings(usual | given))


async def test_scopes_that_the_app_was_not_given_are_named() -> None:
    finding = await introduced(SCOPES.replace("users:read", ""))
    assert (finding.well, finding.what) == (False, "Slack: the app lacks the scopes users:read")
    assert "install it again" in finding.cure


async def test_a_workspace_without_an_admin_is_said_to_be_one(tmp_path: Path) -> None:
    assert "IBID_ADMINS is not set" in (await introduced(SCOPES)).cure
    for given in ({"IBID_ADMINS": "U08GRETA"}, {"IBID_PEOPLE_FILE": str(tmp_path)}):
        finding = await introduced(SCOPES, **given)
        assert (finding.well, finding.cure) == (True, "")
