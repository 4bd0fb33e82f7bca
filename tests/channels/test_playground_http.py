"""The pretend workspace's requests against Bolt's own HTTP server, which verifies and reads them in its own way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from playground import Json, Setting, SlackError, Workspace

ROSTER = Path(__file__).parents[2] / "handbook" / "workspace.yaml"
BUTTON: Json = {"type": "button", "action_id": "source", "value": "1", "text": {"type": "plain_text", "text": "Source 1"}}
MODAL: Json = {
    "type": "modal",
    "callback_id": "why",
    "title": {"type": "plain_text", "text": "Leave policy"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "reason",
            "label": {"type": "plain_text", "text": "What is wrong?"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        }
    ],
}
Ack = Callable[..., Awaitable[None]]


@asynccontextmanager
async def serving(slack: Workspace, app: AsyncApp) -> AsyncIterator[None]:
    """Bolt's own server, known to the workspace."""
    runner = web.AppRunner(app.web_app(path="/slack/events"))
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        await slack.deliver_to(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
        yield
    finally:
        await runner.cleanup()


def bolt(slack: Workspace, secret: str) -> AsyncApp:
    return AsyncApp(token=slack.bot_token, signing_secret=secret, client=AsyncWebClient(slack.bot_token, base_url=slack.api_url))


async def test_bolt_takes_events_commands_clicks_and_modals_that_are_posted_to_it() -> None:
    async with Workspace.start(ROSTER, Setting(redeliver_after=())) as slack:
        app = bolt(slack, slack.signing_secret)
        heard: list[Any] = []

        @app.event("message")
        async def said(event: Json, client: AsyncWebClient) -> None:
            heard.append(event["text"])
            block = {"type": "actions", "elements": [BUTTON]}
            await client.chat_postMessage(channel=event["channel"], thread_ts=event["ts"], text="25 days", blocks=[block])

        @app.command("/ibid")
        async def commanded(ack: Ack, command: Json, client: AsyncWebClient) -> None:
            await ack(text=f"You typed {command['text']}")
            await client.views_open(trigger_id=command["trigger_id"], view=MODAL)

        @app.action("source")
        async def pressed(ack: Ack, action: Json, body: Json) -> None:
            await ack()
            heard.append((action["value"], body["user"]["id"]))

        @app.view("why")
        async def sent(ack: Ack, view: Json) -> None:
            given = view["state"]["values"]["reason"]["text"]["value"]
            await (ack(response_action="errors", errors={"reason": "Say more."}) if given == "no" else ack())
            heard.append(given)

        async with serving(slack, app):
            asked = slack.say("priya", "dm", "how many days & why?")
            reply = await slack.reply_to(asked)
            assert await slack.slash("priya", "general", "/ibid what & why") == {"text": "You typed what &amp; why"}
            await slack.until(lambda: slack.modal("priya"))
            assert await slack.click("priya", reply, "source") == {}
            assert await slack.submit("priya", {"reason": "no"}) == {"response_action": "errors", "errors": {"reason": "Say more."}}
            assert slack.modal("priya")
            assert await slack.submit("priya", {"reason": "It is 28 in Germany."}) == {}
            assert slack.modal("priya") is None
            await slack.settled()
        assert heard == ["how many days &amp; why?", ("1", "U01PRIYA"), "no", "It is 28 in Germany."]
        assert all(delivery.acked for delivery in slack.sockets.deliveries)


async def test_an_address_that_does_not_know_the_secret_fails_the_challenge() -> None:
    async with Workspace.start(ROSTER) as slack:
        with pytest.raises(SlackError, match="url_verification_failed"):
            async with serving(slack, bolt(slack, "another")):
                pass


async def test_what_is_not_taken_is_posted_again_and_says_so() -> None:
    async with Workspace.start(ROSTER, Setting(redeliver_after=(0.0, 0.0))) as slack:
        app = bolt(slack, slack.signing_secret)
        seen: list[tuple[str, str]] = []

        @app.middleware
        async def busy(request: Any, next_: Callable[[], Awaitable[None]]) -> None:  # noqa: ANN401  Bolt's request
            seen.append((request.body["event_id"], request.headers.get("x-slack-retry-num", ["none"])[0]))
            if len(seen) == 3:
                await next_()
            else:
                raise RuntimeError

        @app.event("message")
        async def said() -> None: ...

        @app.error
        async def failed() -> None: ...

        async with serving(slack, app):
            slack.say("priya", "dm", "how many days?")
            await slack.settled()
    assert [retry for _, retry in seen] == ["none", "1", "2"]
    assert len({event for event, _ in seen}) == 1
