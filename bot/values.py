"""What a conversation is made of: frozen values that flows take and give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Literal

from bot.models import Spent
from knowledge.validity import Life
from knowledge.values import Hit, IndexProgress, Scope

Membership = Literal["full", "guest", "outsider", "app", "deactivated"]
PlaceKind = Literal["direct", "group_direct", "private", "public", "terminal"]
Circle = Literal["alone", "members", "whole_company"]
Messages = tuple[tuple[Literal["system", "user"], str], ...]
Alone = Literal["channel_unknown", "outsiders_present"]


class Outcome(StrEnum):
    """How a question ended. Every question ends in exactly one."""

    ANSWERED = "answered"
    NOT_FOUND = "not_found"  # nothing readable answers it
    NOTHING_READABLE = "nothing_readable"  # this audience may read no document at all
    OWN_RECORD = "own_record"  # asks for a record that only a system of the company holds
    SMALL_TALK = "small_talk"
    NO_QUESTION = "no_question"  # empty, or only emoji
    TOO_LONG = "too_long"
    NOT_ENGLISH = "not_english"
    TOO_MANY = "too_many"  # over the person's questions a minute
    NO_VERSION = "no_version"  # asked about a day that is over, of which no version is left
    CANNOT_RETELL = "cannot_retell"  # the answer before in another form, and nobody here can write that
    NOT_READY = "not_ready"  # nothing is indexed yet
    FAILED = "failed"


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


@dataclass(frozen=True, kw_only=True)
class ChannelFacts:
    """What the directory could find out about a channel. `members` is None when it could not."""

    kind: PlaceKind | None  # None: not known
    shared: bool = False  # with people from another workspace, or about to be
    members: tuple[Person, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Audience:
    """The people who can open a reply at the moment it is posted."""

    circle: Circle
    readers: tuple[Person, ...] = ()  # empty for whole_company
    why_alone: Alone | None = None  # why the asker is answered alone although the question stood in a channel
    closed: bool = False  # a place that not everyone can open, whose readers are taken for the whole company


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
class Question:
    """What was asked, by whom, and who will read the reply."""

    text: str
    asker: Person
    audience: Audience
    place: Place
    asked_at: datetime
    turns: tuple[Turn, ...] = ()


@dataclass(frozen=True)
class Source:
    """A numbered passage in a prompt."""

    number: int
    hit: Hit


@dataclass(frozen=True)
class Request:
    """What a writer gets: the messages of a model, and what they were made of for writers that are not one."""

    question: str
    sources: tuple[Source, ...]
    messages: Messages
    prompt_hash: str
    labels: frozenset[str] = frozenset()  # what a writer must be allowed to see: access labels, and "asker" where asked in private
    company: str = ""  # whose name may be said without a source
    parts: tuple[tuple[str, tuple[Source, ...]], ...] = ()  # each of several questions, with what was found for it


@dataclass(frozen=True, kw_only=True)
class Citation:
    """The place that proves a sentence: characters `start` to `end` of the passage's text."""

    number: int
    hit: Hit
    start: int
    end: int

    @property
    def quote(self) -> str:
        return self.hit.passage.text[self.start : self.end]


@dataclass(frozen=True)
class Sentence:
    """A line that passed the check, with what proves it."""

    text: str  # without its [n]
    citations: tuple[Citation, ...]


@dataclass(frozen=True)
class Dropped:
    """A line that did not pass, and why. Shown to nobody but the person who looks behind the answer."""

    text: str
    reason: str
    sources: tuple[int, ...] = ()


@dataclass(frozen=True)
class Tried:
    """A writer that came before the one that spoke, and why it did not."""

    writer: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What an answer rests on: for the receipt, and for the page that shows what is behind it."""

    standalone: str = ""
    scope: Scope = field(default_factory=lambda: Scope(frozenset()))
    as_of: date | None = None
    edition: int | None = None
    confidence: float = 0.0
    threshold: float = 0.0
    found: tuple[Hit, ...] = ()  # in order; more than reached the prompt
    sources: tuple[Source, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    writer: str = ""
    tried: tuple[Tried, ...] = ()
    remembered: bool = False  # the draft came from the cache
    spent: Spent | None = None  # tokens, where the writer says
    prompt_hash: str = ""
    milliseconds: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the asker gets: checked sentences, or the reason why there are none."""

    receipt: str
    outcome: Outcome
    sentences: tuple[Sentence, ...] = ()
    complete: bool = True  # False: the writer broke off after something was released
    looked_for: str = ""
    unanswered: tuple[str, ...] = ()  # those of several questions that nothing readable answers
    lives: tuple[Life, ...] = ()  # of the cited documents that do not hold today
    country: str = ""  # taken from the asker's profile, where what is cited is about that country
    since: date | None = None  # for a day that is over: since when the version holds that there is
    nearest_title: str = ""  # of a readable document, for a refusal
    nearest_owner: str = ""
    evidence: Evidence = field(default_factory=Evidence)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources that were used, each once, in the order of their numbers."""
        first: dict[int, Citation] = {}
        for sentence in self.sentences:
            for citation in sentence.citations:
                first.setdefault(citation.number, citation)
        return tuple(first[number] for number in sorted(first))

    def spans(self, number: int) -> tuple[tuple[int, int], ...]:
        """The runs of a source's text that the answer rests on, in their order in the text."""
        cited = (citation for sentence in self.sentences for citation in sentence.citations if citation.number == number)
        return tuple(sorted({(citation.start, citation.end) for citation in cited}))


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


@dataclass(frozen=True)
class Progress:
    """A first sign of life, before anything is found."""

    stage: Literal["searching", "writing"]


@dataclass(frozen=True)
class Released:
    """A sentence that may be shown now."""

    sentence: Sentence


@dataclass(frozen=True)
class Withdrawn:
    """A sentence that was released and must be taken back."""

    sentence: Sentence
    reason: str


@dataclass(frozen=True)
class Closed:
    """The end: nothing follows."""

    answer: Answer


Event = Progress | Released | Withdrawn | Closed
