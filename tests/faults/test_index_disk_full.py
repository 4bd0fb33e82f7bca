"""A disk that fills during a run: it is said, the live edition answers, and with room the next run completes."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from knowledge.connectors.folder import Folder
from knowledge.corpus import Corpus
from knowledge.errors import CatalogUnavailable, IndexBroken
from tests.corpora import EMBEDDER, write_policy
from tests.factories import NOW
from tests.troubled import AS_BEFORE, a_handbook, index, said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy.engine.interfaces import DBAPIConnection


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_handbook(tmp_path / "handbook")


@pytest.fixture
def corpus(tmp_path: Path, folder: Path) -> Iterator[Corpus]:
    opened = Corpus.open(tmp_path / "var", EMBEDDER, now=lambda: NOW)
    assert len(index(opened, Folder(folder)).added) == 3
    yield opened
    opened.close()


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
