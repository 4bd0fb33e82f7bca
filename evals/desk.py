"""A bot of its own for the golden questions: the real flow over an index of its own, on the sample company's day."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from bot.adapters.clock import SystemClock
from bot.adapters.file_directory import FileDirectory, read_directory
from bot.adapters.library import CorpusLibrary
from bot.adapters.memory_cache import MemoryCache
from bot.bootstrap import own_words
from bot.errors import Misconfigured
from bot.flows.answer import Answering
from bot.flows.finding import Finding
from bot.openings import speakers
from bot.ports import Library, Writer
from bot.prompts import load_prompts
from bot.settings import HOME, Settings
from evals.golden import Clause
from evals.meter import Meter
from evals.unkept import Unkept
from knowledge.connectors.folder import Folder
from knowledge.corpus import Corpus
from knowledge.embedding import Embedder
from knowledge.glossary import load_glossary
from knowledge.holds import Hold
from knowledge.policy import Defaults
from knowledge.reranking import Reranker
from knowledge.values import AccessRule, Document, Findings, Hit, IndexOrder, IndexProgress, Scope, Unread

KEPT = "eval"  # the folder in the data directory where the index of the last run waits for the next
COPIED = ("catalog.db", "taken-away.jsonl", "chroma", "keywords", "live.npz")  # never the conversations, never the secret


class Watched:
    """The library, with what its last search found: more hits than reach the prompt."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self.found: tuple[Hit, ...] = ()

    async def rules(self) -> frozenset[AccessRule]:
        return await self._library.rules()

    async def search(self, question: str, scope: Scope, as_of: date) -> Findings:
        findings = await self._library.search(question, scope, as_of)
        self.found = findings.hits
        return findings

    async def held_topics(self, question: str) -> tuple[Hold, ...]:
        return await self._library.held_topics(question)

    async def readable(self, scope: Scope) -> tuple[Document, ...]:
        return await self._library.readable(scope)

    async def holding(self, as_of: date) -> frozenset[str]:
        return await self._library.holding(as_of)

    async def passages(self, scope: Scope, as_of: date) -> tuple[Hit, ...]:
        return await self._library.passages(scope, as_of)

    async def passage(self, passage: str, scope: Scope, edition: int | None = None) -> Hit | None:
        return await self._library.passage(passage, scope, edition)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where golden questions are asked."""

    answering: Answering
    watched: Watched
    corpus: Corpus
    directory: FileDirectory
    unread: tuple[Unread, ...]  # what could not be indexed, or needs its owner
    workspace: Mapping[str, Any]  # workspace.yaml as it stands, for those who check the directory's conclusions
    meter: Meter = field(default_factory=Meter)  # of the writers, where they are on one

    def documents(self) -> tuple[Document, ...]:
        return self.corpus.documents(self._everything)

    def clauses(self, *wanted: Clause) -> tuple[Hit, ...]:
        """The passages that these clauses are made of, whoever may read them."""
        return tuple(hit for hit in self._passages if any(clause.covers(hit.document.stem, hit.passage.clause) for clause in wanted))

    def of_document(self, stem: str) -> tuple[Hit, ...]:
        """All passages of the document with this file name, whoever may read them."""
        return tuple(hit for hit in self._passages if hit.document.stem == stem)

    @cached_property
    def _passages(self) -> tuple[Hit, ...]:
        return self.corpus.passages(self._everything)

    @property
    def _everything(self) -> Scope:
        return Scope(frozenset(rule.label for rule in self.corpus.rules()))


async def furnish(
    corpus: Corpus,
    documents: Path,
    writers: tuple[Writer, ...],
    progress: Callable[[IndexProgress], None],
    words: Path = HOME / "prompts",
) -> Desk:
    """Bring the index to what the folder holds, and put the real flow on top of it."""
    people = documents / "workspace.yaml"
    directory = read_directory(people)
    workspace = yaml.safe_load(people.read_text(encoding="utf-8"))
    if not isinstance(workspace.get("today"), date):
        raise Misconfigured(f"{people} needs `today:`, the date on which the golden questions are asked.")
    defaults = Defaults(known_groups=directory.groups, known_people=frozenset(directory.people))
    report = corpus.index(Folder(documents), defaults, IndexOrder(removal_confirmed=True), progress=progress)
    clock = SystemClock(workspace["today"])
    own = CorpusLibrary(lambda: corpus, clock)
    watched = Watched(own)
    prompts = load_prompts(words)
    finding = Finding(watched)
    writing, rewriting = speakers(writers, finding, MemoryCache(), lambda: prompts)
    answering = Answering(
        library=watched,
        finding=finding,
        writing=writing,
        rewriting=rewriting,
        ledger=Unkept(),
        clock=clock,
        prompts=lambda: prompts,
        company=directory.company,
        own_words=own_words(HOME / "wording"),
        ear=own,
    )
    return Desk(
        answering=answering,
        watched=watched,
        corpus=corpus,
        directory=directory,
        workspace=workspace,
        unread=(*report.unread, *report.warnings),
    )


@contextmanager
def own_corpus(settings: Settings, embedder: Embedder, reranker: Reranker | None = None) -> Iterator[Corpus]:
    """An index of one's own, begun from a copy of the last run's, else of the bot's: what has a vector is not embedded again."""
    data = settings.data_dir
    data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data, prefix=f"{KEPT}-", ignore_cleanup_errors=True) as scratch:
        own = Path(scratch) / KEPT
        begun = next((place for place in (data / KEPT, data / "demo", data) if (place / "catalog.db").exists()), None)
        if begun:
            _copy(begun, own)
        corpus = Corpus.open(own, embedder, glossary=load_glossary(HOME / "wording" / "glossary.md"), reranker=reranker)
        try:
            yield corpus
        finally:
            corpus.close()
        if (data / KEPT).exists():
            (data / KEPT).rename(Path(scratch) / "before")
        own.rename(data / KEPT)


def _copy(begun: Path, own: Path) -> None:
    """SQLite files by SQLite's own backup, which is whole even while the bot writes; the rest as files."""
    own.mkdir()
    for name in COPIED:
        source = begun / name
        for file in [source] if source.is_file() else sorted(source.rglob("*")):
            target = own / file.relative_to(begun)
            target.parent.mkdir(parents=True, exist_ok=True)
            if file.suffix in (".db", ".sqlite3"):
                with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as old, closing(sqlite3.connect(target)) as new:
                    old.backup(new)
            elif file.is_file() and not file.name.endswith(("-wal", "-shm", "-journal", ".lock")):
                shutil.copyfile(file, target)
