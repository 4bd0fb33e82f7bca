"""Two rankings become one: each leg's scores from 0 to 1, added by their weights, and the sections that they point to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from knowledge.weights import Weights

_EACH_NEXT = 0.5  # of what the passage before it counts for its section: many that match by chance are no section that answers


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
    by_words, by_meaning = _of_best(keyword), scaled(dense)
    return _ordered(
        {
            passage: dense_share * by_meaning.get(passage, 0.0) + (1 - dense_share) * by_words.get(passage, 0.0)
            for passage in sorted(by_meaning.keys() | by_words.keys())
        }
    )


def supported(fused: Mapping[int, float], keyword: Mapping[int, float], section: Callable[[int], int], share: float) -> dict[int, float]:
    """The fused scores, a share of each being its section's by words: a clause is found by what the clauses beside it say as well.

    A section has the scores of its passages, best first, each counting half of the one before. `keyword` may hold more passages than
    the fused ones.
    """
    of_section: dict[int, float] = {}
    each: dict[int, float] = {}
    for passage, score in sorted(keyword.items(), key=lambda item: (-item[1], item[0])):
        there = section(passage)
        each[there] = each[there] * _EACH_NEXT if there in each else 1.0
        of_section[there] = of_section.get(there, 0.0) + score * each[there]
    support = _of_best(of_section)
    return _ordered({passage: (1 - share) * score + share * support.get(section(passage), 0.0) for passage, score in fused.items()})


def blended(first: Mapping[int, float], second: Mapping[int, float], share: float) -> dict[int, float]:
    """The second ranking takes its share, from 0 for its least to 1 for its best; what it has not looked at has nothing from it."""
    read = scaled(second)
    return _ordered({passage: (1 - share) * score + share * read.get(passage, 0.0) for passage, score in first.items()})


def dense_share(reach: float, weights: Weights) -> float:
    """How much meaning counts against words: less where the keyword leg found a passage with nearly all that was asked."""
    near = (reach - weights.reach_from) / (1 - weights.reach_from)
    return weights.dense_share + (weights.dense_share_in_reach - weights.dense_share) * min(1.0, max(0.0, near))


def margin(scores: Mapping[int, float]) -> float:
    """By how much the best leads the second; 1 where there is no second."""
    ranked = sorted(scores.values(), reverse=True)
    return ranked[0] - ranked[1] if len(ranked) > 1 else 1.0


def _of_best(scores: Mapping[int, float]) -> dict[int, float]:
    best = max(scores.values(), default=0.0)
    return {key: score / best for key, score in scores.items()} if best > 0 else {}


def _ordered(scores: Mapping[int, float]) -> dict[int, float]:
    """Best first, ties as they stand."""
    return dict(sorted(scores.items(), key=lambda item: -item[1]))
