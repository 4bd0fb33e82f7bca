"""The lines that the proof is measured with are as many, and of the kinds, that were promised."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from evals.claims import BadClaims, load_claims
from evals.claims_cli import FOLDER
from evals.clauses import load_exceptions, load_own_numbers


def test_there_are_400_pairs_and_each_right_line_has_a_twin_of_the_same_clause() -> None:
    pairs = load_claims(FOLDER / "pairs.yaml")
    assert len(pairs) == 400
    for right, wrong in zip(pairs[::2], pairs[1::2], strict=True):
        assert (right.right, wrong.right, right.clause) == (True, False, wrong.clause)
        assert right.line != wrong.line
    kinds = Counter(pair.kind for pair in pairs if not pair.right)
    assert kinds.keys() == {"number", "negation", "modality", "group", "date"}
    assert min(kinds.values()) >= 20


def test_there_are_100_exceptions_and_no_line_says_its_own() -> None:
    exceptions = load_exceptions()
    assert len(exceptions) == 100
    assert all(one.exception.lower() not in one.line.lower() for one in exceptions)


def test_there_are_20_questions_with_a_number_of_their_own() -> None:
    questions = load_own_numbers()
    assert len(questions) == 20
    assert all(any(character.isdigit() for character in one.question) for one in questions)


@pytest.mark.parametrize("text", ["[]", "a: b", "- id: x\n  clause: leave\n  question: q\n  line: l\n  exception: e", "- id: x"])
def test_a_file_that_is_not_one_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "file.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadClaims):
        load_exceptions(tmp_path / "file.yaml")
