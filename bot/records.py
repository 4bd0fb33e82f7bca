"""What is kept of conversations: Protocols of one to three methods. Adapters fill them in; nobody inherits."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from bot.answers import Answer
from bot.own_records import Disclosure, Objection, OwnCopy, Wish
from bot.prompts import PromptVersion
from bot.receipts import Receipt
from bot.values import Delivery, LastReply, Person, Place, Question, StandingReply, Turn


class Receipts(Protocol):
    """Which answers rest on what, counted: never who asked."""

    async def resting_on(self, passages: Collection[str], since: datetime) -> int:
        """How many answers cite any of these passages."""
        ...

    async def forget(self, document: str, passages: Collection[str]) -> int:
        """A document was erased: no receipt holds an id or a mark of it any more. How many held one."""
        ...


class PastAnswers(Protocol):
    """What is kept behind answers that were given."""

    async def receipt(self, receipt: str, person: Person | None = None) -> Receipt | None:
        """To this person if it is this person's; without one to the operator. None when it is somebody else's, or not kept."""
        ...

    async def untold(self, users: Collection[str], since: datetime) -> Mapping[str, tuple[Receipt, ...]]:
        """By user, the answers that cite something, oldest first, but for those whose asker was told of a change."""
        ...

    async def told(self, receipt: str) -> bool:
        """Note that its asker is told. True exactly once."""
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


class OwnRecords(Protocol):
    """All that is kept of one person, by user id."""

    async def copy(self, user: str) -> OwnCopy: ...

    async def erase(self, user: str) -> int:
        """How many things that were. Who asked about this person stays known."""
        ...


class Disclosures(Protocol):
    """Who wants to see what is kept of somebody else. It takes two admins, and leaves a trace."""

    async def ask(self, user: str, wish: Wish, reason: str, by: str) -> Disclosure: ...

    async def agree(self, number: int, admin: str) -> Disclosure | Objection:
        """The wish, to be done now; or why this admin's agreement does not count. Asked again before it is done, it says the same."""
        ...

    async def done(self, number: int) -> None: ...


class Replies(Protocol):
    """Where Ibid's replies stand that others can read: in every channel, as also what everyone may read is not for guests who join."""

    async def stands(self, reply: StandingReply) -> None:
        """Nothing is kept of a reply whose receipt is not."""
        ...

    async def in_channel(self, channel: str) -> tuple[StandingReply, ...]:
        """Oldest first. Their places say no kind: what a channel is now, Slack has to say."""
        ...

    async def channels(self) -> frozenset[str]:
        """Where any stands."""
        ...

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
