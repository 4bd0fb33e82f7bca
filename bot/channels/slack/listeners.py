"""Every event, command and button, acknowledged by Bolt and handed on as work."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from bot.channels.slack.actions import mute, show_source, take_feedback
from bot.channels.slack.circle import look_again
from bot.channels.slack.commands import command
from bot.channels.slack.exchange import Exchange
from bot.channels.slack.holds import Holding
from bot.channels.slack.inbox import ERRAND, Door
from bot.channels.slack.indexing.ordering import Reindexing
from bot.channels.slack.manifest import COMMAND, EVENTS
from bot.channels.slack.offered import Offered
from bot.channels.slack.prompts.admin import Prompting
from bot.channels.slack.records import press_records
from bot.errors import Unavailable

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp

    from bot.adapters.slack_directory import SlackDirectory
    from bot.channels.slack.desk import Desk
    from bot.channels.slack.errands import Errand

log = logging.getLogger(__name__)
ANYTHING = re.compile(".*")
CONVERTED = ("channel_convert_to_public", "channel_convert_to_private")
TOLD = ("app_mention", "message", "reaction_added")  # events that may be errands; the others tell the directory what changed


class Counter:
    """Where errands become work."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._reindexing = Reindexing(desk)
        self._prompting = Prompting(desk)
        self._holding = Holding(desk)

    def acknowledgement(self, errand: Errand) -> dict[str, Any]:
        """What is said at once to whoever sent a modal."""
        match errand.what:
            case "index":
                return self._reindexing.acknowledgement(errand)
            case "hold":
                return self._holding.acknowledgement(errand)
            case _:
                return self._prompting.acknowledgement(errand)

    def start(self, errand: Errand) -> None:
        """Begin a new errand; questions of one thread are answered one after the other."""
        if errand.what == "ask":
            exchange = Exchange(self._desk, errand)
            self._desk.tasks.start((errand.channel, errand.root or errand.key), exchange.run, exchange.rescue)
        elif errand.what == "circle":
            self._desk.tasks.start(("circle", errand.channel), lambda: look_again(self._desk, errand))
        elif errand.what == "offer":
            offered = Offered(self._desk, errand)
            self._desk.tasks.start((errand.channel, errand.root or errand.key), offered.run, offered.rescue)
        else:
            self._desk.tasks.start(errand.key, lambda: self._do(errand), lambda: self._desk.apologise(errand))

    def take_up(self, errand: Errand, begun: str) -> None:
        """Finish an errand of a process that died; `begun` is the ts of what it had posted."""
        if errand.what == "ask":
            exchange = Exchange(self._desk, errand, begun, again=True)
            self._desk.tasks.start((errand.channel, errand.root or errand.key), exchange.run, exchange.rescue)
        elif errand.what == "offer":
            offered = Offered(self._desk, errand, begun, again=True)
            self._desk.tasks.start((errand.channel, errand.root or errand.key), offered.run, offered.rescue)
        elif errand.what == "index" or (errand.what == "command" and begun):  # a run is not started again behind anybody's back
            self._desk.tasks.start(errand.key, lambda: self._reindexing.take_up(errand, begun), lambda: self._desk.apologise(errand))
        elif errand.what == "prompt":
            self._desk.tasks.start(errand.key, lambda: self._prompting.take_up(errand), lambda: self._desk.apologise(errand))
        else:
            self.start(errand)

    async def _do(self, errand: Errand) -> None:
        try:
            match errand.what:
                case "command":
                    await command(self._desk, errand, self._reindexing, self._prompting, self._holding)
                case "source":
                    await show_source(self._desk, errand)
                case "feedback":
                    await take_feedback(self._desk, errand)
                case "mute":
                    await mute(self._desk, errand)
                case "prompt":
                    await self._prompting.do(errand)
                case "index":
                    await self._reindexing.do(errand)
                case "hold":
                    await self._holding.do(errand)
                case "receipt" | "data":
                    await press_records(self._desk, errand)
        except Unavailable as problem:
            log.warning("an errand could not be done", extra={"what": errand.what, "cause": type(problem).__name__})
            await self._desk.apologise(errand)


def register(app: AsyncApp, door: Door, counter: Counter, directory: SlackDirectory) -> None:
    """Hang everything on the app. Whatever Slack sends finds a listener, so that nothing is sent again for want of one."""
    app.error(_failed)

    async def heed(body: dict[str, Any], next_: Callable[[], Awaitable[None]]) -> None:
        event = body.get("event") or {}
        if event and (event.get("type") not in TOLD or event.get("subtype") in CONVERTED):
            directory.forget(event)  # before all else: what is known of the readers must not outlive this by a failing row
        await next_()

    app.middleware(heed)
    app.middleware(door.middleware)

    async def on_event(context: dict[str, Any]) -> None:
        if ERRAND in context:
            counter.start(context[ERRAND])

    async def on_press(ack: Callable[[], Awaitable[None]], context: dict[str, Any]) -> None:
        await ack()
        if ERRAND in context:
            counter.start(context[ERRAND])

    async def on_modal(ack: Callable[..., Awaitable[None]], context: dict[str, Any]) -> None:
        errand = context.get(ERRAND)
        await ack(**(counter.acknowledgement(errand) if errand else {}))
        if errand:
            counter.start(errand)

    for name in sorted({subscription.partition(".")[0] for subscription in EVENTS}):
        app.event(name)(on_event)
    app.command(COMMAND)(on_press)
    app.event(ANYTHING)(on_event)
    app.action(ANYTHING)(on_press)
    app.view(ANYTHING)(on_modal)
    app.view_closed(ANYTHING)(on_press)


async def _failed(error: Exception) -> None:
    """Bolt's own edge: what a listener or the door raised is not acknowledged; the log names it and holds nothing that was said."""
    log.error("slack delivered something that could not be taken", extra={"cause": type(error).__name__})
