"""Claims go through the check that decides what is shown, held against the passages that are indexed, and a look at them is logged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import HOME
from evals import claims_cli, cli, log
from knowledge.hashing_embedding import HashingEmbedding
from tests.corpora import write_policy

WRITTEN = (  # line, kind; the clause says: up to 5 days, if the manager agrees
    ("You may carry over up to 5 days of annual leave if your manager agrees.", "right"),
    ("You can carry over up to 5 days of annual leave, if the manager agrees.", "right"),
    ("Your goldfish, your grandmother, Tuesday's weather and a marmalade sandwich all decide whether you get promoted abroad.", "right"),
    ("You may carry over up to 9 days of annual leave if your manager agrees.", "number"),
    ("You may not carry over up to 5 days of annual leave if your manager agrees.", "negation"),
    ("You must carry over up to 5 days of annual leave if your manager agrees.", "modality"),
)


def claims(stem: str, *written: tuple[str, str]) -> list[dict[str, object]]:
    return [
        {
            "id": f"{stem}-{number}",
            "clause": f"{stem}#1.1",
            "question": "can I carry over?",
            "line": line,
            "right": kind == "right",
            "kind": kind,
        }
        for number, (line, kind) in enumerate(written, start=1)
    ]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of claims about a document of each half: holiday is in tune, leave in check."""
    documents, folder = tmp_path / "documents", tmp_path / "claims"
    clause = "Employees may carry over up to 5 days of annual leave if their manager agrees."
    write_policy(documents, "holiday.md", clause, title="Annual leave")
    write_policy(documents, "leave.md", clause, title="Annual leave for the board", access="groups: hr")
    (documents / "workspace.yaml").write_bytes((HOME / "handbook" / "workspace.yaml").read_bytes())
    folder.mkdir()
    (folder / "free.yaml").write_text(yaml.safe_dump([*claims("holiday", *WRITTEN), *claims("leave", *WRITTEN[:4])]), encoding="utf-8")
    monkeypatch.setenv("IBID_DOCUMENTS", str(documents))
    monkeypatch.setattr(claims_cli, "FOLDER", folder)
    monkeypatch.setattr(claims_cli, "open_minilm", lambda *_, **__: HashingEmbedding())
    monkeypatch.setattr(log, "LOG", tmp_path / "runs.jsonl")
    return folder


def figures(tmp_path: Path, *options: str) -> dict[str, Any]:
    file = tmp_path / "figures.json"
    assert cli.main(["--claims", "--json", str(file), *options]) == 0
    found: dict[str, Any] = json.loads(file.read_text())["claims"]
    return found


def test_the_checks_mistakes_are_counted_on_the_tune_half_alone(folder: Path, tmp_path: Path) -> None:
    found = figures(tmp_path)
    assert found.keys() == {"free"}
    assert found["free"].keys() == {"tune"}
    tune = found["free"]["tune"]
    assert (tune["n"], tune["counts"]["wrong_shown"], tune["counts"]["right_dropped"]) == (6, [0, 3], [1, 3])
    assert (tune["wrong_shown_number"], tune["wrong_shown_date"]) == (0.0, None)
    assert tune["balanced_accuracy"] == pytest.approx((2 / 3 + 1) / 2, abs=1e-4)
    assert tune["words_balanced_accuracy"] < tune["balanced_accuracy"]
    assert tune["median_ms"] > 0
    assert not log.LOG.exists()


def test_every_file_is_held_by_itself(folder: Path, tmp_path: Path) -> None:
    (folder / "close.yaml").write_text(yaml.safe_dump(claims("holiday", WRITTEN[2], ("Bicycles fly.", "invented"))), encoding="utf-8")
    found = figures(tmp_path)
    assert {name: of_file["tune"]["n"] for name, of_file in found.items()} == {"close": 2, "free": 6}
    assert found["close"]["tune"]["words_threshold"] < found["free"]["tune"]["words_threshold"]


def test_the_line_for_word_coverage_is_drawn_on_the_tune_half(folder: Path, tmp_path: Path) -> None:
    both = figures(tmp_path, "--set", "both")["free"]
    assert both["check"]["words_threshold"] == both["tune"]["words_threshold"]
    check = figures(tmp_path, "--set", "check", "--again")["free"]
    assert check.keys() == {"check"}
    assert check["check"]["words_threshold"] == both["tune"]["words_threshold"]
    assert check["check"]["n"] == 4


def test_a_look_at_the_check_half_is_logged_and_given_once(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures(tmp_path, "--set", "check")
    [run] = log.runs(log.LOG)
    assert (run["what"], run["models"], run["again"]) == ("claims", [], False)
    assert run["figures"]["free"]["n"] == 4
    assert cli.main(["--claims", "--set", "both"]) == 1
    assert "exactly this tree" in capsys.readouterr().out
    assert log.looked_before(run["tree"], log.LOG) is None  # a look at claims is none at golden questions
    figures(tmp_path, "--set", "check", "--again")
    assert [run["again"] for run in log.runs(log.LOG)] == [False, True]


def test_only_the_tune_halfs_mistakes_are_listed(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures(tmp_path, "--set", "both", "--failures")
    out = capsys.readouterr().out
    assert "holiday-3 right · holiday#1.1 · " in out
    assert "goldfish" in out
    assert "holiday-1" not in out
    assert "leave-" not in out
    assert "free: 1 of 6 went wrong." in out


def test_the_companys_name_and_every_part_of_the_clause_may_be_said(folder: Path, tmp_path: Path) -> None:
    write_policy(tmp_path / "documents", "time-off.md", "You may take:\n\n(a) 3 days for moving house;\n\n(b) 2 days for a wedding.")
    lines = [
        ("At Fernhill Instruments you may take 3 days for moving house and 2 days for a wedding.", "right"),
        ("At Northgate Instruments you may take 3 days for moving house and 2 days for a wedding.", "invented"),
    ]
    (folder / "free.yaml").write_text(yaml.safe_dump(claims("time-off", *lines)), encoding="utf-8")
    tune = figures(tmp_path)["free"]["tune"]
    assert (tune["right_dropped"], tune["wrong_shown"]) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(yaml.safe_dump(claims("carry", WRITTEN[0])), "carry-1: no passage"), ("- id: x", "x: "), (None, "holds no claims")],
)
def test_claims_that_cannot_be_held_are_said_in_one_line(
    folder: Path, content: str | None, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "free.yaml").write_text(content, encoding="utf-8") if content else (folder / "free.yaml").unlink()
    assert cli.main(["--claims"]) == 1
    assert complaint in " ".join(capsys.readouterr().out.split())
