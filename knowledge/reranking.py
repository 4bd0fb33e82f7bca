"""Who puts the first passages of a close search in order: MaxSim, which is built in, or what an operator sets in its place."""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from knowledge.errors import RerankerFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

log = logging.getLogger(__name__)

ASKER = "asker"  # the label of a question that was not asked in public
LONGEST = 2_000  # characters of a passage that a re-ranker is given, and of a question


class Reranker(Protocol):
    """Another re-ranker than the built-in one."""

    @property
    def name(self) -> str:
        """Names what puts passages in order; what was found under another is searched for again."""
        ...

    def sees(self, labels: Collection[str]) -> bool:
        """Whether it may be given passages under all these access labels; `asker` is the label of a question asked in private."""
        ...

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """How well each text answers, in their order: the more the better, on any scale. Raises RerankerFailed."""
        ...


class _Off:
    """Nothing is re-ranked: the order is that of meaning and words."""

    name = "none"

    def sees(self, labels: Collection[str]) -> bool:  # noqa: ARG002  # the port's signature
        return False

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:  # noqa: ARG002  # the port's signature
        raise RerankerFailed("it is switched off")


OFF = _Off()


class Judge:
    """The model as judge: whoever holds one says how well each text answers."""

    def __init__(self, name: str, sees: Callable[[Collection[str]], bool], ask: Callable[[str, Sequence[str]], Sequence[float]]) -> None:
        self.name = f"judge:{name}"
        self._sees = sees
        self._ask = ask

    def sees(self, labels: Collection[str]) -> bool:
        return self._sees(labels)

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        return self._ask(question, texts)


def judged(reranker: Reranker | None, labels: Collection[str], question: str, texts: Sequence[str]) -> Sequence[float]:
    """Its scores; none where there is none, where it may not see one of these labels, or where it fails: then the built-in one ranks."""
    if reranker is None or not texts or not reranker.sees(labels):
        return ()
    try:
        scores = reranker.scores(question[:LONGEST], [text[:LONGEST] for text in texts])
    except RerankerFailed as failure:
        log.warning("reranker failed", extra={"reranker": reranker.name, "reason": str(failure)})
        return ()
    if len(scores) != len(texts) or not all(map(math.isfinite, scores)):
        log.warning("reranker failed", extra={"reranker": reranker.name, "reason": "it did not score every passage with a number"})
        return ()
    return scores
