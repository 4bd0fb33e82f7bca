"""What the flows need from outside: Protocols of one to three methods. Adapters fill them in; nobody inherits."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Collection, Mapping
from datetime import date, datetime
from typing import Protocol

from bot.models import Spent
from bot.prompts import PromptSet, PromptVersion
from bot.trials import TrialPlan, TrialReport
from bot.values import Answer, CacheStats, ChannelFacts, Delivery, LastReply, Person, Place, Question, Request, RunUnderWay, Turn
from knowledge.values import (
    AccessRule,
    Document,
    Edition,
    Findings,
    Hit,
    IndexOrder,
    IndexProgress,
    IndexReport,
    Scope,
    UndoReport,
    Unread,
)


class Library(Protocol):
    """The documents, as a conversation sees them. Raises LibraryUnavailable or NotReady."""

    async def rules(self) -> frozenset[AccessRule]:
        """Every access rule that the live edition holds."""
        ...

    async def search(self, question: str, scope: Scope, as_of: date) -> Findings: ...

    async def readable(self, scope: Scope) -> tuple[Document, ...]:
        """Every document in scope, whether it holds today or not."""
        ...

    async def holding(self, as_of: date) -> frozenset[str]:
        """The ids of the documents that hold on a day, whoever may read them: to be compared with, never to be told."""
        ...

    async def passages(self, scope: Scope, as_of: date) -> tuple[Hit, ...]:
        """All that is in scope and holds on a day, in the documents' own order."""
        ...

    async def passage(self, passage: str, scope: Scope, edition: int | None = None) -> Hit | None:
        """None when it is gone, denied, or outside the scope. An answer that began on an edition, by its number, may end with that."""
        ...


class Contexts(Protocol):
    """What was found before, found again without searching. Raises LibraryUnavailable or NotReady."""

    async def standing(self) -> str:
        """Names what a search would find now: equal means equal findings for equal questions, readers and dates."""
        ...

    async def recall(self, found: bytes, scope: Scope, as_of: date) -> Findings | None:
        """None when any of it is gone, denied, or outside the scope by now."""
        ...


class Shelf(Protocol):
    """The documents, as readers of reports see them. Raises LibraryUnavailable."""

    async def live(self) -> Edition | None: ...

    async def documents(self) -> tuple[Document, ...]:
        """Every document of the live edition, by id, whoever may read it: each is told only to those who may."""
        ...

    async def unread(self) -> tuple[Unread, ...]:
        """What the last run could not take in, and what it had to remark on, by path."""
        ...


class Indexing(Protocol):
    """Runs of the index, one at a time. Raises LibraryUnavailable."""

    async def index(self, order: IndexOrder, progress: Callable[[IndexProgress], None]) -> IndexReport:
        """Raises AlreadyIndexing while another run is under way, IndexingStopped when this one was cancelled."""
        ...

    async def undo(self, *, bring_back: Collection[str] = (), plan_only: bool = False) -> UndoReport:
        """Answer from the edition before. `bring_back` names removed documents whose titles an admin confirmed. Raises NothingToUndo.

        With `plan_only` nothing is written: it says what would go back, and which removed documents there are to be confirmed.
        """
        ...

    def running(self) -> RunUnderWay | None: ...

    def cancel(self) -> bool:
        """End the run under way at its next step; the live edition stays. False when there is none."""
        ...

    def sources(self) -> tuple[str, ...]:
        """The names that `IndexOrder.source` may have; none where a folder is the only source."""
        ...


class Receipts(Protocol):
    """Which answers rest on what, counted: never who asked."""

    async def resting_on(self, passages: Collection[str], since: datetime) -> int:
        """How many answers cite any of these passages."""
        ...


class Writer(Protocol):
    """Writes a draft: lines that end in the numbers of the sources they rest on, as they come."""

    @property
    def name(self) -> str: ...

    @property
    def signature(self) -> str:
        """What beside the messages decides what it writes: the model, where it answers, its sampling. Empty: not worth remembering."""
        ...

    def sees(self, labels: Collection[str]) -> bool:
        """Whether it may be given text under these access labels."""
        ...

    def write(self, request: Request) -> AsyncGenerator[str | Spent, None]:
        """Pieces of text, split anywhere, and what they cost where that is known. Raises WriterFailed when the end was not an end."""
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


class Observer(Protocol):
    """Sees how questions end and what is behind each answer: the demo's page, and the metrics."""

    def ended(self, outcome: str) -> None:
        """Once for each question, whether it got an answer or not. It must not wait: the next step is the reply's."""
        ...

    async def behind(self, question: Question, answer: Answer) -> None: ...


class Directory(Protocol):
    """Who somebody is, and who can read a channel. Raises DirectoryUnavailable."""

    async def person(self, user: str) -> Person: ...

    async def channel(self, channel: str) -> ChannelFacts: ...


class Cache(Protocol):
    """Bytes that may be lost at any moment, under keys whose first word, before a colon, is their kind.

    It never raises and never keeps anybody waiting longer than its budget: what fails is a miss.
    """

    async def get(self, key: str) -> bytes | None: ...

    async def follow(self, key: str) -> tuple[bytes | None, bytes | None]:
        """The value, and the value of the key that its first line names (None without one), in one round trip."""
        ...

    async def put(self, key: str, value: bytes, seconds: int) -> None: ...


class CacheKeeper(Protocol):
    """The cache, as an operator sees it."""

    def tally(self) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """Hits and misses by kind since this process started; the cache itself is not asked."""
        ...

    async def stats(self) -> CacheStats: ...

    async def clear(self) -> int:
        """Forget everything that is ours; how many entries that was. Raises CacheUnavailable."""
        ...


class PromptStore(Protocol):
    """Every version of every prompt that was ever live."""

    async def versions(self, name: str) -> tuple[PromptVersion, ...]:
        """Newest first."""
        ...

    async def add(self, name: str, text: str, *, author: str, reason: str) -> PromptVersion:
        """The next version, live from now on."""
        ...


class Trial(Protocol):
    """Tries prompts on golden questions. Raises NoTrial where there are none for these documents."""

    async def plan(self, new: PromptSet) -> TrialPlan: ...

    async def run(self, old: PromptSet, new: PromptSet, progress: Callable[[int, int], None]) -> TrialReport:
        """`progress` hears how many answers of how many are there."""
        ...


class Clock(Protocol):
    """The time, so that tests and the sample company have their own."""

    def now(self) -> datetime:
        """With time zone, UTC."""
        ...

    def today(self) -> date: ...
