"""Death before each durable step of a run, an undo and an erasure: the live edition answers at once, and the next run completes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from knowledge.connectors.folder import Folder
from knowledge.corpus import Corpus
from knowledge.entry import entry_id
from knowledge.policy import Defaults
from knowledge.values import IndexOrder, Scope
from tests.corpora import EMBEDDER, write_policy
from tests.factories import TODAY

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
STAFF = Scope(frozenset({"everyone"}))
ALL = Scope(frozenset({"everyone", "groups:hr"}))
SECRET = "Zeppelins are moored at the quay."
Said = dict[str, str]


def before(folder: Path) -> None:
    """Six editions, so that the next one makes the oldest go."""
    write_policy(folder, "stays.md", "Leave is asked for in the portal.")
    write_policy(folder, "removed.md", "Bicycles are leased.")
    write_policy(folder, "narrowed.md", "Band four starts at 50,000.")
    write_policy(folder, "widened.md", "Bonuses are paid in May.", access="groups: hr")
    write_policy(folder, "old.md", "Trains come before planes.")
    write_policy(folder, "erased.md", SECRET)


def after(folder: Path) -> None:
    write_policy(folder, "changed.md", "Annual leave is 30 days.")
    write_policy(folder, "added.md", "Dogs stay at home.")
    write_policy(folder, "narrowed.md", "Band four starts at 50,000.", access="groups: hr")
    write_policy(folder, "widened.md", "Bonuses are paid in May.")
    (folder / "removed.md").unlink()
    (folder / "old.md").rename(folder / "new.md")


@contextmanager
def opened(data_dir: Path) -> Iterator[Corpus]:
    corpus = Corpus.open(data_dir, EMBEDDER)
    yield corpus
    corpus.close()


def run(corpus: Corpus, folder: Path) -> None:
    corpus.index(Folder(folder), Defaults(), IndexOrder(removal_confirmed=True))


def said(corpus: Corpus, scope: Scope) -> Said:
    """What every document says; a search finds the same."""
    found = {hit.document.id: hit.passage.text.removeprefix("1.1 ") for hit in corpus.passages(scope)}
    assert {hit.document.id for hit in corpus.search("leave bicycles band bonuses trains dogs zeppelins", scope, TODAY, 50).hits} <= set(
        found
    )
    assert {document.id for document in corpus.documents(scope)} == set(found)
    return found


def agree(corpus: Corpus) -> None:
    holdings = corpus._holdings
    corpus.check()
    assert holdings.store.ids() == holdings.catalog.window_ids()
    assert holdings.keywords.entries() == {entry_id(passage, title) for passage, title in holdings.catalog.passages()}


def bytes_in(data_dir: Path) -> bytes:
    return b"".join(path.read_bytes() for path in data_dir.rglob("*") if path.is_file())


def deaths(tmp_path: Path, folder: Path, task: str) -> list[Path]:
    """A data directory for each step that the task died before, in order."""
    command = [sys.executable, "-m", "tests.dying", str(tmp_path / "var"), str(folder), task, str(tmp_path / "dead")]
    subprocess.run(command, cwd=ROOT, check=True)
    (*dead, lived) = sorted((tmp_path / "dead").iterdir())
    assert len(dead) >= 5
    assert lived.is_dir()
    return dead


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "handbook"
    before(folder)
    with opened(tmp_path / "var") as corpus:
        for days in range(20, 26):
            write_policy(folder, "changed.md", f"Annual leave is {days} days.")
            if days == 24:
                write_policy(folder, "erased.md", f"{SECRET} Twice.")
            run(corpus, folder)
    return folder


def test_a_run_that_dies_anywhere_shows_nothing_half_and_is_completed_by_the_next(tmp_path: Path, folder: Path) -> None:
    after(folder)
    editions, taken_away = set(), []
    for data_dir in deaths(tmp_path, folder, "run"):
        undone = shutil.copytree(data_dir, tmp_path / "undone" / data_dir.name)
        with opened(data_dir) as corpus:
            staff, hr, edition = said(corpus, STAFF), said(corpus, ALL), corpus.live()
            assert edition is not None
            editions.add(edition.number)
            new = edition.number == 7
            assert staff["stays.md"] == "Leave is asked for in the portal."
            assert staff["erased.md"] == f"{SECRET} Twice."
            assert staff["changed.md"] == f"Annual leave is {30 if new else 25} days."
            assert staff["new.md" if new else "old.md"] == "Trains come before planes."
            assert ("old.md" in staff, "new.md" in staff, "added.md" in staff, "widened.md" in staff) == (not new, new, new, new)
            assert hr["widened.md"] == "Bonuses are paid in May."
            assert not new or ("removed.md" not in hr and "narrowed.md" not in staff and "narrowed.md" in hr)

            taken_away.append({"removed.md", "narrowed.md"} - staff.keys())
            run(corpus, folder)
            complete = {"stays.md", "erased.md", "changed.md", "new.md", "added.md", "widened.md"}
            assert said(corpus, STAFF).keys() == complete
            assert said(corpus, ALL).keys() == complete | {"narrowed.md"}
            assert said(corpus, STAFF)["changed.md"] == "Annual leave is 30 days."
        with opened(data_dir) as corpus:
            corpus.check()
            write_policy(folder, "added.md", "Dogs stay at home, and cats too.")
            run(corpus, folder)
            agree(corpus)
            write_policy(folder, "added.md", "Dogs stay at home.")
        if taken_away[-1] and taken_away[-1] != taken_away[-2]:
            with opened(undone) as corpus:
                corpus.undo()
                assert taken_away[-1].isdisjoint(said(corpus, STAFF))
    assert editions == {6, 7}
    assert (taken_away[0], taken_away[-1]) == (set(), {"removed.md", "narrowed.md"})
    assert all(earlier <= later for earlier, later in pairwise(taken_away))


def test_an_undo_that_dies_anywhere_was_either_done_or_can_be_asked_for_again(tmp_path: Path, folder: Path) -> None:
    after(folder)
    with opened(tmp_path / "var") as corpus:
        run(corpus, folder)
        undone_from = said(corpus, STAFF)
    back = {"stays.md", "erased.md", "changed.md", "old.md", "removed.md"}
    for data_dir in deaths(tmp_path, folder, "undo"):
        with opened(data_dir) as corpus:
            edition = corpus.live()
            assert edition is not None
            if edition.number == 7:
                assert said(corpus, STAFF) == undone_from
                corpus.undo(["removed.md"])
            assert said(corpus, STAFF).keys() == back
            assert said(corpus, ALL).keys() == back | {"widened.md"}
            assert said(corpus, STAFF)["changed.md"] == "Annual leave is 25 days."
            agree(corpus)


def test_an_erasure_that_dies_anywhere_is_ended_at_the_next_start_and_loses_nothing_else(tmp_path: Path, folder: Path) -> None:
    others = {"stays.md", "changed.md", "old.md", "removed.md", "narrowed.md"}
    begun = []
    for data_dir in deaths(tmp_path, folder, "erase"):
        with opened(data_dir) as corpus:
            shown = said(corpus, STAFF).keys()
            begun.append("erased.md" not in shown)
            assert others == shown - {"erased.md"}
            assert begun[-1] == (b"eppelins are moored" not in bytes_in(data_dir))
            if not begun[-1]:
                corpus.erase("erased.md")
            agree(corpus)
            run(corpus, folder)
            assert said(corpus, STAFF).keys() == others
            assert b"eppelins are moored" not in bytes_in(data_dir)
            for days in (24, 23, 22, 21):
                corpus.undo()
                assert said(corpus, STAFF)["changed.md"] == f"Annual leave is {days} days."
            agree(corpus)
    assert begun[0] is False
    assert begun[-1] is True
