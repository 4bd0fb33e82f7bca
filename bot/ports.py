"""What the flows need from outside: Protocols of one to three methods. Adapters fill them in; nobody inherits."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import date, datetime
from typing import Protocol

from bot.values import Answer, ChannelFacts, Delivery, LastReply, Person, Place, Question, Request, Turn
from knowledge.values import AccessRule, Edition, Findings, Hit, IndexProgress, IndexReport, Scope


class Library(Protocol):
    """The documents, as a conversation sees them. Raises LibraryUnavailable or NotReady."""

    async def rules(self) -> frozenset[AccessRule]:
        """Every access rule that the live edition holds."""
        ...

    async def search(self, question: str, scope: Scope, as_of: date) -> Findings: ...

    async def passage(self, passage: str, scope: Scope) -> Hit | None:
        """None when it is gone, denied, or outside the scope."""
        ...


class Shelf(Protocol):
    """The documents, as their owners see them."""

    async def reindex(self, progress: Callable[[IndexProgress], None]) -> IndexReport:
        """Raises AlreadyIndexing while another run is under way."""
        ...

    async def live(self) -> Edition | None: ...

    async def count(self, scope: Scope) -> int:
        """How many documents of the live edition this scope may read."""
        ...


class Writer(Protocol):
    """Writes a draft: lines that end in the numbers of the sources they rest on, as they come."""

    @property
    def name(self) -> str: ...

    def write(self, request: Request) -> AsyncIterator[str]:
        """Pieces of text, split anywhere. Raises WriterFailed when the end was not an end."""
        ...


class Ledger(Protocol):
    """The receipts: a row opened before an answer is made and closed after it."""

    async def open(self, question: Question) -> str:
        """The receipt's id."""
        ...

    async def close(self, answer: Answer) -> None: ...

    async def feedback(self, receipt: str, person: Person, verdict: str) -> None: ...


class Inbox(Protocol):
    """What was delivered, written down before it is acknowledged. A failing `take` raises: no ack then, and Slack sends again."""

    async def take(self, delivery: Delivery) -> bool:
        """False when the key, or the message, was taken before."""
        ...

    async def begun(self, key: str, reply: str) -> None:
        """Something has been posted for it: after a crash the same message is finished, not a second one begun."""
        ...

    async def close(self, key: str, outcome: str) -> None:
        """The outcome is posted; the payload is cleared."""
        ...


class Backlog(Protocol):
    """What a process that died left open."""

    async def waiting(self) -> tuple[Delivery, ...]:
        """Oldest first. Payloads older than 24 hours are cleared, not returned."""
        ...


class Threads(Protocol):
    """What was asked in a thread, by the same person, in the last day."""

    async def recall(self, place: Place, asker: Person) -> tuple[Turn, ...]:
        """Oldest first."""
        ...

    async def remember(self, place: Place, asker: Person, turn: Turn) -> None: ...


class Attention(Protocol):
    """Whom Ibid answered last in a thread, and whether it was told to be quiet there."""

    async def last(self, place: Place) -> LastReply | None: ...

    async def mute(self, place: Place) -> None: ...


class Contacts(Protocol):
    """Who has been told what Ibid keeps."""

    async def first(self, person: Person) -> bool:
        """True exactly once for each person."""
        ...


class Observer(Protocol):
    """Sees what is behind each answer. Only the demo has one."""

    async def behind(self, question: Question, answer: Answer) -> None: ...


class Directory(Protocol):
    """Who somebody is, and who can read a channel. Raises DirectoryUnavailable."""

    async def person(self, user: str) -> Person: ...

    async def channel(self, channel: str) -> ChannelFacts: ...


class Clock(Protocol):
    """The time, so that tests and the sample company have their own."""

    def now(self) -> datetime:
        """With time zone, UTC."""
        ...

    def today(self) -> date: ...
