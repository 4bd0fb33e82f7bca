"""The planted facts, indexed, with the real flow on top and its caches on: for the access matrix, in the trust report and in tests."""

from __future__ import annotations

import tempfile
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from bot.adapters.clock import SystemClock
from bot.adapters.file_directory import read_directory
from bot.adapters.library import CorpusLibrary
from bot.adapters.memory_cache import MemoryCache
from bot.adapters.quote_writer import QuoteWriter
from bot.bootstrap import own_words
from bot.flows.answer import Answering
from bot.flows.finding import Finding, Memory
from bot.openings import speakers
from bot.prompts import load_prompts
from bot.settings import HOME
from evals.access_matrix import Matrix
from evals.knows_all import KnowsAll
from evals.planted import Fact, Planted, planted
from evals.unkept import Unkept
from knowledge.corpus import Corpus
from knowledge.hashing_embedding import HashingEmbedding
from knowledge.policy import Defaults
from knowledge.values import IndexOrder, Scope

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from bot.ports import Clock, Writer

ALL = planted()
PEOPLE = HOME / "handbook" / "workspace.yaml"  # of the sample company: it has every kind of reader


@dataclass(frozen=True, kw_only=True)
class PlantedDesk:
    """The documents and the flow; what asks them is the matrix, or a test."""

    facts: Sequence[Fact]
    corpus: Corpus
    library: CorpusLibrary
    answering: Answering
    writer: KnowsAll

    def passages(self) -> dict[str, str]:
        """The passage of each fact, by its file."""
        everything = Scope(frozenset(rule.label for rule in self.corpus.rules()))
        return {hit.document.id: hit.passage.id for hit in self.corpus.passages(everything)}


@asynccontextmanager
async def planted_desk(clock: Clock | None = None, facts: Sequence[Fact] = ALL) -> AsyncIterator[PlantedDesk]:
    """Open while the block runs; the words are found by an embedder that needs no weights."""
    people = read_directory(PEOPLE)
    clock = clock or SystemClock(people.today)
    with tempfile.TemporaryDirectory(prefix="ibid-planted-", ignore_cleanup_errors=True) as folder:
        corpus = Corpus.open(Path(folder), HashingEmbedding())
        corpus.index(Planted(facts), Defaults(known_groups=people.groups, known_people=frozenset(people.people)), IndexOrder())
        library = CorpusLibrary(lambda: corpus, clock)
        writer = KnowsAll(facts)
        try:
            yield PlantedDesk(
                facts=facts, corpus=corpus, library=library, writer=writer, answering=_answering(library, (writer, QuoteWriter()), clock)
            )
        finally:
            await library.close()  # and the documents with it


async def matrix_of(desk: PlantedDesk) -> Matrix:
    """Everybody who asks, around this desk."""
    people = read_directory(PEOPLE)
    return Matrix(
        facts=desk.facts,
        answering=desk.answering,
        library=desk.library,
        directory=people,
        workspace=yaml.safe_load(PEOPLE.read_text(encoding="utf-8")),
        writer=desk.writer,
        asked_at=datetime.combine(desk.answering.clock.today(), time(9), tzinfo=UTC),
        passages=desk.passages(),
    )


def _answering(library: CorpusLibrary, writers: tuple[Writer, ...], clock: Clock) -> Answering:
    prompts, cache = load_prompts(HOME / "prompts"), MemoryCache()
    finding = Finding(library, Memory(library, cache))
    writing, rewriting = speakers(writers, finding, cache, lambda: prompts)
    return Answering(
        library=library,
        finding=finding,
        writing=writing,
        rewriting=rewriting,
        ledger=Unkept(),
        clock=clock,
        prompts=lambda: prompts,
        company="Fernhill Instruments",
        own_words=own_words(HOME / "wording"),
    )
