"""The manifest declares what the code uses, and nothing else."""

from __future__ import annotations

import ast
import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.channels.slack.errands import errand_in
from bot.channels.slack.listeners import TOLD, register
from bot.channels.slack.manifest import COMMAND, EVENTS, METHODS, main, manifest
from bot.settings import HOME

FILES = (*(HOME / "bot" / "channels" / "slack").glob("*.py"), HOME / "bot" / "adapters" / "slack_directory.py")
STREAM = {"chat.startStream", "chat.appendStream", "chat.stopStream"}  # what client.chat_stream calls
KNOWN = {method.replace(".", "_"): method for method in METHODS}


def called(path: Path) -> Iterator[str]:
    """The attributes that a file calls, where a client of the SDK has one of that name."""
    from slack_sdk.web.async_client import AsyncWebClient

    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and "_" in node.func.attr
            and hasattr(AsyncWebClient, node.func.attr)
        ):
            yield node.func.attr


def test_the_committed_file_is_what_the_code_declares() -> None:
    assert json.loads((HOME / "deploy" / "slack-manifest.json").read_text(encoding="utf-8")) == manifest()


def test_the_manifest_of_http_mode_differs_only_in_where_slack_sends_its_requests() -> None:
    http, usual = manifest("https://ibid.example/"), manifest()
    where = "https://ibid.example/slack/events"
    assert http["settings"].pop("socket_mode_enabled") is False
    assert usual["settings"].pop("socket_mode_enabled") is True
    assert http["settings"]["event_subscriptions"].pop("request_url") == where
    assert http["settings"]["interactivity"].pop("request_url") == where
    assert [command.pop("url") for command in http["features"]["slash_commands"]] == [where]
    assert http == usual


def test_the_manifest_is_printed_for_either_mode(capsys: pytest.CaptureFixture[str]) -> None:
    main([])
    assert json.loads(capsys.readouterr().out) == manifest()
    main(["--http", "https://ibid.example"])
    assert json.loads(capsys.readouterr().out) == manifest("https://ibid.example")
    for wrong in ("http://ibid.example", "ibid.example", "https://", "https://ibid.example/?a=b"):
        with pytest.raises(SystemExit):
            main(["--http", wrong])
        assert "over https only" in capsys.readouterr().err


def test_every_method_that_is_called_is_listed_and_every_listed_one_is_called() -> None:
    names = {name for path in FILES for name in called(path)}
    used = {KNOWN.get(name, name) for name in names - {"chat_stream"}} | (STREAM if "chat_stream" in names else set())
    assert used == set(METHODS)


def test_every_subscription_is_either_an_errand_or_news_for_the_directory() -> None:
    heard = {name.partition(".")[0] for name in EVENTS}
    assert heard & set(TOLD) == set(TOLD)
    news = heard - set(TOLD)
    shared, joined, people = {"channel_shared", "channel_unshared"}, {"member_joined_channel", "member_left_channel"}, {"user_change"}
    assert news == shared | joined | people | {"subteam_created", "subteam_members_changed", "subteam_updated"}


@pytest.mark.parametrize("kind", ["channels", "groups", "im", "mpim"])
def test_a_message_of_every_subscribed_kind_is_understood(kind: str) -> None:
    assert f"message.{kind}" in EVENTS
    channel_type = {"channels": "channel", "groups": "group"}.get(kind, kind)
    event = {"type": "message", "channel_type": channel_type, "channel": "C1", "user": "U1", "ts": "1.1", "text": "<@U0> how?"}
    errand = errand_in({"team_id": "T1", "event_id": "E1", "event": event}, "U0")
    assert errand
    assert errand.addressed
    assert errand.kind


async def test_every_declared_event_and_command_finds_a_listener() -> None:
    async def authorize(**_: object) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id="U0", bot_id="B0", bot_token="xoxb-x")

    class Blind:
        forgotten: list[str] = []  # noqa: RUF012  one per test

        async def middleware(self, next_: Callable[[], Awaitable[None]]) -> None:
            await next_()

        def forget(self, event: dict[str, Any]) -> None:
            self.forgotten.append(event["type"])

    blind: Any = Blind()
    app = AsyncApp(name="test", authorize=authorize, request_verification_enabled=False)
    register(app, blind, blind, blind)
    for name in {*(subscription.partition(".")[0] for subscription in EVENTS), "from_next_year"}:
        body: dict[str, Any] = {"type": "event_callback", "team_id": "T1", "event": {"type": name, "user": "U1"}}
        assert (await app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))).status == 200
    body = {"command": COMMAND, "team_id": "T1", "user_id": "U1"}
    assert (await app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))).status == 200
    assert set(Blind.forgotten) == {name for name in (*EVENTS, "from_next_year") if name.partition(".")[0] not in TOLD}
