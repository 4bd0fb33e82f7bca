"""Maximal marginal relevance: the first places go to passages that answer and do not say the same as one before them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

TAKEN, AMONG = 5, 20
RELEVANCE = 0.7  # against the likeness to what was taken before


def diverse(scores: Mapping[int, float], vectors: Mapping[int, NDArray[np.float32]]) -> list[int]:
    """The passages in their new order. `scores` are from 0 to 1, best first; `vectors` has one for each of the first AMONG."""
    left = list(scores)[:AMONG]
    taken: list[int] = []
    while left and len(taken) < TAKEN:
        best = max(left, key=lambda passage: _worth(passage, taken, scores, vectors))
        left.remove(best)
        taken.append(best)
    return [*taken, *(passage for passage in scores if passage not in taken)]


def _worth(passage: int, taken: list[int], scores: Mapping[int, float], vectors: Mapping[int, NDArray[np.float32]]) -> float:
    likeness = max((float(vectors[passage] @ vectors[other]) for other in taken), default=0.0)
    return RELEVANCE * scores[passage] - (1 - RELEVANCE) * likeness
