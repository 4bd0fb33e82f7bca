"""Every mutant still takes a rule out that is there, and names tests that exist: `make mutants` runs them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.mutants.mutant import Mutant
from tests.mutants.suite import MUTANTS

HOME = Path(__file__).parents[2]
ENOUGH = 40


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.rule)
def test_the_rule_that_a_mutant_takes_out_is_still_there(mutant: Mutant) -> None:
    assert mutant.trouble(HOME) == ""


def test_no_rule_is_taken_out_twice_and_there_are_enough_of_them() -> None:
    assert [rule for rule, count in Counter(mutant.rule for mutant in MUTANTS).items() if count > 1] == []
    assert len(MUTANTS) >= ENOUGH


def test_a_mutant_whose_text_or_test_is_gone_says_so(tmp_path: Path) -> None:
    (tmp_path / "rule.py").write_text("def rule():\n    return True\n", encoding="utf-8")
    (tmp_path / "test_rule.py").write_text("def test_it():\n    assert True\n", encoding="utf-8")
    whole = Mutant(rule="it is so", file="rule.py", old="return True", new="return False", tests=("test_rule.py::test_it",))
    assert whole.trouble(tmp_path) == ""
    for broken in (
        replace(whole, file="gone.py"),
        replace(whole, old="return None"),
        replace(whole, new="return True"),
        replace(whole, new="return ("),
        replace(whole, tests=("test_rule.py::test_no",)),
        replace(whole, tests=("test_no.py",)),
        replace(whole, tests=()),
    ):
        assert broken.trouble(tmp_path), broken
