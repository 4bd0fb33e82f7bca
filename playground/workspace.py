"""The pretend workspace as one object: start it, act as its people, read what happened.

    async with Workspace.start("handbook/workspace.yaml") as slack:
        app = AsyncApp(token=slack.bot_token, client=AsyncWebClient(slack.bot_token, base_url=slack.api_url))
        asked = slack.say("priya", "ask-policy", "@Ibid how many days of leave do I get?")
        answer = await slack.reply_to(asked)

People and channels are named by key ("priya", "ask-policy") or id; "dm" is the person's direct message with the bot.
Leaving the block raises when the bot sent a field or called a method that Slack does not know (strict=False: it does not).
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from aiohttp import web

from playground.demo import Demo
from playground.events import Events
from playground.faults import Faults
from playground.interactions import Interactions
from playground.methods.conversations import react
from playground.methods.streams import expire_streams
from playground.model import PretendModel
from playground.request_url import SIGNING_SECRET, RequestUrl
from playground.roster import Roster, read_roster
from playground.site import make_site
from playground.socket_mode import REDELIVER_AFTER, Pause, SocketMode
from playground.state import Call, Change, Clock, State
from playground.texts import as_rich_text, as_sent
from playground.values import BOT_USER_ID, Channel, Json, Message, Person
from playground.web_api import APP_TOKEN, BOT_TOKEN, WebApi
from playground.windows import Windows
from playground.wishes import Wishes

Found = TypeVar("Found")
SCOPES = (
    "app_mentions:read,assistant:write,channels:history,channels:read,chat:write,commands,groups:history,groups:read,im:history,im:read,"
    "im:write,mpim:history,mpim:read,reactions:read,reactions:write,team:read,usergroups:read,users:read"
)


class UnexpectedCalls(AssertionError):
    """The bot used fields or methods that the pretend workspace, like Slack, does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How the workspace behaves; tests inject the clock and the pauses, the demo gives the first minute."""

    port: int = 0
    clock: Clock = time.time
    pause: Pause = asyncio.sleep
    redeliver_after: tuple[float, ...] = REDELIVER_AFTER
    subscribed: frozenset[str] | None = None
    scopes: str = SCOPES
    commands: tuple[str, ...] = ("/ibid",)
    strict: bool = True
    first_minute: Json = field(default_factory=dict)
    word_pause: float = 0.0  # seconds between two words of the pretend model
    writer: str = ""  # the real model that writes, where one does: then the pretend one is not offered


class Workspace:
    """A running pretend workspace."""

    bot_token = BOT_TOKEN
    app_token = APP_TOKEN
    signing_secret = SIGNING_SECRET
    bot_user_id = BOT_USER_ID

    def __init__(self, roster: Roster, setting: Setting) -> None:
        self.state = State(roster, setting.clock)
        self.sockets = SocketMode(setting.pause, setting.redeliver_after)
        self.faults = Faults()
        self.events = Events(self.state, self.sockets.send_event, setting.subscribed)
        self.demo = Demo(self.state, setting.first_minute, setting.commands, word_pause=setting.word_pause, writer=setting.writer)
        self.interactions = Interactions(self.state, self.sockets, setting.commands)
        self._windows = Windows(self.state, self.demo, Wishes(self).grant)
        api = WebApi(self.state, self.sockets, self.faults, setting.scopes)
        self._site = make_site(api, self.sockets, self.interactions, self._windows, self.demo)
        self.address = ""

    @classmethod
    @asynccontextmanager
    async def start(cls, roster: Roster | Path | str, setting: Setting | None = None) -> "AsyncIterator[Workspace]":
        """Serve the workspace on 127.0.0.1 until the block ends; port 0 takes a free one."""
        chosen = setting or Setting()
        workspace = cls(roster if isinstance(roster, Roster) else read_roster(roster), chosen)
        runner = web.AppRunner(workspace._site, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        listening = web.TCPSite(runner, "127.0.0.1", chosen.port)
        try:
            await listening.start()
            workspace.address = workspace.interactions.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
            workspace.model.url = f"{workspace.address}/v1"
            yield workspace
        finally:
            workspace.model.release()
            await workspace.sockets.close()
            await workspace._windows.close()
            await runner.cleanup()
        if chosen.strict and workspace.unexpected:
            raise UnexpectedCalls(", ".join(f"{method}({field})" for method, field in workspace.unexpected))

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL is set to."""
        return f"{self.address}/api/"

    @property
    def model(self) -> PretendModel:
        """The pretend model at {address}/v1: 404 until it is chosen in the page, by model.switch, or is given a script."""
        return self.demo.model

    async def deliver_to(self, address: str) -> None:
        """Post everything to this address from now on, signed, and nothing to the sockets. SlackError when it fails Slack's challenge."""
        before, url = self.sockets.request_url, RequestUrl(address, self.state.clock)
        self.sockets.request_url = url
        if before:
            await before.close()
        await url.verify()

    @property
    def calls(self) -> list[Call]:
        """Every Web API call so far, with its answer."""
        return self.state.calls

    @property
    def unexpected(self) -> list[tuple[str, str]]:
        """(method, field) that Slack does not know; the field is empty when the method is unknown."""
        return self.state.unexpected

    def channel(self, person: str, name: str) -> Channel:
        """The channel with this key or id; "dm" is the person's direct message with the bot."""
        return self.state.direct_message(self.state.person(person).id) if name == "dm" else self.state.channel(name)

    def say(self, person: str, channel: str, text: str, thread_ts: str | None = None) -> Message:
        """Post as a person; @names become mentions."""
        room = self.channel(person, channel)
        sent = as_sent(text, list(self.state.people.values()), list(self.state.channels.values()))
        message = Message(ts=self.state.next_ts(), channel=room.id, user=self.state.person(person).id, text=sent, thread_ts=thread_ts)
        message.blocks = as_rich_text(sent)
        return self.state.post(message)

    async def slash(self, person: str, channel: str, line: str) -> Json | None:
        """Run "/ibid …"; the acknowledgement's payload ({} when it was empty), or None when none came."""
        return await self.interactions.slash(self.state.person(person), self.channel(person, channel), line)

    async def click(self, person: str, message: Message, action_id: str, *, value: str | None = None) -> Json | None:
        """Press the button with this action_id under a message."""
        return await self.interactions.click(self.state.person(person), message, {"action_id": action_id, "value": value})

    async def click_in_modal(self, person: str, action_id: str, *, value: str | None = None, values: Json | None = None) -> Json | None:
        """Press a button in the person's open modal, with these texts typed into it."""
        whose = self.state.person(person)
        view = self.modal(person)
        action = {"action_id": action_id, "value": value}
        return await self.interactions.click_in_view(whose, view, action, values=values) if view else None

    async def submit(self, person: str, values: Json | None = None) -> Json | None:
        """Send the person's open modal with these texts, by block_id or action_id."""
        whose = self.state.person(person)
        view = self.modal(person)
        return await self.interactions.submit(whose, view, values or {}) if view else None

    async def close_modal(self, person: str) -> None:
        view = self.modal(person)
        if view:
            await self.interactions.close(self.state.person(person), view)

    def modal(self, person: str) -> Json | None:
        """The modal that this person looks at."""
        return self.state.views.top(self.state.person(person).id)

    def react(self, person: str, message: Message, name: str) -> None:
        react(self.state, message, self.state.person(person).id, name)

    def join(self, person: str, channel: str) -> None:
        room, user = self.state.channel(channel), self.state.person(person).id
        if user not in room.members:
            room.members.append(user)
            self.state.tell(Change(what="joined", channel=room.id, user=user))

    def leave(self, person: str, channel: str) -> None:
        room, user = self.state.channel(channel), self.state.person(person).id
        if user in room.members:
            room.members.remove(user)
            self.state.tell(Change(what="left", channel=room.id, user=user))

    def change_person(self, person: Person) -> None:
        """Replace an account (made a guest, deactivated…) and send user_change."""
        self.state.people[person.id] = person
        self.state.tell(Change(what="person", user=person.id))

    def change_person_of(self, key: str, *, deactivated: bool | None = None, guest: str | None = None) -> None:
        """Deactivate somebody, or make them a "single" or "multi" channel guest ("" makes them a full member again)."""
        person = self.state.person(key)
        self.change_person(
            replace(
                person,
                deactivated=person.deactivated if deactivated is None else deactivated,
                guest=person.guest if guest is None else "single" if guest == "single" else "multi" if guest == "multi" else None,
            )
        )

    def set_group(self, handle: str, members: list[str]) -> None:
        """Give a user group other members, and send the two events that Slack sends."""
        group = self.state.group(handle)
        now = [self.state.person(name).id for name in members]
        before, group.members = group.members, now
        moved = {"added": [one for one in now if one not in before], "removed": [one for one in before if one not in now]}
        self.state.tell(Change(what="group", detail={"id": group.id, **moved}))

    def share(self, channel: str, team: str | None) -> None:
        """Share a channel with another company's workspace, or (None) stop sharing it."""
        room = self.state.channel(channel)
        room.shared_with = [team] if team else []
        self.events.shared(room)

    def make_public(self, channel: str, by: str) -> None:
        """Let every full member open a private channel."""
        room = self.state.channel(channel)
        room.private, room.kind = False, "public"
        self.events.made_public(room, self.state.person(by).id)

    def open_home(self, person: str, tab: str = "messages") -> None:
        """Look at the app's Messages or Home tab."""
        self.events.home_opened(self.state.person(person).id, tab)

    def expire_streams(self) -> int:
        """Close every open stream as Slack does after five minutes."""
        return expire_streams(self.state)

    def messages(self, person: str, channel: str) -> list[Message]:
        """What this person sees in a channel, threads and their own ephemerals included, in order."""
        user, room = self.state.person(person), self.channel(person, channel)
        if not self.state.can_see(user, room):
            return []
        seen = [message for message in self.state.messages.get(room.id, {}).values() if message.only_for in (None, user.id)]
        return sorted(seen, key=lambda message: message.ts)

    async def until(self, found: Callable[[], Found | None], within: float = 10.0) -> Found:
        """Wait, without polling, until something that the workspace knows is so; TimeoutError after `within` seconds."""
        happened = asyncio.Event()
        stop = self.state.watch(lambda _: happened.set())
        try:
            async with asyncio.timeout(within):
                while True:
                    happened.clear()
                    value = found()
                    if value:
                        return value
                    await happened.wait()
        finally:
            stop()

    async def reply_to(self, message: Message, within: float = 10.0) -> Message:
        """The bot's first finished word in the thread of this message after it: in the channel, or to its author alone."""
        return await self.until(lambda: next(iter(self.replies_to(message)), None), within)

    def replies_to(self, message: Message) -> list[Message]:
        """Every finished message of the bot's in this thread, later than this message; to its author alone also beside the thread."""
        spoken = self.state.messages.get(message.channel, {}).values()
        mine = [m for m in spoken if m.by_bot and m.ts > message.ts and not m.streaming and m.only_for in (None, message.user)]
        near = [m for m in mine if m.thread == message.thread or (m.only_for and not m.thread_ts)]
        return sorted(near, key=lambda one: one.ts)

    async def settled(self) -> None:
        """Wait until every event that was sent is acknowledged or given up."""
        await self.sockets.settled()
