"""What a page asks for on behalf of its person, and how it is done."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from playground.errors import SlackError
from playground.methods.conversations import react
from playground.values import Channel, Json, Message, Person

if TYPE_CHECKING:
    from playground.workspace import Workspace


class Wishes:
    """Each wish names what to `do`; a person can act only where they can look."""

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace
        self._granted: dict[str, Callable[[Person, Json, str], Awaitable[object]]] = {
            "say": self._say,
            "slash": self._slash,
            "click": self._click,
            "click_in_view": self._click_in_view,
            "submit": self._submit,
            "close": self._close,
            "join": self._join,
            "react": self._react,
            "home": self._home,
            "writer": self._writer,
            "lie": self._lie,
        }

    async def grant(self, person: Person, wish: Json, window: str) -> None:
        """Do what the page asks; what takes the app's answer goes on in the background, so that the page stays live."""
        granted = self._granted.get(str(wish.get("do")))
        if granted is None:
            raise SlackError("unknown_wish")
        if wish["do"] in ("say", "join", "react", "home", "writer", "lie"):
            await granted(person, wish, window)
        else:
            self._workspace.sockets.run(self._quietly(granted(person, wish, window)))

    async def _quietly(self, doing: Awaitable[object]) -> None:
        try:
            await doing
        except SlackError:
            return  # the element or the modal went away between the click and now

    async def _say(self, person: Person, wish: Json, _: str) -> None:
        channel = self._channel(person, wish)
        if person.id not in channel.members:
            raise SlackError("not_in_channel")
        self._workspace.say(person.id, channel.id, str(wish["text"]), wish.get("thread_ts"))

    async def _slash(self, person: Person, wish: Json, window: str) -> None:
        await self._workspace.interactions.slash(person, self._channel(person, wish), str(wish["text"]), window)

    async def _click(self, person: Person, wish: Json, window: str) -> None:
        await self._workspace.interactions.click(person, self._message(person, wish), wish["action"], window)

    async def _click_in_view(self, person: Person, wish: Json, window: str) -> None:
        view = self._view(person, wish)
        await self._workspace.interactions.click_in_view(person, view, wish["action"], window, wish.get("values"))

    async def _submit(self, person: Person, wish: Json, window: str) -> None:
        await self._workspace.interactions.submit(person, self._view(person, wish), wish.get("values") or {}, window)

    async def _close(self, person: Person, wish: Json, _: str) -> None:
        await self._workspace.interactions.close(person, self._view(person, wish))

    async def _join(self, person: Person, wish: Json, _: str) -> None:
        self._workspace.join(person.id, self._channel(person, wish).id)

    async def _react(self, person: Person, wish: Json, _: str) -> None:
        react(self._workspace.state, self._message(person, wish), person.id, str(wish["name"]))

    async def _home(self, person: Person, wish: Json, _: str) -> None:
        self._workspace.events.home_opened(person.id, "home" if wish.get("tab") == "home" else "messages")

    async def _writer(self, _: Person, wish: Json, __: str) -> None:
        self._workspace.model.switch(speaks=wish.get("who") == "model")

    async def _lie(self, _: Person, wish: Json, __: str) -> None:
        self._workspace.model.lie_next(lies=bool(wish.get("on")))

    def _channel(self, person: Person, wish: Json) -> Channel:
        channel = self._workspace.state.channel(str(wish.get("channel")))
        if not self._workspace.state.can_see(person, channel):
            raise SlackError("channel_not_found")
        return channel

    def _message(self, person: Person, wish: Json) -> Message:
        message = self._workspace.state.message(self._channel(person, wish).id, str(wish.get("ts")))
        if message.only_for not in (None, person.id):
            raise SlackError("message_not_found")
        return message

    def _view(self, person: Person, wish: Json) -> Json:
        home = self._workspace.state.views.homes.get(person.id)
        if home and home["id"] == wish.get("view_id"):
            return home
        owner, view = self._workspace.state.views.find(str(wish.get("view_id")))
        if owner != person.id:
            raise SlackError("not_found")
        return view
