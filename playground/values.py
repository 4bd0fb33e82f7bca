"""The people, groups, channels and messages of a pretend workspace."""

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Kind = Literal["public", "private", "shared", "im", "mpim"]

APP_ID = "A0IBID"
BOT_ID = "B0IBID"
BOT_USER_ID = "U0IBID"
BOT_NAME = "Ibid"


@dataclass(frozen=True, slots=True)
class Team:
    """A Slack workspace: ours, or the one a channel is shared with."""

    id: str
    name: str
    domain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An account of the workspace; `team` is set when the account lives in somebody else's."""

    key: str
    id: str
    name: str
    title: str = ""
    country: str = ""
    contract: str = ""
    admin: bool = False
    guest: Literal["single", "multi"] | None = None
    team: str | None = None
    deactivated: bool = False
    bot: bool = False

    @property
    def full_member(self) -> bool:
        return not (self.guest or self.team or self.deactivated or self.bot)


@dataclass(slots=True)
class Group:
    """A user group; `handle` is what people type after the @."""

    handle: str
    id: str
    name: str
    members: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Channel:
    """A conversation and the ids of the accounts in it."""

    key: str
    id: str
    kind: Kind
    topic: str = ""
    members: list[str] = field(default_factory=list)
    shared_with: list[str] = field(default_factory=list)
    private: bool = False

    @property
    def event_type(self) -> str:
        """What Slack calls this conversation in a message event."""
        return self.kind if self.kind in ("im", "mpim") else "group" if self.private else "channel"


@dataclass(slots=True, kw_only=True)
class Message:
    """One message; `only_for` makes it an ephemeral, `streaming` says that its text still grows."""

    ts: str
    channel: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    only_for: str | None = None
    streaming: bool = False
    streamed: str = ""
    tasks: dict[str, Json] = field(default_factory=dict)
    stream_began: float = 0.0
    edited: str | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    metadata: Json | None = None
    subtype: str | None = None

    @property
    def by_bot(self) -> bool:
        return self.user == BOT_USER_ID

    @property
    def thread(self) -> str:
        """The ts of the message that starts this thread."""
        return self.thread_ts or self.ts

    @property
    def plain(self) -> str:
        """Everything a person can read in this message, for assertions."""
        return "\n".join(part for part in (self.text, self.streamed, *_texts(self.blocks)) if part)


def _texts(node: object) -> list[str]:
    if isinstance(node, list):
        return [text for child in node for text in _texts(child)]
    if isinstance(node, dict):
        return [text for name, child in node.items() for text in ([child] if name == "text" and isinstance(child, str) else _texts(child))]
    return []
