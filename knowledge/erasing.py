"""An erased document leaves no byte of its text or vectors in the data directory: each place is made again without it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge import mirror
from knowledge.errors import KnowledgeError
from knowledge.filling import fill, load
from knowledge.policy import meant_name
from knowledge.values import ErasureReport
from knowledge.words import REVISION

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from knowledge.holdings import Holdings
    from knowledge.live import Live

SOURCE = "its source still has the file; take it out there, and out of the source's history"
MIRRORED = "copies of sources that were kept here are deleted, and fetched again by the next run"
TWIN = "the same file is also indexed as {document}, and answers go on from there; erase that too if it is to go"
ELSEWHERE = (
    "backups and snapshots of the data directory",
    "Slack and Teams keep the replies that quoted it",
    "a model's provider may keep what it was sent, for as long as your contract says",
    "disks may keep deleted blocks for a while",
)


@dataclass(frozen=True)
class Erased:
    """What was erased, and the edition to answer from now on."""

    report: ErasureReport
    live: Live | None


def deny(holdings: Holdings, document: str, reason: str, live: frozenset[str], at: datetime) -> None:
    """Take a document away, also under its former names, but for those of `live` documents. Raises KnowledgeError as `erase` does."""
    _check_name(holdings, document)
    catalog, others = holdings.catalog, live - {document}
    catalog.denials.deny(document, reason, at)
    former = catalog.names_of(document, others) - {document}
    catalog.withdrawals.withdraw(dict.fromkeys(former), at, others={*others, document})


def erase(holdings: Holdings, document: str, live: Live | None, at: datetime, away: Callable[[], None], data_dir: Path) -> Erased:
    """Erase a document. From the first step on nobody is answered from it; a killed erasure is ended at the next start.

    `away` is called when that is noted. Raises KnowledgeError where no document was ever called so.
    """
    catalog = holdings.catalog
    _check_name(holdings, document)
    versions = catalog.denials.erase(document, at, _others(holdings, document))
    away()
    ids = catalog.passage_ids(versions).values()
    twins = _twins(holdings, document)
    copies = (MIRRORED,) if forget_beside(data_dir) else ()
    had, left = sweep_away(holdings, document, versions, live)
    report = ErasureReport(
        document=document,
        versions=len(versions),
        passages=sum(map(len, ids)),
        editions=had,
        gone=tuple(sorted({passage for every in ids for passage in every})),
        elsewhere=(SOURCE, *(TWIN.format(document=twin) for twin in twins), *ELSEWHERE, *copies),
    )
    return Erased(report, left)


def sweep_away(holdings: Holdings, document: str, versions: tuple[str, ...], live: Live | None) -> tuple[tuple[int, ...], Live | None]:
    """Take the words and vectors of a denied document out of every place. Gives the editions that had it, and what is left of the live."""
    catalog = holdings.catalog
    had, _ = catalog.editions.forget(document, versions)
    edition = catalog.editions.live()
    left = load(holdings, catalog.editions.contents(edition), live) if edition and live else None
    kept = sorted(catalog.window_ids() & holdings.store.ids())
    holdings.store.remake(kept)
    holdings.keywords.remake(catalog.passages())
    catalog.compact()
    catalog.denials.swept(document)
    return had, left


def end_erasures(holdings: Holdings, data_dir: Path) -> None:
    """Finish what a killed process began. Vectors that it lost on the way are made again, for each edition that can be read."""
    catalog = holdings.catalog
    unswept = catalog.denials.unswept()
    if not unswept:
        return
    forget_beside(data_dir)
    for document in unswept:
        sweep_away(holdings, document, catalog.versions_of(document, _others(holdings, document)), None)
    for edition in catalog.editions.all():
        if edition.embedder == holdings.embedder.identity:
            fill(holdings, catalog.editions.contents(edition), lambda _done, _total: None)
    holdings.store.close()


def forget_beside(data_dir: Path) -> bool:
    """Delete what holds words or vectors and is made again or not needed: the copy of the matrix, the keyword index of an earlier release,
    and what connectors keep of their sources. Says whether there was something of the last.
    """
    from knowledge.connectors.git import COPIES, forget

    mirror.forget(data_dir / mirror.MIRROR)
    for keywords in (data_dir / "keywords").glob("*"):
        if keywords.name != REVISION and keywords.is_dir():
            shutil.rmtree(keywords)
    there = (data_dir / COPIES).exists()
    forget(data_dir)
    return there


def _check_name(holdings: Holdings, document: str) -> None:
    """Also what was never published has words here."""
    known = holdings.catalog.documents() | holdings.catalog.denials.documents()
    if document not in known:
        meant = meant_name(document, tuple(sorted(known)))
        raise KnowledgeError(f"no document is called {document}{f'{meant} ' if meant else '; '}`ibid index --plan --json` names them all")


def _others(holdings: Holdings, document: str) -> frozenset[str]:
    """Documents of their own, although they may be copies."""
    edition = holdings.catalog.editions.live()
    return frozenset(name for name, _ in edition.versions if name != document) if edition else frozenset()


def _twins(holdings: Holdings, document: str) -> list[str]:
    """Live documents made of the same bytes."""
    catalog = holdings.catalog
    edition = catalog.editions.live()
    hashes = catalog.denials.erased()
    standing = catalog.standings(dict(edition.versions).values()) if edition else {}
    return [name for name, one in standing.items() if name != document and one.content_hash and one.content_hash in hashes]
