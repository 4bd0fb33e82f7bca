"""Opens each part that settings ask for; bootstrap puts them together. Adapters are picked in these two files and nowhere else."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from bot.errors import ConversationUnavailable
from bot.flows.drafts import Drafts
from bot.flows.edit_prompt import PromptDesk
from bot.flows.finding import Finding
from bot.flows.rewriting import Rewriting
from bot.flows.writing import Writing
from bot.house_rules import HouseRules
from bot.ports import Cache, Clock, Observer, Rulebook, Writer
from bot.prompts import PromptSet
from bot.records import (
    Attention,
    Backlog,
    Contacts,
    Disclosures,
    Inbox,
    Ledger,
    Notes,
    OwnRecords,
    PastAnswers,
    Questions,
    Receipts,
    Replies,
    Threads,
)
from bot.settings import HOME, Settings

if TYPE_CHECKING:
    from pathlib import Path

    from bot.adapters.clock import SystemClock
    from bot.adapters.conversation import Conversation
    from bot.adapters.describer import ModelDescriber
    from bot.adapters.file_directory import FileDirectory
    from bot.adapters.indexing import CorpusIndexing
    from bot.adapters.kept_file import KeptFile
    from bot.adapters.library import CorpusLibrary
    from bot.adapters.memory_cache import MemoryCache
    from bot.adapters.people import People
    from bot.adapters.places import Places
    from bot.adapters.redis_cache import RedisCache
    from bot.adapters.secrecy import Secrecy
    from knowledge.corpus import Corpus
    from knowledge.embedding import Embedder
    from knowledge.gate import Gate
    from knowledge.models import Models
    from knowledge.policy import Defaults
    from knowledge.reranking import Reranker

log = logging.getLogger(__name__)

_SWEEP_EVERY = 3600.0  # seconds
OpenEmbedder = Callable[[Settings], "Embedder"]
OpenGate = Callable[[Settings], "Gate | None"]
OpenModels = Callable[[], "Models"]


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What the conversations' database holds, port by port."""

    ledger: Ledger
    receipts: Receipts
    questions: Questions
    past: PastAnswers
    own: OwnRecords
    disclosures: Disclosures
    inbox: Inbox
    backlog: Backlog
    threads: Threads
    attention: Attention
    replies: Replies
    contacts: Contacts
    notes: Notes
    prompts: PromptDesk


def open_cache(settings: Settings, secrecy: Secrecy) -> MemoryCache | RedisCache:
    """Redis where settings name one, else this process's own memory."""
    if not settings.redis_url:
        from bot.adapters.memory_cache import MemoryCache

        return MemoryCache()
    from bot.adapters.redis_cache import RedisCache

    return RedisCache(settings.redis_url, secrecy)


def remembering(open_embedder: OpenEmbedder, cache: Cache) -> OpenEmbedder:
    """To be called on the loop that the cache lives on."""
    from bot.adapters.remembered_embedder import RememberedEmbedder

    loop = asyncio.get_running_loop()
    return lambda settings: RememberedEmbedder(open_embedder(settings), cache, loop)


async def open_reranker(
    settings: Settings, writers: tuple[Writer, ...], prompts: Callable[[], PromptSet], stack: AsyncExitStack
) -> Reranker | None:
    """What settings name in place of the built-in one; a cross-encoder takes seconds to load, which it does in a thread."""
    from bot.adapters.passage_judge import passage_judge
    from bot.adapters.rerankers import opened_reranker

    loop = asyncio.get_running_loop()
    opening = opened_reranker(settings, lambda: passage_judge(writers[0], lambda: prompts()["rank"], loop))
    reranker = await asyncio.to_thread(opening.__enter__)
    stack.callback(opening.__exit__, None, None, None)
    return reranker


def open_library(
    settings: Settings, embedder: OpenEmbedder, clock: Clock, people: FileDirectory, reranker: Reranker | None = None
) -> CorpusLibrary:
    """The documents; they begin to open now, in a thread."""
    from bot.adapters.library import CorpusLibrary

    def open_corpus() -> Corpus:
        from knowledge.corpus import Corpus
        from knowledge.glossary_file import GlossaryFile

        glossary = GlossaryFile(HOME / "wording" / "glossary.md")
        return Corpus.open(settings.data_dir, embedder(settings), glossary=glossary, reranker=reranker, today=clock.today)

    return CorpusLibrary(open_corpus, clock, {name: person.name for name, person in people.people.items()})


def open_indexing(
    library: CorpusLibrary,
    places: Places,
    defaults: Callable[[], Defaults],
    clock: Clock,
    gate: Callable[[], Gate | None],
    models: OpenModels,
) -> CorpusIndexing:
    """The runs of the index, over all sources that settings name."""
    from bot.adapters.indexing import CorpusIndexing, Means

    means = Means(connectors=places.connectors, sources=places.names, defaults=defaults, gate=gate, models=models)
    return CorpusIndexing(library, means, clock)


def open_people(settings: Settings, people_file: Path | None) -> tuple[SystemClock, KeptFile[HouseRules], People]:
    """The day, the house rules and the people: each of the three is read with what the one before it says. Raises Misconfigured."""
    from bot.adapters.clock import SystemClock
    from bot.adapters.house_file import read_house_rules
    from bot.adapters.kept_file import KeptFile
    from bot.adapters.people import People, read_or_nobody

    clock = SystemClock(settings.today or read_or_nobody(people_file).today)
    rulebook = KeptFile(settings.house_rules, read_house_rules, HouseRules.narrowed, clock)
    return clock, rulebook, People(people_file, settings.admins, rulebook, clock)


async def open_conversation(
    settings: Settings, secrecy: Secrecy, clock: Clock, rulebook: Rulebook, stack: AsyncExitStack
) -> tuple[Conversation, Kept]:
    """The conversations' database, and every port that it fills."""
    from bot.adapters.conversation import Conversation, conversation_url
    from bot.adapters.disclosures import SqlDisclosures
    from bot.adapters.inbox import SqlInbox
    from bot.adapters.ledger import SqlLedger
    from bot.adapters.notes import SqlNotes
    from bot.adapters.own_records import SqlOwnRecords
    from bot.adapters.prompt_store import SqlPromptStore
    from bot.adapters.replies import SqlReplies
    from bot.adapters.threads import SqlContacts, SqlThreads

    conversation = await Conversation.open(conversation_url(settings.data_dir))
    stack.push_async_callback(conversation.close)

    async def records(channel: str) -> bool:
        return (await rulebook.now()).records(channel)

    ledger = SqlLedger(conversation, secrecy, clock, records)
    inbox, threads = SqlInbox(conversation, secrecy, clock), SqlThreads(conversation, secrecy, clock, records)
    return conversation, Kept(
        ledger=ledger,
        receipts=ledger,
        questions=ledger,
        past=ledger,
        own=SqlOwnRecords(conversation, secrecy),
        disclosures=SqlDisclosures(conversation, secrecy, clock),
        inbox=inbox,
        backlog=inbox,
        threads=threads,
        attention=threads,
        replies=SqlReplies(conversation),
        contacts=SqlContacts(conversation, secrecy, clock),
        notes=SqlNotes(conversation, secrecy),
        prompts=PromptDesk(settings.prompts, SqlPromptStore(conversation, clock), clock),
    )


async def open_writers(settings: Settings, stack: AsyncExitStack) -> tuple[Writer, ...]:
    """The models that settings name, in their order, and the quotes behind them."""
    from bot.adapters.quote_writer import QuoteWriter

    if not settings.models:
        return (QuoteWriter(),)
    await asyncio.to_thread(import_module, "bot.adapters.openai_writer")  # a second's work that the loop does not have
    import httpx

    from bot.adapters.openai_writer import OpenAIWriter
    from bot.adapters.outside import way_out

    writers: list[Writer] = []
    for model in settings.models:
        http = httpx.AsyncClient(**way_out(settings, model.url))
        stack.push_async_callback(http.aclose)
        writers.append(OpenAIWriter(model, http=http))
    return (*writers, QuoteWriter())


async def open_models(
    settings: Settings, writers: tuple[Writer, ...], prompts: Callable[[], PromptSet], stack: AsyncExitStack
) -> OpenModels:
    """Whom a run that begins now, on this loop, asks for lines about passages, which quotes cannot write, and for words about pictures."""
    from bot.adapters.situator import ModelSituator
    from knowledge.models import Models

    situates, describer = settings.situate and bool(settings.models), await _open_describer(settings, prompts, stack)
    return lambda: Models(
        situator=ModelSituator(writers[:-1], prompts()["situate"], asyncio.get_running_loop()) if situates else None,
        describer=describer() if describer else None,
    )


async def _open_describer(
    settings: Settings, prompts: Callable[[], PromptSet], stack: AsyncExitStack
) -> Callable[[], ModelDescriber] | None:
    model = settings.vision
    if model is None:
        return None
    await asyncio.to_thread(import_module, "bot.adapters.describer")  # it loads the models' client
    import httpx

    from bot.adapters.describer import ModelDescriber
    from bot.adapters.outside import way_out

    http = httpx.AsyncClient(**way_out(settings, model.url))
    stack.push_async_callback(http.aclose)
    return lambda: ModelDescriber(model, prompts()["describe"], asyncio.get_running_loop(), http)


def speakers(
    writers: tuple[Writer, ...], finding: Finding, cache: Cache, prompts: Callable[[], PromptSet]
) -> tuple[Writing, Rewriting | None]:
    """Who writes answers and who rewrites questions. The last writer is the one that may see everything; it rewrites nothing."""
    drafts = Drafts(cache)
    rewriting = Rewriting(writers=writers[:-1], drafts=drafts, prompts=prompts) if len(writers) > 1 else None
    return Writing(writers=writers, drafts=drafts, finding=finding), rewriting


def open_observers(settings: Settings, stack: AsyncExitStack) -> tuple[Observer, ...]:
    """Who sees what is behind each answer."""
    if not settings.behind_url:
        return ()
    from bot.adapters.observer import PostingObserver

    observer = PostingObserver(settings.behind_url)
    stack.push_async_callback(observer.close)
    return (observer,)


@asynccontextmanager
async def sweeping(conversation: Conversation, clock: Clock) -> AsyncIterator[None]:
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
