"""The way back to the edition before. What was narrowed, held or erased since stays away, whatever is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.filling import load
from knowledge.values import UndoReport

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from knowledge.holdings import Holdings
    from knowledge.live import Live
    from knowledge.values import Edition


@dataclass(frozen=True)
class Way:
    """Where an undo leads, and the removed documents that come back with it: document → version."""

    target: Edition
    report: UndoReport
    named: Mapping[str, str]


def foresee(holdings: Holdings, now_live: Live, bring_back: Collection[str]) -> Way | None:
    """What going back would do; None where there is no edition to go back to.

    A removed document comes back only when it is named in `bring_back`.
    """
    catalog = holdings.catalog
    edition = now_live.contents.edition
    target = catalog.editions.before(edition.number)
    if target is None or target.embedder != holdings.embedder.identity:
        return None
    removed, away, denied = catalog.withdrawals.removed(), catalog.withdrawals.versions(), catalog.denials.documents()
    lost = {document: version for document, version in target.versions if version in removed and document not in denied}
    named = {document: version for document, version in lost.items() if document in bring_back}
    before, after = dict(edition.versions), dict(target.versions)
    other = {document for document in before.keys() | after.keys() if before.get(document) != after.get(document)}
    standing = catalog.standings(version for document, version in lost.items() if document not in named)
    report = UndoReport(
        edition=target.number,
        undone=edition.number,
        changed=tuple(sorted(other - (lost.keys() - named.keys()))),
        brought_back=tuple(sorted(named)),
        removed=tuple(standing[document].document for document in sorted(standing)),
        withheld=sum(document in denied or (version in away and version not in removed) for document, version in target.versions),
    )
    return Way(target, report, named)


def go_back(holdings: Holdings, now_live: Live, way: Way, at: datetime) -> Live:
    """Publish the edition before; the live one is ready in memory when the row changes. Raises IndexBroken where it cannot be loaded."""
    catalog = holdings.catalog
    back = load(holdings, catalog.editions.contents(way.target), now_live)
    catalog.withdrawals.restore(way.named.values())  # first: an undo that dies here can be asked for again, and leads to the same
    catalog.denials.bring_back(way.named)
    catalog.holds.follow_back(way.target)
    catalog.editions.go_back(now_live.contents.edition, way.target, at)
    return back
