"""A backup of the catalog that is put back brings nothing back that was taken away since: not by hand, and not by a rule."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from knowledge.connectors.folder import Folder
from knowledge.corpus import Corpus
from knowledge.errors import IndexBroken
from knowledge.holds import Hold
from knowledge.policy import Defaults
from knowledge.taken_away import FILE
from knowledge.values import IndexOrder, Scope
from tests.corpora import EMBEDDER, write_policy
from tests.factories import NOW, TODAY

if TYPE_CHECKING:
    from pathlib import Path

STAFF = Scope(frozenset({"everyone"}))
KNOWN = Defaults(known_groups=frozenset({"hr"}))
HOLD = Hold(number=0, document="travel.md", sentence="It is being rewritten.", by="UHENRY", until=TODAY + timedelta(days=9))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Indexed, and then backed up."""
    root = tmp_path / "handbook"
    for name in ("leave", "travel", "pay", "badges", "gates"):
        write_policy(root, f"{name}.md", f"The rule about {name} is kept in mind.")
    with closing(opened(tmp_path)) as corpus:
        index(corpus, root)
    backup(tmp_path)
    return root


def opened(home: Path) -> Corpus:
    return Corpus.open(home / "var", EMBEDDER, now=lambda: NOW)


def backup(home: Path) -> None:
    (home / "backup").mkdir(exist_ok=True)
    for file in (home / "var").glob("catalog.db*"):
        shutil.copy(file, home / "backup" / file.name)


def put_back(home: Path) -> None:
    for file in (home / "var").glob("catalog.db*"):
        file.unlink()
    for file in (home / "backup").iterdir():
        shutil.copy(file, home / "var" / file.name)


def index(corpus: Corpus, folder: Path, order: IndexOrder | None = None) -> None:
    corpus.index(Folder(folder), KNOWN, order or IndexOrder())


def shown(corpus: Corpus) -> set[str]:
    return {hit.document.id for hit in corpus.passages(STAFF)}


def test_what_was_narrowed_denied_erased_and_held_since_is_not_back(tmp_path: Path, folder: Path) -> None:
    with closing(opened(tmp_path)) as corpus:
        write_policy(folder, "leave.md", "The rule about leave is kept in mind.", access="groups: hr")
        index(corpus, folder)
        held = corpus.hold(HOLD)
        corpus.deny("badges.md", "under review")
        corpus.erase("gates.md")
        assert shown(corpus) == {"pay.md"}
    put_back(tmp_path)

    with closing(opened(tmp_path)) as corpus:
        with pytest.raises(IndexBroken, match="older than what was taken away"):
            corpus.search("Which rule about leave is kept in mind?", STAFF, TODAY)
        assert corpus.documents(STAFF) == ()
    with closing(opened(tmp_path)) as corpus:  # started twice it is no younger
        with pytest.raises(IndexBroken):
            corpus.passages(STAFF)
        index(corpus, folder)
        assert shown(corpus) == {"pay.md"}
        assert [replace(hold, number=0) for hold in corpus.holds()] == [replace(held, number=0)]
        corpus.undo()
        assert shown(corpus) <= {"pay.md"}
    with closing(opened(tmp_path)) as corpus:
        assert shown(corpus) <= {"pay.md"}


def test_a_hold_that_was_lifted_since_is_not_back_and_one_from_before_stays(tmp_path: Path, folder: Path) -> None:
    with closing(opened(tmp_path)) as corpus:
        lifted, stays = corpus.hold(HOLD), corpus.hold(replace(HOLD, document="pay.md"))
    backup(tmp_path)
    with closing(opened(tmp_path)) as corpus:
        corpus.lift(lifted.number)
    put_back(tmp_path)

    with closing(opened(tmp_path)) as corpus:
        index(corpus, folder)

        assert corpus.holds() == (stays,)
        assert shown(corpus) == {"leave.md", "travel.md", "badges.md", "gates.md"}


def test_a_run_over_a_part_of_the_sources_is_not_enough(tmp_path: Path, folder: Path) -> None:
    with closing(opened(tmp_path)) as corpus:
        corpus.deny("badges.md", "under review")
    put_back(tmp_path)

    with closing(opened(tmp_path)) as corpus:
        with pytest.raises(IndexBroken):
            index(corpus, folder, IndexOrder(owner="ruth"))
        with pytest.raises(IndexBroken):
            corpus.passages(STAFF)


def test_what_no_source_shows_after_it_is_not_shown_until_one_does(tmp_path: Path, folder: Path) -> None:
    """Perhaps its rule became narrower: the catalog that knew is gone."""
    with closing(opened(tmp_path)) as corpus:
        corpus.deny("badges.md", "under review")
    put_back(tmp_path)
    elsewhere = folder.rename(tmp_path / "elsewhere")
    folder.mkdir()

    with closing(opened(tmp_path)) as corpus:
        index(corpus, folder)
        assert shown(corpus) == set()
        folder.rmdir()
        elsewhere.rename(folder)
        index(corpus, folder)
        assert shown(corpus) == {"leave.md", "travel.md", "pay.md", "gates.md"}


def test_without_the_list_nobody_is_answered_before_a_run_either(tmp_path: Path, folder: Path) -> None:
    with closing(opened(tmp_path)) as corpus:
        corpus.deny("badges.md", "under review")
    (tmp_path / "var" / FILE).unlink()

    with closing(opened(tmp_path)) as corpus:
        with pytest.raises(IndexBroken):
            corpus.passages(STAFF)
        index(corpus, folder)
        assert shown(corpus) == {"leave.md", "travel.md", "pay.md", "gates.md"}
    with closing(opened(tmp_path)) as corpus:
        assert shown(corpus) == {"leave.md", "travel.md", "pay.md", "gates.md"}


def test_a_catalog_that_nothing_was_taken_away_from_or_that_is_the_last_one_is_answered_from_at_once(tmp_path: Path, folder: Path) -> None:
    put_back(tmp_path)
    with closing(opened(tmp_path)) as corpus:
        assert len(shown(corpus)) == 5
        corpus.hold(HOLD)
        index(corpus, folder)
    with closing(opened(tmp_path)) as corpus:
        assert len(shown(corpus)) == 4


def test_a_line_that_a_killed_process_left_half_written_is_no_line(tmp_path: Path, folder: Path) -> None:
    with closing(opened(tmp_path)) as corpus:
        corpus.deny("badges.md", "under review")
    with (tmp_path / "var" / FILE).open("a", encoding="utf-8") as file:
        file.write('{"n": 99, "did": "den')

    with closing(opened(tmp_path)) as corpus:
        assert len(shown(corpus)) == 4
        corpus.deny("gates.md", "under review")
    lines = (tmp_path / "var" / FILE).read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[-1])["document"] == "gates.md"


def test_a_catalog_that_is_lost_and_made_again_lacks_what_was_taken_away_by_hand(tmp_path: Path, folder: Path) -> None:
    with closing(opened(tmp_path)) as corpus:
        corpus.deny("badges.md", "under review")
        corpus.erase("gates.md")
        corpus.hold(HOLD)
    for file in (tmp_path / "var").glob("catalog.db*"):
        file.unlink()

    with closing(opened(tmp_path)) as corpus:
        index(corpus, folder)

        assert shown(corpus) == {"leave.md", "pay.md"}
        assert [hold.document for hold in corpus.holds()] == ["travel.md"]
    with closing(opened(tmp_path)) as corpus:
        assert shown(corpus) == {"leave.md", "pay.md"}


def test_what_is_held_or_denied_meanwhile_does_not_make_an_older_catalog_younger(tmp_path: Path, folder: Path) -> None:
    """Nobody has looked yet for what became narrower: the next start knows that too."""
    with closing(opened(tmp_path)) as corpus:
        write_policy(folder, "leave.md", "The rule about leave is kept in mind.", access="groups: hr")
        index(corpus, folder)
    put_back(tmp_path)

    with closing(opened(tmp_path)) as corpus:
        corpus.hold(HOLD)
        corpus.deny("badges.md", "under review")
    for _ in range(2):
        with closing(opened(tmp_path)) as corpus, pytest.raises(IndexBroken):
            corpus.passages(STAFF)
    with closing(opened(tmp_path)) as corpus:
        index(corpus, folder)
        assert shown(corpus) == {"pay.md", "gates.md"}
        assert len(corpus.holds()) == 1
    with closing(opened(tmp_path)) as corpus:
        assert shown(corpus) == {"pay.md", "gates.md"}


def test_what_is_taken_away_after_the_list_was_lost_makes_no_list_that_is_whole(tmp_path: Path, folder: Path) -> None:
    with closing(opened(tmp_path)) as corpus:
        corpus.deny("badges.md", "under review")
    (tmp_path / "var" / FILE).unlink()

    with closing(opened(tmp_path)) as corpus:
        corpus.deny("gates.md", "under review")
    with closing(opened(tmp_path)) as corpus, pytest.raises(IndexBroken):
        corpus.passages(STAFF)


def test_a_hold_lasts_by_the_day_that_answers_go_by_also_when_it_is_made_again(tmp_path: Path, folder: Path) -> None:
    """A sample company stands still on a day that is long over."""
    later = NOW + timedelta(days=400)

    def sample() -> Corpus:
        return Corpus.open(tmp_path / "var", EMBEDDER, now=lambda: later, today=lambda: TODAY)

    with closing(sample()) as corpus:
        held = corpus.hold(HOLD)
    put_back(tmp_path)

    with closing(sample()) as corpus:
        assert [replace(hold, number=0) for hold in corpus.holds()] == [replace(held, number=0)]
