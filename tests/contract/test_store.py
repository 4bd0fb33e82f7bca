"""What we rely on Chroma for, through LlamaIndex."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from llama_index.vector_stores.chroma import ChromaVectorStore

from knowledge import store as store_module
from knowledge.errors import IndexBroken
from knowledge.store import Store
from knowledge.values import Window
from tests.corpora import EMBEDDER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "chroma", "hashing-1")
    yield opened
    opened.close()


def some_windows(count: int) -> list[Window]:
    return [Window(id=f"{number:032x}", passage="p", text=f"Rule number {number}.", start=0, end=9) for number in range(count)]


def test_vectors_come_back_as_they_were_in_the_order_asked_for(store: Store) -> None:
    windows = some_windows(5)
    vectors = EMBEDDER.embed_windows([window.text for window in windows])
    store.add(windows, vectors)

    back = store.vectors([windows[3].id, windows[0].id, windows[3].id])

    assert back.dtype == np.float32
    np.testing.assert_allclose(back, vectors[[3, 0, 3]], atol=1e-6)


def test_it_is_chroma_through_llama_index(store: Store) -> None:
    store.add(some_windows(1), EMBEDDER.embed_windows(["Rule number 0."]))

    vector_store = store._vector_store

    assert isinstance(vector_store, ChromaVectorStore)
    assert vector_store.client.get()["documents"] == ["Rule number 0."]
    assert store._client.get_settings().anonymized_telemetry is False


def test_a_window_is_kept_once_however_often_it_is_added(store: Store) -> None:
    windows = some_windows(2)
    vectors = EMBEDDER.embed_windows([window.text for window in windows])

    store.add([*windows, windows[0]], vectors[[0, 1, 0]])
    store.add(windows, vectors)

    assert store.ids() == {window.id for window in windows}


def test_more_windows_than_one_batch_all_arrive_and_all_leave(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "BATCH", 7)
    windows = some_windows(30)
    ids = [window.id for window in windows]
    store.add(windows, EMBEDDER.embed_windows([window.text for window in windows]))

    assert store.have([*ids, "unknown"]) == set(ids)
    assert len(store.vectors(ids)) == 30
    store.remove(ids[:29])
    assert store.ids() == {ids[29]}


def test_a_batch_is_never_larger_than_chroma_takes(store: Store) -> None:
    taken = store._client.get_max_batch_size()

    assert max(len(batch) for batch in store._batches(range(20_000))) <= min(taken, store_module.BATCH)


def test_a_missing_vector_is_an_error_and_not_a_gap(store: Store) -> None:
    store.add(some_windows(1), EMBEDDER.embed_windows(["Rule number 0."]))

    with pytest.raises(IndexBroken, match="1 of 2 windows"):
        store.vectors([some_windows(1)[0].id, "unknown"])


def test_nothing_asked_for_is_nothing_done(store: Store) -> None:
    store.add([], np.zeros((0, 384), dtype=np.float32))
    store.remove([])

    assert store.ids() == set()
    assert store.have([]) == set()


def test_vectors_of_two_embedders_never_meet(tmp_path: Path, store: Store) -> None:
    store.add(some_windows(1), EMBEDDER.embed_windows(["Rule number 0."]))

    other = Store(tmp_path / "chroma", "another")

    assert other.ids() == set()
    other.close()


def test_what_was_added_is_there_after_closing_and_opening(tmp_path: Path, store: Store) -> None:
    store.add(some_windows(3), EMBEDDER.embed_windows(["Rule number 0.", "Rule number 1.", "Rule number 2."]))
    store.close()

    again = Store(tmp_path / "chroma", "hashing-1")

    assert len(again.ids()) == 3
    again.close()


@pytest.mark.parametrize("count", [3, 1_500])
def test_what_is_made_again_holds_nothing_of_what_was_in_memory_before(store: Store, tmp_path: Path, count: int) -> None:
    windows = some_windows(count)
    store.add(windows, EMBEDDER.embed_windows([window.text for window in windows]))

    store.remake([window.id for window in windows[1:]])

    (room,) = (tmp_path / "chroma").glob("*/data_level0.bin")
    content = room.read_bytes()
    said = room.with_name("header.bin").read_bytes()
    kept = int.from_bytes(said[20:28], "little") * int.from_bytes(said[28:36], "little")
    assert 0 <= kept <= len(content)
    assert not any(content[kept:])
    assert store.ids() == {window.id for window in windows[1:]}


UNFILLED = """
import sys
from pathlib import Path
import numpy as np
from knowledge.store import Store
from knowledge.values import Window

def unfilled():
    return [path.name for path in Path(sys.argv[1]).rglob("*.bin") if any(bytes([byte]) * 64 in path.read_bytes() for byte in (90, 165))]

store = Store(Path(sys.argv[1]), "hashing")
store.add([Window(id=str(number), passage="p", text="t", start=0, end=1) for number in range(30)], np.eye(30, 384, dtype=np.float32))
print("written", *unfilled())
store.close()
print("closed", *unfilled())
store.ids()
print("opened", *[name for name in unfilled() if name != "length.bin"])
store.close()
print("closed again", *unfilled())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only there the memory of a process can be marked")
def test_what_was_in_memory_is_not_written_to_the_room_that_chroma_sets_aside(tmp_path: Path) -> None:
    """The C library marks all memory that is handed out unfilled, and all that is given back; no mark is found in the files."""
    told = subprocess.run(
        [sys.executable, "-c", UNFILLED, str(tmp_path)],
        env=os.environ | {"MALLOC_PERTURB_": "90"},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert told.splitlines() == ["written", "closed", "opened", "closed again"]
