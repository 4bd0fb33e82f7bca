"""The one object that others hold: ask it, index into it, take away from it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from knowledge import mirror
from knowledge.allow_list import AllowList
from knowledge.catalog import Catalog
from knowledge.errors import IndexBroken, KnowledgeError, NothingIndexed
from knowledge.glossary import NO_GLOSSARY, Glossary
from knowledge.holdings import Holdings
from knowledge.keyword import Keywords
from knowledge.live import Live
from knowledge.recalling import recalled
from knowledge.relevance import CONFIDENCE
from knowledge.store import Store
from knowledge.values import Hit, content_id
from knowledge.weights import WEIGHTS, Weights
from knowledge.words import REVISION

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from knowledge.embedding import Embedder
    from knowledge.planning import Source
    from knowledge.policy import Defaults
    from knowledge.searching import Found
    from knowledge.situating import Situator
    from knowledge.values import AccessRule, Document, Edition, Findings, IndexProgress, IndexReport, Passage, Scope

MIRROR = "live.npz"


class Corpus:
    """The documents of one data directory. Safe to search from many threads, also while another indexes."""

    def __init__(self, holdings: Holdings, glossary: Glossary, data_dir: Path, now: Callable[[], datetime]) -> None:
        self._holdings = holdings
        self._glossary = glossary
        self._ways = content_id(REVISION, repr(WEIGHTS), repr(CONFIDENCE), repr(glossary))
        self._mirror = data_dir / MIRROR
        self._now = now
        self._indexing = threading.Lock()
        self._look_at_what_is_away()
        self._live: Live | None = None
        self._broken: IndexBroken | None = None
        try:
            self._live = self._load()
        except IndexBroken as broken:  # the catalog is whole: the next run of the index makes the rest again
            self._broken = broken

    @classmethod
    def open(
        cls,
        data_dir: Path,
        embedder: Embedder,
        *,
        catalog_url: str | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        glossary: Glossary = NO_GLOSSARY,
    ) -> Corpus:
        """Open the documents kept in a folder, and the live edition ready to be searched."""
        data_dir.mkdir(parents=True, exist_ok=True)
        holdings = Holdings(
            catalog=Catalog(catalog_url or f"sqlite:///{data_dir / 'catalog.db'}"),
            store=Store(data_dir / "chroma", embedder.identity),
            keywords=Keywords(data_dir / "keywords" / REVISION, title_boost=WEIGHTS.title_boost),
            embedder=embedder,
        )
        return cls(holdings, glossary, data_dir, now)

    def close(self) -> None:
        self._holdings.store.close()
        self._holdings.catalog.close()

    def live(self) -> Edition | None:
        """The edition that answers are made from; None before the first."""
        return self._live.contents.edition if self._live else None

    def rules(self) -> frozenset[AccessRule]:
        """Every access rule of the live edition: what a scope is worked out from."""
        return frozenset(document.rule for document in self._documents())

    def documents(self, scope: Scope) -> tuple[Document, ...]:
        """The documents that the scope may read, current or not, by id."""
        return tuple(document for document in self._documents() if scope.allows(document.rule.label))

    def search(self, question: str, scope: Scope, as_of: date, limit: int = 12) -> Findings:
        """The passages that answer. Raises NothingIndexed before the first run, IndexBroken when one is needed to mend."""
        return self.weigh(question, scope, as_of, limit).findings

    def weigh(self, question: str, scope: Scope, as_of: date, limit: int = 12, weights: Weights = WEIGHTS) -> Found:
        """A search together with what it measured, for those who tune it."""
        from knowledge.searching import Means, PassageRetriever

        live = self._ready()
        allow = AllowList.at(live, scope, as_of, self._away_from(live))
        holdings = self._holdings
        means = Means(keywords=holdings.keywords, embedder=holdings.embedder, glossary=self._glossary, weights=weights)
        return PassageRetriever(allow, means, limit).find(question)

    def passage(self, passage_id: str, scope: Scope) -> Hit | None:
        """One passage by its id; None when it is gone, denied or not for these readers."""
        live = self._live
        index = None if live is None else live.passage_by_id.get(passage_id)
        if live is None or index is None:
            return None
        passage = live.contents.passages[index]
        return _hit(live, passage) if self._whatever_its_date(live, scope).allows(passage) else None

    def passages(self, scope: Scope) -> tuple[Hit, ...]:
        """Everything that the scope may read, current or not, in the documents' own order."""
        live = self._ready()
        allow = self._whatever_its_date(live, scope)
        return tuple(_hit(live, passage) for passage in live.contents.passages if allow.allows(passage))

    def standing(self) -> str:
        """Names what a search would find now: equal means equal findings for equal questions, readers and dates."""
        live = self._ready()
        edition, away = live.contents.edition, sorted(self._away_from(live)())
        return content_id(self._ways, str(edition.number), edition.published_at, edition.embedder, *away)

    def recall(self, found: bytes, scope: Scope, as_of: date) -> Findings | None:
        """What an earlier search found, as `recalling.kept` has it; None when any of it may not be shown to these readers now."""
        live = self._ready()
        allow = AllowList.at(live, scope, as_of, self._away_from(live))

        def passage(passage_id: str) -> tuple[Passage, Document] | None:
            index = live.passage_by_id.get(passage_id)
            if index is None or not allow.allows(live.contents.passages[index]):
                return None
            there = live.contents.passages[index]
            return there, live.contents.documents[there.document]

        return recalled(found, passage)

    def check(self) -> None:
        """Hold the catalog, Chroma and the keyword index against each other. Raises NothingIndexed or IndexBroken."""
        from knowledge.filling import verify

        verify(self._holdings, self._ready().contents)

    def deny(self, document_id: str, reason: str) -> None:
        """Take a document away at once, from every edition, whatever is published or undone later."""
        editions = self._holdings.catalog.editions()
        if not any(document_id == document for edition in editions for document, _ in edition.versions):
            raise KnowledgeError(f"no document is called {document_id}")
        self._holdings.catalog.deny(document_id, reason, self._now())
        self._look_at_what_is_away()

    def index(
        self,
        folder: Source,
        defaults: Defaults,
        *,
        plan_only: bool = False,
        removal_confirmed: bool = False,
        situator: Situator | None = None,
        progress: Callable[[IndexProgress], None] | None = None,
    ) -> IndexReport:
        """Bring the index to what the folder holds. A second run waits for the first. Without a situator no passage has a model's line."""
        from knowledge.indexing import Wishes, no_progress, run
        from knowledge.reading.child import Readers

        with self._indexing:
            wishes = Wishes(
                readers=Readers,
                plan_only=plan_only,
                removal_confirmed=removal_confirmed,
                situator=situator,
                mend=self._broken is not None,
                progress=progress or no_progress,
                taken_away=self._look_at_what_is_away,
                now=self._now,
            )
            outcome = run(self._holdings, folder, defaults, wishes)
            if outcome.live is not None:
                self._live, self._broken = outcome.live, None
                mirror.save(self._mirror, outcome.live)
            return outcome.report

    def _ready(self) -> Live:
        if self._broken is not None:
            raise self._broken
        if self._live is None:
            raise NothingIndexed("nothing is indexed yet: run `ibid index` with the folder of your documents")
        return self._live

    def _whatever_its_date(self, live: Live, scope: Scope) -> AllowList:
        """A citation may be opened after its document was superseded: its date was the answer's, not today's."""
        return AllowList(live, scope, frozenset(live.contents.documents), self._away_from(live))

    def _documents(self) -> tuple[Document, ...]:
        live = self._live
        if live is None:
            return ()
        away = self._away_from(live)()
        return tuple(document for name, document in sorted(live.contents.documents.items()) if name not in away)

    def _look_at_what_is_away(self) -> None:
        """What people denied, by document, and what scans withdrew, by version."""
        self._denied, self._withdrawn = self._holdings.catalog.denied(), self._holdings.catalog.withdrawals.versions()

    def _away_from(self, live: Live) -> Callable[[], frozenset[str]]:
        """The documents that this edition may not answer from, as of the call: an edition that was replaced stays under what it lost."""
        document_of = {version: document for document, version in live.contents.edition.versions}
        return lambda: self._denied | {document_of[version] for version in self._withdrawn & document_of.keys()}

    def _load(self) -> Live | None:
        """The live edition from its mirror, or from Chroma where the mirror is not of this edition."""
        edition = self._holdings.catalog.live_edition()
        if edition is None:
            return None
        if edition.embedder != self._holdings.embedder.identity:
            made, here = edition.embedder, self._holdings.embedder.identity
            raise IndexBroken(f"the index was made with the embedder {made}, and this is {here}: run `ibid index` to make it again")
        contents = self._holdings.catalog.contents(edition)
        live = mirror.load(self._mirror, contents) or Live(contents, self._holdings.store.vectors([row.window for row in contents.rows]))
        if self._holdings.keywords.count() < len(live.passage_by_entry):
            raise IndexBroken("the keyword index is not complete: run `ibid index` to make it again")
        return live


def _hit(live: Live, passage: Passage) -> Hit:
    return Hit(passage=passage, document=live.contents.documents[passage.document], score=1.0, best_end=len(passage.text))
