"""The sources become an edition: look, plan, read, split, situate, embed what is new, verify, and publish by one row.

Until that row changes the old edition answers, whatever happens to this run, but for what the run took away from it. What a killed run had
done is found again by the next.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from knowledge.ahead import Ahead
from knowledge.describing import Describing
from knowledge.duplicates import without_copies
from knowledge.foreseeing import foresee
from knowledge.intake import Intake, take_in
from knowledge.lines import situated
from knowledge.planning import withheld
from knowledge.publishing import Published, mend, publish
from knowledge.reporting import report
from knowledge.scanning import rules_known, said_before, scan
from knowledge.values import IndexOrder, IndexProgress, Unread, content_id
from knowledge.withdrawals import NARROWED, REMOVED

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from contextlib import AbstractContextManager

    from knowledge.connectors import Connector
    from knowledge.describing import Describer
    from knowledge.holdings import Holdings
    from knowledge.intake import Reader
    from knowledge.live import Live
    from knowledge.looking import Looked
    from knowledge.policy import Defaults
    from knowledge.publishing import Publishing
    from knowledge.scanning import Scan
    from knowledge.situating import Situator
    from knowledge.values import AccessRule, Edition, IndexReport, Standing
    from knowledge.withdrawals import Why

UNDONE = "somebody went back from what it says now; a run that a person orders takes it in again"


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """How a run is wanted, and by what means it is done."""

    readers: Callable[[], AbstractContextManager[Reader]]
    publishing: Publishing
    order: IndexOrder = field(default_factory=IndexOrder)
    situator: Situator | None = None  # who writes lines about passages
    describer: Describer | None = None  # who says what pictures show
    mend: bool = False  # look at Chroma and tantivy although no document changed
    distrusts: bool = False  # the catalog was put back: what no source shows now is not shown either
    taken_away: Callable[[], None] = lambda: None  # called when what was withdrawn is no longer what it was

    @property
    def progress(self) -> Callable[[IndexProgress], None]:
        return self.publishing.progress


@dataclass(frozen=True)
class Outcome:
    """A run's report, and the edition to search from now on where that is another."""

    report: IndexReport
    live: Live | None = None


def run(holdings: Holdings, connectors: Sequence[Connector], defaults: Defaults, wishes: Wishes) -> Outcome:
    """Bring the index to what the sources hold. Raises BadMetadata when the only policies.csv cannot be understood as a whole.

    What vanished, and what fewer may read than before, is taken away as soon as that is seen, whatever becomes of the rest.
    """
    started = time.monotonic()
    dry = wishes.order.plan_only
    wishes.progress(IndexProgress(stage="plan", done=0, total=1))
    seen = scan(
        holdings,
        connectors,
        defaults,
        wishes.order,
        lambda looked: None if dry else _vanished(holdings, wishes, looked),
        describer=wishes.describer.standing if wishes.describer else "",
    )
    wishes.progress(IndexProgress(stage="plan", done=1, total=1))
    outcome = _foreseen(holdings, seen, wishes) if dry else _done(holdings, seen, wishes)
    return replace(outcome, report=replace(outcome.report, seconds=time.monotonic() - started))


def _foreseen(holdings: Holdings, seen: Scan, wishes: Wishes) -> Outcome:
    """What would be done."""
    describing = _describing(holdings, wishes)
    foreseen = foresee(holdings, seen, wishes.readers, wishes.situator, wishes.progress, describing)
    pictured = len(describing.lacking) if describing else 0
    figures = {"embedded": foreseen.embedded, "situated": foreseen.situated, "stale": foreseen.stale, "pictured": pictured}
    return Outcome(report(seen, foreseen.after, seen.todo.unread + foreseen.unread, seen.todo.warnings + foreseen.twice, **figures))


def _done(holdings: Holdings, seen: Scan, wishes: Wishes) -> Outcome:
    """Read, choose, publish."""
    _withdraw(holdings, wishes, seen.looked, seen.with_moved(rules_known(holdings, seen)))
    describing = _describing(holdings, wishes)
    fresh, listed, embedded = _fresh(holdings, seen, wishes, describing)
    away = holdings.catalog.withdrawals.versions()
    kept = {document: version for document, version in seen.unmoved(fresh).items() if version not in away}
    chosen = {document: _carried(holdings, version, seen.edition) for document, version in kept.items()} | fresh
    standing = seen.standing if chosen == seen.before else holdings.catalog.standings(chosen.values())
    chosen, twice = without_copies(standing, seen.looked.seen)
    told, lacking = situated(
        holdings, chosen, wishes.situator, lambda done, total: wishes.progress(IndexProgress(stage="situate", done=done, total=total))
    )
    shown = {told[document] for document in fresh if document in told}
    told, rejected = _without_undone(holdings, told, seen, standing, away) if wishes.order.automatic else (told, ())
    published = _published(holdings, told, seen, wishes)
    _give_back(holdings, seen, shown & set(told.values()), wishes)
    standing = seen.standing if told == seen.before else holdings.catalog.standings(told.values())
    stayed = {document: version for document, version in told.items() if document not in chosen}
    known = chosen | stayed | {one.path: told.get(one.path, "") for one in rejected}  # lines alone change no document
    after = {document: replace(one, version=known[document]) for document, one in standing.items()}
    edition = published.live.contents.edition if published.live else seen.edition
    figures = {
        "edition": published.live.contents.edition.number if published.live else None,
        "passages": holdings.catalog.editions.count(edition) if edition else 0,
        "embedded": embedded + published.embedded,
        "held": published.held,
    }
    undescribed = describing.warnings() if describing else ()
    warnings = seen.todo.warnings + seen.of_this_run(twice) + undescribed + lacking + rejected
    return Outcome(report(seen, after, listed, warnings, **figures), published.live)


def _vanished(holdings: Holdings, wishes: Wishes, looked: Looked) -> None:
    holdings.catalog.denials.let_go(looked.gone)
    denied = holdings.catalog.denials.follow(looked.moved, wishes.publishing.now())
    if holdings.catalog.holds.follow(looked.moved) or denied:
        wishes.taken_away()
    _withdraw(holdings, wishes, looked, dict.fromkeys(looked.gone), REMOVED)
    if wishes.distrusts:
        unseen = {one.path for one in looked.doubtful} | looked.unasked | looked.refused.keys()
        _withdraw(holdings, wishes, looked, dict.fromkeys(unseen))


def _withdraw(holdings: Holdings, wishes: Wishes, looked: Looked, rules: Mapping[str, AccessRule | None], why: Why = NARROWED) -> None:
    """From here on nobody is answered from a version of these documents that the rule that holds now would not show."""
    if rules and holdings.catalog.withdrawals.withdraw(rules, wishes.publishing.now(), why, others=looked.others):
        wishes.taken_away()


def _describing(holdings: Holdings, wishes: Wishes) -> Describing | None:
    if wishes.describer is None:
        return None
    catalog = holdings.catalog
    return Describing(catalog.pictures, wishes.describer, denied=catalog.denials.documents(), asks=not wishes.order.plan_only)


def _fresh(holdings: Holdings, seen: Scan, wishes: Wishes, describing: Describing | None) -> tuple[dict[str, str], tuple[Unread, ...], int]:
    """Document → version for all that the sources hold and that can be read, what could not, and how many windows were embedded."""
    with Ahead(holdings) as ahead:
        intake = Intake(
            readers=wishes.readers,
            count=holdings.embedder.count,
            keep=holdings.keep if wishes.situator else ahead.keep,  # with a line from a model its windows will be others
            ruled=lambda rules: _withdraw(holdings, wishes, seen.looked, seen.with_moved(rules)),
            progress=wishes.progress,
            said_before=said_before(holdings, seen),
            describing=describing,
        )
        read, unread = take_in(seen.todo, seen.terms, intake)
        embedded = ahead.finish(lambda done, total: wishes.progress(IndexProgress(stage="embed", done=done, total=total)))
    away = holdings.catalog.withdrawals.versions()
    listed = tuple(_told_withheld(one) if seen.before.get(one.path) in away else one for one in seen.todo.unread + unread)
    holdings.catalog.withdrawals.note_unread(listed, seen.looked.seen.keys() | seen.looked.refused.keys() if seen.limited else None)
    return {**seen.todo.known, **read}, listed, embedded


def _told_withheld(one: Unread) -> Unread:
    return one if one.withheld else withheld(one.path, f"{one.reason}, and what it said before may no longer be shown")


def _carried(holdings: Holdings, version: str, live: Edition | None) -> str:
    """A live version as the new edition can hold it: cut into windows again where another embedder made it.

    That one is not what its source would be read as: under no embedder is it found again by its source's hash.
    """
    identity = holdings.embedder.identity
    if live is None or live.embedder == identity:
        return version
    renewed = replace(holdings.catalog.version(version), id=content_id(version, identity), source_hash="")
    holdings.keep(renewed)
    return renewed.id


def _without_undone(
    holdings: Holdings, told: Mapping[str, str], seen: Scan, standing: Mapping[str, Standing], away: Collection[str]
) -> tuple[dict[str, str], tuple[Unread, ...]]:
    """What somebody went back from is not published again behind their back: the live version stays, where there is one to show.

    So does a live document that is the same file: under another name it would have been moved, or left out as a copy. What was gone back
    from stays that when another embedder, or another release, makes another version of it.
    """
    before, catalog = seen.before, holdings.catalog
    undone = catalog.made_from(catalog.editions.undone()) - {one.made_from for one in seen.standing.values()}
    changed = (document for document, version in told.items() if before.get(document) != version)
    rejected = [document for document in changed if standing[document].made_from in undone]
    chosen = {document: version for document, version in told.items() if document not in rejected}
    same = {standing[document].content_hash for document in rejected} - {""}
    stay = (name for name, one in seen.standing.items() if name in rejected or (name not in chosen and one.content_hash in same))
    chosen |= {name: _carried(holdings, before[name], seen.edition) for name in stay if before[name] not in away}
    return chosen, tuple(Unread(document, UNDONE) for document in rejected)


def _published(holdings: Holdings, told: Mapping[str, str], seen: Scan, wishes: Wishes) -> Published:
    """A new edition where the documents are not those of the live one; the live one mended where that was wished."""
    if told != seen.before:
        publishing = replace(wishes.publishing, gate=None) if wishes.order.anyway else wishes.publishing
        return publish(holdings, told, seen.before, publishing)
    if seen.edition is not None and wishes.mend:
        return mend(holdings, seen.edition, wishes.publishing)
    return Published(None)


def _give_back(holdings: Holdings, seen: Scan, versions: set[str], wishes: Wishes) -> None:
    """What the sources show again as it was is not withdrawn any more."""
    holdings.catalog.denials.let_go(seen.looked.seen.keys())
    if holdings.catalog.withdrawals.restore(versions):
        wishes.taken_away()
