"""Several sources in one run: whole ids, the rules of sources.yaml, and a source that is away."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from knowledge.connectors.assembly import Surroundings, connectors
from knowledge.connectors.named import Named
from knowledge.connectors.sources_file import parse_sources
from knowledge.corpus import Corpus
from knowledge.hashing_embedding import HashingEmbedding
from knowledge.policy import Defaults
from knowledge.values import Scope

SOURCES = """
sources:
  - name: handbook
    kind: folder
    path: handbook
    access: everyone
    mapping:
      - path: restricted
        access: {groups: [hr]}
  - name: intranet
    kind: folder
    path: intranet
    access: {groups: [it]}
"""


@pytest.fixture
def sources(tmp_path: Path) -> Callable[[str], tuple[Named, ...]]:
    files = {
        "handbook/leave.md": "# Leave\n\nFive days may be carried over.",
        "handbook/restricted/pay.txt": "Pay bands are reviewed in May.",
        "handbook/restricted/open.md": "---\naccess: everyone\n---\n# Open\n\nBands are published.",
        "handbook/restricted/listed.txt": "The grades are listed here.",
        "handbook/policies.csv": "file,access\nrestricted/listed.txt,people: greta\n",
        "intranet/leave.md": "# Laptops\n\nLaptops are replaced after four years.",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return lambda text: connectors(parse_sources(text), Surroundings(base=tmp_path, data_dir=tmp_path / "var"))


def labels(corpus: Corpus) -> dict[str, str]:
    everything = Scope(frozenset(rule.label for rule in corpus.rules()))
    return {document.id: document.rule.label for document in corpus.documents(everything)}


def test_each_document_is_for_those_whom_the_nearest_word_names(sources: Callable[[str], tuple[Named, ...]], tmp_path: Path) -> None:
    with closing(Corpus.open(tmp_path / "var", HashingEmbedding())) as corpus:
        report = corpus.index(sources(SOURCES), Defaults())

        assert report.unread == ()
        assert labels(corpus) == {
            "handbook/leave.md": "everyone",
            "handbook/restricted/listed.txt": "people:greta",
            "handbook/restricted/open.md": "everyone",
            "handbook/restricted/pay.txt": "groups:hr",
            "intranet/leave.md": "groups:it",
        }


def test_a_rule_that_becomes_narrower_holds_after_the_next_run(sources: Callable[[str], tuple[Named, ...]], tmp_path: Path) -> None:
    with closing(Corpus.open(tmp_path / "var", HashingEmbedding())) as corpus:
        corpus.index(sources(SOURCES), Defaults())
        report = corpus.index(sources(SOURCES.replace("[it]", "[admins]")), Defaults())

        assert report.changed == ("intranet/leave.md",)
        assert labels(corpus)["intranet/leave.md"] == "groups:admins"
        assert "groups:it" not in labels(corpus).values()


def test_a_source_that_is_away_keeps_its_documents_and_stops_no_other(sources: Callable[[str], tuple[Named, ...]], tmp_path: Path) -> None:
    with closing(Corpus.open(tmp_path / "var", HashingEmbedding())) as corpus:
        corpus.index(sources(SOURCES), Defaults())
        (tmp_path / "intranet").rename(tmp_path / "unmounted")
        (tmp_path / "handbook" / "leave.md").write_text("# Leave\n\nSix days may be carried over.", encoding="utf-8")
        report = corpus.index(sources(SOURCES), Defaults())

        assert report.changed == ("handbook/leave.md",)
        assert report.removed == ()
        assert labels(corpus)["intranet/leave.md"] == "groups:it"
        assert any(one.path == "intranet" and "cannot be asked now" in one.reason for one in report.warnings)
