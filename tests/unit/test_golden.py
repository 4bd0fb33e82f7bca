"""Golden questions are read strictly, and compared with answers by whole words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as some

from evals.golden import BadGolden, Clause, GoldenQuestion, first, load_golden
from evals.phrases import says

PLAIN: dict[str, Any] = {
    "id": "a-1",
    "kind": "plain",
    "asker": "tom",
    "where": "#ask-policy",
    "question": "how many days?",
    "clause": ["annual-leave-uk#4.2"],
    "says": ["5 days"],
    "never": ["8 days"],
}


def load(tmp_path: Path, *entries: object) -> tuple[GoldenQuestion, ...]:
    file = tmp_path / "golden.yaml"
    file.write_text(yaml.safe_dump(list(entries)), encoding="utf-8")
    return load_golden(file)


def test_a_question_is_read_with_all_that_it_says(tmp_path: Path) -> None:
    (question,) = load(tmp_path, PLAIN)
    assert question.clauses == (Clause("annual-leave-uk", "4.2"),)
    assert (question.says, question.never, question.before, question.answerable) == (("5 days",), ("8 days",), (), True)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"kind": "hard"}, "kind is 'hard'"),
        ({"says": []}, "needs words"),
        ({"says": "5 days"}, "says must be a list"),
        ({"clause": []}, "needs a clause"),
        ({"clause": ["annual-leave-uk 4.2"]}, "write stem#4.2"),
        ({"where": "ask-policy"}, "write dm or #channel"),
        ({"question": " "}, "question must be text"),
        ({"asker": 7}, "asker must be text"),
        ({"colour": "red"}, "'colour' is unknown"),
        ({"before": ["hello"]}, "'before' is unknown"),
        ({"kind": "follow_up"}, "'before' is missing"),
        ({"kind": "follow_up", "before": []}, "what was asked before"),
        ({"kind": "near_miss"}, "has no clause"),
        ({"kind": "own_record", "clause": []}, "has no words"),
        ({"kind": "restricted", "says": [], "never": []}, "must not be shown"),
    ],
)
def test_a_slip_is_found_and_named(tmp_path: Path, change: dict[str, object], complaint: str) -> None:
    with pytest.raises(BadGolden, match=complaint) as problem:
        load(tmp_path, PLAIN | change)
    assert "a-1" in str(problem.value)


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadGolden, match="a-1: 'never' is missing"):
        load(tmp_path, {key: value for key, value in PLAIN.items() if key != "never"})


def test_an_id_is_used_once(tmp_path: Path) -> None:
    with pytest.raises(BadGolden, match="a-1 is the id of two"):
        load(tmp_path, PLAIN, PLAIN)


@pytest.mark.parametrize("text", ["", "a: b", "- [", "- just words"])
def test_a_file_that_is_no_list_of_questions_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "golden.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadGolden):
        load_golden(file)


def test_a_missing_file_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(BadGolden, match=r"golden\.yaml cannot be read"):
        load_golden(tmp_path / "golden.yaml")


def test_questions_about_one_document_are_in_one_half(tmp_path: Path) -> None:
    questions = load(tmp_path, *(PLAIN | {"id": f"a-{number}", "clause": [f"annual-leave-uk#{number}.1"]} for number in range(1, 30)))
    assert len({question.half for question in questions}) == 1


def test_questions_without_a_document_are_in_both_halves(tmp_path: Path) -> None:
    nothing = {"kind": "unanswerable", "clause": [], "says": [], "never": []}
    questions = load(tmp_path, *(PLAIN | nothing | {"id": f"a-{number}"} for number in range(1, 30)))
    assert {question.half for question in questions} == {"tune", "check"}


@pytest.mark.parametrize(("number", "passage"), [("4", "4"), ("4", "4.2"), ("4.2", "4.2"), ("4.2", "4.2(a)"), ("4.2", "4.2.1")])
def test_a_clause_covers_itself_and_its_parts(number: str, passage: str) -> None:
    assert Clause("expenses", number).covers("expenses", passage)


@pytest.mark.parametrize(("number", "passage"), [("4.2", "4.21"), ("4", "14.2"), ("4.2", "4"), ("4", "41"), ("4.2", ""), ("4.2", "14.2")])
def test_a_clause_covers_no_neighbour(number: str, passage: str) -> None:
    assert not Clause("expenses", number).covers("expenses", passage)
    assert not Clause("expenses", number).covers("expenses-2025", number)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("You may carry over up to 5 days.", "5 days"),
        ("You may carry over up to 5\N{NO-BREAK SPACE}days.", "5 days"),
        ("UP TO 5  DAYS", "5 days"),
        ("up to **5 days** a year", "5 days"),
        ("the limit is £160.", "£160"),
        ("a supplement of 125 % applies", "125 %|125%"),
        ("a supplement of 125% applies", "125 %|125%"),
        ("the manager’s own manager", "manager's own"),
    ],
)
def test_a_phrase_is_found_whatever_its_case_and_spacing(text: str, phrase: str) -> None:
    assert says(text, phrase)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("up to 15 days", "5 days"),
        ("up to 2.5 days", "5 days"),
        ("up to £1600", "£160"),
        ("up to £160.50", "£160"),
        ("up to £160,000", "£160"),
        ("a dayshift", "day"),
        ("a supplement of 125 %", "25 %|25%"),
        ("", "5 days"),
    ],
)
def test_a_phrase_is_not_found_inside_another(text: str, phrase: str) -> None:
    assert not says(text, phrase)


@given(some.integers(1, 9999), some.integers(1, 9999))
def test_a_number_is_found_in_exactly_its_own_sentence(said: int, asked: int) -> None:
    assert says(f"The limit is {said}, for everyone.", str(asked)) == (said == asked)


def test_the_first_questions_are_the_same_ones_whatever_order_they_stand_in(tmp_path: Path) -> None:
    questions = load(tmp_path, *(PLAIN | {"id": f"a-{number}"} for number in range(20)))
    taken = first(questions, 5)
    assert len(taken) == 5
    assert set(first(questions[::-1], 5)) == set(taken)
    assert set(taken) < set(first(questions, 6))
    assert [question for question in questions if question in taken] == list(taken)
    assert taken != questions[:5]
    assert first(questions, None) == first(questions, 99) == questions
