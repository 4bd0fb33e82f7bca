"""Windows are embedded and kept while others are still being taken."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from knowledge import ahead
from knowledge.ahead import Ahead
from knowledge.errors import EmbedderUnavailable
from knowledge.hashing_embedding import HashingEmbedding
from knowledge.holdings import Holdings
from knowledge.values import Version
from tests.corpora import a_policy, passages_of, some_holdings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray


class Watched(HashingEmbedding):
    """Remembers what it was given; waits, or fails, where it is told to."""

    def __init__(self) -> None:
        self.given: list[str] = []
        self.may_go = threading.Event()
        self.may_go.set()
        self.fails = False

    def embed_windows(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> NDArray:  # type: ignore[type-arg]
        self.may_go.wait(10)
        if self.fails:
            raise EmbedderUnavailable("the endpoint does not answer")
        self.given += texts
        return super().embed_windows(texts, progress)


@pytest.fixture
def embedder() -> Watched:
    return Watched()


@pytest.fixture
def holdings(tmp_path: Path, embedder: Watched, monkeypatch: pytest.MonkeyPatch) -> Iterator[Holdings]:
    monkeypatch.setattr(ahead, "BATCH", 2)
    bare = some_holdings(tmp_path)
    yield Holdings(bare.catalog, bare.store, bare.keywords, embedder)
    bare.store.close()
    bare.catalog.close()


def a_version(name: str, *texts: str) -> Version:
    document = a_policy(name)
    return Version(id=name, document=document, text="\n".join(texts), passages=passages_of(document, *texts), source_hash=name * 8)


def no_progress(done: int, total: int) -> None:
    pass


def test_a_version_is_catalogued_and_all_its_windows_are_kept(holdings: Holdings, embedder: Watched) -> None:
    with Ahead(holdings) as going:
        going.keep(a_version("leave.md", "Five days.", "Six days.", "Seven days."))
        embedded = going.finish(no_progress)

    assert embedded == len(embedder.given) == 3
    assert holdings.catalog.window_ids() == holdings.store.ids()


def test_taking_returns_while_the_embedder_is_busy(holdings: Holdings, embedder: Watched) -> None:
    embedder.may_go.clear()
    with Ahead(holdings) as going:
        for number in range(6):
            going.keep(a_version(f"policy-{number}.md", f"{number} days.", f"{number} weeks."))
        assert embedder.given == []
        embedder.may_go.set()
        assert going.finish(no_progress) == 12


def test_what_is_there_or_was_taken_before_is_not_embedded_again(holdings: Holdings, embedder: Watched) -> None:
    version = a_version("leave.md", "Five days.", "Six days.", "Seven days.")
    with Ahead(holdings) as going:
        windows = holdings.keep(version)
        going.take(windows[:2])
        going.take(windows[:2])
        assert going.finish(no_progress) == 2
    with Ahead(holdings) as going:
        going.take(windows)
        assert going.finish(no_progress) == 1

    assert len(embedder.given) == 3


def test_progress_ends_with_all_that_was_taken(holdings: Holdings) -> None:
    told: list[tuple[int, int]] = []
    with Ahead(holdings) as going:
        going.keep(a_version("leave.md", "Five days.", "Six days.", "Seven days."))
        going.finish(lambda done, total: told.append((done, total)))

    assert told[-1] == (3, 3)
    assert told == sorted(told)


def test_a_failure_of_the_embedder_is_raised_and_what_was_embedded_before_is_kept(holdings: Holdings, embedder: Watched) -> None:
    with Ahead(holdings) as going:
        going.keep(a_version("leave.md", "Five days.", "Six days."))
        going.finish(no_progress)
        embedder.fails = True
        going.keep(a_version("pay.md", "Seven days.", "Eight days."))
        with pytest.raises(EmbedderUnavailable):
            going.finish(no_progress)

    assert len(holdings.store.ids()) == 2


def test_whoever_is_told_of_progress_may_end_it_and_nothing_goes_on_behind_their_back(holdings: Holdings, embedder: Watched) -> None:
    def cancelled(done: int, total: int) -> None:
        raise KeyboardInterrupt

    def run() -> None:
        with Ahead(holdings) as going:
            for number in range(6):
                going.keep(a_version(f"policy-{number}.md", f"{number} days.", f"{number} weeks."))
            threading.Timer(0.3, embedder.may_go.set).start()
            going.finish(cancelled)

    embedder.may_go.clear()
    with pytest.raises(KeyboardInterrupt):
        run()

    assert len(embedder.given) <= 2
    assert not [thread for thread in threading.enumerate() if thread.name.startswith(("ahead", "keep"))]
