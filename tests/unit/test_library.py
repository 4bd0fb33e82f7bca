"""The crossing into the documents: what is in memory is told at once, whatever is being searched for."""

from __future__ import annotations

import asyncio
import threading
from datetime import date
from typing import TYPE_CHECKING, cast

from bot.adapters.library import SEARCHES_AT_ONCE, CorpusLibrary
from bot.adapters.memory import FixedClock
from knowledge.values import Findings, Hit, Scope
from tests.factories import EVERYONE, NOW, TODAY, a_hit

if TYPE_CHECKING:
    from knowledge.corpus import Corpus
    from knowledge.values import AccessRule

HIT = a_hit()


class SlowCorpus:
    """Searches until it is told to stop."""

    def __init__(self) -> None:
        self.searching = threading.Semaphore(0)
        self.stop = threading.Event()

    def search(self, question: str, scope: Scope, as_of: date) -> Findings:
        self.searching.release()
        self.stop.wait(30)
        return Findings(hits=(), confidence=0.0, edition=1)

    def rules(self) -> frozenset[AccessRule]:
        return frozenset({EVERYONE})

    def standing(self) -> str:
        return "edition 1"

    def recall(self, found: bytes, scope: Scope, as_of: date) -> Findings:
        return Findings(hits=(HIT,), confidence=1.0, edition=1)

    def passage(self, passage: str, scope: Scope, edition: int | None) -> Hit:
        return HIT

    def close(self) -> None:
        """Nothing to close."""


async def test_what_is_in_memory_waits_behind_no_search() -> None:
    corpus, scope = SlowCorpus(), Scope(frozenset({"everyone"}))
    library = CorpusLibrary(lambda: cast("Corpus", corpus), FixedClock(NOW))
    searches = [asyncio.create_task(library.search("how many?", scope, TODAY)) for _ in range(2 * SEARCHES_AT_ONCE)]
    for _ in range(SEARCHES_AT_ONCE):
        await asyncio.to_thread(corpus.searching.acquire)
    async with asyncio.timeout(10):
        assert await library.rules() == {EVERYONE}
        assert await library.standing() == "edition 1"
        assert await library.recall(b"", scope, TODAY) == Findings(hits=(HIT,), confidence=1.0, edition=1)
        assert await library.passage(HIT.passage.id, scope) == HIT
    assert not any(search.done() for search in searches)
    corpus.stop.set()
    await asyncio.gather(*searches)
    await library.close()
