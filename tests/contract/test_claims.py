"""Claims are read strictly, and each file holds as many right lines as wrong ones, of every kind, about clauses that exist."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from evals.claims import KINDS, BadClaims, Claim, load_claims
from evals.golden import Clause, load_golden

ROOT = Path(__file__).resolve().parents[2]
HANDBOOK = ROOT / "handbook"
FILES = [ROOT / "evals" / "claims" / name for name in ("close.yaml", "free.yaml")]  # test_clauses.py looks at the pairs
RIGHT: dict[str, Any] = {
    "id": "c-1",
    "clause": "annual-leave-uk#4.1",
    "question": "can I carry over holiday?",
    "line": "You can carry over up to five days.",
    "right": True,
    "kind": "right",
}


@pytest.fixture(scope="module", params=FILES, ids=lambda file: file.stem)
def claims(request: pytest.FixtureRequest) -> tuple[Claim, ...]:
    return load_claims(request.param)


def load(tmp_path: Path, *entries: object) -> tuple[Claim, ...]:
    file = tmp_path / "claims.yaml"
    file.write_text(yaml.safe_dump(list(entries)), encoding="utf-8")
    return load_claims(file)


def test_a_claim_is_read_with_its_clause_and_its_verdict(tmp_path: Path) -> None:
    right, wrong = load(tmp_path, RIGHT, RIGHT | {"id": "c-2", "right": False, "kind": "number"})
    assert (right.clause, right.line, right.right) == (Clause("annual-leave-uk", "4.1"), "You can carry over up to five days.", True)
    assert (wrong.right, wrong.kind) == (False, "number")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"kind": "typo"}, "kind is 'typo'"),
        ({"kind": ["right"]}, r"kind is \['right'\]"),
        ({"right": "yes"}, "right must be true or false"),
        ({"right": 1}, "right must be true or false"),
        ({"right": False}, "right is false but kind is right"),
        ({"kind": "date"}, "right is true but kind is date"),
        ({"clause": "annual-leave-uk 4.1"}, "write stem#4.2"),
        ({"clause": "annual-leave-uk#"}, "write stem#4.2"),
        ({"clause": ["annual-leave-uk#4.1"]}, "clause must be text"),
        ({"question": " "}, "question must be text"),
        ({"line": ""}, "line must be text"),
        ({"line": "One.\nTwo."}, "line must be one line"),
        ({"colour": "red"}, "'colour' is unknown"),
    ],
)
def test_a_slip_is_found_and_named(tmp_path: Path, change: dict[str, object], complaint: str) -> None:
    with pytest.raises(BadClaims, match=complaint) as problem:
        load(tmp_path, RIGHT | change)
    assert "c-1" in str(problem.value)


@pytest.mark.parametrize("key", sorted(RIGHT.keys() - {"id"}))
def test_a_missing_key_is_named(tmp_path: Path, key: str) -> None:
    with pytest.raises(BadClaims, match=f"c-1: '{key}' is missing"):
        load(tmp_path, {name: value for name, value in RIGHT.items() if name != key})


def test_a_claim_without_an_id_is_named_by_its_place(tmp_path: Path) -> None:
    with pytest.raises(BadClaims, match="entry 2: 'id' is missing"):
        load(tmp_path, RIGHT, {name: value for name, value in RIGHT.items() if name != "id"})


def test_an_id_is_used_once(tmp_path: Path) -> None:
    with pytest.raises(BadClaims, match="c-1 is the id of two"):
        load(tmp_path, RIGHT, RIGHT)


@pytest.mark.parametrize("content", [b"", b"a: b", b"- [", b"- just words", b"\xff\xfe\xfa"])
def test_a_file_that_is_no_list_of_claims_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "claims.yaml"
    file.write_bytes(content)
    with pytest.raises(BadClaims):
        load_claims(file)


def test_a_missing_file_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(BadClaims, match=r"claims\.yaml cannot be read"):
        load_claims(tmp_path / "claims.yaml")


def test_free_paraphrases_and_close_lines_are_kept_apart() -> None:
    assert sorted(file.name for file in FILES[0].parent.glob("*.yaml")) == ["close.yaml", "free.yaml", "pairs.yaml"]
    both = [claim for file in FILES for claim in load_claims(file)]
    assert len({claim.id for claim in both}) == len({claim.line for claim in both}) == len(both)


def test_there_are_as_many_right_lines_as_wrong_ones(claims: tuple[Claim, ...]) -> None:
    assert Counter(claim.right for claim in claims) == {True: 300, False: 300}


def test_every_kind_of_wrong_is_there_often_enough_to_measure(claims: tuple[Claim, ...]) -> None:
    count = Counter(claim.kind for claim in claims)
    assert {kind for kind in KINDS if kind != "right" and not 30 <= count[kind] <= 45} == set()


def test_no_line_is_there_twice(claims: tuple[Claim, ...]) -> None:
    assert [line for line, count in Counter(claim.line for claim in claims).items() if count > 1] == []


def test_every_document_of_the_handbook_is_claimed_about_and_none_too_often(claims: tuple[Claim, ...]) -> None:
    count = Counter(claim.clause.stem for claim in claims)
    assert count.keys() == stems()
    assert max(count.values()) <= 16


def test_a_document_has_as_many_right_lines_as_wrong_ones(claims: tuple[Claim, ...]) -> None:
    right = Counter(claim.clause.stem for claim in claims if claim.right)
    assert right == Counter(claim.clause.stem for claim in claims if not claim.right)


def test_every_clause_is_one_of_its_document(claims: tuple[Claim, ...]) -> None:
    missing = {claim.id for claim in claims if claim.clause.number not in clauses(claim.clause.stem)}
    assert missing == set()


def test_both_halves_hold_enough_claims_of_both_verdicts(claims: tuple[Claim, ...]) -> None:
    count = Counter((claim.half, claim.right) for claim in claims)
    assert all(count[half, right] >= 100 for half in ("tune", "check") for right in (True, False))


def test_a_document_is_in_the_same_half_as_its_golden_questions(claims: tuple[Claim, ...]) -> None:
    golden = {question.clauses[0].stem: question.half for question in load_golden(HANDBOOK / "golden.yaml") if question.clauses}
    assert golden
    assert {claim.id for claim in claims if golden.get(claim.clause.stem, claim.half) != claim.half} == set()


def stems() -> set[str]:
    """The documents of the handbook, by name: what is rendered from a source in Markdown is there under the same name."""
    kinds = {".md", ".html", ".docx", ".pdf"}
    return {path.stem for path in HANDBOOK.glob("*/*") if path.suffix in kinds and path.parent.name != "sources"}


def clauses(stem: str) -> set[str]:
    """The clause numbers in the text of a document, read from its Markdown or HTML."""
    source = next(path for path in sorted(HANDBOOK.glob(f"*/{stem}.*")) if path.suffix in {".md", ".html"})
    return set(re.findall(r"^(?:<p>)?\W*(\d+\.\d+)\s", re.sub(r"<[^>]+>", "", source.read_text(encoding="utf-8")), re.MULTILINE))
