"""`ibid eval --data`: a folder goes through the same index and search as production, and comes out as figures."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from reportlab.pdfgen.canvas import Canvas

from evals import cli, data_cli
from knowledge.hashing_embedding import HashingEmbedding

FIGURES = [
    *("n", "recall@1", "recall@3", "recall@5", "recall@10", "hit@1", "hit@3", "hit@5", "hit@10"),
    *("ndcg@5", "ndcg@10", "mrr", "refusal_auc"),
]
ALL_FOUND = dict.fromkeys(FIGURES, 1.0)
ROWS = {
    "leave": "Annual leave is twenty five days a year.",
    "parking": "Visitors park their cars behind the warehouse.",
    "7": "Expenses are paid on the last Friday of the month.",
}
TOPICS = ("Annual leave is twenty five days.", "Bicycles are stored behind the warehouse.", "Expenses are paid every Friday.")
LINES_OF_A_PAGE = 40  # so long that no passage holds two pages


@pytest.fixture(autouse=True)
def _hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_cli, "open_minilm", lambda *_, **__: HashingEmbedding())


def write(folder: Path, *questions: dict[str, object]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "queries.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in questions), encoding="utf-8")


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """Three rows, a follow-up, and a question that nothing answers."""
    folder = tmp_path / "sets" / "rows"
    history = [{"role": "user", "text": "where do visitors park?"}, {"role": "assistant", "text": "There."}]
    write(
        folder,
        {"id": 1, "text": "how many days of annual leave?", "answerable": True, "history": []},
        {"id": 2, "text": "and their cars?", "history": history, "rewrite": "|user|: where do visitors park their cars?"},
        {"id": 3, "text": "zeppelin timetable?", "answerable": False, "history": []},
    )
    (folder / "corpus.jsonl").write_text(
        "".join(f"{json.dumps({'id': name, 'text': text})}\n" for name, text in ROWS.items()), encoding="utf-8"
    )
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n1\tleave\t1\n2\tparking\t1\n", encoding="utf-8")
    return folder


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A PDF of three pages, each about something else."""
    folder = tmp_path / "sets" / "pages"
    write(
        folder,
        {"id": "a", "text": "how many days of annual leave?", "gold_pages": ["guide/all.pdf#page=1"]},
        {"id": "b", "text": "where are bicycles stored?", "gold_pages": ["guide/all.pdf#page=2"]},
    )
    (folder / "docs" / "guide").mkdir(parents=True)
    canvas = Canvas(str(folder / "docs" / "guide" / "all.pdf"))
    for topic in TOPICS:
        for line in range(LINES_OF_A_PAGE):
            canvas.drawString(72, 770 - 16 * line, topic)
        canvas.showPage()
    canvas.save()
    return folder


def measure(tmp_path: Path, *options: str | Path) -> dict[str, Any]:
    file = tmp_path / "figures.json"
    assert cli.main([*map(str, options), "--json", str(file)]) == 0
    found: dict[str, Any] = json.loads(file.read_text())
    return found


def test_rows_are_measured_in_every_way_to_ask(rows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = measure(tmp_path, "--data", rows)
    assert list(found) == ["rows"]
    assert list(found["rows"]) == ["last", "last_two", "decided", "rewrite"]
    assert all(list(view) == FIGURES for view in found["rows"].values())
    assert found["rows"]["last"] == ALL_FOUND | {"n": 2}
    assert found["rows"]["rewrite"] == ALL_FOUND | {"n": 1, "refusal_auc": None}
    shown = capsys.readouterr().out
    assert "refusal_auc" in shown
    assert "not read" not in shown


def test_pages_are_measured_by_file_and_number(pages: Path, tmp_path: Path) -> None:
    assert measure(tmp_path, "--data", pages) == {"pages": {"last": ALL_FOUND | {"n": 2, "refusal_auc": None}}}


def test_the_wrong_page_is_not_found_first(pages: Path, tmp_path: Path) -> None:
    write(pages, {"id": "a", "text": "how many days of annual leave?", "gold_pages": ["guide/all.pdf#page=3"]})
    last = measure(tmp_path, "--data", pages)["pages"]["last"]
    assert (last["recall@1"], last["recall@3"]) == (0.0, 1.0)


def test_a_folder_of_folders_is_measured_folder_by_folder_and_each_once(rows: Path, pages: Path, tmp_path: Path) -> None:
    assert list(measure(tmp_path, "--data", rows.parent, "--data", pages)) == ["pages", "rows"]


def test_legs_stand_beside_the_whole_search(rows: Path, tmp_path: Path) -> None:
    found = measure(tmp_path, "--data", rows, "--legs")["rows"]
    assert list(found) == ["last", "last_two", "decided", "rewrite", "dense", "keyword"]
    for leg in ("dense", "keyword"):
        assert list(found[leg]) == ["last", "last_two", "decided", "rewrite"]
        assert list(found[leg]["last"]) == FIGURES


def test_words_alone_find_only_what_shares_a_word(rows: Path, tmp_path: Path) -> None:
    (rows / "qrels.tsv").write_text("1\t7\t1\n", encoding="utf-8")
    found = measure(tmp_path, "--data", rows, "--legs")["rows"]
    assert found["dense"]["last"]["recall@10"] == 1.0
    assert found["keyword"]["last"]["recall@10"] == 0.0


def test_a_second_run_embeds_nothing_and_the_folder_stays_as_it_was(rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {file: file.read_bytes() for file in sorted(rows.rglob("*"))}
    first = measure(tmp_path, "--data", rows)
    embedded: list[int] = []

    class Counting(HashingEmbedding):
        def embed_windows(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
            embedded.append(len(texts))
            return super().embed_windows(texts, progress)

    monkeypatch.setattr(data_cli, "open_minilm", lambda *_, **__: Counting())
    assert measure(tmp_path, "--data", rows) == first
    assert sum(embedded) == 0
    assert {file: file.read_bytes() for file in sorted(rows.rglob("*"))} == before
    assert (tmp_path / "var" / "eval-data" / "rows" / "catalog.db").exists()


def test_rows_that_are_gone_are_not_found_any_more(rows: Path, tmp_path: Path) -> None:
    measure(tmp_path, "--data", rows)
    (rows / "corpus.jsonl").write_text(json.dumps({"id": "only", "text": "Annual leave is long."}), encoding="utf-8")
    (rows / "qrels.tsv").write_text("1\tonly\t1\n", encoding="utf-8")
    assert measure(tmp_path, "--data", rows)["rows"]["last"]["recall@1"] == 1.0


def test_what_could_not_be_read_is_said_and_counts_as_not_found(rows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (rows / "corpus.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({"id": "empty", "text": ""}))
    (rows / "qrels.tsv").write_text("1\tleave\t1\n1\tempty\t1\n", encoding="utf-8")
    assert measure(tmp_path, "--data", rows)["rows"]["last"]["recall@10"] == 0.5
    shown = capsys.readouterr().out
    assert "rows: not read: row empty: " in shown
    assert "count as not found: empty" in shown


def test_a_wrong_folder_is_said_in_one_line_and_the_others_are_measured(
    rows: Path, pages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (rows / "queries.jsonl").write_text("{", encoding="utf-8")
    file = tmp_path / "figures.json"
    assert cli.main(["--data", str(rows.parent), "--json", str(file)]) == 1
    assert list(json.loads(file.read_text())) == ["pages"]
    [line] = [line for line in capsys.readouterr().out.splitlines() if "queries.jsonl" in line]
    assert "line 1: is not JSON" in line


@pytest.mark.parametrize("wrong", ["nowhere", "empty"])
def test_where_there_is_nothing_to_measure_nothing_is_written(tmp_path: Path, wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    assert cli.main(["--data", str(tmp_path / wrong), "--json", str(tmp_path / "figures.json")]) == 1
    assert len(capsys.readouterr().out.splitlines()) == 1
    assert not (tmp_path / "figures.json").exists()
    assert not (tmp_path / "var" / "eval-data").exists()


def test_two_folders_of_one_name_are_not_mixed(rows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other" / "rows"
    other.mkdir(parents=True)
    for file in rows.iterdir():
        (other / file.name).write_bytes(file.read_bytes())
    assert cli.main(["--data", str(rows), "--data", str(other)]) == 1
    assert "two folders are called rows" in capsys.readouterr().out


@pytest.mark.parametrize(
    "options", [("--legs",), ("--data", "x", "--claims"), ("--data", "x", "--limit", "3"), ("--data", "x", "--set", "both")]
)
def test_options_that_do_not_go_together_are_refused(options: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(options)
    assert "--data" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_said_before_the_work(rows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--data", str(rows), "--json", str(tmp_path / "nowhere" / "figures.json")]) == 1
    assert "there is no such folder to write into" in capsys.readouterr().out
    assert not (tmp_path / "var" / "eval-data").exists()
