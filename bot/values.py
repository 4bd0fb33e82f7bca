"""What a conversation is made of: frozen values that flows take and give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from knowledge.values import IndexProgress

Membership = Literal["full", "guest", "outsider", "app", "deactivated"]
PlaceKind = Literal["direct", "group_direct", "private", "public", "terminal"]
Circle = Literal["alone", "members", "whole_company"]
Alone = Literal["channel_unknown", "outsiders_present"]


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who asks or reads, as the directory knows them. Facts that are not known are empty, and grant nothing."""

    id: str  # Slack user id
    name: str
    membership: Membership = "full"
    groups: frozenset[str] = frozenset()  # user-group handles
    names: frozenset[str] = frozenset()  # what access rules may call this person: the id and the people file's name
    groups_known: bool = True
    admin: bool = False
    timezone: str = ""  # such as Europe/Berlin
    country: str = ""  # by its name, as documents call it; used only where nobody else reads the reply
    contract: str = ""  # permanent, fixed-term, contractor…; used only there too
    stores: bool = False  # an app that keeps what it reads: it counts as a person with no groups


@dataclass(frozen=True, kw_only=True)
class ChannelFacts:
    """What the directory could find out about a channel. `members` is None when it could not."""

    kind: PlaceKind | None  # None: not known
    shared: bool = False  # with people from another workspace, or about to be
    members: tuple[Person, ...] | None = None
    granted: frozenset[str] = frozenset()  # access labels that a grant of an admin adds here today


@dataclass(frozen=True, kw_only=True)
class Audience:
    """The people who can open a reply at the moment it is posted."""

    circle: Circle
    readers: tuple[Person, ...] = ()  # empty for whole_company
    why_alone: Alone | None = None  # why the asker is answered alone although the question stood in a channel
    closed: bool = False  # a place that not everyone can open, whose readers are taken for the whole company
    granted: frozenset[str] = frozenset()  # access labels that a grant of an admin adds for these readers


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a question was asked."""

    team: str
    channel: str
    thread: str | None  # the thread's first message
    kind: PlaceKind


@dataclass(frozen=True)
class Turn:
    """An earlier question of the same person in the same thread."""

    question: str  # standalone
    passages: tuple[str, ...] = ()  # ids of what the reply cited


@dataclass(frozen=True)
class LastReply:
    """What Ibid remembers of a thread: whom it answered last, when, and whether it was told to be quiet."""

    asker: str  # user id
    at: datetime
    muted: bool = False


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One thing that a chat system delivered. It is written down before it is acknowledged, and cleared when it is closed."""

    key: str  # team + event id, trigger id, or action time + user
    message: str = ""  # team/channel/ts where it is a message: a mention and its message twin share it
    payload: str = ""  # JSON, as delivered; needed again if the process dies before the outcome is posted
    reply: str = ""  # the ts of what has been posted for it so far


@dataclass(frozen=True, kw_only=True)
class StandingReply:
    """A reply that can be read as long as it stands, by whoever can open its channel then."""

    receipt: str
    place: Place
    ts: str
    labels: frozenset[str]  # that its sentences rest on


@dataclass(frozen=True, kw_only=True)
class Question:
    """What was asked, by whom, and who will read the reply."""

    text: str
    asker: Person
    audience: Audience
    place: Place
    asked_at: datetime
    turns: tuple[Turn, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """When the documents are looked at by themselves: by the name of a source, "" for all."""

    every: Mapping[str, float] = field(default_factory=dict)  # seconds
    watched: Mapping[str, Path] = field(default_factory=dict)  # folders in which a change is seen at once


@dataclass(frozen=True, kw_only=True)
class RunUnderWay:
    """A run of the index that has not ended: who ordered it, since when, and how far it is."""

    by: str
    since: datetime
    step: IndexProgress | None = None


@dataclass(frozen=True, kw_only=True)
class CacheStats:
    """What a cache holds and how often it helped since this process started."""

    where: str  # "memory", or Redis' address without its password
    trouble: str = ""  # for the operator: why it cannot be reached
    entries: int = 0
    hits: Mapping[str, int] = field(default_factory=dict)  # by kind: context, answer, embedding
    misses: Mapping[str, int] = field(default_factory=dict)

    @property
    def reachable(self) -> bool:
        return not self.trouble
