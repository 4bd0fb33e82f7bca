"""The same passages in stock LlamaIndex: Chroma with a `where` filter, BM25Retriever, and QueryFusionRetriever over both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llama_index.core import VectorStoreIndex
from llama_index.core.llms import MockLLM
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.retrievers.fusion_retriever import FUSION_MODES
from llama_index.core.schema import BaseNode, TextNode
from llama_index.core.vector_stores import FilterOperator, MetadataFilter, MetadataFilters
from llama_index.vector_stores.chroma import ChromaVectorStore

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    import numpy as np
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from numpy.typing import NDArray

    from knowledge.values import Hit

FOUND_BY_EACH = 50  # what each leg hands to the fusion, as with us
FOUND = 12
BATCH = 5_000


class Stock:
    """Ready to be asked. Questions are embedded with the same model as ours."""

    def __init__(self, folder: Path, hits: Sequence[Hit], vectors: NDArray[np.float32], embedder: BaseEmbedding) -> None:
        import chromadb
        from chromadb.config import Settings
        from llama_index.retrievers.bm25 import BM25Retriever

        nodes: list[BaseNode] = [
            TextNode(id_=hit.passage.id, text=hit.passage.text, metadata={"label": hit.passage.label, "title": hit.document.title})
            for hit in hits
        ]
        client = chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
        store = ChromaVectorStore(chroma_collection=client.create_collection("stock", embedding_function=None))
        self._words = BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=FOUND_BY_EACH)
        for start in range(0, len(nodes), BATCH):
            batch = nodes[start : start + BATCH]
            for node, vector in zip(batch, vectors[start : start + BATCH], strict=True):
                node.embedding = vector.tolist()
            store.add(batch)
        self._index = VectorStoreIndex.from_vector_store(store, embed_model=embedder)

    def search(self, question: str, labels: Collection[str]) -> int:
        """How many nodes it finds. Its BM25 leg takes no filter per question: what it finds is not within the labels."""
        within = MetadataFilters(filters=[MetadataFilter(key="label", value=sorted(labels), operator=FilterOperator.IN)])
        meaning = self._index.as_retriever(similarity_top_k=FOUND_BY_EACH, filters=within)
        fusion = QueryFusionRetriever(
            [meaning, self._words], llm=MockLLM(), num_queries=1, similarity_top_k=FOUND, mode=FUSION_MODES.RECIPROCAL_RANK, use_async=False
        )
        return len(fusion.retrieve(question))
