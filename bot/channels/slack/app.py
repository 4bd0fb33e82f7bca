"""Ibid in Slack over Socket Mode: check, connect, take up what was left open, watch the line, and stop without losing anything."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack_directory import SlackDirectory, read_trust
from bot.channels.slack.clients import SDK_LOG, Clients, is_loopback, open_clients
from bot.channels.slack.desk import Desk
from bot.channels.slack.inbox import Door
from bot.channels.slack.introduction import Self, introduce
from bot.channels.slack.listeners import Counter, register
from bot.channels.slack.recovery import recover, try_again
from bot.channels.slack.voice import Voice
from bot.errors import SlackUnavailable
from bot.flows.pace import Pace
from bot.tasks import Tasks

if TYPE_CHECKING:
    from bot.bootstrap import Ibid

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Patience:
    """Seconds that Ibid waits: for a deaf line, and for running answers when it is stopped."""

    deaf: float = 120.0
    look: float = 5.0  # between two looks at the line
    drain: float = 20.0
    again: float = 60.0  # before what Slack did not let be said is tried again


@dataclass(frozen=True, kw_only=True)
class Serving:
    """Ibid, connected."""

    desk: Desk
    line: AsyncSocketModeHandler


async def serve(ibid: Ibid, patience: Patience = Patience()) -> None:
    """Serve until cancelled. Raises Misconfigured or SlackUnavailable at the start, SlackUnavailable when the line stays deaf."""
    async with connected(ibid, patience) as serving:
        await watch(serving.line, patience)


@asynccontextmanager
async def connected(ibid: Ibid, patience: Patience = Patience()) -> AsyncIterator[Serving]:
    """Connected to Slack while the block runs; what is under way at its end is finished, or stays in the inbox."""
    clients = open_clients(ibid.settings)
    try:
        me = await introduce(clients, ibid.settings)
        trust = read_trust(ibid.settings.people_file, ibid.settings.admins)
        directory = SlackDirectory(clients.again, me.team, ibid.clock, trust)
        desk = Desk(
            ibid=replace(ibid.named(me.team_name), directory=directory),
            voice=Voice(clients, me),
            me=me,
            tasks=Tasks(),
            pace=Pace(ibid.settings.questions_per_minute),
        )
        counter = Counter(desk)
        app = _bolt(ibid, me)
        register(app, Door(desk.ibid, me.user), counter, directory)
        await recover(desk, counter)  # before new deliveries come, so that nothing that is open is mistaken for a duplicate
        line = _line(app, ibid, clients)
        trying = asyncio.create_task(try_again(desk, counter, patience.again))
        try:
            await _connect(line, patience)
            log.info("connected to slack", extra={"team": me.team})
            yield Serving(desk=desk, line=line)
        finally:
            trying.cancel()
            await line.client.close()  # type: ignore[no-untyped-call]  # the SDK says no types here
            stopped = await desk.tasks.drain(patience.drain)
            if stopped:
                log.warning("stopped before everything was answered; the rest is answered at the next start", extra={"count": stopped})
    finally:
        await clients.session.close()


async def _connect(line: AsyncSocketModeHandler, patience: Patience) -> None:
    try:
        async with asyncio.timeout(patience.deaf):
            await line.client.connect()  # type: ignore[no-untyped-call]  # the SDK says no types here
    except TimeoutError as problem:
        raise SlackUnavailable(
            "Slack answers, but takes no Socket Mode connection. Check that a proxy lets WebSockets through."
        ) from problem


async def watch(line: AsyncSocketModeHandler, patience: Patience) -> None:
    """Look at the line until it has been deaf for too long; the SDK reconnects by itself before that."""
    clock = asyncio.get_running_loop()
    heard = clock.time()
    while True:
        await asyncio.sleep(patience.look)
        try:
            alive = await line.client.is_connected()
        except Exception as problem:  # noqa: BLE001  one of the five edges: a watchdog that dies watches nothing
            log.warning("the line could not be looked at", extra={"cause": type(problem).__name__})
            alive = False
        if alive:
            heard = clock.time()
        elif clock.time() - heard > patience.deaf:
            raise SlackUnavailable(f"Slack has been silent for {patience.deaf:.0f} seconds and does not take a new connection.")


def _bolt(ibid: Ibid, me: Self) -> AsyncApp:
    """Bolt dispatches and acknowledges; it never calls Slack by itself, so that its own client has no token."""

    async def authorize(**_: Any) -> AuthorizeResult:  # noqa: ANN401  Bolt passes ids that one workspace does not need
        return AuthorizeResult(
            enterprise_id=None, team_id=me.team, bot_id=me.bot, bot_user_id=me.user, bot_token=ibid.settings.slack_bot_token
        )

    return AsyncApp(
        name="ibid",
        logger=SDK_LOG,
        client=AsyncWebClient(base_url=ibid.settings.slack_api_url, logger=SDK_LOG),
        authorize=authorize,
        request_verification_enabled=False,  # Socket Mode: what comes over our own connection is not signed
        attaching_conversation_kwargs_enabled=False,
    )


def _line(app: AsyncApp, ibid: Ibid, clients: Clients) -> AsyncSocketModeHandler:
    line = AsyncSocketModeHandler(app, ibid.settings.slack_app_token, logger=SDK_LOG, web_client=clients.again, ping_interval=5)
    if is_loopback(ibid.settings.slack_api_url):
        line.client.proxy = None
    return line
