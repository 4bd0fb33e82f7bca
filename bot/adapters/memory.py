"""The ports kept in memory: for tests, and as the plainest statement of what each port promises."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot.adapters.memory_holds import MemoryHolds
from bot.adapters.memory_ledger import MemoryLedger as MemoryLedger  # noqa: PLC0414  (handed on to whoever looks for all ports here)
from bot.errors import NotReady
from bot.own_records import Remembered
from bot.values import Delivery, LastReply, Person, Place, StandingReply, Turn
from knowledge.holds import Hold
from knowledge.recalling import recalled
from knowledge.validity import current
from knowledge.values import AccessRule, Document, Edition, Findings, Hit, Scope, Unread

DAY = timedelta(hours=24)
_At = tuple[str, str, str]


@dataclass
class FixedClock:
    """A clock that stands still until it is moved."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def today(self) -> date:
        return self.at.date()

    def advance(self, **span: float) -> None:
        """advance(minutes=31)."""
        self.at += timedelta(**span)


class MemoryInbox:
    """Inbox and Backlog."""

    def __init__(self, clock: FixedClock) -> None:
        self._clock = clock
        self._open: dict[str, tuple[Delivery, datetime]] = {}
        self._messages: set[str] = set()
        self.outcomes: dict[str, str] = {}

    async def take(self, delivery: Delivery) -> bool:
        if delivery.key in self._open or delivery.key in self.outcomes or delivery.message in self._messages:
            return False
        self._open[delivery.key] = (delivery, self._clock.now())
        if delivery.message:
            self._messages.add(delivery.message)
        return True

    async def begun(self, key: str, reply: str) -> None:
        if key in self._open:
            delivery, taken = self._open[key]
            self._open[key] = (replace(delivery, reply=reply), taken)

    async def close(self, key: str, outcome: str) -> None:
        if self._open.pop(key, None):
            self.outcomes[key] = outcome

    async def waiting(self) -> tuple[Delivery, ...]:
        for key, (_, taken) in list(self._open.items()):
            if self._clock.now() - taken > DAY:
                await self.close(key, "expired")
        return tuple(delivery for delivery, _ in sorted(self._open.values(), key=lambda row: row[1]))

    async def count(self) -> int:
        return len(self._open)

    async def probe(self) -> None:
        """Memory takes a row as long as the process lives."""


class MemoryThreads:
    """Threads and Attention."""

    def __init__(self, clock: FixedClock) -> None:
        self._clock = clock
        self._turns: dict[tuple[_At, str], list[tuple[Turn, datetime]]] = defaultdict(list)
        self._last: dict[_At, LastReply] = {}

    async def recall(self, place: Place, asker: Person) -> tuple[Turn, ...]:
        turns = self._turns.get((_at(place), asker.id), [])
        return tuple(turn for turn, at in turns if self._clock.now() - at <= DAY)

    async def remember(self, place: Place, asker: Person, turn: Turn) -> None:
        """Also what `last` tells: a reply was given just now, and being asked again ends a mute."""
        self._turns[_at(place), asker.id].append((turn, self._clock.now()))
        self._last[_at(place)] = LastReply(asker.id, self._clock.now())

    async def last(self, place: Place) -> LastReply | None:
        last = self._last.get(_at(place))
        return last if last and self._clock.now() - last.at <= DAY else None

    async def mute(self, place: Place) -> None:
        if _at(place) in self._last:
            self._last[_at(place)] = replace(self._last[_at(place)], muted=True)

    def of(self, user: str) -> tuple[Remembered, ...]:
        mine = [(place, turns) for (place, asker), turns in self._turns.items() if asker == user]
        return tuple(Remembered(channel, turn.question, at) for (_, channel, _), turns in mine for turn, at in turns)

    def listening_to(self, user: str) -> int:
        return sum(last.asker == user for last in self._last.values())

    def forget(self, user: str) -> None:
        for key in [key for key in self._turns if key[1] == user]:
            del self._turns[key]
        self._last = {place: last for place, last in self._last.items() if last.asker != user}


@dataclass
class MemoryReplies:
    """Replies."""

    standing: dict[str, StandingReply] = field(default_factory=dict)

    async def stands(self, reply: StandingReply) -> None:
        self.standing[reply.receipt] = replace(reply, place=replace(reply.place, kind="private"))

    async def in_channel(self, channel: str) -> tuple[StandingReply, ...]:
        here = (reply for reply in self.standing.values() if reply.place.channel == channel)
        return tuple(sorted(here, key=lambda reply: reply.ts))

    async def channels(self) -> frozenset[str]:
        return frozenset(reply.place.channel for reply in self.standing.values())

    async def gone(self, receipt: str) -> None:
        self.standing.pop(receipt, None)


@dataclass
class MemoryContacts:
    """Contacts."""

    met: set[str] = field(default_factory=set)

    async def first(self, person: Person) -> bool:
        new = person.id not in self.met
        self.met.add(person.id)
        return new


@dataclass
class MemoryNotes:
    """Notes."""

    weeks: dict[str, str] = field(default_factory=dict)

    async def subscribe(self, user: str, week: str) -> None:
        self.weeks.setdefault(user, week)

    async def unsubscribe(self, user: str) -> None:
        self.weeks.pop(user, None)

    async def subscribers(self) -> Mapping[str, str]:
        return dict(self.weeks)

    async def settle(self, user: str, week: str) -> bool:
        """In one step: nothing can come between the look and the note of it."""
        if self.weeks.get(user, week) >= week:
            return False
        self.weeks[user] = week
        return True


@dataclass
class ListLibrary:
    """Library and Shelf over a list of hits: each search finds them all, in order, as far as the scope goes."""

    hits: Sequence[Hit] = ()
    confidence: float = 0.9
    remarks: Sequence[Unread] = ()
    edition: int = 1
    holds: MemoryHolds | None = None
    searched: list[tuple[str, Scope]] = field(default_factory=list)

    async def rules(self) -> frozenset[AccessRule]:
        if not self.hits:
            raise NotReady("nothing is indexed yet")
        return frozenset(hit.document.rule for hit in self.hits)

    async def search(self, question: str, scope: Scope, as_of: date) -> Findings:  # noqa: ARG002  a list has no versions
        self.searched.append((question, scope))
        readable = [hit.document for hit in self._readable(scope)]
        topics = await self.held_topics(question)
        held = topics or tuple(dict.fromkeys(hold for document in readable if (hold := self._held(document))))
        return Findings(hits=() if topics else self._within(scope), confidence=self.confidence, edition=self.edition, held=held)

    async def readable(self, scope: Scope) -> tuple[Document, ...]:
        return tuple({hit.document.id: hit.document for hit in self._readable(scope)}.values())

    async def holding(self, as_of: date) -> frozenset[str]:
        return current([hit.document for hit in self.hits], as_of)

    async def passages(self, scope: Scope, as_of: date) -> tuple[Hit, ...]:
        holding = await self.holding(as_of)
        return tuple(hit for hit in self._within(scope) if hit.document.id in holding)

    async def standing(self) -> str:
        return "the list"

    async def recall(self, found: bytes, scope: Scope, as_of: date) -> Findings | None:  # noqa: ARG002  a list has no versions
        hits = {hit.passage.id: (hit.passage, hit.document) for hit in self._within(scope)}
        return recalled(found, hits.get)

    async def passage(self, passage: str, scope: Scope, edition: int | None = None) -> Hit | None:  # noqa: ARG002  as above
        return next((hit for hit in self._within(scope) if hit.passage.id == passage), None)

    async def held_topics(self, question: str) -> tuple[Hold, ...]:
        return self.holds.about(question) if self.holds else ()

    async def live(self) -> Edition | None:
        documents = sorted({hit.document.id for hit in self.hits})
        versions = tuple((document, document) for document in documents)
        published = "2026-11-16T08:00:00+00:00"
        return Edition(number=self.edition, versions=versions, embedder="list", published_at=published) if documents else None

    async def documents(self) -> tuple[Document, ...]:
        return tuple(document for _, document in sorted({hit.document.id: hit.document for hit in self.hits}.items()))

    async def looked_after(self) -> tuple[Document, ...]:
        return await self.documents()

    async def unread(self) -> tuple[Unread, ...]:
        return tuple(self.remarks)

    def _within(self, scope: Scope) -> tuple[Hit, ...]:
        return tuple(hit for hit in self._readable(scope) if self._held(hit.document) is None)

    def _readable(self, scope: Scope) -> tuple[Hit, ...]:
        return tuple(hit for hit in self.hits if scope.allows(hit.document.rule.label))

    def _held(self, document: Document) -> Hold | None:
        return self.holds.of(document.id) if self.holds else None


def _at(place: Place) -> _At:
    return (place.team, place.channel, place.thread or "")
