"""Settings in, working bot out: with openings.py the only place that picks adapters."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.errors import Misconfigured
from bot.flows.answer import Answering
from bot.flows.deciding import OwnWords
from bot.flows.edit_prompt import PromptDesk
from bot.flows.finding import Finding, Memory
from bot.openings import (
    Kept,
    OpenEmbedder,
    OpenGate,
    open_cache,
    open_conversation,
    open_indexing,
    open_library,
    open_models,
    open_observers,
    open_people,
    open_reranker,
    open_writers,
    remembering,
    speakers,
    sweeping,
)
from bot.ports import Cache, CacheKeeper, Clock, Directory, Holds, Indexing, Library, Observer, Rulebook, Shelf, Trial, Writer
from bot.receipts import Mark
from bot.settings import HOME, Settings
from bot.values import Rhythm
from bot.wording import Wording, load_wording

if TYPE_CHECKING:
    from pathlib import Path

    from bot.adapters.file_directory import FileDirectory
    from bot.adapters.indexing import CorpusIndexing
    from bot.adapters.library import CorpusLibrary
    from bot.adapters.people import People
    from knowledge.embedding import Embedder
    from knowledge.policy import Defaults

SAMPLE = HOME / "handbook"
NO_COMPANY = "your company"


@dataclass(frozen=True, kw_only=True)
class Ibid(Kept):
    """Everything a channel needs, chosen once; also what is kept of conversations."""

    settings: Settings
    clock: Clock
    wording: Wording
    company: str
    answering: Answering
    library: Library
    shelf: Shelf
    indexing: Indexing
    holds: Holds
    mark: Mark
    directory: Directory
    rulebook: Rulebook
    cache: CacheKeeper
    trial: Trial | None = None  # None: there is nothing to try a prompt with
    observers: tuple[Observer, ...] = ()
    rhythm: Rhythm = field(default_factory=Rhythm)

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
    indexing: CorpusIndexing
    people: People

    @property
    def prompts(self) -> PromptDesk:
        return self.ibid.prompts

    @property
    def trial(self) -> Trial | None:
        return self.ibid.trial


OpenTrial = Callable[[Ibid], Trial]


def built_in_embedder(settings: Settings) -> Embedder:
    """MiniLM, from the folder that settings name or from its package."""
    from knowledge.embedding import open_minilm

    return open_minilm(settings.embedder_dir, settings.data_dir, variant=settings.embedder_variant)


@asynccontextmanager
async def opened(
    settings: Settings, embedder: OpenEmbedder | None = None, trial: OpenTrial | None = None, gate: OpenGate | None = None
) -> AsyncIterator[House]:
    """Open everything in a data directory that the caller owns, and close it afterwards.

    The directory is the people file's; a chat system puts its own in place once it knows who it is there. The documents open in a
    thread, which takes a second or two: they may still be on their way when this yields.
    """
    from bot.adapters.holds import CorpusHolds
    from bot.adapters.places import Places
    from bot.adapters.secrecy import secrecy_from

    clock, rulebook, people = open_people(settings, people_file(settings))
    at_first = people.at_first
    async with AsyncExitStack() as stack:
        secrecy = secrecy_from(settings.secret_key, settings.data_dir)
        cache = open_cache(settings, secrecy)
        stack.push_async_callback(cache.close)
        conversation, kept = await open_conversation(settings, secrecy, clock, rulebook, stack)
        await stack.enter_async_context(sweeping(conversation, clock))
        await kept.prompts.open()
        writers = await open_writers(settings, stack)
        reranker = await open_reranker(settings, writers, lambda: kept.prompts.live, stack)
        library = open_library(settings, remembering(embedder or built_in_embedder, cache), clock, at_first, reranker)
        stack.push_async_callback(library.close)
        models = await open_models(settings, writers, lambda: kept.prompts.live, stack)
        places, try_out = Places(settings), gate or (lambda _: None)
        defaults_of(settings, at_first)  # a rule that is none stops the start
        indexing = open_indexing(
            library, places, lambda: defaults_of(settings, people.read_now()), clock, lambda: try_out(settings), models
        )
        stack.push_async_callback(indexing.close)
        company = at_first.company or NO_COMPANY
        ibid = Ibid(
            **vars(kept),
            settings=settings,
            clock=clock,
            wording=load_wording(HOME / "wording"),
            company=company,
            answering=_answering(settings, library, cache, kept, writers, clock, company),
            library=library,
            shelf=library,
            indexing=indexing,
            holds=CorpusHolds(library),
            rhythm=places.rhythm(),
            mark=secrecy.mark,
            directory=people,
            rulebook=rulebook,
            cache=cache,
            observers=open_observers(settings, stack),
        )
        yield House(ibid=ibid if trial is None else replace(ibid, trial=trial(ibid)), library=library, indexing=indexing, people=people)


def _answering(  # noqa: PLR0913  # the flow's parts, each opened once
    settings: Settings, library: CorpusLibrary, cache: Cache, kept: Kept, writers: tuple[Writer, ...], clock: Clock, company: str
) -> Answering:
    finding, prompts = Finding(library, Memory(library, cache)), kept.prompts
    writing, rewriting = speakers(writers, finding, cache, lambda: prompts.live)
    return Answering(
        library=library,
        finding=finding,
        writing=writing,
        rewriting=rewriting,
        ledger=kept.ledger,
        clock=clock,
        prompts=lambda: prompts.live,
        company=company,
        context_tokens=settings.context_tokens,
        own_words=own_words(HOME / "wording"),
        ear=library,
    )


def own_words(folder: Path) -> OwnWords:
    """What the company says itself. Raises Misconfigured with the line and what to do."""
    from bot.company_words import load_systems, load_topics

    return OwnWords(load_topics(folder / "sensitive.md"), load_systems(folder / "where_to.yaml"))


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
    return Defaults(rule=rule, known_groups=people.known_groups, known_people=frozenset(people.people))
