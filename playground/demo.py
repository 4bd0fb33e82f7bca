"""What only a demonstration has: a line above the page, the guided first minute, a pretend model, and what is behind an answer."""

from json import JSONDecodeError
from pathlib import Path

import yaml
from aiohttp import web

from playground.errors import RosterError, SlackError
from playground.model import PretendModel
from playground.state import Change, State
from playground.values import Json, Message

FIRST_MINUTE = Path(__file__).parent / "first_minute.yaml"


def read_first_minute(path: Path = FIRST_MINUTE) -> Json:
    """The guided first steps, shown in one channel."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as reason:
        raise RosterError(f"{path}: cannot be read ({reason})") from reason
    if not isinstance(content, dict) or not {"channel", "title", "steps"} <= set(content):
        raise RosterError(f"{path}: expected channel, title and steps")
    return content


class Demo:
    """Holds the notice, the pretend model (silent until it is chosen) and, per answer, what the bot posts to /demo/behind."""

    def __init__(
        self, state: State, first_minute: Json | None = None, commands: tuple[str, ...] = (), *, word_pause: float = 0.0, writer: str = ""
    ) -> None:
        self._state = state
        self.model = PretendModel(speaks=False, pause=word_pause, told=lambda: state.tell(Change(what="model")))
        self.notice = ""
        self._writer = writer  # a real model: then there is nothing to choose
        self.first_minute = first_minute or {}
        self.commands = commands
        self.behind: dict[tuple[str, str], Json] = {}
        self._early: dict[tuple[str, str], list[Json]] = {}
        state.watch(self._told)

    @property
    def writing(self) -> Json:
        """Who writes, and whether the next answer will hold a false sentence."""
        return {"writer": self._writer or ("model" if self.model.speaks else "quotes"), "lies": self.model.lies}

    async def serve_notice(self, request: web.Request) -> web.Response:
        """POST {"text": …}: the line above the page; an empty text takes it away."""
        content = await _posted(request)
        self.notice = str(content.get("text") or "")
        self._state.tell(Change(what="notice"))
        return web.json_response({"ok": True})

    async def serve_behind(self, request: web.Request) -> web.Response:
        """POST what is behind one answer: with message_ts exactly that message's, else the newest or the next one's in its thread."""
        content = await _posted(request)
        try:
            channel = self._state.channel(str(content.get("channel") or ""))
        except SlackError as refusal:
            return web.json_response({"ok": False, "error": refusal.code}, status=404)
        thread = str(content.get("thread_ts") or "")
        wanted = str(content.get("message_ts") or "")
        message = self._state.messages.get(channel.id, {}).get(wanted) if wanted else self._newest(channel.id, thread, content)
        if message:
            self._show(message, content)
        else:
            self._early.setdefault((channel.id, thread), []).append(content)
        return web.json_response({"ok": True})

    def _newest(self, channel: str, thread: str, content: Json) -> Message | None:
        said = [
            m for m in self._state.messages.get(channel, {}).values() if m.by_bot and thread in (m.thread, "") and self._fits(content, m)
        ]
        newest = max(said, key=lambda message: message.ts, default=None)
        return newest if newest and (channel, newest.ts) not in self.behind else None

    def _fits(self, content: Json, message: Message) -> bool:
        """What was found for one reader alone never hangs on a message that others see."""
        readers = content.get("readers")
        names = {person.name: person.id for person in self._state.people.values()}
        reader = names.get(readers[0]) if isinstance(readers, list) and len(readers) == 1 else None
        if message.only_for:
            return reader in (None, message.only_for)
        return reader is None or self._state.channels[message.channel].kind == "im"

    def _show(self, message: Message, content: Json) -> None:
        self.behind[message.channel, message.ts] = content
        self._state.tell(Change(what="behind", channel=message.channel, message=message))

    def _told(self, change: Change) -> None:
        message = change.message
        if change.what != "posted" or message is None or not message.by_bot:
            return
        waiting = self._early.get((message.channel, message.thread)) or self._early.get((message.channel, ""))
        if waiting and self._fits(waiting[0], message):
            self.behind[message.channel, message.ts] = waiting.pop(0)


async def _posted(request: web.Request) -> Json:
    if request.content_type != "application/json":  # a page of another site cannot send this type unasked
        raise web.HTTPUnsupportedMediaType(text="application/json is needed")
    try:
        content = await request.json()
    except JSONDecodeError as reason:
        raise web.HTTPBadRequest(text="not valid JSON") from reason
    if not isinstance(content, dict):
        raise web.HTTPBadRequest(text="an object is needed")
    return content
