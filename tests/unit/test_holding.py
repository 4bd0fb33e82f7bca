"""What the figures of claims count, on claims held by hand; and what a claim is held against."""

from __future__ import annotations

import pytest

from evals.claims import Claim, Kind
from evals.golden import Clause
from evals.holding import Held, best_threshold, claim_figures, coverage
from tests.factories import a_hit


def held(kind: Kind = "right", *, shown: bool = True, covered: float = 0.5, took: float = 1.0) -> Held:
    claim = Claim(id="c", clause=Clause("annual-leave", "4.1"), question="?", line="Five days.", right=kind == "right", kind=kind)
    return Held(claim=claim, objection="" if shown else "says 5, which it does not", coverage=covered, milliseconds=took)


def test_wrong_lines_that_are_shown_and_right_ones_that_are_dropped_are_counted_apart() -> None:
    found = claim_figures([held(), held(shown=False), held(), held(), held("number"), held("date", shown=False)], None)
    assert (found["right_dropped"].count, found["right_dropped"].of) == (1, 4)
    assert (found["wrong_shown"].count, found["wrong_shown"].of) == (1, 2)
    assert found["balanced_accuracy"].value == pytest.approx((0.75 + 0.5) / 2)
    assert found["balanced_accuracy"].low is not None


def test_mistakes_are_counted_by_kind() -> None:
    found = claim_figures([held(), held("number"), held("number", shown=False), held("date")], None)
    assert (found["wrong_shown_number"].value, found["wrong_shown_date"].value, found["wrong_shown_group"].value) == (0.5, 1.0, None)
    assert "wrong_shown_right" not in found


def test_the_time_is_that_of_the_check_in_the_middle() -> None:
    assert claim_figures([held(took=1.0), held(took=2.0), held(took=90.0)], None)["median_ms"].value == 2.0
    assert claim_figures([], None)["median_ms"].value is None


def test_word_coverage_draws_the_line_where_it_is_right_most_often() -> None:
    tune = [held(covered=0.9), held(covered=0.6), held("number", covered=0.5), held("date", covered=0.2)]
    assert best_threshold(tune) == 0.6
    assert best_threshold([*tune, held("group", covered=0.7)]) == 0.6
    assert best_threshold([held()]) is None
    assert best_threshold([]) is None


def test_word_coverage_is_measured_with_the_line_that_it_is_given() -> None:
    check = [held(covered=0.6, shown=False), held(covered=0.5), held("number", covered=0.6, shown=False), held("date", covered=0.1)]
    found = claim_figures(check, 0.6)
    assert (found["words_right_dropped"].value, found["words_wrong_shown"].value) == (0.5, 0.5)
    assert (found["right_dropped"].value, found["wrong_shown"].value) == (0.5, 0.5)
    assert found["words_threshold"].value == 0.6
    assert "words_wrong_shown" not in claim_figures(check, None)


def test_coverage_is_the_share_of_telling_words_that_any_passage_of_the_clause_has() -> None:
    clause = (a_hit("4.1 Employees may carry over leave."), a_hit("(a) Five days at most."))
    assert coverage("You may carry over five days.", clause) == 1.0
    assert coverage("You may carry over seven weeks.", clause) == pytest.approx(0.5)
    assert coverage("Nonsense entirely.", clause) == 0.0
    assert coverage("…", clause) == 0.0
