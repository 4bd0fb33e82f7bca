"""The one crossing from the conversation into knowledge/: every call in a thread, every error in the conversation's words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from bot.errors import LibraryUnavailable, Misconfigured, NotReady
from knowledge.errors import BadMetadata, EmbedderUnavailable, KnowledgeError, NothingIndexed
from knowledge.holds import Hold
from knowledge.values import AccessRule, Document, Edition, Findings, Hit, Scope, Unread

if TYPE_CHECKING:
    from bot.ports import Clock
    from knowledge.corpus import Corpus

SEARCHES_AT_ONCE = 2
LONGEST_WAIT = 60.0  # seconds for the first run of the index
Given = TypeVar("Given")


class CorpusLibrary:
    """The library of those who ask and the shelf of those who read reports. It begins to open when it is made."""

    def __init__(self, open_corpus: Callable[[], Corpus], clock: Clock, names: Mapping[str, str] | None = None) -> None:
        self._searching = ThreadPoolExecutor(SEARCHES_AT_ONCE, thread_name_prefix="search")
        self._looking_up = ThreadPoolExecutor(1, thread_name_prefix="look-up")  # in memory, in no time: it waits behind no search
        self._opening = self._searching.submit(open_corpus)
        self._clock = clock
        self._names = names or {}  # what the people are called whom documents name as their owners
        self.at_work: asyncio.Event | None = None  # set at the end of the run of the index that is under way

    async def ready(self) -> None:
        """Wait until the documents are open. Raises LibraryUnavailable when they cannot be."""
        await self.corpus()

    async def rules(self) -> frozenset[AccessRule]:
        """While the first run of the index is under way, a question waits for its end."""
        try:
            return await self._look_up(lambda corpus: _rules(corpus, self._clock.today()))
        except NotReady:
            if self.at_work is None:
                raise
            with suppress(TimeoutError):
                await asyncio.wait_for(self.at_work.wait(), LONGEST_WAIT)
            return await self._look_up(lambda corpus: _rules(corpus, self._clock.today()))

    async def search(self, question: str, scope: Scope, as_of: date) -> Findings:
        findings = await self._ask(lambda corpus: corpus.search(question, scope, as_of))
        return replace(findings, hits=tuple(map(self._told, findings.hits)))

    async def readable(self, scope: Scope) -> tuple[Document, ...]:
        return await self._look_up(lambda corpus: corpus.documents(scope))

    async def holding(self, as_of: date) -> frozenset[str]:
        return await self._look_up(lambda corpus: corpus.holding(as_of))

    async def passages(self, scope: Scope, as_of: date) -> tuple[Hit, ...]:
        return await self._ask(lambda corpus: corpus.passages(scope, as_of))

    async def nearness(self, text: str, examples: Sequence[str]) -> tuple[float, ...]:
        return await self._ask(lambda corpus: corpus.likeness.to(text, examples))

    async def standing(self) -> str:
        return await self._look_up(lambda corpus: corpus.standing())

    async def recall(self, found: bytes, scope: Scope, as_of: date) -> Findings | None:
        findings = await self._look_up(lambda corpus: corpus.recall(found, scope, as_of))
        return replace(findings, hits=tuple(map(self._told, findings.hits))) if findings else None

    async def passage(self, passage: str, scope: Scope, edition: int | None = None) -> Hit | None:
        hit = await self._look_up(lambda corpus: corpus.passage(passage, scope, edition))
        return self._told(hit) if hit else None

    async def held_topics(self, question: str) -> tuple[Hold, ...]:
        return await self._look_up(lambda corpus: corpus.held_topics(question))

    def _told(self, hit: Hit) -> Hit:
        """With its owner called as colleagues call them."""
        owner = hit.document.owner
        return replace(hit, document=replace(hit.document, owner=self._names.get(owner, owner)))

    async def live(self) -> Edition | None:
        return await self._ask(lambda corpus: corpus.live())

    async def documents(self) -> tuple[Document, ...]:
        """Owners are called as documents call them."""
        return await self._look_up(lambda corpus: corpus.documents(Scope(frozenset(rule.label for rule in corpus.rules()))))

    async def looked_after(self) -> tuple[Document, ...]:
        return await self._ask(lambda corpus: corpus.looked_after())

    async def unread(self) -> tuple[Unread, ...]:
        return await self._ask(lambda corpus: corpus.unread())

    async def corpus(self) -> Corpus:
        """The documents themselves, once they are open. Raises LibraryUnavailable, or Misconfigured, when they cannot be."""
        try:
            return await asyncio.shield(asyncio.wrap_future(self._opening))  # one who stops waiting must not stop the opening
        except EmbedderUnavailable as problem:
            raise Misconfigured(str(problem)) from problem
        except BadMetadata as problem:  # the glossary is the one file of wording/ that opens with the documents
            raise Misconfigured(f"wording/{problem}.") from problem
        except KnowledgeError as problem:
            raise LibraryUnavailable(str(problem)) from problem

    async def close(self) -> None:
        """Let running searches end and close the documents."""
        try:
            corpus = await self.corpus()
        except (LibraryUnavailable, Misconfigured):
            corpus = None
        await asyncio.to_thread(self._searching.shutdown)
        await asyncio.to_thread(self._looking_up.shutdown)
        if corpus is not None:
            await asyncio.to_thread(corpus.close)

    async def _ask(self, question: Callable[[Corpus], Given]) -> Given:
        return await self._asked(self._searching, question)

    async def _look_up(self, question: Callable[[Corpus], Given]) -> Given:
        return await self._asked(self._looking_up, question)

    async def _asked(self, pool: ThreadPoolExecutor, question: Callable[[Corpus], Given]) -> Given:
        corpus = await self.corpus()
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, question, corpus)
        except NothingIndexed as problem:
            raise NotReady(str(problem)) from problem
        except KnowledgeError as problem:
            raise LibraryUnavailable(str(problem)) from problem


def _rules(corpus: Corpus, today: date) -> frozenset[AccessRule]:
    """An edition without rules and no edition look alike; a search for nothing says which it is."""
    rules = corpus.rules()
    if not rules:
        corpus.search("", Scope(frozenset()), today)
    return rules
