"""Question in, passages out: meaning and words, fused, re-ranked when it is close, and checked against the allow-list last."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, TextNode

from knowledge.fusing import dense_share, fuse, margin, scaled
from knowledge.glossary import NO_GLOSSARY, Glossary, Sought
from knowledge.maxsim import Excerpt, Met, excerpt, meet
from knowledge.places import countries
from knowledge.relevance import NOTHING, Evidence, confidence, weigh
from knowledge.sentences import units
from knowledge.values import Findings, Hit, Telling
from knowledge.weights import WEIGHTS, Weights

if TYPE_CHECKING:
    from collections.abc import Collection

    from llama_index.core.schema import QueryBundle

    from knowledge.allow_list import AllowList
    from knowledge.embedding import Embedder
    from knowledge.keyword import Keywords
    from knowledge.live import Nearest
    from knowledge.values import Passage


@dataclass(frozen=True)
class Found:
    """What a search returns, and what it measured on the way."""

    findings: Findings
    evidence: Evidence


@dataclass(frozen=True, kw_only=True)
class Means:
    """What every search goes through, whoever asks."""

    keywords: Keywords
    embedder: Embedder
    glossary: Glossary = NO_GLOSSARY
    weights: Weights = WEIGHTS


@dataclass(frozen=True)
class Ranking:
    """The candidates of one question with each leg's figures, by passage index; `final` is in order, best first."""

    nearest: dict[int, Nearest]
    keyword: dict[int, float]
    fused: dict[int, float]
    met: dict[str, Met]  # by passage id: those read word by word
    final: dict[int, float]


@lru_cache(maxsize=65_536)
def _covered(title: str, applies_to: str) -> frozenset[str]:
    """The countries that a document says it is for. Kept: ten thousand documents take a quarter of a second."""
    return countries(f"{title} {applies_to}")


class PassageRetriever(BaseRetriever):
    """Searches the live edition for one group of readers at one date."""

    def __init__(self, allow: AllowList, means: Means, limit: int = 12) -> None:
        super().__init__()
        self._allow = allow
        self._live = allow.live
        self._keywords = means.keywords
        self._embedder = means.embedder
        self._glossary = means.glossary
        self._weights = means.weights
        self._limit = limit

    def find(self, question: str) -> Found:
        """The passages that answer, best first. Readers who may see nothing get nothing, and no leg is asked."""
        sought = self._glossary.sought(question)
        allow = self._here(sought)
        ranking = self._rank(sought, allow)
        hits = [self._hit(index, ranking) for index in ranking.final if self._allow.allows(self._passage(index))][: self._limit]
        evidence = weigh(sought, hits, ranking.met, self._keywords.rarity) if hits else NOTHING
        sure = confidence(evidence) if hits else 0.0
        return Found(Findings(hits=tuple(hits), confidence=sure, edition=self._live.contents.edition.number), evidence)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [
            NodeWithScore(
                node=TextNode(
                    id_=hit.passage.id,
                    text=hit.passage.text,
                    metadata={"document": hit.document.id, "title": hit.document.title, "path": list(hit.passage.path)},
                ),
                score=hit.score,
            )
            for hit in self.find(query_bundle.query_str).findings.hits
        ]

    def _here(self, sought: Sought) -> AllowList:
        """Without the documents of other countries than the question names: their rules are no answer, however well they fit."""
        asked = countries(sought.text)
        if not asked:
            return self._allow
        told = {name: _covered(document.title, document.applies_to) for name, document in self._live.contents.documents.items()}
        elsewhere = {name for name, there in told.items() if there and not asked & there}
        return replace(self._allow, documents=self._allow.documents - elsewhere)

    def _rank(self, sought: Sought, allow: AllowList) -> Ranking:
        rows = self._live.readable_rows(allow.scope.labels, allow.documents)
        if not sought.question.strip() or not len(rows):
            return Ranking({}, {}, {}, {}, {})
        vector = self._embedder.embed_question(sought.text)
        nearest = {found.passage: found for found in self._live.nearest(vector, rows, self._weights.depth)}
        entries = self._live.passage_by_entry
        scored = self._keywords.search(sought, allow.scope, lambda entry: self._entry_allowed(entry, allow), self._weights.depth)
        keyword = {entries[entry]: score for entry, score in scored}
        for index in keyword.keys() - nearest.keys():
            nearest[index] = self._live.best_window(vector, index)
        reach = self._keywords.reach(sought, max(keyword.values(), default=0.0))
        fused = fuse({index: found.cosine for index, found in nearest.items()}, keyword, dense_share(reach, self._weights))
        close = margin(fused) < self._weights.rerank_margin
        met = self._meet(sought, fused, nearest, self._weights.rerank_candidates if close else self._weights.read_closely)
        return Ranking(nearest, keyword, fused, met, self._final(fused, met) if close else fused)

    def _meet(self, sought: Sought, fused: dict[int, float], nearest: dict[int, Nearest], most: int) -> dict[str, Met]:
        """The first candidates read word by word, by passage id."""
        candidates = list(fused)[:most]
        telling = sought.weights().keys()
        excerpts = [self._excerpt(nearest[index], telling) for index in candidates]
        figures = meet(self._embedder, sought.text, excerpts, self._keywords.rarity)
        return {self._passage(index).id: met for index, met in zip(candidates, figures, strict=False)}

    def _excerpt(self, found: Nearest, telling: Collection[str]) -> Excerpt:
        row = self._live.contents.rows[found.row]
        passage = self._passage(found.passage)
        text = passage.text[row.start : row.end]
        return excerpt(passage.situation, text, row.start, self._embedder.offsets(text), telling)

    def _final(self, fused: dict[int, float], met: dict[str, Met]) -> dict[int, float]:
        if not met:
            return fused
        share = self._weights.maxsim_share
        read = scaled({index: met[self._passage(index).id].whole() for index in fused if self._passage(index).id in met})
        final = {index: (1 - share) * score + share * read.get(index, 0.0) for index, score in fused.items()}
        return dict(sorted(final.items(), key=lambda item: -item[1]))

    def _hit(self, index: int, ranking: Ranking) -> Hit:
        found = ranking.nearest[index]
        passage = self._passage(index)
        row = self._live.contents.rows[found.row]
        met = ranking.met.get(passage.id)
        return Hit(
            passage=passage,
            document=self._live.contents.documents[passage.document],
            score=ranking.final[index],
            dense=found.cosine,
            keyword=ranking.keyword.get(index, 0.0),
            maxsim=met.whole() if met else None,
            best_start=row.start,
            best_end=row.end,
            telling=tuple(Telling(unit.start, unit.end, met.part(unit.start, unit.end)) for unit in units(passage.text)) if met else (),
        )

    def _passage(self, index: int) -> Passage:
        return self._live.contents.passages[index]

    def _entry_allowed(self, entry: str, allow: AllowList) -> bool:
        index = self._live.passage_by_entry.get(entry)
        return index is not None and allow.allows(self._passage(index))
