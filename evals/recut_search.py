"""The search over passages of another splitter: an edition in memory, and a keyword index in a folder of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.allow_list import AllowList
from knowledge.keyword import Keywords
from knowledge.live import Contents, Live, Row
from knowledge.searching import Means, PassageRetriever
from knowledge.splitting import windows
from knowledge.values import Edition
from knowledge.weights import WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evals.ablation import Query
    from evals.splitters import Recut
    from knowledge.embedding import Embedder
    from knowledge.glossary import Glossary
    from knowledge.values import Document, Hit


class RecutSearch:
    """Asked as production's is; who may read a passage is said by the document that it is of."""

    def __init__(self, recut: Recut, documents: Mapping[str, Document], embedder: Embedder, folder: str, glossary: Glossary) -> None:
        cut = [
            (index, window)
            for index, passage in enumerate(recut.passages)
            for window in windows(passage, embedder.offsets, embedder.identity)
        ]
        rows = tuple(Row(window.id, index, window.start, window.end) for index, window in cut)
        edition = Edition(number=1, versions=(), embedder=embedder.identity)
        contents = Contents(edition=edition, documents=documents, passages=recut.passages, rows=rows)
        self._live = Live(contents, embedder.embed_windows([window.text for _, window in cut]))
        keywords = Keywords(Path(folder), title_boost=WEIGHTS.title_boost)
        keywords.add((passage, documents[passage.document].title) for passage in recut.passages)
        self._means = Means(keywords=keywords, embedder=embedder, glossary=glossary)

    def find(self, query: Query, limit: int) -> tuple[Sequence[Hit], float]:
        """The hits, best first, and how sure the search is of them."""
        allow = AllowList.at(self._live, query.scope, query.as_of, frozenset)
        findings = PassageRetriever(allow, self._means, limit).find(query.text).findings
        return findings.hits, findings.confidence
