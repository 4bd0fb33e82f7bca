"""A handbook and its corpus, for tests of what goes wrong during a run."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from knowledge.connectors.folder import Folder
from knowledge.connectors.mapping import Says
from knowledge.connectors.named import Named
from knowledge.corpus import Corpus
from knowledge.policy import Defaults
from knowledge.values import IndexOrder, Scope
from tests.corpora import EMBEDDER, write_policy
from tests.factories import NOW, TODAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from knowledge.connectors import Connector, Source
    from knowledge.values import IndexReport

STAFF = Scope(frozenset({"everyone"}))
ALL = Scope(frozenset({"everyone", "groups:hr"}))


def a_handbook(root: Path) -> Path:
    write_policy(root, "leave.md", "Annual leave is 25 days.")
    write_policy(root, "travel.md", "Trains come before planes.")
    (root / "badges.txt").write_text("Bring your badge to the gate.", encoding="utf-8")
    (root / "policies.csv").write_text("file,access\nbadges.txt,everyone\n", encoding="utf-8")
    return root


def index(corpus: Corpus, source: Source | Sequence[Connector], order: IndexOrder | None = None) -> IndexReport:
    return corpus.index(source, Defaults(), order or IndexOrder())


def said(corpus: Corpus, scope: Scope = STAFF) -> dict[str, str]:
    """What each document says; a search finds nothing else."""
    found = {hit.document.id: hit.passage.text.removeprefix("1.1 ") for hit in corpus.passages(scope)}
    hits = corpus.search("annual leave days trains planes badge gate bicycles rule", scope, TODAY, 100).hits
    assert {hit.document.id for hit in hits} <= found.keys()
    assert hits
    return found


AS_BEFORE = {
    "badges.txt": "Bring your badge to the gate.",
    "leave.md": "Annual leave is 25 days.",
    "travel.md": "Trains come before planes.",
}


@contextmanager
def opened(tmp_path: Path, now: Callable[[], datetime] = lambda: NOW) -> Iterator[Corpus]:
    corpus = Corpus.open(tmp_path / "var", EMBEDDER, now=now)
    yield corpus
    corpus.close()


def two_folders(tmp_path: Path) -> dict[str, Path]:
    roots = {name: tmp_path / name for name in ("a", "b")}
    for name, root in roots.items():
        for number in range(12):
            write_policy(root, f"rule-{number}.md", f"Rule {number} of {name}.")
    return roots


def named(roots: dict[str, Path]) -> list[Named]:
    return [Named(name, partial(Folder, root), Says({})) for name, root in roots.items()]


def named_look(name: str, look: Folder) -> Named:
    return Named(name, lambda: look, Says({}))
