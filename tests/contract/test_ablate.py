"""`ibid eval --ablate` searches small documents in every way that there is, and writes the page that docs/retrieval.md is."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
import yaml
from numpy.typing import NDArray

from evals import ablate, cli
from evals.ablation import stage_ways
from knowledge.hashing_embedding import HashingEmbedding
from tests.corpora import write_policy

HANDBOOK = Path(__file__).resolve().parents[2] / "handbook"
ROWS = {"bikes": "Bicycles are stored behind the warehouse.", "trains": "Trains come before planes."}


@pytest.fixture(autouse=True)
def _hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ablate, "open_minilm", lambda *_, **__: HashingEmbedding())


@pytest.fixture
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "documents"
    write_policy(folder, "holiday.md", "1.1 Employees may carry over up to 5 days of annual leave.", "1.2 Leave is asked for in Desk.")
    (folder / "workspace.yaml").write_bytes((HANDBOOK / "workspace.yaml").read_bytes())
    asked = {"asker": "priya", "where": "dm", "never": []}
    golden = [
        asked | {"id": "a-1", "kind": "plain", "question": "how many days of leave carry over?", "clause": ["holiday#1.1"], "says": ["5"]},
        asked | {"id": "u-1", "kind": "unanswerable", "question": "zeppelin timetable?", "clause": [], "says": []},
        asked | {"id": "u-3", "kind": "unanswerable", "question": "aquarium opening hours?", "clause": [], "says": []},
    ]
    (folder / "golden.yaml").write_text(yaml.safe_dump(golden), encoding="utf-8")
    monkeypatch.setenv("IBID_DOCUMENTS", str(folder))
    monkeypatch.setenv("IBID_DATA_DIR", str(tmp_path / "var"))
    return folder


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    folder = tmp_path / "rows"
    folder.mkdir()
    lines = [json.dumps({"id": name, "text": text}) for name, text in ROWS.items()]
    (folder / "corpus.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "queries.jsonl").write_text(json.dumps({"id": "1", "text": "where are bicycles stored?"}), encoding="utf-8")
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n1\tbikes\t1\n", encoding="utf-8")
    return folder


def of_table(page: str, title: str, of_set: str = "golden tune") -> dict[str, list[str]]:
    """The rows of a table by their first cell."""
    part = page.split(f"## {title}", maxsplit=1)[1].split(f"### {of_set}", maxsplit=1)[1].split("\n#", maxsplit=1)[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    return {cells[0]: cells[1:] for cells in ([cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:])}


def test_every_way_is_compared_on_every_set_and_written_as_a_page(documents: Path, rows: Path, tmp_path: Path) -> None:
    page = tmp_path / "retrieval.md"
    assert documents.exists()
    assert cli.main(["--ablate", "--data", str(rows), "--write", str(page)]) == 0
    written = page.read_text(encoding="utf-8")
    for of_set in ("golden tune", "rows"):
        stages, splits = of_table(written, "What each stage is worth", of_set), of_table(written, "Other ways to split", of_set)
        assert list(stages) == list(stage_ways())
        assert stages["all stages"][:4] == ["1.000"] * 4
        assert list(splits) == ["clause by clause", "semantic", "512 tokens", "1,024 tokens"]
        assert all(row[:4] == ["1.000"] * 4 for row in splits.values())
    assert len(of_table(written, "What each stage is worth", "rows")["all stages"]) == 4  # nothing there is unanswerable: no AUC
    assert str(tmp_path) not in written


def test_a_second_run_embeds_no_window_again(documents: Path, rows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert documents.exists()
    assert cli.main(["--ablate", "--data", str(rows)]) == 0
    embedded: list[str] = []
    embed = HashingEmbedding.embed_windows

    def watched(self: HashingEmbedding, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        embedded.extend(texts)
        return embed(self, texts, progress)

    monkeypatch.setattr(HashingEmbedding, "embed_windows", watched)
    assert cli.main(["--ablate", "--data", str(rows)]) == 0
    assert embedded == []


def test_the_operators_re_ranker_has_a_row_of_its_own(documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IBID_RERANKER", "http://127.0.0.1:1#m")
    page = tmp_path / "retrieval.md"
    assert documents.exists()
    assert cli.main(["--ablate", "--write", str(page)]) == 0
    assert "re-ranked by http://127.0.0.1:1/rerank#m" in of_table(page.read_text(encoding="utf-8"), "What each stage is worth")


@pytest.mark.parametrize("options", [("--write", "page.md"), ("--ablate", "--limit", "3"), ("--ablate", "--legs")])
def test_options_that_do_not_go_together_are_refused(options: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(options)
    assert "--ablate" in capsys.readouterr().err or "--legs" in options


def test_a_page_that_cannot_be_written_is_said_before_the_work(documents: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert documents.exists()
    assert cli.main(["--ablate", "--write", str(tmp_path / "nowhere" / "page.md")]) == 1
    assert "name a file in a folder that is there" in capsys.readouterr().out
    assert not (tmp_path / "var").exists()
