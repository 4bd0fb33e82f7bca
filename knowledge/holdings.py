"""The places that together hold the documents, handed through a run of the index as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.windowing import windows

if TYPE_CHECKING:
    from knowledge.catalog import Catalog
    from knowledge.embedding import Embedder
    from knowledge.keyword import Keywords
    from knowledge.store import Store
    from knowledge.values import Version


@dataclass(frozen=True)
class Holdings:
    """The catalog is the truth; the store and the keyword index can be made again from it, by the embedder."""

    catalog: Catalog
    store: Store
    keywords: Keywords
    embedder: Embedder

    def keep(self, version: Version) -> None:
        """Catalogue a version, cut into the windows that this embedder reads."""
        cut = {passage.id: windows(passage, self.embedder.offsets, self.embedder.identity) for passage in version.passages}
        self.catalog.add_version(version, cut)
