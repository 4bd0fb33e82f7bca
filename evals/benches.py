"""The sets of questions that an ablation is made on: the golden ones as the flow understands them, and folders beside them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bot.adapters.clock import SystemClock
from bot.adapters.quote_writer import QuoteWriter
from evals.ablation import Query
from evals.data import Measured, place
from evals.data_search import KEPT, fill, kept_corpus
from evals.desk import furnish, own_corpus
from evals.golden import TO_REFUSE, load_golden
from evals.runner import reply_to
from knowledge.values import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from pathlib import Path

    from bot.settings import Settings
    from evals.remembering import Remembering
    from knowledge.corpus import Corpus
    from knowledge.reranking import Reranker
    from knowledge.values import Passage

GOLDEN = "golden tune"


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A set of questions, the index that they are asked of, and where a passage of it is."""

    name: str
    corpus: Corpus
    queries: tuple[Query, ...]
    place: Callable[[Passage], str]
    vectors: Path  # a file for those of other splitters

    @property
    def everything(self) -> Scope:
        return Scope(frozenset(rule.label for rule in self.corpus.rules()))


def benches(
    folders: Sequence[Measured], settings: Settings, embedder: Remembering, reranker: Reranker | None
) -> Generator[Bench, None, None]:
    """The golden questions, then each folder; an index is open while it is measured."""
    kept = settings.data_dir / KEPT
    kept.mkdir(parents=True, exist_ok=True)
    with own_corpus(settings, embedder, reranker) as corpus:
        queries = asyncio.run(_golden(corpus, settings, embedder))
        yield Bench(name=GOLDEN, corpus=corpus, queries=queries, place=lambda passage: passage.id, vectors=kept / "golden.npz")
    today = SystemClock().today()
    for measured in folders:
        with kept_corpus(settings.data_dir, measured.name, embedder, reranker) as corpus:
            fill(corpus, measured, lambda _: None)
            yield _folder(measured, corpus, today, kept / f"{measured.name}.npz")


async def _golden(corpus: Corpus, settings: Settings, embedder: Remembering) -> tuple[Query, ...]:
    """The tune half. What the words alone decide never reaches a search, and counts as not found where it should have been."""
    desk = await furnish(corpus, settings.documents, (QuoteWriter(),), lambda _: None)
    queries = []
    for golden in load_golden(settings.documents / "golden.yaml"):
        if golden.half != "tune" or not (golden.answerable or golden.kind in TO_REFUSE):
            continue
        embedder.forget()
        known = (await reply_to(golden, desk)).answer.evidence
        gold = frozenset(hit.passage.id for hit in desk.clauses(*golden.clauses)) if golden.answerable else frozenset()
        judged = golden.answerable or (False if known.as_of else None)  # a refusal before the search says nothing of the search
        text, as_of = (known.standalone, known.as_of) if known.as_of else ("", date.min)
        queries.append(Query(text=text, scope=known.scope, as_of=as_of, gold=gold, answerable=judged, any_of=True))
    return tuple(queries)


def _folder(measured: Measured, corpus: Corpus, today: date, vectors: Path) -> Bench:
    row_of = {row.file: row.id for row in measured.rows}
    scope = Scope(frozenset(rule.label for rule in corpus.rules()))
    queries = tuple(
        Query(text=asked.text, scope=scope, as_of=today, gold=frozenset(asked.gold), answerable=asked.answerable)
        for asked in measured.questions
    )
    return Bench(
        name=measured.name,
        corpus=corpus,
        queries=queries,
        place=lambda passage: row_of.get(passage.document) or place(passage.document, passage.page),
        vectors=vectors,
    )
