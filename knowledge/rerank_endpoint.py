"""A re-ranker behind an address: POST /rerank, as Cohere, Jina and vLLM have it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from knowledge.errors import RerankerFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    import httpx

SECONDS = 2.0  # a person waits; the built-in re-ranker still has to follow
PAUSE = 30.0  # seconds in which one that failed is not asked again
_LARGEST = 1_000_000  # bytes of a reply: fifty scores are a few thousand


@dataclass(frozen=True, kw_only=True)
class At:
    """Where a model ranks, and how long it may take."""

    url: str  # with or without /rerank at its end
    model: str
    key: str = field(default="", repr=False)
    seconds: float = SECONDS


class RerankEndpoint:
    """A model at an address. The client is closed by whoever opened it, with the proxy and the certificates that lead there."""

    def __init__(
        self, client: httpx.Client, at: At, may_see: Callable[[Collection[str]], bool], now: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._url = at.url if at.url.endswith("/rerank") else f"{at.url.rstrip('/')}/rerank"
        self._model = at.model
        self._seconds = at.seconds
        self._headers = {"Authorization": f"Bearer {at.key}"} if at.key else {}
        self._may_see = may_see
        self._now = now
        self._failed_at: float | None = None

    @property
    def name(self) -> str:
        return f"{self._url}#{self._model}"

    def sees(self, labels: Collection[str]) -> bool:
        return self._may_see(labels)

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Asked once. After a failure it is left alone for a while: nobody should wait for it at every question."""
        if self._failed_at is not None and self._now() - self._failed_at < PAUSE:
            raise RerankerFailed("it failed a moment ago")
        try:
            found = _scores(self._asked(question, texts), len(texts))
        except RerankerFailed:
            self._failed_at = self._now()
            raise
        self._failed_at = None
        return found

    def _asked(self, question: str, texts: Sequence[str]) -> object:
        import httpx

        order = {"model": self._model, "query": question, "documents": list(texts), "top_n": len(texts), "return_documents": False}
        ends = self._now() + self._seconds
        held = bytearray()
        try:
            with self._client.stream("POST", self._url, json=order, headers=self._headers, timeout=self._seconds) as reply:
                if reply.status_code != httpx.codes.OK:
                    raise RerankerFailed(f"HTTP {reply.status_code}")
                for part in reply.iter_bytes():
                    held += part
                    if len(held) > _LARGEST or self._now() > ends:
                        raise RerankerFailed("its reply is too long, or too slow")
        except (httpx.HTTPError, httpx.StreamError) as problem:
            raise RerankerFailed(type(problem).__name__) from problem  # its words may repeat what it was sent
        return _parsed(bytes(held))


def _parsed(reply: bytes) -> object:
    import json

    try:
        return json.loads(reply)
    except (ValueError, RecursionError) as problem:
        raise RerankerFailed("its reply is not JSON") from problem


def _scores(reply: object, wanted: int) -> list[float]:
    """Of results such as {"index": 0, "relevance_score": 0.9}, in any order, one for each text."""
    results: Any = reply.get("results", reply.get("data")) if isinstance(reply, dict) else None
    found: dict[int, float] = {}
    for one in results if isinstance(results, list) else ():
        index, score = (one.get("index"), one.get("relevance_score", one.get("score"))) if isinstance(one, dict) else (None, None)
        if type(index) is int and isinstance(score, int | float) and 0 <= index < wanted:
            found[index] = float(score)
    if len(found) != wanted:
        raise RerankerFailed(f"it scored {len(found)} of {wanted} passages")
    return [found[index] for index in range(wanted)]
