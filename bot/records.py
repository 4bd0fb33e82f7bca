"""What is kept of conversations: Protocols of one to three methods. Adapters fill them in; nobody inherits."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from bot.answers import Answer
from bot.prompts import PromptVersion
from bot.values import Delivery, LastReply, Person, Place, Question, StandingReply, Turn


class Receipts(Protocol):
    """Which answers rest on what, counted: never who asked."""

    async def resting_on(self, passages: Collection[str], since: datetime) -> int:
        """How many answers cite any of these passages."""
        ...


class Ledger(Protocol):
    """The receipts: a row opened before an answer is made and closed after it."""

    async def open(self, question: Question) -> str:
        """The receipt's id."""
        ...

    async def close(self, answer: Answer) -> None: ...

    async def feedback(self, receipt: str, person: Person, verdict: str) -> None: ...


class Questions(Protocol):
    """What was asked, found again by its receipt."""

    async def asked(self, receipt: str, person: Person | None = None) -> str | None:
        """The question, to this person if it is this person's; without one to whoever could read it where it was asked.

        None when it is somebody else's, or is not kept any more.
        """
        ...


class Replies(Protocol):
    """Where Ibid's replies stand whose sentences rest on more than what everyone may read."""

    async def stands(self, reply: StandingReply) -> None: ...

    async def in_channel(self, channel: str) -> tuple[StandingReply, ...]: ...

    async def gone(self, receipt: str) -> None:
        """It is taken back, or was deleted."""
        ...


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
    """What was taken and is not closed: at a start, what a process that died left open."""

    async def waiting(self) -> tuple[Delivery, ...]:
        """Oldest first. Payloads older than 24 hours are cleared, not returned."""
        ...

    async def count(self) -> int: ...

    async def probe(self) -> None:
        """Write a row and take it back. Raises ConversationUnavailable when nothing can be taken now."""
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


class Notes(Protocol):
    """Who asked for the weekly note, and for which week each got the last one."""

    async def subscribe(self, user: str, week: str) -> None:
        """From the week after this one; asked for twice, nothing changes."""
        ...

    async def unsubscribe(self, user: str) -> None: ...

    async def subscribers(self) -> Mapping[str, str]:
        """User id: the last week that is settled, such as 2026-W47."""
        ...

    async def settle(self, user: str, week: str) -> bool:
        """Take this week's note on; False when somebody did already, or the person does not want it any more."""
        ...


class PromptStore(Protocol):
    """Every version of every prompt that was ever live."""

    async def versions(self, name: str) -> tuple[PromptVersion, ...]:
        """Newest first."""
        ...

    async def add(self, name: str, text: str, *, author: str, reason: str) -> PromptVersion:
        """The next version, live from now on."""
        ...
