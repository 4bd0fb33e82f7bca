"""Text to vectors: the built-in MiniLM, or an OpenAI-compatible endpoint; both are LlamaIndex embeddings."""

from __future__ import annotations

import asyncio
import os
from abc import abstractmethod
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from llama_index.core.base.embeddings.base import BaseEmbedding
from pydantic import PrivateAttr

from knowledge.errors import EmbedderUnavailable
from knowledge.minilm_weights import TOKENIZER, TOKENIZER_SHA256, WEIGHTS, kept_graph, verified, weights_folder
from knowledge.wordpieces import WordPieces

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from openai import OpenAI

    from knowledge.minilm_graph import Variant

Vectors = np.ndarray[tuple[int, ...], np.dtype[np.float32]]

THREADS = 2  # for windows; a question takes one
HANDED_OUT = 64  # windows given to the threads at a time: an interrupted run ends within a second
BATCH = 8  # windows in one request to an endpoint


class Embedder(Protocol):
    """What the index and the search need of an embedding model. Vectors have length one."""

    @property
    def identity(self) -> str: ...  # vectors of equal identity may be compared
    @property
    def dimensions(self) -> int: ...
    def embed_windows(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors: ...
    def embed_question(self, text: str) -> Vectors: ...
    def token_vectors(self, texts: Sequence[str], limit: int = 96) -> list[Vectors]: ...  # empty: this model has none
    def count(self, text: str) -> int: ...
    def offsets(self, text: str) -> Sequence[tuple[int, int]]: ...


class _Embedding(BaseEmbedding):
    """What both have in common: LlamaIndex's methods, answered by ours, and the tokens that windows are measured in."""

    identity: str
    _pieces: WordPieces = PrivateAttr()

    @abstractmethod
    def embed_windows(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors: ...

    @abstractmethod
    def embed_question(self, text: str) -> Vectors: ...

    def count(self, text: str) -> int:
        return self._pieces.count(text)

    def offsets(self, text: str) -> Sequence[tuple[int, int]]:
        return self._pieces.offsets(text)

    def _get_query_embedding(self, query: str) -> list[float]:
        return [float(value) for value in self.embed_question(query)]

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [[float(value) for value in vector] for vector in self.embed_windows(texts)]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return await asyncio.to_thread(self._get_query_embedding, query)

    async def _aget_text_embedding(self, text: str) -> list[float]:
        return await asyncio.to_thread(self._get_text_embedding, text)

    async def _aget_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return await asyncio.to_thread(self._get_text_embeddings, texts)


class MiniLM(_Embedding):
    """all-MiniLM-L6-v2 in this process. Several threads may use one."""

    _graph: Path = PrivateAttr()
    _session: Any = PrivateAttr(default=None)  # onnxruntime's; it ships no types
    _opening: Lock = PrivateAttr(default_factory=Lock)

    def __init__(self, *, identity: str, graph: Path, pieces: WordPieces) -> None:
        super().__init__(identity=identity, model_name=identity)
        self._graph = graph
        self._pieces = pieces

    @property
    def dimensions(self) -> int:
        from knowledge.minilm_graph import DIMENSIONS

        return DIMENSIONS

    def embed_windows(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """A row for each text, in their order. `progress` hears how many are done so far."""
        rows = np.empty((len(texts), self.dimensions), dtype=np.float32)
        with ThreadPoolExecutor(THREADS, thread_name_prefix="embed") as threads:
            for start in range(0, len(texts), HANDED_OUT):
                for row, vector in enumerate(threads.map(self.embed_question, texts[start : start + HANDED_OUT]), start):
                    rows[row] = vector
                    if progress is not None:
                        progress(row + 1)
        return rows

    def embed_question(self, text: str) -> Vectors:
        from knowledge.minilm_graph import LONGEST

        return self._run("sentence", self._pieces.ids(text, LONGEST))

    def token_vectors(self, texts: Sequence[str], limit: int = 96) -> list[Vectors]:
        """For each text a row for each of its first `limit` tokens, each read in the light of the others."""
        from knowledge.minilm_graph import LONGEST

        def rows(text: str) -> Vectors:
            return self._run("tokens", self._pieces.ids(text, min(limit + 2, LONGEST)))[1:-1]

        with ThreadPoolExecutor(THREADS, thread_name_prefix="embed") as threads:
            return list(threads.map(rows, texts))

    def _run(self, output: str, ids: list[int]) -> Vectors:
        vectors: Vectors = self._opened().run([output], {"ids": np.array([ids], dtype=np.int64)})[0][0]
        return vectors

    def _opened(self) -> Any:  # noqa: ANN401 - onnxruntime ships no types
        with self._opening:
            if self._session is None:
                os.putenv("ORT_DISABLE_TELEMETRY", "1")  # else it reports to its maker, by an id that it keeps in the home directory
                import onnxruntime  # type: ignore[import-untyped]  # it ships no types

                options = onnxruntime.SessionOptions()
                options.intra_op_num_threads = 1  # each caller's own thread does the work: none of them waits by spinning
                options.inter_op_num_threads = 1
                options.log_severity_level = 3  # errors only
                self._session = onnxruntime.InferenceSession(str(self._graph), options, providers=["CPUExecutionProvider"])
            return self._session


def open_minilm(weights_dir: Path | None, data_dir: Path, *, variant: Variant = "int8") -> MiniLM:
    """The built-in embedder. The first time on a data directory it builds the graph, which takes a second or two."""
    from knowledge.minilm_graph import GRAPH_VERSION

    folder = weights_folder(weights_dir)
    pieces = WordPieces(verified(folder / TOKENIZER, TOKENIZER_SHA256))
    graph = kept_graph(data_dir / "embedder", folder / WEIGHTS, variant)
    return MiniLM(identity=f"minilm-l6-{variant}-{GRAPH_VERSION}", graph=graph, pieces=pieces)


class OpenAICompatible(_Embedding):
    """A model behind an OpenAI-compatible endpoint. It gives no token vectors: the search then does not re-rank."""

    _client: OpenAI = PrivateAttr()
    _dimensions: int = PrivateAttr(default=0)

    def __init__(self, *, client: OpenAI, model: str, pieces: WordPieces) -> None:
        super().__init__(identity=f"openai-compatible/{model}", model_name=model, embed_batch_size=BATCH)
        self._client = client
        self._pieces = pieces

    @property
    def dimensions(self) -> int:
        """As long as the endpoint's vectors are; asks for one when there was none yet."""
        return self._dimensions or len(self.embed_question("dimensions"))

    def embed_windows(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        if not texts:
            return np.empty((0, self._dimensions), dtype=np.float32)
        batches = []
        for start in range(0, len(texts), BATCH):
            batches.append(self._request(self._client, texts[start : start + BATCH]))
            if progress is not None:
                progress(min(start + BATCH, len(texts)))
        return np.concatenate(batches)

    def embed_question(self, text: str) -> Vectors:
        """Somebody waits for this one, so it is tried once; windows are tried as often as the client says."""
        row: Vectors = self._request(self._client.with_options(max_retries=0), [text])[0]
        return row

    def token_vectors(self, texts: Sequence[str], limit: int = 96) -> list[Vectors]:  # noqa: ARG002 - the Embedder's signature
        return []

    def _request(self, client: OpenAI, texts: Sequence[str]) -> Vectors:
        from openai import OpenAIError

        try:
            # Plain numbers: not every compatible server knows the base64 that the client would ask for.
            reply = client.embeddings.create(input=list(texts), model=self.model_name, encoding_format="float")
            ordered = sorted(reply.data, key=lambda one: one.index)
            rows = np.array([one.embedding for one in ordered], dtype=np.float32)
        except (OpenAIError, ValueError, TypeError, AttributeError) as cause:
            raise EmbedderUnavailable(f"The embedding endpoint failed for model {self.model_name}: {_reason(cause)}.") from cause
        lengths = np.linalg.norm(rows, axis=1, keepdims=True) if rows.ndim == 2 else np.zeros(1)
        if len(rows) != len(texts) or not (np.isfinite(lengths).all() and lengths.all()):
            raise EmbedderUnavailable(f"The embedding endpoint did not send a vector for each of {len(texts)} texts.")
        if self._dimensions not in (0, rows.shape[1]):
            raise EmbedderUnavailable(f"The embedding endpoint sent {rows.shape[1]} numbers for a text, {self._dimensions} before.")
        self._dimensions = rows.shape[1]
        unit: Vectors = rows / lengths
        return unit


def open_openai_compatible(base_url: str, key: str, model: str, *, weights_dir: Path | None, seconds: float = 30) -> OpenAICompatible:
    """An endpoint, with one timeout for each request. Windows are measured with MiniLM's tokens, whatever the model counts in."""
    from openai import OpenAI

    pieces = WordPieces(verified(weights_folder(weights_dir) / TOKENIZER, TOKENIZER_SHA256))
    return OpenAICompatible(client=OpenAI(base_url=base_url, api_key=key, timeout=seconds, max_retries=2), model=model, pieces=pieces)


def _reason(cause: Exception) -> str:
    """The kind of failure and its status: an endpoint's own words may repeat the text that it was sent."""
    status: Any = getattr(cause, "status_code", None)
    return type(cause).__name__ if status is None else f"{type(cause).__name__}, HTTP {status}"
