"""What the flows need from outside: Protocols of one to three methods. Adapters fill them in; nobody inherits."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from bot.answers import Answer, Request
from bot.house_rules import HouseRules
from bot.models import Spent
from bot.prompts import PromptSet
from bot.trials import TrialPlan, TrialReport
from bot.values import CacheStats, ChannelFacts, Person, Question, RunUnderWay
from knowledge.holds import Hold
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

    async def held_topics(self, question: str) -> tuple[Hold, ...]:
        """The topics that are held back at this moment and that a question is about."""
        ...


class Holds(Protocol):
    """What is held back for a time, in the same second. Who may order it is decided before. Raises LibraryUnavailable or NotReady."""

    async def hold(self, wanted: Hold) -> Hold:
        """With its number. Raises CannotHold."""
        ...

    async def lift(self, number: int, by: str) -> Hold | None:
        """What it was; None where there is none of that number."""
        ...

    async def current(self) -> tuple[Hold, ...]:
        """Those that last today, in the order in which they were made."""
        ...


class Ear(Protocol):
    """Hears what words are like. Raises LibraryUnavailable."""

    async def nearness(self, text: str, examples: Sequence[str]) -> tuple[float, ...]:
        """To each example, from -1 to 1. Computed here: no text leaves for it."""
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

    async def looked_after(self) -> tuple[Document, ...]:
        """Also those that are withheld until something is mended: for whose they are, never to be told of."""
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


class Roster(Protocol):
    """Everybody whom a chat system knows. Raises DirectoryUnavailable."""

    async def everybody(self) -> tuple[Person, ...]: ...

    async def admins(self) -> frozenset[str]:
        """The user ids of Ibid's admins."""
        ...


class Rulebook(Protocol):
    """What admins have decided about places, as it stands now."""

    async def now(self) -> HouseRules: ...


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
