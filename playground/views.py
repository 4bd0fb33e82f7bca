"""Modals and App Home pages, and the short-lived tickets that allow them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import uuid4

from playground.errors import SlackError
from playground.values import APP_ID, BOT_ID, Json

TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS = 30 * 60.0
RESPONSE_POSTS = 5

Kept = TypeVar("Kept")


@dataclass(slots=True)
class Trigger:
    """One click's permission to open one view; `window` is the browser window it came from."""

    user: str
    born: float
    window: str = ""
    used: bool = False


@dataclass(slots=True)
class ResponseTicket:
    """What a response_url allows: five posts in thirty minutes, where the click was."""

    user: str
    channel: str
    born: float
    thread_ts: str | None = None
    message_ts: str | None = None
    posts: int = 0


class Views:
    """The open modals (a stack per person), each person's App Home, and the tickets."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._made = 0
        self._run = uuid4().hex[:8]  # ids are never used again, not even by the next workspace: the app remembers them
        self._triggers: dict[str, Trigger] = {}
        self._tickets: dict[str, ResponseTicket] = {}
        self.stacks: dict[str, list[Json]] = {}
        self.homes: dict[str, Json] = {}
        self.windows: dict[str, str] = {}

    def trigger(self, user: str, window: str = "") -> str:
        """A new trigger_id: usable once, for three seconds."""
        return self._keep(self._triggers, "trigger", Trigger(user, self._clock(), window))

    def ticket(self, user: str, channel: str, *, thread_ts: str | None = None, message_ts: str | None = None) -> str:
        """The last part of a new response_url."""
        return self._keep(self._tickets, "response", ResponseTicket(user, channel, self._clock(), thread_ts, message_ts))

    def redeem_ticket(self, name: str) -> ResponseTicket:
        ticket = self._tickets.get(name)
        if ticket is None or self._clock() - ticket.born > RESPONSE_SECONDS:
            raise SlackError("expired_url")
        if ticket.posts >= RESPONSE_POSTS:
            raise SlackError("used_url")
        ticket.posts += 1
        return ticket

    def open(self, trigger_id: str, view: Json, *, push: bool) -> tuple[str, Json]:
        """Show a modal to the person whose trigger this is."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._clock() - trigger.born > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        stack = self.stacks.get(trigger.user, []) if push else []
        if len(stack) == 3:
            raise SlackError("push_limit_reached")
        self._made += 1
        made = self.dressed(view, f"V{self._made:04d}", trigger.user)
        self.stacks[trigger.user] = [*stack, made]
        self.windows[made["id"]] = trigger.window
        return trigger.user, made

    def dressed(self, view: Json, view_id: str, user: str) -> Json:
        """The view with what Slack adds to it."""
        self._made += 1
        root = self.stacks[user][0]["id"] if self.stacks.get(user) else view_id
        added = {
            "id": view_id,
            "hash": f"{self._made}.hash",
            "root_view_id": root,
            "app_id": APP_ID,
            "bot_id": BOT_ID,
            "app_installed_team_id": "",
        }
        blocks = [{**block, "block_id": block.get("block_id", f"b{n}")} for n, block in enumerate(view.get("blocks", []))]
        return {"private_metadata": "", "callback_id": "", "external_id": "", **view, **added, "blocks": blocks, "state": {"values": {}}}

    def find(self, view_id: str = "", external_id: str = "") -> tuple[str, Json]:
        """Whose open modal this is, and the modal."""
        for user, stack in self.stacks.items():
            for view in stack:
                if (view_id and view["id"] == view_id) or (external_id and view["external_id"] == external_id):
                    return user, view
        raise SlackError("not_found")

    def replace(self, user: str, old: Json, view: Json) -> Json:
        made = self.dressed(view, old["id"], user)
        self.stacks[user] = [made if shown["id"] == old["id"] else shown for shown in self.stacks[user]]
        return made

    def close(self, user: str, *, everything: bool = False) -> Json | None:
        """Close the top modal (or all); answer the one that is now on top."""
        stack = [] if everything else self.stacks.get(user, [])[:-1]
        self.stacks[user] = stack
        return stack[-1] if stack else None

    def top(self, user: str) -> Json | None:
        stack = self.stacks.get(user)
        return stack[-1] if stack else None

    def _keep(self, shelf: dict[str, Kept], prefix: str, thing: Kept) -> str:
        self._made += 1
        name = f"{prefix}-{self._run}-{self._made:06d}"
        shelf[name] = thing
        return name
