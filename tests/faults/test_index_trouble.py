"""What goes wrong during a run is said with what to do about it, and meanwhile the live edition answers."""

from __future__ import annotations

import errno
import shutil
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from knowledge.connectors.folder import Folder
from knowledge.connectors.mapping import Says
from knowledge.connectors.named import Named
from knowledge.corpus import Corpus
from knowledge.errors import BadMetadata, CannotRead, CatalogUnavailable, IndexBroken, KnowledgeError, Unreachable
from knowledge.policy import Defaults
from knowledge.values import IndexOrder, Scope
from tests.corpora import EMBEDDER, write_policy
from tests.factories import NOW, TODAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.engine.interfaces import DBAPIConnection

    from knowledge.connectors import Connector, Source, SourceFile
    from knowledge.values import IndexProgress, IndexReport

STAFF = Scope(frozenset({"everyone"}))
ALL = Scope(frozenset({"everyone", "groups:hr"}))
MB = 1024 * 1024


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "handbook"
    write_policy(root, "leave.md", "Annual leave is 25 days.")
    write_policy(root, "travel.md", "Trains come before planes.")
    (root / "badges.txt").write_text("Bring your badge to the gate.", encoding="utf-8")
    (root / "policies.csv").write_text("file,access\nbadges.txt,everyone\n", encoding="utf-8")
    return root


@pytest.fixture
def corpus(tmp_path: Path, folder: Path) -> Iterator[Corpus]:
    opened = Corpus.open(tmp_path / "var", EMBEDDER, now=lambda: NOW)
    assert len(index(opened, Folder(folder)).added) == 3
    yield opened
    opened.close()


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


# A source that goes away, or changes, while it is read


def test_a_folder_that_vanishes_after_the_look_takes_nothing_away(corpus: Corpus, folder: Path) -> None:
    look = Folder(folder)
    shutil.rmtree(folder)

    with pytest.raises(CannotRead, match=r"policies\.csv is gone since the folder was looked at; index again"):
        index(corpus, look)

    assert said(corpus) == AS_BEFORE


def test_one_of_several_that_vanishes_after_the_look_takes_nothing_away(tmp_path: Path) -> None:
    roots = two_folders(tmp_path)
    with opened(tmp_path) as corpus:
        index(corpus, named(roots))
        write_policy(roots["b"], "rule-0.md", "Rule 0 of b, again.")
        looks = [named_look(name, Folder(root)) for name, root in roots.items()]
        before = said(corpus)
        shutil.rmtree(roots["a"])

        report = index(corpus, looks)

        assert report.changed == ("b/rule-0.md",)
        assert {one.path for one in report.unread} == {f"a/rule-{number}.md" for number in range(12)}
        assert all(one.reason.endswith("index again") and not one.withheld for one in report.unread)
        assert said(corpus) == before | {"b/rule-0.md": "Rule 0 of b, again."}


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


# A disk that fills


@contextmanager
def full_catalog(corpus: Corpus) -> Iterator[None]:
    """SQLite may not take one more page."""
    engine = corpus._holdings.catalog._engine

    def limit(connection: DBAPIConnection, *_: object) -> None:
        connection.cursor().execute("PRAGMA max_page_count = 1")  # SQLite makes it what the file has now

    event.listen(engine, "checkout", limit)
    try:
        yield
    finally:
        event.remove(engine, "checkout", limit)
        engine.dispose()


def no_room(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def no_room_in_chroma(*_: object, **__: object) -> None:
    from chromadb.errors import InternalError

    raise InternalError("error returned from database: (code: 13) database or disk is full")


def much_is_new(folder: Path) -> None:
    for number in range(40):
        write_policy(folder, f"rule-{number}.md", *(f"Rule {number} has clause {clause}. " + "Words. " * 50 for clause in range(8)))


def test_where_the_catalog_is_full_it_is_said_and_with_room_the_next_run_completes(corpus: Corpus, folder: Path) -> None:
    much_is_new(folder)
    with full_catalog(corpus), pytest.raises(CatalogUnavailable, match=r"the disk is full, or fails\. Free some space there"):
        index(corpus, Folder(folder))
    assert said(corpus) == AS_BEFORE

    assert len(index(corpus, Folder(folder)).added) == 40
    corpus.check()


def test_a_narrowing_that_the_full_catalog_cannot_note_is_said_and_holds_after_the_next_run(corpus: Corpus, folder: Path) -> None:
    write_policy(folder, "travel.md", "Trains come before planes.", access="groups: hr")
    much_is_new(folder)
    with full_catalog(corpus), pytest.raises(CatalogUnavailable, match="disk is full"):
        index(corpus, Folder(folder))

    index(corpus, Folder(folder))
    assert "travel.md" not in said(corpus)


@pytest.mark.parametrize(
    ("owner", "name", "raises", "told"),
    [
        ("chromadb.api.models.Collection.Collection", "add", no_room_in_chroma, "the vectors in .* if the disk is full, free some space"),
        ("knowledge.keyword", "_document", no_room, "the keyword index in .* if the disk is full, free some space"),
    ],
)
def test_where_a_place_is_full_it_is_said_and_with_room_the_next_run_completes(
    corpus: Corpus, folder: Path, monkeypatch: pytest.MonkeyPatch, owner: str, name: str, raises: Callable[..., None], told: str
) -> None:
    (folder / "travel.md").unlink()
    write_policy(folder, "leave.md", "Annual leave is 27 days.")
    with monkeypatch.context() as full:
        full.setattr(f"{owner}.{name}", raises)
        with pytest.raises(IndexBroken, match=told):
            index(corpus, Folder(folder))
    assert said(corpus) == {name: text for name, text in AS_BEFORE.items() if name != "travel.md"}

    assert index(corpus, Folder(folder)).edition is not None
    assert said(corpus) == {"badges.txt": AS_BEFORE["badges.txt"], "leave.md": "Annual leave is 27 days."}
    corpus.check()


def test_where_the_copy_of_the_matrix_finds_no_room_the_run_goes_on_and_a_start_does_without(
    tmp_path: Path, corpus: Corpus, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("numpy.savez", no_room)
    write_policy(folder, "leave.md", "Annual leave is 27 days.")
    assert index(corpus, Folder(folder)).edition == 2
    corpus.close()

    again = Corpus.open(tmp_path / "var", EMBEDDER)
    assert said(again)["leave.md"] == "Annual leave is 27 days."
    again.close()


@pytest.mark.parametrize(
    "place", ["knowledge.keyword.Keywords.remove", "knowledge.store.Store.remove", "knowledge.editions.Editions.collect"]
)
def test_what_fails_after_publishing_is_said_and_the_new_edition_answers(
    corpus: Corpus, folder: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    for days in range(26, 31):
        write_policy(folder, "leave.md", f"Annual leave is {days} days.")
        index(corpus, Folder(folder))
    write_policy(folder, "leave.md", "Annual leave is 31 days.")

    def full(*_: object, **__: object) -> None:
        raise IndexBroken("free some space")

    with monkeypatch.context() as patched:
        patched.setattr(place, full)
        with pytest.raises(IndexBroken, match="free some space"):
            index(corpus, Folder(folder))
    assert said(corpus)["leave.md"] == "Annual leave is 31 days."

    write_policy(folder, "leave.md", "Annual leave is 32 days.")
    index(corpus, Folder(folder))
    holdings = corpus._holdings
    assert holdings.store.ids() == holdings.catalog.window_ids()
    assert len(holdings.keywords.entries()) == len(holdings.catalog.passages())


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


# Several sources


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


class Down:
    """A source whose host does not answer."""

    name = "a"

    def look(self) -> Source:
        raise Unreachable("wiki.example does not answer")


def test_a_source_that_is_down_keeps_its_documents_while_others_go_on(tmp_path: Path) -> None:
    roots = two_folders(tmp_path)
    with opened(tmp_path) as corpus:
        index(corpus, named(roots))
        (roots["b"] / "rule-0.md").unlink()

        for order in (IndexOrder(), IndexOrder(removal_confirmed=True), IndexOrder(automatic=True)):
            report = index(corpus, [Down(), named(roots)[1]], order)
            assert [(one.path, one.reason) for one in report.warnings] == [
                ("a", "cannot be asked now: wiki.example does not answer; what is indexed from it stays as it is")
            ]
        assert len(said(corpus)) == 23
        assert "b/rule-0.md" not in said(corpus)


def test_where_over_a_tenth_of_one_source_vanishes_that_one_keeps_all_and_the_other_loses_what_is_gone(tmp_path: Path) -> None:
    roots = two_folders(tmp_path)
    with opened(tmp_path) as corpus:
        index(corpus, named(roots))
        for number in range(4):
            (roots["a"] / f"rule-{number}.md").unlink()
        (roots["b"] / "rule-0.md").unlink()

        report = index(corpus, named(roots))

        assert report.removed == ("b/rule-0.md",)
        assert [one.path for one in report.warnings] == [f"a/rule-{number}.md" for number in range(4)]
        assert "like 4 of 12 documents: too many to be sure" in report.warnings[0].reason
        assert "ibid index --confirm-removal" in report.warnings[0].reason
        assert len(said(corpus)) == 23

        confirmed = index(corpus, named(roots), IndexOrder(source="a", removal_confirmed=True))
        assert confirmed.removed == tuple(f"a/rule-{number}.md" for number in range(4))
        assert len(said(corpus)) == 19


def test_a_source_taken_out_of_the_list_keeps_its_documents_until_that_is_confirmed(tmp_path: Path) -> None:
    roots = two_folders(tmp_path)
    with opened(tmp_path) as corpus:
        index(corpus, named(roots))
        only_b = named(roots)[1:]

        report = index(corpus, only_b)
        assert len(report.warnings) == 12
        assert all("belongs to a source that is no longer set up; kept until" in one.reason for one in report.warnings)
        assert len(said(corpus)) == 24
        with pytest.raises(KnowledgeError, match="there is no source 'a'; there are: b"):
            index(corpus, only_b, IndexOrder(source="a"))

        assert len(index(corpus, only_b, IndexOrder(removal_confirmed=True)).removed) == 12
        assert {name.partition("/")[0] for name in said(corpus)} == {"b"}


def test_a_table_that_is_broken_in_one_source_stops_only_that_one_but_for_what_is_gone(tmp_path: Path) -> None:
    roots = two_folders(tmp_path)
    with opened(tmp_path) as corpus:
        index(corpus, named(roots))
        (roots["a"] / "policies.csv").write_text("file,acess\nrule-1.md,everyone\n", encoding="utf-8")
        (roots["a"] / "rule-0.md").unlink()
        write_policy(roots["a"], "rule-1.md", "Rule 1 of a, again.")
        write_policy(roots["b"], "rule-1.md", "Rule 1 of b, again.")

        report = index(corpus, named(roots))

        assert (report.changed, report.removed) == (("b/rule-1.md",), ("a/rule-0.md",))
        ((path, reason),) = [(one.path, one.reason) for one in report.warnings]
        assert path == "a"
        assert "policies.csv has a column 'acess'; did you mean 'access'?" in reason
        assert said(corpus)["a/rule-1.md"] == "Rule 1 of a."
        assert said(corpus)["b/rule-1.md"] == "Rule 1 of b, again."
        assert "a/rule-0.md" not in said(corpus)
        with pytest.raises(BadMetadata, match="did you mean 'access'"):
            index(corpus, named({"a": roots["a"]}))


def test_the_same_document_in_two_sources_is_answered_from_once_and_both_where_the_readers_differ(tmp_path: Path) -> None:
    roots = two_folders(tmp_path)
    for root in roots.values():
        write_policy(root, "leave.md", "Annual leave is 25 days.")
        (root / "badges.txt").write_text("Bring your badge to the gate.", encoding="utf-8")
    for name, access in (("a", "everyone"), ("b", "groups: hr")):
        (roots[name] / "policies.csv").write_text(f"file,access\nbadges.txt,{access}\n", encoding="utf-8")
    with opened(tmp_path) as corpus:
        report = index(corpus, named(roots))

        told = {one.path: one.reason for one in report.warnings}
        assert told.keys() == {"b/leave.md", "a/badges.txt", "b/badges.txt"}
        assert "is the same file as a/leave.md, with the same readers" in told["b/leave.md"]
        assert {name for name in said(corpus, ALL) if "rule" not in name} == {"a/leave.md", "a/badges.txt", "b/badges.txt"}

        (roots["a"] / "leave.md").unlink()
        assert index(corpus, named(roots)).moved == (("a/leave.md", "b/leave.md"),)
        assert said(corpus)["b/leave.md"] == "Annual leave is 25 days."


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
