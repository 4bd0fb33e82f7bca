"""The documents: files in, passages out. Synchronous; LlamaIndex, Chroma and tantivy live here and nowhere else."""
