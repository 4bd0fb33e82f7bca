"""How sure the index is that its hits answer the question, from what the search measured.

Each figure pulls in the direction that a person would expect, and the weights may not turn it round: a model fitted freely
learnt instead how the golden questions that cannot be answered are worded.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.places import countries
from knowledge.words import content_words, telling_spans, words

if TYPE_CHECKING:
    from knowledge.glossary import Sought
    from knowledge.maxsim import Met
    from knowledge.values import Hit


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What a search knows about its hits. Kept whole, so that the weights below can be fitted to questions with answers."""

    agreement: float  # the first hit's final score: 1 where meaning, words and re-ranker all put it first
    cosine: float  # of the first hit's best window
    coverage: float  # the share of the question's rarity that the first three hits carry, in its words or the glossary's
    least: float  # how well the worst met telling word of the question is met by the hit that meets it best
    elsewhere: float  # 1 where the question names a country and the first hit is about others only


@dataclass(frozen=True, kw_only=True)
class ConfidenceWeights:
    """A logistic model: what each figure adds, and where 'as likely as not' lies."""

    bias: float = -14.2
    agreement: float = 12.2
    cosine: float = 2.7
    coverage: float = 0.6
    least: float = 2.7
    elsewhere: float = -0.8


NOTHING = Evidence(agreement=0.0, cosine=0.0, coverage=0.0, least=0.0, elsewhere=0.0)
CONFIDENCE = ConfidenceWeights()


def confidence(evidence: Evidence, weights: ConfidenceWeights = CONFIDENCE) -> float:
    """From 0, nothing here answers it, to 1."""
    strength = (
        weights.bias
        + weights.agreement * evidence.agreement
        + weights.cosine * evidence.cosine
        + weights.coverage * evidence.coverage
        + weights.least * evidence.least
        + weights.elsewhere * evidence.elsewhere
    )
    return 1 / (1 + math.exp(-strength))


def weigh(sought: Sought, hits: Sequence[Hit], met: Mapping[str, Met], rarity: Callable[[str], float]) -> Evidence:
    """The figures of one search. `met` holds the hits that were read word by word, by passage id."""
    first = hits[0]
    read = [met[hit.passage.id] for hit in hits[:5] if hit.passage.id in met]
    best = max(read, key=lambda one: one.whole(), default=None)
    return Evidence(
        agreement=first.score,
        cosine=first.dense,
        coverage=_coverage(sought, hits[:3], rarity),
        least=best.least(telling_spans(sought.question)) if best else 0.0,
        elsewhere=float(_elsewhere(sought, first)),
    )


def _coverage(sought: Sought, hits: Sequence[Hit], rarity: Callable[[str], float]) -> float:
    there = {word for hit in hits for word in words(" ".join((hit.document.title, *hit.passage.path, hit.passage.text)))}
    rare = {word: rarity(word) for word in content_words(sought.question)}
    whole = sum(rare.values())
    return sum(rare[word] for word in sought.covered(there)) / whole if whole else 0.0


def _elsewhere(sought: Sought, hit: Hit) -> bool:
    """Whether the question names a country, and the passage is about others only. One that names none is about all."""
    asked, told = countries(sought.text), countries(" ".join((*hit.passage.path, hit.passage.text)))
    return bool(asked and told and not asked & told)
