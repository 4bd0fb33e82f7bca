"""Settings in, working bot out: the only place that picks adapters."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.errors import ConversationUnavailable, Misconfigured
from bot.flows.answer import Answering
from bot.ports import Attention, Backlog, Clock, Contacts, Directory, Inbox, Ledger, Library, Observer, Shelf, Threads
from bot.prompts import load_prompt
from bot.settings import HOME, Settings
from bot.wording import Wording, load_wording

if TYPE_CHECKING:
    from pathlib import Path

    from bot.adapters.conversation import Conversation
    from bot.adapters.file_directory import FileDirectory
    from bot.adapters.library import CorpusLibrary
    from knowledge.corpus import Corpus
    from knowledge.embedding import Embedder
    from knowledge.policy import Defaults

log = logging.getLogger(__name__)

SAMPLE = HOME / "handbook"
INPUTS = ("company", "today", "sources", "question")  # of prompts/answer.md
_SWEEP_EVERY = 3600.0  # seconds
NO_COMPANY = "your company"


@dataclass(frozen=True, kw_only=True)
class Ibid:
    """Everything a channel needs, chosen once."""

    settings: Settings
    clock: Clock
    wording: Wording
    company: str
    answering: Answering
    library: Library
    shelf: Shelf
    ledger: Ledger
    inbox: Inbox
    backlog: Backlog
    threads: Threads
    attention: Attention
    contacts: Contacts
    directory: Directory
    observer: Observer | None = None

    def named(self, company: str) -> Ibid:
        """With this name for the company, where nothing better is known."""
        if self.company != NO_COMPANY or not company:
            return self
        return replace(self, company=company, answering=replace(self.answering, company=company))


@dataclass(frozen=True, kw_only=True)
class House:
    """A bot at work, and what only the command line uses of it."""

    ibid: Ibid
    library: CorpusLibrary
    people: FileDirectory


OpenEmbedder = Callable[[Settings], "Embedder"]


def built_in_embedder(settings: Settings) -> Embedder:
    """MiniLM, from the folder that settings name or from its package."""
    from knowledge.embedding import open_minilm

    return open_minilm(settings.embedder_dir, settings.data_dir, variant=settings.embedder_variant)


@asynccontextmanager
async def opened(settings: Settings, embedder: OpenEmbedder | None = None) -> AsyncIterator[House]:
    """Open everything in a data directory that the caller owns, and close it afterwards.

    The directory is the people file's; a chat system puts its own in place once it knows who it is there. The documents open in a
    thread, which takes a second or two: they may still be on their way when this yields.
    """
    from bot.adapters.clock import SystemClock
    from bot.adapters.file_directory import NOBODY, read_directory

    prompt = load_prompt(HOME / "prompts", "answer")
    prompt.fill(dict.fromkeys(INPUTS, ""))  # a prompt that asks for something else stops the start, not the first answer
    wording = load_wording(HOME / "wording")
    file = people_file(settings)
    people = read_directory(file) if file else NOBODY
    defaults = defaults_of(settings, people)
    clock = SystemClock(settings.today or people.today)
    async with AsyncExitStack() as stack:
        library = _library(settings, defaults, embedder or built_in_embedder, clock, people)
        stack.push_async_callback(library.close)
        conversation, kept = await _conversation(settings, clock, stack)
        await stack.enter_async_context(_sweeping(conversation, clock))
        from bot.adapters.quote_writer import QuoteWriter

        company = people.company or NO_COMPANY
        answering = Answering(library=library, writer=QuoteWriter(), ledger=kept.ledger, clock=clock, prompt=prompt, company=company)
        ibid = Ibid(
            settings=settings,
            clock=clock,
            wording=wording,
            company=company,
            answering=answering,
            library=library,
            shelf=library,
            ledger=kept.ledger,
            inbox=kept.inbox,
            backlog=kept.backlog,
            threads=kept.threads,
            attention=kept.attention,
            contacts=kept.contacts,
            directory=people,
            observer=_observer(settings, stack),
        )
        yield House(ibid=ibid, library=library, people=people)


def people_file(settings: Settings) -> Path | None:
    """The one that settings name; the sample company's where its handbook is what is answered from."""
    if settings.people_file is not None:
        return settings.people_file
    return SAMPLE / "workspace.yaml" if settings.documents.absolute() == SAMPLE else None


def defaults_of(settings: Settings, people: FileDirectory) -> Defaults:
    """What holds for documents that say nothing themselves, and the names that exist. Raises Misconfigured."""
    from knowledge.policy import Defaults
    from knowledge.values import AccessRule

    try:
        rule = AccessRule.from_label(settings.default_access) if settings.default_access else None
    except ValueError as problem:
        label = settings.default_access
        raise Misconfigured(f"IBID_DEFAULT_ACCESS is {label!r}; write everyone, or groups:hr,finance, or people:priya.") from problem
    if not people.people:
        return Defaults(rule=rule)
    return Defaults(rule=rule, known_groups=people.groups, known_people=frozenset(people.people))


@dataclass(frozen=True, kw_only=True)
class _Kept:
    """What the conversations' database holds, port by port."""

    ledger: Ledger
    inbox: Inbox
    backlog: Backlog
    threads: Threads
    attention: Attention
    contacts: Contacts


def _library(settings: Settings, defaults: Defaults, embedder: OpenEmbedder, clock: Clock, people: FileDirectory) -> CorpusLibrary:
    from bot.adapters.library import CorpusLibrary

    def open_corpus() -> Corpus:
        from knowledge.corpus import Corpus
        from knowledge.glossary import load_glossary

        return Corpus.open(settings.data_dir, embedder(settings), glossary=load_glossary(HOME / "wording" / "glossary.md"))

    names = {name: person.name for name, person in people.people.items()}
    return CorpusLibrary(open_corpus, lambda: defaults, settings.documents, clock, names)


async def _conversation(settings: Settings, clock: Clock, stack: AsyncExitStack) -> tuple[Conversation, _Kept]:
    from bot.adapters.conversation import Conversation, conversation_url
    from bot.adapters.inbox import SqlInbox
    from bot.adapters.ledger import SqlLedger
    from bot.adapters.secrecy import secrecy_from
    from bot.adapters.threads import SqlContacts, SqlThreads

    secrecy = secrecy_from(settings.secret_key, settings.data_dir)
    conversation = await Conversation.open(conversation_url(settings.data_dir))
    stack.push_async_callback(conversation.close)
    inbox, threads = SqlInbox(conversation, secrecy, clock), SqlThreads(conversation, secrecy, clock)
    return conversation, _Kept(
        ledger=SqlLedger(conversation, secrecy, clock),
        inbox=inbox,
        backlog=inbox,
        threads=threads,
        attention=threads,
        contacts=SqlContacts(conversation, secrecy, clock),
    )


def _observer(settings: Settings, stack: AsyncExitStack) -> Observer | None:
    if not settings.behind_url:
        return None
    from bot.adapters.observer import PostingObserver

    observer = PostingObserver(settings.behind_url)
    stack.push_async_callback(observer.close)
    return observer


@asynccontextmanager
async def _sweeping(conversation: Conversation, clock: Clock) -> AsyncIterator[None]:
    """At once and every hour, while the block runs. A sweep under way at its end is not torn off."""
    ended = asyncio.Event()
    sweeping = asyncio.create_task(_sweep_until(ended, conversation, clock))
    try:
        yield
    finally:
        ended.set()
        await sweeping


async def _sweep_until(ended: asyncio.Event, conversation: Conversation, clock: Clock) -> None:
    while True:
        try:
            await conversation.sweep(clock.now())
        except ConversationUnavailable as problem:
            log.warning("sweep failed", extra={"detail": str(problem)})
        with suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), _SWEEP_EVERY)
            return
