"""The same files in stock LlamaIndex: its directory reader, and its IngestionPipeline with a docstore before Chroma."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llama_index.core import MockEmbedding, SimpleDirectoryReader
from llama_index.core.ingestion import DocstoreStrategy, IngestionPipeline
from llama_index.core.node_parser import MarkdownNodeParser
from llama_index.core.storage.docstore import SimpleDocumentStore
from llama_index.vector_stores.chroma import ChromaVectorStore

if TYPE_CHECKING:
    from pathlib import Path

BATCH = 1_000  # documents: with more than 5,461 nodes at once it fails
DIMENSIONS = 384


class Pipeline:
    """Kept in memory between runs: opening its docstore again would take longer than all else."""

    def __init__(self, folder: Path, documents: Path) -> None:
        import chromadb
        from chromadb.config import Settings

        client = chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
        self._documents = documents
        self._pipeline = IngestionPipeline(
            transformations=[MarkdownNodeParser(), MockEmbedding(embed_dim=DIMENSIONS)],
            docstore=SimpleDocumentStore(),
            docstore_strategy=DocstoreStrategy.UPSERTS,
            vector_store=ChromaVectorStore(chroma_collection=client.create_collection("stock", embedding_function=None)),
            disable_cache=True,
        )

    def run(self) -> int:
        """How many nodes were made."""
        read = SimpleDirectoryReader(str(self._documents), recursive=True, filename_as_id=True).load_data()
        return sum(len(self._pipeline.run(documents=read[start : start + BATCH])) for start in range(0, len(read), BATCH))
