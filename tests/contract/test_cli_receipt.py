"""`ibid receipt`: everything behind an answer but its words, and quotes only for whom they are readable."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import bot.bootstrap
import bot.flows.looking
from bot.__main__ import main
from knowledge.hashing_embedding import HashingEmbedding
from knowledge.weights import THRESHOLDS

PEOPLE = """
company: Small Ltd
today: 2026-11-16
people:
  ann: {id: U1, name: Ann Lee, groups: [hr]}
  bob: {id: U2, name: Bob Ray}
groups:
  hr: {id: S1, name: People}
channels: {}
"""
BANDS = """---
title: Salary bands
owner: ann
access: {groups: [hr]}
---
# Salary bands

1.1 The salary band of a firmware engineer starts at 48,000 pounds a year.
"""
QUESTION = "At what does the salary band of a firmware engineer start?"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ibid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """With one document, indexed."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "bands.md").write_text(BANDS, encoding="utf-8")
    (tmp_path / "people.yaml").write_text(PEOPLE, encoding="utf-8")
    monkeypatch.setenv("IBID_DOCUMENTS", str(tmp_path / "documents"))
    monkeypatch.setenv("IBID_PEOPLE_FILE", str(tmp_path / "people.yaml"))
    monkeypatch.setenv("IBID_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setattr(bot.bootstrap, "built_in_embedder", lambda settings: HashingEmbedding())
    monkeypatch.setattr(bot.flows.looking, "THRESHOLDS", replace(THRESHOLDS, answer_from=0.0))  # tuned for the real embedder

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    assert run("index")[0] == 0
    return run


@pytest.fixture
def receipt(ibid: Run) -> str:
    return str(json.loads(ibid("ask", QUESTION, "--as", "ann", "--json")[1])["receipt"])


def test_an_operator_sees_ids_and_figures_and_no_words(ibid: Run, receipt: str) -> None:
    code, out, _ = ibid("receipt", receipt)

    assert code == 0
    for words in (
        f"{receipt}: answered",
        "readers     alone; they may read",
        "groups:hr",
        "edition 1",
        "writer      quotes",
        "bands.md, version ",
    ):
        assert words in out
    for words in ("48,000", "salary", "Salary", "firmware", "Ann", "U1"):
        assert words not in out


def test_quotes_are_shown_for_who_may_read_them_and_for_nobody_else(ibid: Run, receipt: str) -> None:
    assert "“The salary band of a firmware engineer starts at 48,000" in ibid("receipt", receipt, "--as", "ann")[1]
    assert "not to be read by this person" in ibid("receipt", receipt, "--as", "bob")[1]
    assert "48,000" not in ibid("receipt", receipt, "--as", "bob")[1]
    assert ibid("receipt", receipt, "--as", "zoe")[0] == 2


def test_json_holds_the_passage_its_version_and_the_score_of_each_sentence(ibid: Run, receipt: str) -> None:
    told = json.loads(ibid("receipt", receipt, "--json")[1])
    (said,) = told["sentences"]
    (proof,) = said["proofs"]

    assert said["score"] == 1
    assert len(said["hash"]) == 24
    assert proof["document"] == "bands.md"
    assert len(proof["version"]) == 32
    assert "quote" not in proof
    assert QUESTION not in json.dumps(told)


def test_a_receipt_that_is_not_kept_is_said_to(ibid: Run) -> None:
    code, _, err = ibid("receipt", "0000-0000")

    assert code == 1
    assert "There is no receipt '0000-0000', or it is not kept any more: that is 90 days." in err


def test_an_erased_document_is_gone_from_the_receipts_too(ibid: Run, receipt: str) -> None:
    passage = json.loads(ibid("receipt", receipt, "--json")[1])["sentences"][0]["proofs"][0]["passage"]
    out = ibid("erase", "bands.md", "--yes")[1]

    assert "and what 1 receipt had of it" in out
    left = ibid("receipt", receipt, "--json")[1]
    assert passage not in left
    assert "bands" not in left
    assert json.loads(left)["sentences"] == []
