"""How far a figure can be trusted: shares with Wilson intervals, and bootstrap intervals for what is not a share."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Z = 1.959963984540054  # of a 95 % interval
ROUNDS = 1000
SEED = 20261116

Sample = NDArray[np.float64]


@dataclass(frozen=True)
class Figure:
    """A value with its 95 % interval; a share also with what it counts. All None where there was nothing to count."""

    value: float | None
    low: float | None = None
    high: float | None = None
    count: int | None = None
    of: int | None = None


def share(verdicts: Sequence[bool]) -> Figure:
    """The share of true verdicts, with Wilson's interval: honest for small counts and for shares near 0 and 1."""
    of, count = len(verdicts), sum(verdicts)
    if not of:
        return Figure(None, count=0, of=0)
    low, high = wilson(count, of)
    return Figure(count / of, low, high, count, of)


def wilson(count: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    part = count / of
    centre = part + Z * Z / (2 * of)
    spread = Z * math.sqrt(part * (1 - part) / of + Z * Z / (4 * of * of))
    scale = 1 + Z * Z / of
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def mean(values: Sequence[float]) -> Figure:
    """The mean, with a bootstrap interval."""
    return _bootstrapped(lambda samples: float(samples[0].mean()), values)


def balanced(positive: Sequence[bool], negative: Sequence[bool]) -> Figure:
    """The mean of two shares of right verdicts, so that the larger class does not decide; with a bootstrap interval."""
    return _bootstrapped(lambda samples: float(samples[0].mean() + samples[1].mean()) / 2, positive, negative)


def auc(positive: Sequence[float], negative: Sequence[float]) -> Figure:
    """How often a positive scores above a negative, a tie counting half; with a bootstrap interval."""
    return _bootstrapped(lambda samples: area(samples[0], samples[1]), positive, negative)


def area(positive: Sample, negative: Sample) -> float:
    """The area under the ROC curve, from the ranks of the negatives."""
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, side="left")
    level = np.searchsorted(ordered, positive, side="right") - below
    return float((below + level / 2).sum() / (len(positive) * len(negative)))


def _bootstrapped(statistic: Callable[[Sequence[Sample]], float], *samples: Sequence[float]) -> Figure:
    """The statistic of the samples, and what 1,000 seeded resamplings of each say about it."""
    arrays = [np.asarray(sample, dtype=np.float64) for sample in samples]
    if any(not len(array) for array in arrays):
        return Figure(None)
    chance = np.random.default_rng(SEED)
    values = [statistic([chance.choice(array, len(array)) for array in arrays]) for _ in range(ROUNDS)]
    low, high = np.quantile(values, (0.025, 0.975))
    return Figure(statistic(arrays), float(low), float(high))
