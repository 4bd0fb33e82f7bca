"""Ibid in Slack: check, take up what was left open, let Slack in over Socket Mode or HTTP, and stop without losing anything."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.folder_watch import follow
from bot.adapters.prompt_watch import watch
from bot.adapters.slack_directory import SlackDirectory
from bot.adapters.trust import trusted
from bot.automatic import Automatic, running
from bot.channels.slack.circle import look_now_and_then
from bot.channels.slack.clients import SDK_LOG, Clients, open_clients
from bot.channels.slack.desk import Desk
from bot.channels.slack.doubts import tell_doubt
from bot.channels.slack.inbox import Door
from bot.channels.slack.indexing.weekly import send_notes
from bot.channels.slack.introduction import Self, introduce
from bot.channels.slack.listeners import Counter, register
from bot.channels.slack.prompts.complaints import complain
from bot.channels.slack.recovery import recover, try_again
from bot.channels.slack.voice import Voice
from bot.flows.pace import Pace
from bot.tasks import Tasks

if TYPE_CHECKING:
    from aiohttp.web import RouteDef

    from bot.bootstrap import Ibid
    from bot.channels.line import Line
    from bot.settings import Address, Settings
    from bot.web.front import Front

log = logging.getLogger(__name__)
About = TypeVar("About")
BOLT_LOG = logging.getLogger("ibid.slack_bolt")
BOLT_LOG.setLevel(logging.ERROR)  # it warns of a token in the environment that it does not use, and of requests by repeating them whole


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
    line: Line
    address: Address | None  # where it listens


async def serve(ibid: Ibid, patience: Patience = Patience()) -> None:
    """Serve until cancelled. Raises Misconfigured or SlackUnavailable at the start, SlackUnavailable when the line stays deaf."""
    async with connected(ibid, patience) as serving:
        await serving.line.watch()


@asynccontextmanager
async def connected(ibid: Ibid, patience: Patience = Patience()) -> AsyncIterator[Serving]:
    """Connected to Slack while the block runs; what is under way at its end is finished, or stays in the inbox."""
    settings = ibid.settings
    async with AsyncExitStack() as stack:
        front = _front(ibid, stack)
        clients = open_clients(settings)
        stack.push_async_callback(clients.session.close)
        me = await introduce(clients, settings)
        trust = trusted(settings.people_file, settings.admins, ibid.clock)
        directory = SlackDirectory(clients.again, me.team, ibid.clock, trust, ibid.rulebook)
        observers = (*ibid.observers, front.metrics) if front else ibid.observers
        desk = Desk(
            ibid=replace(ibid.named(me.team_name), directory=directory, observers=observers),
            voice=Voice(clients, me),
            me=me,
            tasks=Tasks(),
            pace=Pace(settings.questions_per_minute),
            roster=directory,
        )
        counter = Counter(desk)
        app = _bolt(settings, me)
        register(app, Door(desk.ibid, me.user), counter, directory)
        stack.push_async_callback(_drain, desk, patience.drain)
        await recover(desk, counter)  # before new deliveries come, so that nothing that is open is mistaken for a duplicate
        stack.callback(asyncio.create_task(try_again(desk, counter, patience.again)).cancel)
        await stack.enter_async_context(watch(ibid.prompts, partial(_to_admins, complain, desk, directory)))
        stack.callback(asyncio.create_task(send_notes(desk)).cancel)
        stack.callback(asyncio.create_task(look_now_and_then(desk)).cancel)
        line = _line(app, settings, clients, patience, front)
        automatic = Automatic(ibid.indexing, partial(_to_admins, tell_doubt, desk, directory), ibid.rhythm.every)
        followed = [follow(folder, partial(automatic.stirred, source)) for source, folder in ibid.rhythm.watched.items()]
        await stack.enter_async_context(running(automatic, followed))
        if front:
            await stack.enter_async_context(front.open(line, _hooks(ibid, automatic, front)))
        await stack.enter_async_context(line.connected())
        address = front.address if front else None
        log.info("connected to slack", extra={"team": me.team, "by": line.name, "listens": str(address or "nowhere")})
        yield Serving(desk=desk, line=line, address=address)


async def _to_admins(
    tell: Callable[[Desk, Collection[str], About], Awaitable[None]], desk: Desk, directory: SlackDirectory, about: About
) -> None:
    """Whoever is an admin at that moment."""
    await tell(desk, await directory.admins(), about)


def _front(ibid: Ibid, stack: AsyncExitStack) -> Front | None:
    """Its port is taken first: one that is not to be had stops the start before anything is begun."""
    address = ibid.settings.listens
    if address is None:
        return None
    from bot.web.front import Front

    front = Front(address, ibid)
    stack.callback(front.close)
    return front


def _hooks(ibid: Ibid, automatic: Automatic, front: Front) -> tuple[RouteDef, ...]:
    """Where repositories say that they have changed."""
    from bot.web.hooks import Hooks

    return Hooks(ibid.settings.hook_secret, ibid.indexing.sources, automatic.pushed, front.metrics.announced).routes


def _line(app: AsyncApp, settings: Settings, clients: Clients, patience: Patience, front: Front | None) -> Line:
    if settings.http_mode and front:
        from bot.channels.slack.http import HttpLine

        return HttpLine(app, settings.slack_signing_secret, front.metrics.responded)
    from bot.channels.slack.socket_mode import SocketLine

    return SocketLine(app, settings.slack_app_token, clients, deaf=patience.deaf, look=patience.look)


async def _drain(desk: Desk, seconds: float) -> None:
    stopped = await desk.tasks.drain(seconds)
    if stopped:
        log.warning("stopped before everything was answered; the rest is answered at the next start", extra={"count": stopped})


def _bolt(settings: Settings, me: Self) -> AsyncApp:
    """Bolt dispatches and acknowledges; it never calls Slack by itself, so that its own client has no token."""

    async def authorize(**_: Any) -> AuthorizeResult:  # noqa: ANN401  Bolt passes ids that one workspace does not need
        return AuthorizeResult(enterprise_id=None, team_id=me.team, bot_id=me.bot, bot_user_id=me.user, bot_token=settings.slack_bot_token)

    return AsyncApp(
        name="ibid",
        logger=BOLT_LOG,
        client=AsyncWebClient(base_url=settings.slack_api_url, logger=SDK_LOG),
        authorize=authorize,
        request_verification_enabled=False,  # our own connection needs none; over HTTP the guard has verified what gets here
        raise_error_for_unhandled_request=True,  # what nothing listens for goes to our error handler; else Bolt logs the whole of it
        attaching_conversation_kwargs_enabled=False,
    )
