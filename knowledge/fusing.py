"""Two rankings become one: each leg's scores from 0 to 1, added by their weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from knowledge.weights import Weights


def scaled(scores: Mapping[int, float]) -> dict[int, float]:
    """The best score becomes 1 and the least 0; where all are equal, all are 1."""
    if not scores:
        return {}
    least, best = min(scores.values()), max(scores.values())
    if best == least:
        return dict.fromkeys(scores, 1.0)
    return {passage: (score - least) / (best - least) for passage, score in scores.items()}


def fuse(dense: Mapping[int, float], keyword: Mapping[int, float], dense_share: float) -> dict[int, float]:
    """The weighted sum, best first. What one leg did not find has nothing from it; ties fall in the documents' order.

    BM25 is divided by its best rather than stretched from its least: no shared word is 0, and one shared word is not.
    """
    best = max(keyword.values(), default=0.0)
    by_words = {passage: score / best for passage, score in keyword.items()} if best > 0 else {}
    by_meaning = scaled(dense)
    fused = {
        passage: dense_share * by_meaning.get(passage, 0.0) + (1 - dense_share) * by_words.get(passage, 0.0)
        for passage in sorted(by_meaning.keys() | by_words.keys())
    }
    return dict(sorted(fused.items(), key=lambda item: -item[1]))


def dense_share(reach: float, weights: Weights) -> float:
    """How much meaning counts against words: less where the keyword leg found a passage with nearly all that was asked."""
    near = (reach - weights.reach_from) / (1 - weights.reach_from)
    return weights.dense_share + (weights.dense_share_in_reach - weights.dense_share) * min(1.0, max(0.0, near))


def margin(scores: Mapping[int, float]) -> float:
    """By how much the best leads the second; 1 where there is no second."""
    ranked = sorted(scores.values(), reverse=True)
    return ranked[0] - ranked[1] if len(ranked) > 1 else 1.0
