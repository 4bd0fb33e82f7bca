"""What Slack delivers, read as one errand: the little that is needed to do it, and to do it again after a crash."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from bot.channels.slack.escaping import plain
from bot.flows.addressed import mentions, without_mention
from bot.values import Delivery, Place, PlaceKind

What = Literal["ask", "offer", "command", "source", "feedback", "mute", "prompt", "index", "receipt", "data", "circle", "hold"]
Body = Mapping[str, Any]  # Slack's JSON, of which nothing is known for sure

SPOKEN = (None, "file_share", "thread_broadcast")  # the subtypes that are somebody saying something
MADE_PUBLIC = "channel_convert_to_public"  # and the one that says that everybody in the company can read a channel from now on
MUTE = "mute"  # 🔇 as Slack calls it
PROMPT, INDEX = "prompt_", "index_"  # what the buttons and the modals of the prompts, and of the index, begin with
RECEIPT, DATA = "receipt_", "data_"  # those of what is behind answers, and of what is kept of people
OFFER = "offer_"  # and those of what is offered to one person
HOLD = "hold_"  # and those of what is held back
_FAMILIES: dict[str, What] = {HOLD: "hold", PROMPT: "prompt", INDEX: "index", RECEIPT: "receipt", DATA: "data", OFFER: "offer"}
_KINDS: dict[str, PlaceKind] = {"im": "direct", "mpim": "group_direct", "group": "private", "channel": "public"}
_SLASH_KINDS: dict[str, PlaceKind] = {"directmessage": "direct", "mpdm": "group_direct", "privategroup": "private"}


@dataclass(frozen=True, kw_only=True)
class Errand:
    """One thing that somebody wants from Ibid."""

    what: What
    key: str  # of the delivery
    team: str
    user: str
    channel: str
    kind: PlaceKind | None = None  # as far as the delivery says it
    ts: str = ""  # of the message
    thread: str = ""  # the thread's first message, where the message stands in one
    text: str = ""
    addressed: bool = True  # False: a message in a thread that is for Ibid only if it continues
    trigger: str = ""
    response_url: str = ""
    alone: bool = False  # answered to its person alone, wherever it stands
    act: str = ""  # what is done to a prompt, or to the index
    view: str = ""  # the modal that it was done in

    @property
    def root(self) -> str:
        """The message below which a reply stands."""
        return self.thread or self.ts

    @property
    def place(self) -> Place:
        return Place(team=self.team, channel=self.channel, thread=self.root or None, kind=self.kind or "private")

    def delivery(self) -> Delivery:
        """As the inbox keeps it. A mention and its message twin share the message."""
        message = f"{self.team}/{self.channel}/{self.ts}" if self.what == "ask" and self.ts else ""
        return Delivery(key=self.key, message=message, payload=json.dumps(asdict(self)))


def errand_again(delivery: Delivery) -> Errand | None:
    """The errand of a delivery that was taken before; None when its payload is gone or from another version."""
    try:
        return Errand(**json.loads(delivery.payload))
    except (ValueError, TypeError):
        return None


def errand_in(body: Body, bot: str) -> Errand | None:
    """What somebody wants; None for everything that is not for Ibid by its form alone. `bot` is Ibid's own user id."""
    if "command" in body:
        return _command(body)
    if body.get("type") == "block_actions":
        return _click(body)
    if body.get("type") in ("view_submission", "view_closed"):
        return _modal(body)
    event = body.get("event") or {}
    match event.get("type"):
        case "message" if event.get("subtype") == MADE_PUBLIC:
            return _circle(body, event)
        case "app_mention" | "message":
            return _message(body, event, bot)
        case "member_joined_channel":  # also when it is Ibid that comes back: who came while it was away, no event told it
            return _circle(body, event)
        case "channel_shared":
            return _circle(body, event)
        case "subteam_members_changed" if event.get("removed_users"):
            return _circle(body, event)
        case "subteam_updated" if (event.get("subteam") or {}).get("date_delete"):
            return _circle(body, event)
        case "reaction_added":
            return _reaction(body, event, bot)
        case _:
            return None


def _message(body: Body, event: Body, bot: str) -> Errand | None:
    user, ts = event.get("user"), event.get("ts")
    if event.get("subtype") not in SPOKEN or event.get("bot_id") or event.get("edited") or not user or not ts or user == bot:
        return None
    text = str(event.get("text") or "")
    kind = _KINDS.get(str(event.get("channel_type")))
    thread = str(event.get("thread_ts") or "")
    addressed = event["type"] == "app_mention" or kind == "direct" or mentions(text, bot)
    if not addressed and not thread:
        return None
    return Errand(
        what="ask",
        key=_event_key(body),
        team=str(body.get("team_id")),
        user=str(user),
        channel=str(event.get("channel")),
        kind=kind,
        ts=str(ts),
        thread=thread,
        text=plain(without_mention(text, bot)),
        addressed=addressed,
    )


def _reaction(body: Body, event: Body, bot: str) -> Errand | None:
    item = event.get("item") or {}
    if event.get("reaction") != MUTE or event.get("item_user") != bot or item.get("type") != "message":
        return None
    return Errand(
        what="mute",
        key=_event_key(body),
        team=str(body.get("team_id")),
        user=str(event.get("user")),
        channel=str(item.get("channel")),
        ts=str(item.get("ts")),
    )


def _circle(body: Body, event: Body) -> Errand:
    """More people can read a channel than before; without a channel, in any of them somebody may read less than before."""
    return Errand(what="circle", key=_event_key(body), team=str(body.get("team_id")), user="", channel=str(event.get("channel") or ""))


def _command(body: Body) -> Errand:
    name = str(body.get("channel_name"))
    word, _, rest = str(body.get("text") or "").strip().partition(" ")
    asks = word.lower() == "ask"
    return Errand(
        what="ask" if asks else "command",
        key=str(body.get("trigger_id")),
        team=str(body.get("team_id")),
        user=str(body.get("user_id")),
        channel=str(body.get("channel_id")),
        kind=_SLASH_KINDS.get(name, "public"),
        text=plain(rest if asks else f"{word} {rest}"),
        trigger=str(body.get("trigger_id")),
        response_url=str(body.get("response_url") or ""),
    )


def _click(body: Body) -> Errand | None:
    action = (body.get("actions") or [{}])[0]
    name = str(action.get("action_id"))
    family, act = _family(name)
    if family is None and name not in ("source", "feedback"):
        return None
    user, container, view = (body.get("user") or {}).get("id"), body.get("container") or {}, body.get("view") or {}
    value = str(action.get("value") or (action.get("selected_option") or {}).get("value") or "")
    what: What = family or ("source" if name == "source" else "feedback")
    return Errand(
        what=what,
        key=f"{action.get('action_ts')}/{user}",
        team=str((body.get("team") or {}).get("id")),
        user=str(user),
        channel=str((body.get("channel") or {}).get("id") or ""),
        ts=str(container.get("message_ts") or ""),
        thread=str(container.get("thread_ts") or ""),
        text=_filled_in(view, value) if family else value,
        trigger=str(body.get("trigger_id") or ""),
        response_url=str(body.get("response_url") or ""),
        act=act,
        view=str(view.get("id") or ""),
    )


def _modal(body: Body) -> Errand | None:
    """A modal that was sent, or closed by somebody whom that stops waiting."""
    view, closed = body.get("view") or {}, body["type"] == "view_closed"
    family, act = _family(str(view.get("callback_id") or ""))
    if family is None:
        return None
    return Errand(
        what=family,
        key=f"{view.get('id')}/{view.get('hash')}/closed" if closed else str(body.get("trigger_id")),
        team=str((body.get("team") or {}).get("id")),
        user=str((body.get("user") or {}).get("id")),
        channel="",
        text=_filled_in(view),
        trigger=str(body.get("trigger_id") or ""),
        act="closed" if closed else act,
        view=str(view.get("id") or ""),
    )


def _family(name: str) -> tuple[What | None, str]:
    """Which of our buttons or modals this is, and what it does; none for what is not one."""
    for prefix, what in _FAMILIES.items():
        if name.startswith(prefix):
            return what, name.removeprefix(prefix)
    return None, ""


def _filled_in(view: Body, value: str = "") -> str:
    """What a modal carries and what was written into it, with the value of the button that was pressed."""
    fields = {
        block: str(element.get("value") or (element.get("selected_option") or {}).get("value") or element.get("selected_date") or "")
        for block, elements in ((view.get("state") or {}).get("values") or {}).items()
        for element in elements.values()
    }
    return json.dumps({"value": value, "about": str(view.get("private_metadata") or ""), "fields": fields})


def _event_key(body: Body) -> str:
    return f"{body.get('team_id')}/{body.get('event_id')}"
