"""How good rankings are: recall, hits, nDCG and the first right place of each, and how well confidence tells what can be answered."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from evals.statistics import area

RECALL_AT = (1, 3, 5, 10)
NDCG_AT = (5, 10)

Figures = dict[str, float | int | None]


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """What one question found: places in order, each once. `gold` is empty where nothing answers it, or nobody judged."""

    places: tuple[str, ...]
    gold: Mapping[str, float]
    answerable: bool | None
    confidence: float


def ranked_once(places: Iterable[str]) -> tuple[str, ...]:
    """Each place where its best passage stands."""
    return tuple(dict.fromkeys(places))


def ranking_figures(replies: Sequence[Ranked]) -> Figures:
    """By name in the report. Means are over the answerable questions with a right answer; None where there is nothing to count."""
    judged = [reply for reply in replies if reply.answerable and reply.gold]

    found: Figures = {"n": len(judged)}
    for depth in RECALL_AT:
        found[f"recall@{depth}"] = _mean([recall(reply.places, reply.gold, depth) for reply in judged])
    for depth in RECALL_AT:
        found[f"hit@{depth}"] = _mean([float(recall(reply.places, reply.gold, depth) > 0) for reply in judged])
    for depth in NDCG_AT:
        found[f"ndcg@{depth}"] = _mean([ndcg(reply.places, reply.gold, depth) for reply in judged])
    found["mrr"] = _mean([reciprocal_rank(reply.places, reply.gold) for reply in judged])
    found["refusal_auc"] = refusal_auc(replies)
    return found


def recall(places: Sequence[str], gold: Collection[str], most: int) -> float:
    """The share of the right places that stand among the first."""
    return sum(place in gold for place in places[:most]) / len(gold)


def ndcg(places: Sequence[str], gold: Mapping[str, float], most: int) -> float:
    """The grades found among the first, each divided by the logarithm of its rank, against the best possible order."""
    best = sorted(gold.values(), reverse=True)[:most]
    return _discounted(gold.get(place, 0.0) for place in places[:most]) / _discounted(best)


def reciprocal_rank(places: Sequence[str], gold: Collection[str]) -> float:
    """One divided by the rank of the first right place; 0 where none was found."""
    return next((1 / rank for rank, place in enumerate(places, start=1) if place in gold), 0.0)


def refusal_auc(replies: Sequence[Ranked]) -> float | None:
    """How often an answerable question is surer than one that is not, a tie counting half; None without both kinds."""
    sure = np.array([reply.confidence for reply in replies if reply.answerable], dtype=np.float64)
    unsure = np.array([reply.confidence for reply in replies if reply.answerable is False], dtype=np.float64)
    return _rounded(area(sure, unsure)) if sure.size and unsure.size else None


def _discounted(grades: Iterable[float]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def _mean(values: Sequence[float]) -> float | None:
    return _rounded(fmean(values)) if values else None


def _rounded(value: float) -> float:
    return round(value, 4)
