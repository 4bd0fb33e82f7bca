"""Opens the re-ranker that settings name, with the way out that leads to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.errors import Misconfigured
from knowledge.errors import RerankerFailed
from knowledge.reranking import OFF

if TYPE_CHECKING:
    from bot.settings import Settings
    from knowledge.reranking import Reranker


def no_judge() -> Reranker:
    """Where nobody can ask a model."""
    raise Misconfigured("IBID_RERANKER is model, and no model can be asked here.")


@contextmanager
def opened_reranker(settings: Settings, judge: Callable[[], Reranker] = no_judge) -> Iterator[Reranker | None]:
    """None is the built-in one. Raises Misconfigured with what to do."""
    wanted = settings.reranker
    if wanted.kind == "endpoint":
        import httpx

        from bot.adapters.outside import way_out
        from knowledge.rerank_endpoint import At, RerankEndpoint

        with httpx.Client(**way_out(settings, wanted.url)) as client:
            yield RerankEndpoint(client, At(url=wanted.url, model=wanted.name, key=wanted.key), wanted.sees)
    elif wanted.kind == "cross-encoder":
        from knowledge.cross_encoding import CrossEncoding

        try:
            encoder = CrossEncoding(wanted.name)
        except RerankerFailed as problem:
            raise Misconfigured(f"IBID_RERANKER cannot be used: {problem}.") from problem
        yield encoder
    elif wanted.kind == "model":
        yield judge()
    else:
        yield OFF if wanted.kind == "none" else None
