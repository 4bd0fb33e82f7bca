"""What an ablation compares: the ways to search, and how well each finds what questions are answered by."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import fmean

import numpy as np

from evals.statistics import area
from knowledge.values import Scope
from knowledge.weights import WEIGHTS, Stages, Weights

FIRST = (1, 3, 5)
COLUMNS = ("recall@1", "recall@3", "recall@5", "MRR", "refusal AUC")
ALL, NO_LEXICON, DECISIVE_TOO = "all stages", "without spelling and learnt abbreviations", "re-ranked although decisive"
_BUILT_IN = Stages(outside=False)


@dataclass(frozen=True, kw_only=True)
class Query:
    """A question as the search is asked it, and the places that answer it. Where `any_of`, one of them is enough."""

    text: str
    scope: Scope
    as_of: date
    gold: frozenset[str]
    answerable: bool | None
    any_of: bool = False


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a search brought: the places that each hit shows, in order."""

    places: tuple[frozenset[str], ...]
    confidence: float
    tokens: int = 0  # of the first five hits
    reranked: bool = False


def stage_ways() -> dict[str, Weights]:
    """Production's search, its parts alone, and it without each of its stages."""
    alone = {"sections": False, "rerank": False}
    return {
        ALL: _with(),
        "meaning alone": _with(keyword=False, **alone),
        "words alone": _with(dense=False, **alone),
        "meaning and words alone": _with(**alone),
        "without sections": _with(sections=False),
        "without re-ranking": _with(rerank=False),
        DECISIVE_TOO: replace(_with(), rerank_margin=2.0),
        "without the glossary": _with(glossary=False),
        NO_LEXICON: _with(lexicon=False),
        "without countries": _with(countries=False),
        "without titles in BM25": _with(titles=False),
        "with MMR, 5 of 20": _with(diverse=True),
    }


def outside_way() -> Weights:
    """With the re-ranker that the operator set."""
    return replace(WEIGHTS, stages=Stages())


def _with(**stages: bool) -> Weights:
    return replace(WEIGHTS, stages=replace(_BUILT_IN, **stages))


def scores(queries: Sequence[Query], seen: Sequence[Seen]) -> dict[str, float | None]:
    """One value for each of COLUMNS. A hit that shows no place that those before it have not shown takes none up."""
    pairs = list(zip(queries, seen, strict=True))
    judged = [(query, _new(one.places)) for query, one in pairs if query.answerable and query.gold]
    sure = np.array([one.confidence for query, one in pairs if query.answerable], dtype=np.float64)
    unsure = np.array([one.confidence for query, one in pairs if query.answerable is False], dtype=np.float64)
    found: dict[str, float | None] = {f"recall@{most}": fmean(_recall(query, places, most) for query, places in judged) for most in FIRST}
    found["MRR"] = fmean(_reciprocal_rank(query.gold, places) for query, places in judged)
    found["refusal AUC"] = area(sure, unsure) if sure.size and unsure.size else None
    return found


def _new(places: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    """What each hit adds."""
    there: set[str] = set()
    added = []
    for shown in places:
        if shown - there:
            added.append(shown - there)
        there |= shown
    return added


def _recall(query: Query, places: Sequence[frozenset[str]], most: int) -> float:
    found: Collection[str] = frozenset().union(*places[:most]) & query.gold
    return float(bool(found)) if query.any_of else len(found) / len(query.gold)


def _reciprocal_rank(gold: frozenset[str], places: Sequence[frozenset[str]]) -> float:
    return next((1 / rank for rank, shown in enumerate(places, start=1) if shown & gold), 0.0)


Scores = Mapping[str, float | None]
