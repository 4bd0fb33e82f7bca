"""What goes wrong during a run is said with what to do about it, and meanwhile the live edition answers."""

from __future__ import annotations

import shutil
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

import pytest

from knowledge.connectors.folder import Folder
from knowledge.corpus import Corpus
from knowledge.errors import CannotRead
from knowledge.policy import Defaults
from tests.corpora import EMBEDDER, write_policy
from tests.factories import NOW, TODAY
from tests.troubled import ALL, AS_BEFORE, STAFF, a_handbook, index, opened, said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from knowledge.connectors import SourceFile
    from knowledge.values import IndexProgress


MB = 1024 * 1024


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_handbook(tmp_path / "handbook")


@pytest.fixture
def corpus(tmp_path: Path, folder: Path) -> Iterator[Corpus]:
    opened = Corpus.open(tmp_path / "var", EMBEDDER, now=lambda: NOW)
    assert len(index(opened, Folder(folder)).added) == 3
    yield opened
    opened.close()


# A source that goes away, or changes, while it is read


def test_a_folder_that_vanishes_after_the_look_takes_nothing_away(corpus: Corpus, folder: Path) -> None:
    look = Folder(folder)
    shutil.rmtree(folder)

    with pytest.raises(CannotRead, match=r"policies\.csv is gone since the folder was looked at; index again"):
        index(corpus, look)

    assert said(corpus) == AS_BEFORE


def test_a_file_that_vanishes_after_the_look_is_listed_and_keeps_what_it_said(corpus: Corpus, folder: Path) -> None:
    write_policy(folder, "new.md", "Bicycles are leased.")
    look = Folder(folder)
    (folder / "leave.md").unlink()
    (folder / "new.md").unlink()

    report = index(corpus, look)

    assert {(one.path, one.reason) for one in report.unread} == {
        (name, "is gone since the folder was looked at; index again") for name in ("leave.md", "new.md")
    }
    assert said(corpus) == AS_BEFORE
    assert index(corpus, Folder(folder)).removed == ("leave.md",)


class Meddled(Folder):
    """Somebody saves the file again each time that it is opened."""

    def __init__(self, root: Path, saves: Iterator[str]) -> None:
        super().__init__(root)
        self._saves = saves

    def content(self, file: SourceFile) -> bytes:
        if file.id == "leave.md" and (save := next(self._saves, "")):
            write_policy(self._root, "leave.md", save)
        return super().content(file)


def test_a_file_that_changes_between_plan_and_read_is_taken_in_as_it_was_read(corpus: Corpus, folder: Path) -> None:
    write_policy(folder, "leave.md", "Annual leave is 26 days.")
    look = Meddled(folder, iter(["Annual leave is 27 days.", "Annual leave is 28 days."]))

    assert index(corpus, look).changed == ("leave.md",)

    assert said(corpus)["leave.md"] == "Annual leave is 28 days."
    assert index(corpus, Folder(folder)).edition is None


def test_a_rule_that_is_narrowed_between_plan_and_read_holds(corpus: Corpus, folder: Path) -> None:
    write_policy(folder, "leave.md", "Annual leave is 26 days.")
    look = Folder(folder)
    real = look.content
    opened = iter([None])

    def content(file: SourceFile) -> bytes:
        if file.id == "leave.md" and next(opened, "again") == "again":
            write_policy(folder, "leave.md", "Annual leave is 26 days.", access="groups: hr")
        return real(file)

    look.content = content  # type: ignore[method-assign]
    index(corpus, look)

    assert "leave.md" not in said(corpus)
    assert said(corpus, ALL)["leave.md"] == "Annual leave is 26 days."


# A clock that jumps


@pytest.mark.parametrize("jump", [timedelta(days=-400), timedelta(days=366)])
def test_a_clock_that_jumps_changes_neither_what_answers_nor_what_an_undo_goes_back_to(
    tmp_path: Path, corpus: Corpus, folder: Path, jump: timedelta
) -> None:
    corpus.close()
    clock: list[datetime] = [NOW]
    with opened(tmp_path, lambda: clock[0]) as again:
        (hit,) = again.search("annual leave days", STAFF, TODAY, 1).hits
        (folder / "travel.md").unlink()
        write_policy(folder, "leave.md", "Annual leave is 26 days.")
        index(again, Folder(folder))
        clock[0] += jump
        write_policy(folder, "leave.md", "Annual leave is 27 days.")
        assert index(again, Folder(folder)).edition == 3
        assert said(again)["leave.md"] == "Annual leave is 27 days."
        assert again.passage(hit.passage.id, STAFF, 1) is None
        assert again.undo() is not None
        assert said(again) == {"badges.txt": AS_BEFORE["badges.txt"], "leave.md": "Annual leave is 26 days."}
        clock[0] -= jump
        again.deny("badges.txt", "under review")
        assert index(again, Folder(folder)).edition == 4
        assert said(again) == {"leave.md": "Annual leave is 27 days."}
        assert again.live() is not None


# Large, and cancelled


def test_a_file_of_a_hundred_megabytes_is_listed_and_the_rest_is_read(corpus: Corpus, folder: Path) -> None:
    with (folder / "large.pdf").open("wb") as large:
        large.truncate(100 * MB + 1)
    write_policy(folder, "new.md", "Bicycles are leased.")

    report = index(corpus, Folder(folder))

    ((path, reason),) = [(one.path, one.reason) for one in report.unread]
    assert path == "large.pdf"
    assert reason == "is larger than the 100 MB that are read; split it, or leave out its pictures"
    assert report.added == ("new.md",)


class Cancelled(Exception):
    """What stops a run at its next step."""


def test_a_run_that_is_cancelled_at_any_step_leaves_the_live_edition_and_the_next_completes(corpus: Corpus, folder: Path) -> None:
    stages = []
    for steps in count():
        write_policy(folder, "leave.md", f"Annual leave is {steps} days.")
        write_policy(folder, "new.md", f"Bicycles are leased for {steps} years.")
        left = [steps]

        def cancel(step: IndexProgress, left: list[int] = left) -> None:
            stages.append(step.stage)
            if not left[0]:
                raise Cancelled
            left[0] -= 1

        try:
            report = corpus.index(Folder(folder), Defaults(), progress=cancel)
        except Cancelled:
            assert said(corpus) == AS_BEFORE
            corpus.check()
        else:
            assert (report.changed, report.added) == (("leave.md",), ("new.md",))
            break
    assert set(stages) == {"plan", "read", "embed", "verify", "publish"}
    assert said(corpus)["leave.md"] == f"Annual leave is {steps} days."
    corpus.check()
