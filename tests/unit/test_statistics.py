"""Figures come with intervals that can be checked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from evals.statistics import area, auc, balanced, mean, share, wilson


def test_wilson_is_the_textbook_interval() -> None:
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-4)  # Newcombe 1998, method 3
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-4)
    assert wilson(29, 29) == pytest.approx((0.8830, 1.0), abs=5e-4)


@given(some.lists(some.booleans(), min_size=1, max_size=300))
def test_a_share_lies_inside_its_interval(verdicts: list[bool]) -> None:
    found = share(verdicts)
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= found.value + 1e-12
    assert found.value <= found.high + 1e-12 <= 1 + 1e-9
    assert (found.count, found.of) == (sum(verdicts), len(verdicts))


def test_a_share_of_nothing_is_not_a_number() -> None:
    found = share([])
    assert (found.value, found.count, found.of) == (None, 0, 0)


def test_auc_counts_pairs_in_order_and_ties_as_half() -> None:
    assert auc([0.9, 0.8], [0.1, 0.2]).value == 1.0
    assert auc([0.1, 0.2], [0.9, 0.8]).value == 0.0
    assert auc([0.5, 0.5], [0.5]).value == 0.5
    assert auc([0.9, 0.3], [0.5, 0.1]).value == 0.75
    assert auc([], [0.5]).value is None


@given(some.lists(some.integers(0, 9), min_size=1, max_size=12), some.lists(some.integers(0, 9), min_size=1, max_size=12))
def test_auc_is_the_share_of_pairs(positive: list[int], negative: list[int]) -> None:
    pairs = [(high > low) + (high == low) / 2 for high in positive for low in negative]
    found = area(np.array(positive, dtype=float), np.array(negative, dtype=float))
    assert found == pytest.approx(sum(pairs) / len(pairs))


def test_balanced_accuracy_does_not_follow_the_larger_class() -> None:
    found = balanced([True] * 90 + [False] * 10, [False] * 5 + [True] * 5)
    assert found.value == pytest.approx((0.9 + 0.5) / 2)
    assert found.low is not None
    assert found.high is not None
    assert 0.5 < found.low < 0.7 < found.high < 0.9
    assert balanced([], [True]).value is None


def test_a_bootstrap_says_the_same_each_time() -> None:
    values = [1.0, 0.5, 0.0, 1.0, 0.25] * 8
    first, second = mean(values), mean(values)
    assert first == second
    assert first.value == pytest.approx(0.55)
    assert first.low is not None
    assert first.high is not None
    assert first.low < 0.55 < first.high
