"""The browser windows: each belongs to one person, gets what that person may see, and acts for them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from uuid import uuid4

from aiohttp import WSMsgType, web

from playground.demo import Demo
from playground.errors import SlackError
from playground.seen import channel_row, message_row, person_row, snapshot
from playground.state import Change, State
from playground.values import Json, Person

Act = Callable[[Person, Json, str], Awaitable[None]]


@dataclass(slots=True)
class Window:
    """One open page."""

    person: Person
    id: str = field(default_factory=lambda: uuid4().hex[:8])
    outbox: asyncio.Queue[Json] = field(default_factory=asyncio.Queue)


class Windows:
    """Every open page; a change goes to those whose person may see it, at once."""

    def __init__(self, state: State, demo: Demo, act: Act) -> None:
        self._state = state
        self._demo = demo
        self._act = act
        self._open: list[Window] = []
        self._sockets: set[web.WebSocketResponse] = set()
        state.watch(self._told)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hold the live connection of one page."""
        try:
            person = self._state.person(request.query.get("as", ""))
        except SlackError:
            return web.Response(status=404, text="nobody has this name")
        socket = web.WebSocketResponse(heartbeat=20)
        await socket.prepare(request)
        window = Window(person)
        self._open.append(window)
        self._sockets.add(socket)
        window.outbox.put_nowait(snapshot(self._state, self._demo, person) | {"window": window.id})
        sender = asyncio.create_task(self._send(window, socket))
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    await self._heard(window, frame.json())
        finally:
            sender.cancel()
            self._open.remove(window)
            self._sockets.discard(socket)
        return socket

    async def close(self) -> None:
        for socket in list(self._sockets):
            await socket.close()

    async def _send(self, window: Window, socket: web.WebSocketResponse) -> None:
        while True:
            await socket.send_json(await window.outbox.get())

    async def _heard(self, window: Window, wish: Json) -> None:
        person = self._state.people[window.person.id]
        try:
            await self._act(person, wish, window.id)
        except SlackError as refusal:
            window.outbox.put_nowait({"kind": "refused", "error": refusal.code})

    def _told(self, change: Change) -> None:
        for window in self._open:
            shown = self._shown(change, self._state.people[window.person.id])
            if shown:
                window.outbox.put_nowait(shown)

    def _shown(self, change: Change, person: Person) -> Json | None:
        """What this change looks like to this person; None when it is not theirs to see."""
        if change.what in ("person", "group"):
            return {"kind": "people", "people": [person_row(self._state, one) for one in self._state.people.values()]}
        if change.what == "notice":
            return {"kind": "notice", "text": self._demo.notice}
        if change.what == "model":
            return {"kind": "writing", **self._demo.writing}
        if change.what in ("view", "home"):
            whose = {"kind": change.what, "view": change.detail, "window": self._state.views.windows.get(change.detail.get("id", ""), "")}
            return whose if change.user == person.id else None
        channel = self._state.channels.get(change.channel)
        if channel is None:
            return None
        if change.what in ("joined", "left") and (change.user == person.id or self._state.can_see(person, channel)):
            return {"kind": "channel", "channel": channel_row(self._state, channel, person)}
        if not self._state.can_see(person, channel):
            return None
        if change.message:
            return self._message(change, person)
        if change.what == "status":
            return {"kind": "status", "channel": channel.id, **change.detail}
        return {"kind": "prompts", "channel": channel.id, **change.detail} if change.what == "prompts" else None

    def _message(self, change: Change, person: Person) -> Json | None:
        message = change.message
        if message is None or message.only_for not in (None, person.id):
            return None
        if change.what == "removed":
            return {"kind": "removed", "channel": message.channel, "ts": message.ts}
        channel = self._state.channels[message.channel]
        row = {"kind": "message", "message": message_row(self._demo, message)}
        made = change.what == "posted" and channel.kind in ("im", "mpim")
        return row | ({"channel": channel_row(self._state, channel, person)} if made else {})
