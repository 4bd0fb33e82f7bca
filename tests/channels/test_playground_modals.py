"""Modals of the pretend workspace behave as Slack's do: what is typed stays, what does not fit is not sent, a stack is left one by one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.settings import HOME
from playground import Json, Workspace

Ack = Callable[..., Awaitable[None]]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def a_modal(name: str, **more: object) -> Json:
    element = {"type": "plain_text_input", "action_id": "why", "max_length": 10, "initial_value": "because"}
    blocks: list[Json] = [
        {"type": "input", "block_id": "why", "label": plain("Why?"), "element": element},
        {"type": "actions", "elements": [{"type": "button", "action_id": "look", "text": plain("Look"), "value": name}]},
    ]
    return {"type": "modal", "callback_id": name, "title": plain(name), "submit": plain("Send"), "blocks": blocks, **more}


@dataclass
class Desk:
    """An app with a modal that pushes another one, and what it was told."""

    slack: Workspace
    client: AsyncWebClient
    told: list[Json] = field(default_factory=list)

    async def open(self) -> None:
        person = self.slack.state.person("greta").id
        trigger = self.slack.state.views.trigger(person)
        await self.client.views_open(trigger_id=trigger, view=a_modal("first"))

    def top(self) -> str:
        view = self.slack.modal("greta")
        return str(view["title"]["text"]) if view else ""


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with Workspace.start(HOME / "handbook" / "workspace.yaml") as slack, _app(slack) as desk:
        yield desk


@asynccontextmanager
async def _app(slack: Workspace) -> AsyncIterator[Desk]:
    client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
    app = AsyncApp(token=slack.bot_token, client=client)
    desk = Desk(slack, client)

    @app.view("first")
    async def push(ack: Ack, body: Json) -> None:
        desk.told.append(body)
        await ack(response_action="push", view=a_modal("second", notify_on_close=True))

    @app.view_closed("second")
    async def closed(ack: Ack, body: Json) -> None:
        await ack()
        desk.told.append(body)

    @app.action("look")
    async def look(ack: Ack, body: Json) -> None:
        await ack()
        desk.told.append(body)

    handler = AsyncSocketModeHandler(app, slack.app_token, web_client=client, ping_interval=1)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # slack_bolt leaves it untyped
    try:
        yield desk
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]  # the same


def typed(body: Json) -> object:
    return body["view"]["state"]["values"]["why"]["why"]["value"]


async def test_a_press_in_a_modal_brings_along_what_is_typed_by_then(desk: Desk) -> None:
    await desk.open()
    await desk.slack.click_in_modal("greta", "look", values={"why": "so"})
    await desk.slack.click_in_modal("greta", "look")
    assert [typed(body) for body in desk.told] == ["so", "because"]


@pytest.mark.parametrize(("text", "why"), [("", "required"), ("x" * 11, "no more than 10")])
async def test_what_does_not_fit_is_said_below_the_input_and_not_sent(desk: Desk, text: str, why: str) -> None:
    await desk.open()
    seen: list[Json] = []
    stop = desk.slack.state.watch(lambda change: seen.append(change.detail) if change.what == "view" else None)
    assert await desk.slack.submit("greta", {"why": text}) is None
    stop()
    assert why in seen[-1]["errors"]["why"]
    assert desk.told == []


async def test_a_pushed_modal_that_is_closed_leaves_the_one_below_as_it_was_typed_and_tells_the_app(desk: Desk) -> None:
    await desk.open()
    await desk.slack.submit("greta", {"why": "so"})
    assert desk.top() == "second"
    await desk.slack.close_modal("greta")
    assert desk.top() == "first"
    below = desk.slack.modal("greta")
    assert below
    assert below["state"]["values"]["why"]["why"]["value"] == "so"
    assert [body["type"] for body in desk.told] == ["view_submission", "view_closed"]


async def test_a_modal_that_clears_the_stack_when_it_is_closed_leaves_nothing(desk: Desk) -> None:
    await desk.open()
    await desk.slack.submit("greta", {"why": "so"})
    top = desk.slack.modal("greta")
    assert top
    await desk.client.views_update(view_id=top["id"], view=a_modal("done", clear_on_close=True))
    await desk.slack.close_modal("greta")
    assert desk.top() == ""
    assert [body["type"] for body in desk.told] == ["view_submission"]
