"""An embedder whose question vectors are cached: asked again, the model, or its endpoint, is not asked."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING

import numpy as np

from knowledge.embedding import Embedder, Vectors

if TYPE_CHECKING:
    from bot.ports import Cache

KEPT = 7 * 24 * 3600  # seconds
_PATIENCE = 1.0  # seconds: the cache has a budget of its own, a loop that stands still has none


class RememberedEmbedder:
    """An embedder for the search's threads, over a cache that lives on the loop."""

    def __init__(self, embedder: Embedder, cache: Cache, loop: asyncio.AbstractEventLoop) -> None:
        self._embedder = embedder
        self._cache = cache
        self._loop = loop

    @property
    def identity(self) -> str:
        return self._embedder.identity

    @property
    def dimensions(self) -> int:
        return self._embedder.dimensions

    def embed_windows(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        return self._embedder.embed_windows(texts, progress)

    def embed_question(self, text: str) -> Vectors:
        made = hashlib.sha256(f"{self.identity}\x00{text}".encode("utf-8", "surrogatepass")).hexdigest()
        key = f"embedding:{made}"
        if self._loop.is_closed():
            return self._embedder.embed_question(text)
        try:
            kept = asyncio.run_coroutine_threadsafe(self._cache.get(key), self._loop).result(_PATIENCE)
            if kept is not None and len(kept) == 4 * self.dimensions and np.isfinite(found := np.frombuffer(kept, dtype=np.float32)).all():
                return found
            vector = self._embedder.embed_question(text)
            asyncio.run_coroutine_threadsafe(self._cache.put(key, vector.astype(np.float32).tobytes(), KEPT), self._loop)
        except (CancelledError, RuntimeError, TimeoutError):  # the loop is ending; the search may still end well
            return self._embedder.embed_question(text)
        return vector

    def token_vectors(self, texts: Sequence[str], limit: int = 96) -> list[Vectors]:
        return self._embedder.token_vectors(texts, limit)

    def count(self, text: str) -> int:
        return self._embedder.count(text)

    def offsets(self, text: str) -> Sequence[tuple[int, int]]:
        return self._embedder.offsets(text)
