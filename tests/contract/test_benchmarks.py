"""Each benchmark runs at a tiny size and prints its table: what is measured is not looked at here."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from tests.benchmarks import reindexing, reranking, search_at_scale
from tests.benchmarks.__main__ import ON_ONE_CORE
from tests.benchmarks.large import HANDBOOK

if TYPE_CHECKING:
    from pathlib import Path


def test_a_large_corpus_is_searched(capsys: pytest.CaptureFixture[str]) -> None:
    search_at_scale.main(["--passages", "60", "--rounds", "2", "--no-stock"])

    told = capsys.readouterr().out
    assert "all 6 labels" in told
    assert "200 of 500 labels" in told
    assert "most memory" in told


@pytest.mark.skipif(find_spec("llama_index.retrievers.bm25") is None, reason="llama-index-retrievers-bm25 is not installed")
def test_stock_llama_index_is_asked_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    search_at_scale.main(["--passages", "60", "--rounds", "2"])

    assert "LlamaIndex ms" in capsys.readouterr().out


def test_a_folder_is_indexed_again_and_again(capsys: pytest.CaptureFixture[str]) -> None:
    reindexing.main(["--files", "6", "--first", "2", "--rounds", "2"])

    told = capsys.readouterr().out.splitlines()
    assert any("bare hash scan" in line for line in told)
    assert any(line.split() == ["windows", "embedded", "1"] for line in told)
    assert any("alone / everything" in line for line in told)


def test_the_first_passages_are_read_word_by_word(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(HANDBOOK / "leave", tmp_path / "leave")
    shutil.copyfile(HANDBOOK / "policies.csv", tmp_path / "policies.csv")

    reranking.main(["--rounds", "3", "--documents", str(tmp_path)])

    assert "median ms" in capsys.readouterr().out


def test_every_benchmark_named_is_there() -> None:
    assert all(find_spec(f"tests.benchmarks.{name}") for name in ON_ONE_CORE)
