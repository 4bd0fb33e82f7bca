"""Question in, passages out: ranked among what these readers may see, and checked against the allow-list last."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, TextNode

from knowledge.glossary import NO_GLOSSARY
from knowledge.places import countries
from knowledge.ranking import Means, Ranker
from knowledge.relevance import NOTHING, Evidence, confidence, weigh
from knowledge.sentences import units
from knowledge.values import Findings, Hit, Telling

if TYPE_CHECKING:
    from llama_index.core.schema import QueryBundle

    from knowledge.allow_list import AllowList
    from knowledge.glossary import Sought
    from knowledge.ranking import Ranking

__all__ = ["Found", "Means", "PassageRetriever"]


@dataclass(frozen=True)
class Found:
    """What a search returns, and what it measured on the way."""

    findings: Findings
    evidence: Evidence
    reranked: bool = False  # it was not decisive before


class PassageRetriever(BaseRetriever):
    """Searches the live edition for one group of readers at one date."""

    def __init__(self, allow: AllowList, means: Means, limit: int = 12) -> None:
        super().__init__()
        self._allow = allow
        self._live = allow.live
        self._means = means
        self._limit = limit

    def find(self, question: str) -> Found:
        """The passages that answer, best first."""
        stages = self._means.weights.stages
        sought = (self._means.glossary if stages.glossary else NO_GLOSSARY).sought(question)
        ranking = Ranker(self._here(sought) if stages.countries else self._allow, self._means).rank(sought)
        allowed = (index for index in ranking.order if self._allow.allows(self._live.contents.passages[index]))
        hits = [self._hit(index, ranking) for index in islice(allowed, self._limit)]
        evidence = weigh(sought, hits, ranking.met, [found.cosine for found in ranking.nearest.values()]) if hits else NOTHING
        sure = confidence(evidence) if hits else 0.0
        findings = Findings(hits=tuple(hits), confidence=sure, edition=self._live.contents.edition.number)
        return Found(findings, evidence, ranking.reranked)

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
        elsewhere = [names for there, names in self._live.by_countries.items() if there and not asked & there]
        return replace(self._allow, documents=self._allow.documents.difference(*elsewhere))

    def _hit(self, index: int, ranking: Ranking) -> Hit:
        found = ranking.nearest[index]
        row, passage = self._live.contents.rows[found.row], self._live.contents.passages[index]
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
