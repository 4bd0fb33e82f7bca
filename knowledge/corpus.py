"""The one object that others hold: ask it, index into it, take away from it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from knowledge import mirror
from knowledge.allow_list import AllowList
from knowledge.asking import Asking
from knowledge.away import Away
from knowledge.erasing import deny, end_erasures, erase
from knowledge.errors import IndexBroken, NothingIndexed
from knowledge.filling import load
from knowledge.glossary import NO_GLOSSARY, Glossary
from knowledge.holding_back import about
from knowledge.holdings import Holdings, open_holdings
from knowledge.in_flight import InFlight
from knowledge.likeness import Likeness
from knowledge.live import Live
from knowledge.models import NO_MODELS, Models
from knowledge.stopping import stop
from knowledge.taken_away import TakenAway
from knowledge.values import IndexOrder, Scope
from knowledge.weights import WEIGHTS, Weights

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from datetime import date
    from pathlib import Path

    from knowledge.connectors import Connector, Source
    from knowledge.embedding import Embedder
    from knowledge.gate import Gate, Search
    from knowledge.holds import Hold
    from knowledge.policy import Defaults
    from knowledge.reranking import Reranker
    from knowledge.searching import Found
    from knowledge.taken_away import Did
    from knowledge.values import (
        AccessRule,
        Document,
        Edition,
        ErasureReport,
        Findings,
        Hit,
        IndexProgress,
        IndexReport,
        UndoReport,
        Unread,
    )

IN_FULL = IndexOrder()


class Corpus:
    """The documents of one data directory. Safe to search from many threads, also while another indexes."""

    def __init__(
        self,
        holdings: Holdings,
        glossary: Callable[[], Glossary],
        data_dir: Path,
        now: Callable[[], datetime],
        today: Callable[[], date] | None = None,
    ) -> None:
        self._holdings = holdings
        self._data_dir, self._mirror = data_dir, data_dir / mirror.MIRROR
        self.likeness = Likeness(holdings.embedder)
        self._now, self._indexing = now, threading.Lock()
        self._today = today or (lambda: now().date())
        self._taken = TakenAway(holdings.catalog, data_dir, now, self._today)
        self._away = Away(holdings.catalog, self._today)
        self._asking = Asking(holdings, glossary, self._away)
        end_erasures(holdings, data_dir)
        self._live: Live | None = None
        self._before = InFlight(now)
        self._broken: IndexBroken | None = None
        try:
            self._taken.check()
            self._live = mirror.load_live(holdings, self._mirror)
        except IndexBroken as broken:  # the catalog is whole: the next run of the index makes the rest again
            self._broken = broken

    @classmethod
    def open(  # noqa: PLR0913  # what it is made of, each with its default
        cls,
        data_dir: Path,
        embedder: Embedder,
        *,
        catalog_url: str | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        glossary: Glossary | Callable[[], Glossary] = NO_GLOSSARY,
        reranker: Reranker | None = None,
        today: Callable[[], date] | None = None,
    ) -> Corpus:
        """Open the documents kept in a folder, and the live edition ready to be searched. Holds end after a day of `today`'s."""
        holdings = open_holdings(data_dir, embedder, catalog_url, reranker)
        return cls(holdings, (lambda: glossary) if isinstance(glossary, Glossary) else glossary, data_dir, now, today)

    def close(self) -> None:
        self._holdings.store.close()
        self._holdings.catalog.close()

    def live(self) -> Edition | None:
        """The edition that answers are made from; None before the first."""
        return self._live.contents.edition if self._live else None

    def rules(self) -> frozenset[AccessRule]:
        """Every access rule of the live edition: what a scope is worked out from."""
        return frozenset(document.rule for document in self._away.left_of(self._live))

    def documents(self, scope: Scope) -> tuple[Document, ...]:
        """The documents that the scope may read, current or not, by id; also those that are held back, which have their readers still."""
        return tuple(document for document in self._away.left_of(self._live) if scope.allows(document.rule.label))

    def looked_after(self) -> tuple[Document, ...]:
        """Every document with its owner, also those that are withheld until something is mended: who may see what it says is not asked."""
        withheld = self._holdings.catalog.withheld()
        return tuple((withheld | {document.id: document for document in self._away.left_of(self._live)}).values())

    def holding(self, as_of: date) -> frozenset[str]:
        """The ids of the documents that hold on a day, whoever may read them."""
        live = self._ready()
        return AllowList.at(live, Scope(frozenset()), as_of, self._away.of(live)).documents

    def search(self, question: str, scope: Scope, as_of: date, limit: int = 12) -> Findings:
        """The passages that answer. Raises NothingIndexed before the first run, IndexBroken when one is needed to mend."""
        return self.weigh(question, scope, as_of, limit).findings

    def weigh(self, question: str, scope: Scope, as_of: date, limit: int = 12, weights: Weights = WEIGHTS) -> Found:
        """A search together with what it measured, for those who tune it."""
        return self._asking.find(self._ready(), question, scope, as_of, limit, weights)

    def held_topics(self, question: str) -> tuple[Hold, ...]:
        """The topics that are held back and that a question is about, as far as its own words say."""
        return about(question, self._away.holds())

    def passage(self, passage_id: str, scope: Scope, edition: int | None = None) -> Hit | None:
        """One passage by its id; None when it is gone, denied or not for these readers.

        An answer that was begun on the edition before, and says so with its number, may still end with that.
        """
        live = self._before.edition(edition) or self._live
        index = None if live is None else live.passage_by_id.get(passage_id)
        if live is None or index is None:
            return None
        passage = live.contents.passages[index]
        return live.hit(passage) if AllowList.ever(live, scope, self._away.of(live)).allows(passage) else None

    def passages(self, scope: Scope, as_of: date | None = None) -> tuple[Hit, ...]:
        """Everything that the scope may read, in the documents' own order: what holds on a day, or without one, current or not."""
        live = self._ready()
        allow = AllowList.at(live, scope, as_of, self._away.of(live)) if as_of else AllowList.ever(live, scope, self._away.of(live))
        return tuple(live.hit(passage) for passage in live.contents.passages if allow.allows(passage))

    def standing(self) -> str:
        """Names what a search would find now: equal means equal findings for equal questions, readers and dates."""
        return self._asking.standing(self._ready())

    def recall(self, found: bytes, scope: Scope, as_of: date) -> Findings | None:
        """What an earlier search found, as `recalling.kept` has it; None when any of it may not be shown to these readers now."""
        return self._asking.recall(self._ready(), found, scope, as_of)

    def check(self) -> None:
        """Hold the catalog, Chroma and the keyword index against each other. Raises NothingIndexed or IndexBroken."""
        from knowledge.filling import verify

        verify(self._holdings, self._ready().contents)

    def deny(self, document_id: str, reason: str) -> None:
        """Take a document away at once, from every edition, whatever is published or undone later."""
        deny(self._holdings, document_id, reason, frozenset(self._live.contents.documents) if self._live else frozenset(), self._now())
        self._note("denied", document_id)

    def hold(self, wanted: Hold) -> Hold:
        """Hold a document or a topic back at once, beside whatever run is under way. Raises CannotHold."""
        held = stop(self._holdings.catalog, wanted, self._live.contents.documents if self._live else (), self._today())
        self._note("held", hold=held)
        return held

    def lift(self, number: int) -> Hold | None:
        """End a hold before its day."""
        lifted = self._holdings.catalog.holds.lift(number)
        if lifted:
            self._note("lifted", hold=lifted)
        return lifted

    def holds(self) -> tuple[Hold, ...]:
        """Those that last today, in the order in which they were made."""
        return self._away.holds()

    def index(
        self,
        connectors: Source | Sequence[Connector],
        defaults: Defaults,
        order: IndexOrder = IN_FULL,
        *,
        models: Models = NO_MODELS,
        gate: Gate | None = None,
        progress: Callable[[IndexProgress], None] = lambda _: None,
    ) -> IndexReport:
        """Bring the index to what the sources hold. A second run waits for the first."""
        from knowledge.connectors import Given
        from knowledge.indexing import Wishes, run
        from knowledge.publishing import Publishing
        from knowledge.reading.child import Readers

        with self._alone():
            if order.source or order.owner:
                self._taken.check()
            wishes = Wishes(
                readers=partial(Readers, pictures=True) if models.describer else Readers,
                publishing=Publishing(now=self._now, progress=progress, live=self._live, gate=gate, search=self._search_of),
                order=order,
                situator=models.situator,
                describer=models.describer,
                mend=self._broken is not None,
                taken_away=partial(self._note, "withdrawn"),
                distrusts=self._taken.older,
            )
            asked = connectors if isinstance(connectors, Sequence) else (Given(connectors),)
            try:
                outcome = run(self._holdings, asked, defaults, wishes)
                if outcome.live is not None:
                    self._taken.settled()
                    self._go_live(outcome.live)
                return outcome.report
            finally:
                self._catch_up()

    def undo(self, bring_back: Collection[str] = (), *, plan_only: bool = False) -> UndoReport | None:
        """Answer from the edition before the live one, at once; None where there is none that can be read."""
        from knowledge.undoing import foresee, go_back

        with self._alone():
            live = self._ready()
            way = foresee(self._holdings, live, bring_back)
            if way is None or plan_only:
                return way.report if way else None
            back = go_back(self._holdings, live, way, self._now())
            self._go_live(back)
            return way.report

    def erase(self, document_id: str) -> ErasureReport:
        """Take a document away for good, and every byte of its text and vectors out of the data directory. Raises KnowledgeError."""
        with self._alone():
            erased = erase(self._holdings, document_id, self._live, self._now(), partial(self._note, "erased", document_id), self._data_dir)
            if erased.live is not None:
                self._go_live(erased.live)
            self._before.forget()
            return erased.report

    def unread(self) -> tuple[Unread, ...]:
        """What the last run could not take in, and what readers left out of the live documents, by path."""
        from knowledge.reporting import troubles

        return troubles(self._holdings.catalog)

    def _note(self, did: Did, document: str = "", hold: Hold | None = None) -> None:
        """From here on it counts, and it is on the list that outlasts the catalog."""
        self._away.look()
        self._taken.note(did, document, hold)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One writes at a time. Nobody else asks Chroma, so that it need not stay in memory."""
        with self._indexing:
            try:
                yield
            finally:
                self._holdings.store.close()

    def _go_live(self, live: Live) -> None:
        self._away.look()  # with an old edition the catalog forgets what was withdrawn from it: the same may be shown again
        if self._live is not None:
            self._before.keep(self._live)
        self._live, self._broken = live, None
        mirror.save(self._mirror, live)

    def _catch_up(self) -> None:
        """What was published answers, also where the run failed at what came after that."""
        edition = self._holdings.catalog.editions.live()
        if edition and self._broken is None and (self._live is None or self._live.contents.edition.number != edition.number):
            self._go_live(load(self._holdings, self._holdings.catalog.editions.contents(edition), self._live))

    def _search_of(self, live: Live) -> Search:
        """A search of an edition that need not be the live one."""
        return lambda question, scope, as_of: self._asking.find(live, question, scope, as_of).findings

    def _ready(self) -> Live:
        if self._broken is not None:
            raise self._broken
        if self._live is None:
            raise NothingIndexed("nothing is indexed yet: run `ibid index` with the folder of your documents")
        return self._live
