"""A question's vector is made once; a cache or a loop that is of no help costs a moment and never the search."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import numpy as np
import pytest

from bot.adapters.memory_cache import MemoryCache
from bot.adapters.remembered_embedder import RememberedEmbedder
from knowledge.embedding import Vectors
from knowledge.hashing_embedding import HashingEmbedding


class Counting(HashingEmbedding):
    """Remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def embed_question(self, text: str) -> Vectors:
        self.asked.append(text)
        return super().embed_question(text)


class Full(MemoryCache):
    """Holds the same bytes under every key."""

    def __init__(self, value: bytes) -> None:
        super().__init__()
        self._value = value

    async def get(self, key: str) -> bytes | None:
        return self._value


async def vectors(embedder: RememberedEmbedder, *texts: str) -> Sequence[Vectors]:
    """As a search asks: from a thread."""
    found = []
    for text in texts:
        found.append(await asyncio.to_thread(embedder.embed_question, text))
        await asyncio.sleep(0)
    return found


async def test_a_question_asked_again_is_not_embedded_again() -> None:
    plain = Counting()
    first, again, other = await vectors(RememberedEmbedder(plain, MemoryCache(), asyncio.get_running_loop()), "a", "a", "b")
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert plain.asked == ["a", "b"]


@pytest.mark.parametrize("garbage", [b"", b"x", np.full(HashingEmbedding().dimensions, np.nan, np.float32).tobytes(), b"\xff" * 4000])
async def test_bytes_that_are_no_vector_are_a_miss(garbage: bytes) -> None:
    plain = Counting()
    (found,) = await vectors(RememberedEmbedder(plain, Full(garbage), asyncio.get_running_loop()), "a")
    assert np.array_equal(found, HashingEmbedding().embed_question("a"))


async def test_a_loop_that_stands_still_is_waited_for_no_longer_than_it_is_worth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.adapters.remembered_embedder._PATIENCE", 0.01)
    plain = Counting()
    embedder = RememberedEmbedder(plain, MemoryCache(), asyncio.get_running_loop())
    assert np.array_equal(embedder.embed_question("a"), HashingEmbedding().embed_question("a"))  # on the loop itself, which so stands still


def test_a_loop_that_has_ended_is_not_asked() -> None:
    loop = asyncio.new_event_loop()
    loop.close()
    assert len(RememberedEmbedder(Counting(), MemoryCache(), loop).embed_question("a")) == HashingEmbedding().dimensions
