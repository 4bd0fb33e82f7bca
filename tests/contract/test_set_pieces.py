"""The questions written for one promise each are read strictly, and what is planted contradicts one figure and no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answers import Answer, Case, Contact, Outcome
from evals import set_pieces
from evals.conflicting import altered
from evals.golden import BadGolden
from evals.outcomes import outcome_figures
from evals.set_pieces import Piece, load_cases, load_off_topic, load_sensitive


def test_every_set_has_both_sides_and_both_halves() -> None:
    for pieces, kinds in (
        (load_cases(), {"open", "closed"}),
        (load_sensitive(), {"told", "asked"}),
        (load_off_topic(), {"policy", "no_policy"}),
    ):
        assert {piece.kind for piece in pieces} == kinds
        assert {(piece.kind, piece.half) for piece in pieces} == {(kind, half) for kind in kinds for half in ("tune", "check")}


@pytest.mark.parametrize(
    "text",
    [
        "- {id: a, policy: yes}\n",
        "- {id: a, policy: yes, text: b, why: c}\n",
        "- {id: a, policy: yes, text: b}\n- {id: a, policy: no, text: c}\n",
    ],
)
def test_a_slip_in_a_set_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    file = tmp_path / "off_topic.yaml"
    file.write_text(text, encoding="utf-8")
    monkeypatch.setattr(set_pieces, "OFF_TOPIC", file)
    with pytest.raises(BadGolden, match=r"off_topic\.yaml"):
        load_off_topic()


def test_each_figure_counts_its_own_questions() -> None:
    def piece(kind: str, **more: object) -> Piece:
        return Piece(id="x", kind=kind, text="?", asker="tom", **more)  # type: ignore[arg-type]  # tests pass plain strings

    def ended(outcome: Outcome, *cases: str, contact: str = "") -> Answer:
        told = Contact(contact, "Speak to Ann.") if contact else None
        return Answer(receipt="1", outcome=outcome, cases=tuple(Case("country", case) for case in cases), contact=told)

    found = outcome_figures(
        [
            (piece("open", named=frozenset({"Germany"})), ended(Outcome.ASKS_BACK, "Germany", "Spain")),
            (piece("open", named=frozenset({"Germany"})), ended(Outcome.ANSWERED)),
            (piece("closed"), ended(Outcome.ANSWERED)),
            (piece("told", topic="health"), ended(Outcome.CONTACT_FIRST, contact="union")),
            (piece("asked", answered=True), ended(Outcome.NOT_FOUND)),
            (piece("asked"), ended(Outcome.ANSWERED, contact="health")),
            (piece("no_policy"), ended(Outcome.NOT_POLICY)),
            (piece("policy"), ended(Outcome.NOT_FOUND)),
        ]
    )
    assert {name: figure.value for name, figure in found.items()} == {
        "asked_back": 0.5,
        "cases_named": 1.0,
        "falsely_asked_back": 0.0,
        "contact_first": 1.0,
        "right_contact": 0.0,
        "rules_answered": 0.0,
        "rules_without_contact": 0.5,
        "told_no_policy": 1.0,
        "policy_told_none": 0.0,
    }


CLAUSE = "4.1 Up to 5 days are carried over. They lapse on 31 March, unless 2 managers agree."


def test_only_the_figure_that_answers_is_planted_otherwise() -> None:
    assert altered(CLAUSE, ["5 days"], short=False) == CLAUSE.replace("5 days", "7 days")
    assert altered(CLAUSE, ["31 March"], short=False) == CLAUSE.replace("31", "28")
    assert altered(CLAUSE, ["5 days"], short=True) == "Up to 7 days are carried over."
    assert altered("Meals cost £1,200 a head.", ["1,200"], short=False) == "Meals cost £1,500 a head."


def test_where_the_answer_is_no_figure_nothing_is_planted() -> None:
    assert altered(CLAUSE, ["managers"], short=False) == ""
    assert altered(CLAUSE, ["9 days"], short=False) == ""
