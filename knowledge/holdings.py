"""The places that together hold the documents, handed through a run of the index as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.catalog import Catalog
from knowledge.keyword import Keywords
from knowledge.store import Store
from knowledge.weights import WEIGHTS
from knowledge.windowing import windows
from knowledge.words import REVISION

if TYPE_CHECKING:
    from pathlib import Path

    from knowledge.embedding import Embedder
    from knowledge.reranking import Reranker
    from knowledge.values import Version, Window


@dataclass(frozen=True)
class Holdings:
    """The catalog is the truth; the store and the keyword index can be made again from it, by the embedder."""

    catalog: Catalog
    store: Store
    keywords: Keywords
    embedder: Embedder
    reranker: Reranker | None = None  # in place of the built-in one

    def keep(self, version: Version) -> tuple[Window, ...]:
        """Catalogue a version, cut into the windows that this embedder reads, and give these."""
        cut = {passage.id: windows(passage, self.embedder.offsets, self.embedder.identity) for passage in version.passages}
        self.catalog.add_version(version, cut)
        return tuple(window for passage in version.passages for window in cut[passage.id])


def open_holdings(data_dir: Path, embedder: Embedder, catalog_url: str | None = None, reranker: Reranker | None = None) -> Holdings:
    """Everything in one folder; the catalog elsewhere where an address is given."""
    data_dir.mkdir(parents=True, exist_ok=True)
    return Holdings(
        catalog=Catalog(catalog_url or f"sqlite:///{data_dir / 'catalog.db'}"),
        store=Store(data_dir / "chroma", embedder.identity),
        keywords=Keywords(data_dir / "keywords" / REVISION, title_boost=WEIGHTS.title_boost),
        embedder=embedder,
        reranker=reranker,
    )
