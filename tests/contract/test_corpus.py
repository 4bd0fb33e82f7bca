"""The one object that others hold."""

from __future__ import annotations

import shutil
import sys
from subprocess import run
from typing import TYPE_CHECKING

import pytest

from knowledge.connectors.folder import Folder
from knowledge.corpus import Corpus
from knowledge.errors import IndexBroken, KnowledgeError, NothingIndexed
from knowledge.hashing_embedding import HashingEmbedding
from knowledge.policy import Defaults
from knowledge.values import Scope
from tests.corpora import EMBEDDER, write_policy
from tests.factories import EVERYONE, HR, NOW, TODAY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ALL = Scope(frozenset({"everyone", "groups:hr"}))
STAFF = Scope(frozenset({"everyone"}))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "handbook"
    write_policy(root, "leave.md", "Annual leave is 25 days.", "Carry over up to five days.")
    write_policy(root, "pay.md", "Salary band four starts at £52,000.", access="groups: hr")
    return root


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    opened = Corpus.open(tmp_path / "var", EMBEDDER, now=lambda: NOW)
    yield opened
    opened.close()


@pytest.fixture
def filled(corpus: Corpus, folder: Path) -> Corpus:
    corpus.index(Folder(folder), Defaults())
    return corpus


def best(corpus: Corpus, question: str, scope: Scope = ALL) -> str:
    hits = corpus.search(question, scope, TODAY).hits
    return hits[0].passage.text if hits else ""


def test_before_the_first_run_a_search_says_that_nothing_is_indexed(corpus: Corpus) -> None:
    with pytest.raises(NothingIndexed, match="ibid index"):
        corpus.search("annual leave", ALL, TODAY)

    assert corpus.live() is None
    assert corpus.rules() == frozenset()
    assert corpus.documents(ALL) == ()
    assert corpus.passage("any", ALL) is None
    with pytest.raises(NothingIndexed):
        corpus.passages(ALL)


def test_what_was_indexed_is_found_for_those_who_may_read_it(filled: Corpus) -> None:
    assert best(filled, "how many days of annual leave") == "1.1 Annual leave is 25 days."
    assert "Salary" in best(filled, "salary band four")
    assert "Salary" not in best(filled, "salary band four", STAFF)
    assert filled.search("salary band four", Scope(frozenset()), TODAY).hits == ()


def test_the_rules_and_documents_are_those_of_the_live_edition(filled: Corpus) -> None:
    assert filled.rules() == {EVERYONE, HR}
    assert [document.id for document in filled.documents(STAFF)] == ["leave.md"]
    assert [document.id for document in filled.documents(ALL)] == ["leave.md", "pay.md"]


def test_a_passage_opens_by_its_id_only_for_those_who_may_read_it(filled: Corpus) -> None:
    hit = filled.search("salary band four", ALL, TODAY).hits[0]

    opened = filled.passage(hit.passage.id, ALL)
    assert opened is not None
    assert opened.passage == hit.passage
    assert filled.passage(hit.passage.id, STAFF) is None
    assert filled.passage(hit.passage.id, Scope(frozenset())) is None
    assert filled.passage("gone", ALL) is None


def test_all_passages_are_those_that_the_readers_may_read_and_that_are_not_denied(filled: Corpus) -> None:
    texts = {scope: [hit.passage.text for hit in filled.passages(scope)] for scope in (ALL, STAFF, Scope(frozenset()))}
    assert len(texts[ALL]) == 3
    assert [text for text in texts[ALL] if "Salary" not in text] == texts[STAFF]
    assert texts[Scope(frozenset())] == []
    filled.deny("leave.md", "wrong")
    assert {hit.document.id for hit in filled.passages(ALL)} == {"pay.md"}


def test_a_denied_document_is_gone_at_once_without_a_new_edition_and_stays_gone(tmp_path: Path, filled: Corpus, folder: Path) -> None:
    passage = filled.search("annual leave days", ALL, TODAY).hits[0].passage
    before = filled.live()

    filled.deny("leave.md", "under review")

    assert filled.live() == before
    assert passage.id not in {hit.passage.id for hit in filled.search("annual leave days", ALL, TODAY).hits}
    assert filled.passage(passage.id, ALL) is None
    assert [document.id for document in filled.documents(ALL)] == ["pay.md"]
    assert filled.rules() == {HR}

    write_policy(folder, "leave.md", "Annual leave is 26 days.")
    filled.index(Folder(folder), Defaults())
    assert "leave" not in best(filled, "annual leave days")
    filled.close()
    again = Corpus.open(tmp_path / "var", EMBEDDER)
    assert "leave" not in best(again, "annual leave days")
    again.close()


def test_denying_what_is_not_there_is_an_error_and_not_a_quiet_nothing(filled: Corpus) -> None:
    with pytest.raises(KnowledgeError, match=r"leeve\.md"):
        filled.deny("leeve.md", "slip of the pen")


def test_a_corpus_opened_again_answers_the_same_without_chroma(tmp_path: Path, filled: Corpus) -> None:
    expected = filled.search("annual leave", ALL, TODAY)
    filled.close()
    shutil.rmtree(tmp_path / "var" / "chroma")

    again = Corpus.open(tmp_path / "var", EMBEDDER)

    assert again.search("annual leave", ALL, TODAY) == expected
    assert not (tmp_path / "var" / "chroma").exists()
    again.close()


def test_without_its_mirror_the_matrix_is_read_back_from_chroma(tmp_path: Path, filled: Corpus) -> None:
    expected = filled.search("annual leave", ALL, TODAY)
    filled.close()
    (tmp_path / "var" / "live.npz").write_bytes(b"damaged")

    again = Corpus.open(tmp_path / "var", EMBEDDER)

    assert [hit.passage for hit in again.search("annual leave", ALL, TODAY).hits] == [hit.passage for hit in expected.hits]
    again.close()


@pytest.mark.parametrize("lost", [("chroma", "live.npz"), ("keywords",)])
def test_an_index_that_lost_a_part_says_so_and_the_next_run_mends_it(
    tmp_path: Path, filled: Corpus, folder: Path, lost: tuple[str, ...]
) -> None:
    filled.close()
    for name in lost:
        path = tmp_path / "var" / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    again = Corpus.open(tmp_path / "var", EMBEDDER)
    with pytest.raises(IndexBroken):
        again.search("annual leave", ALL, TODAY)
    again.index(Folder(folder), Defaults())

    assert best(again, "how many days of annual leave") == "1.1 Annual leave is 25 days."
    again.close()


class Renamed(HashingEmbedding):
    identity = "hashing-2"


def test_an_index_made_by_another_embedder_is_named_and_made_again(tmp_path: Path, filled: Corpus, folder: Path) -> None:
    filled.close()
    again = Corpus.open(tmp_path / "var", Renamed())

    with pytest.raises(IndexBroken, match="hashing-1"):
        again.search("annual leave", ALL, TODAY)
    again.index(Folder(folder), Defaults())

    assert best(again, "how many days of annual leave") == "1.1 Annual leave is 25 days."
    again.close()


def test_loading_the_corpus_loads_neither_chroma_nor_llama_index() -> None:
    heavy = ("chromadb", "llama_index", "onnxruntime", "alembic")
    script = f"import sys, knowledge.corpus; print([name for name in {heavy} if name in sys.modules])"

    said = run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "[]"
