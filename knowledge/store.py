"""Chroma, through LlamaIndex: every window once, under its content id, with its vector."""

from __future__ import annotations

import shutil
import struct
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, cast

import numpy as np

from knowledge.errors import IndexBroken
from knowledge.values import content_id
from knowledge.wiped_memory import wiped

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from chromadb.api.client import Client
    from llama_index.vector_stores.chroma import ChromaVectorStore
    from numpy.typing import NDArray

    from knowledge.values import Window

Item = TypeVar("Item")

_HEADER = struct.Struct("<20xQQ")  # of Chroma's graph: how many elements there are, and the bytes of each
_LENGTH = 4  # bytes of the length that it keeps of each vector
BATCH = 5_000  # Chroma refuses more than its get_max_batch_size, which is 5,461 here and depends on its SQLite


class Store:
    """The vectors made by one embedder, in a folder. Chroma is loaded at the first use: it costs a second."""

    def __init__(self, folder: Path, embedder: str) -> None:
        self._folder = folder
        self._collection_name = f"windows-{content_id(embedder)}"  # vectors of two embedders are never compared

    def add(self, windows: Sequence[Window], vectors: NDArray[np.float32]) -> None:
        """Keep windows with their vectors. One that is there already, or twice in the list, is kept once."""
        there = self.have([window.id for window in windows])
        new = {window.id: place for place, window in enumerate(windows) if window.id not in there}
        self._add([(window_id, windows[place].text, vectors[place]) for window_id, place in new.items()])

    def have(self, ids: Collection[str]) -> set[str]:
        """Which of the ids are here."""
        found: set[str] = set()
        with self._in_words():
            for batch in self._batches(list(dict.fromkeys(ids))):
                found.update(self._vector_store.client.get(ids=list(batch), include=[])["ids"])
        return found

    def ids(self) -> set[str]:
        with self._in_words():
            return set(self._vector_store.client.get(include=[])["ids"])

    def remove(self, ids: Collection[str]) -> None:
        with self._in_words():
            for batch in self._batches(list(ids)):
                self._vector_store.delete_nodes(node_ids=list(batch))

    def remake(self, ids: Sequence[str]) -> None:
        """Make the folder again with these windows alone. Chroma's own deletion leaves texts and vectors in its files."""
        kept: list[tuple[str, str, NDArray[np.float32]]] = []
        with self._in_words():
            for batch in self._batches(list(ids)):
                rows = self._vector_store.client.get(ids=list(batch), include=["embeddings", "documents"])
                kept += zip(rows["ids"], rows["documents"], rows["embeddings"], strict=True)
        self.close()
        shutil.rmtree(self._folder)
        self._add(kept)
        self.close()

    def vectors(self, ids: Sequence[str]) -> NDArray[np.float32]:
        """One row for each id, in order. Raises IndexBroken when one is missing."""
        found: dict[str, Sequence[float]] = {}
        with self._in_words():
            for batch in self._batches(list(dict.fromkeys(ids))):
                rows = self._vector_store.client.get(ids=list(batch), include=["embeddings"])
                found.update(zip(rows["ids"], rows["embeddings"], strict=True))
        missing = sum(window_id not in found for window_id in ids)
        if missing:
            raise IndexBroken(f"{missing} of {len(ids)} windows have no vector in Chroma; run `ibid index` to make them again")
        return np.array([found[window_id] for window_id in ids], dtype=np.float32)

    def close(self) -> None:
        """Let go of Chroma's files, if they were opened, and leave nothing in them but what is kept. The next use opens them again."""
        if "_client" in self.__dict__:
            with wiped():
                self._client.close()
            del self.__dict__["_client"]
            self.__dict__.pop("_vector_store", None)
            for header in self._folder.glob("*/header.bin"):  # also after a mere look: opening it writes them
                _blank_what_is_unused(header)

    def _add(self, rows: Sequence[tuple[str, str, NDArray[np.float32]]]) -> None:
        """Batch by batch: as lists of numbers, as Chroma wants them, vectors take eight times the memory."""
        from llama_index.core.schema import TextNode

        with self._in_words():
            for batch in self._batches(rows):
                self._vector_store.add([TextNode(id_=window_id, text=text, embedding=vector.tolist()) for window_id, text, vector in batch])

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """What Chroma cannot do, as a message for the operator."""
        from chromadb.errors import ChromaError

        try:
            with wiped():
                yield
        except ChromaError as error:
            cure = "if the disk is full, free some space; else delete that folder, all in it is made again, and run `ibid index`"
            raise IndexBroken(f"the vectors in {self._folder} cannot be used: {cure}") from error

    @cached_property
    def _client(self) -> Client:
        import chromadb
        from chromadb.api.shared_system_client import SharedSystemClient
        from chromadb.config import Settings
        from chromadb.errors import ChromaError

        self._folder.mkdir(parents=True, exist_ok=True)
        settings = Settings(anonymized_telemetry=False)
        try:
            return cast("Client", chromadb.PersistentClient(path=str(self._folder), settings=settings))
        except ChromaError:
            SharedSystemClient.clear_system_cache()  # it keeps what failed to open, and would hand it out the next time
            raise

    @cached_property
    def _vector_store(self) -> ChromaVectorStore:
        from llama_index.vector_stores.chroma import ChromaVectorStore

        # Without an embedding function: Chroma's own default would fetch a model from the internet. Its graph is never asked for
        # neighbours, so it is built with as little care as there is: it would cost half as much again as keeping the windows.
        collection = self._client.get_or_create_collection(
            self._collection_name, embedding_function=None, configuration={"hnsw": {"space": "cosine", "ef_construction": 10}}
        )
        return ChromaVectorStore(chroma_collection=collection)

    def _batches(self, items: Sequence[Item]) -> Iterator[Sequence[Item]]:
        size = min(BATCH, self._client.get_max_batch_size())
        return (items[start : start + size] for start in range(0, len(items), size))


def _blank_what_is_unused(header: Path) -> None:
    """Chroma writes the room for vectors to come as it finds it in memory, and there may stand what was just taken out."""
    said = header.read_bytes()
    if len(said) < _HEADER.size:
        return
    count, size = _HEADER.unpack_from(said)
    for room, of_each in ((header.with_name("data_level0.bin"), size), (header.with_name("length.bin"), _LENGTH)):
        if room.is_file():
            with room.open("r+b") as file:
                file.seek(count * of_each)
                file.write(bytes(max(0, room.stat().st_size - count * of_each)))
