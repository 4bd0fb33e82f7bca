"""Values with boring defaults, so that a test names only what matters to it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from bot.adapters.memory import FixedClock, ListLibrary, MemoryLedger
from bot.adapters.memory_cache import MemoryCache
from bot.answers import Request, Source
from bot.flows.answer import Answering
from bot.flows.finding import Finding, Memory
from bot.openings import speakers
from bot.ports import Cache, Clock, Library, Writer
from bot.prompts import load_prompts
from bot.records import Ledger
from bot.settings import HOME
from bot.values import Audience, ChannelFacts, Person, Place, Question, Turn
from knowledge.values import AccessRule, Document, Hit, Passage

EVERYONE = AccessRule(everyone=True)
HR = AccessRule(groups=frozenset({"hr"}))
TODAY = date(2026, 11, 16)
PROMPTS = load_prompts(HOME / "prompts")
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


def a_person(name: str = "priya", *groups: str, membership: str = "full", groups_known: bool = True, admin: bool = False) -> Person:
    return Person(
        id=f"U{name.upper()}",
        name=name.title(),
        membership=membership,  # type: ignore[arg-type]  # tests pass plain strings
        groups=frozenset(groups),
        names=frozenset({f"U{name.upper()}", name}),
        groups_known=groups_known,
        admin=admin,
    )


def a_channel(*members: Person, kind: str | None = "private", shared: bool = False) -> ChannelFacts:
    return ChannelFacts(kind=kind, shared=shared, members=members)  # type: ignore[arg-type]  # tests pass plain strings


def a_document(stem: str = "annual-leave", *, rule: AccessRule = EVERYONE, title: str = "Annual leave", owner: str = "ruth") -> Document:
    return Document(
        id=f"leave/{stem}.md", title=title, rule=rule, owner=owner, effective=date(2026, 1, 1), url="https://handbook.example/leave"
    )


def a_hit(
    text: str = "4.1 Employees may carry over up to five days until 31 March 2027.",
    *,
    document: Document | None = None,
    clause: str = "4.1",
    score: float = 1.0,
) -> Hit:
    owner = document or a_document()
    passage = Passage(
        id=f"{owner.stem}#{clause}",
        document=owner.id,
        label=owner.rule.label,
        path=("4. Carrying leave over",),
        clause=clause,
        text=text,
        start=0,
        end=len(text),
    )
    return Hit(passage=passage, document=owner, score=score, best_end=len(text))


def a_request(*texts: str, question: str = "How many days can I carry over?") -> Request:
    hits = [a_hit(text, clause=f"4.{number}") for number, text in enumerate(texts, start=1)]
    sources = tuple(Source(number, hit) for number, hit in enumerate(hits, start=1))
    return Request(question, sources, (("user", question),), "0" * 12)


def an_answering(
    library: Library, *writers: Writer, ledger: Ledger | None = None, clock: Clock | None = None, cache: Cache | None = None
) -> Answering:
    """The flow over these parts; with a cache, and a library that can recall, contexts are remembered."""
    kept = cache or MemoryCache()
    finding = Finding(library, Memory(library, kept) if cache and isinstance(library, ListLibrary) else None)
    writing, rewriting = speakers(writers, finding, kept, lambda: PROMPTS)
    return Answering(
        library=library,
        finding=finding,
        writing=writing,
        rewriting=rewriting,
        ledger=ledger or MemoryLedger(),
        clock=clock or FixedClock(NOW),
        prompts=lambda: PROMPTS,
        company="Fernhill",
    )


def a_question(text: str = "How many days can I carry over?", *, asker: Person | None = None, turns: tuple[Turn, ...] = ()) -> Question:
    person = asker or a_person()
    return Question(
        text=text,
        asker=person,
        audience=Audience(circle="alone", readers=(person,)),
        place=Place(team="T1", channel="D1", thread=None, kind="direct"),
        asked_at=NOW,
        turns=turns,
    )


class Seconds:
    """A monotonic clock that stands still until it is moved."""

    def __init__(self, at: float = 1000.0) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at
