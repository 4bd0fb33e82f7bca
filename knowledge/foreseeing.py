"""What a run would do: everything is read as in a run, and nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.duplicates import without_copies
from knowledge.intake import Intake, take_in
from knowledge.lines import asked_about
from knowledge.scanning import rules_known, said_before
from knowledge.values import Standing, Unread
from knowledge.windowing import windows
from knowledge.withdrawals import covered

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    from knowledge.describing import Describing
    from knowledge.holdings import Holdings
    from knowledge.intake import Reader
    from knowledge.scanning import Scan
    from knowledge.situating import Situator
    from knowledge.values import AccessRule, IndexProgress, Version


@dataclass(frozen=True)
class Foreseen:
    """The documents as they would be, and what it would take."""

    after: Mapping[str, Standing]
    unread: tuple[Unread, ...]
    twice: tuple[Unread, ...]  # the same file under two names
    embedded: int
    situated: int
    stale: frozenset[str]  # passages of the live edition that would be gone or other


def foresee(
    holdings: Holdings,
    scan: Scan,
    readers: Callable[[], AbstractContextManager[Reader]],
    situator: Situator | None,
    progress: Callable[[IndexProgress], None],
    describing: Describing | None,
) -> Foreseen:
    """Read what a run would read."""
    read: dict[str, Version] = {}
    ruled = rules_known(holdings, scan)
    intake = Intake(
        readers=readers,
        count=holdings.embedder.count,
        keep=lambda version: read.update({version.document.id: version}),
        ruled=ruled.update,
        progress=progress,
        said_before=said_before(holdings, scan),
        describing=describing,
    )
    chosen, unread = take_in(scan.todo, scan.terms, intake)
    fresh = {**scan.todo.known, **chosen}
    away = _away(holdings, scan, ruled)
    kept = {document: version for document, version in scan.unmoved(fresh).items() if document not in away}
    after = holdings.catalog.standings({*scan.todo.known.values(), *kept.values()})
    after |= {name: Standing(version.id, version.document, version.content_hash, version.remarks) for name, version in read.items()}
    stays, twice = without_copies(after, scan.looked.seen)
    after = {document: one for document, one in after.items() if document in stays}
    return Foreseen(
        after=after,
        twice=scan.of_this_run(twice),
        unread=unread,
        embedded=len(_missing(holdings, scan, read)),
        situated=asked_about(holdings.catalog, situator, read.values()) if situator else 0,
        stale=_stale(holdings, scan, after, read),
    )


def _away(holdings: Holdings, scan: Scan, ruled: Mapping[str, AccessRule | None]) -> set[str]:
    """The live documents that may not be shown as they are: what they said before would not stay."""
    withdrawn = holdings.catalog.withdrawals.versions()
    ruled = scan.with_moved(ruled)
    narrowed = {name for name, one in scan.standing.items() if name in ruled and not covered(one.document.rule, ruled[name])}
    return narrowed | set(scan.looked.gone) | {name for name, version in scan.before.items() if version in withdrawn}


def _missing(holdings: Holdings, scan: Scan, read: Mapping[str, Version]) -> set[str]:
    """The windows that Chroma does not have."""
    embedder = holdings.embedder
    wanted = {
        window.id
        for version in read.values()
        for passage in version.passages
        for window in windows(passage, embedder.offsets, embedder.identity)
    }
    live = set(scan.before.values())
    wanted |= holdings.catalog.windows_of({version for version in scan.todo.known.values() if version not in live})
    return wanted - holdings.store.have(wanted) if wanted else set()


def _stale(holdings: Holdings, scan: Scan, after: Mapping[str, Standing], read: Mapping[str, Version]) -> frozenset[str]:
    """A document that only moved says what it said: its passages are not counted."""
    before = {
        document: version
        for document, version in scan.before.items()
        if document not in scan.looked.moved and (document not in after or after[document].version != version)
    }
    if not before:
        return frozenset()
    known = {after[document].version for document in before if document in after and document not in read}
    of_version = holdings.catalog.passage_ids({*before.values(), *known})
    stale: set[str] = set()
    for document, version in before.items():
        now = {passage.id for passage in read[document].passages} if document in read else set[str]()
        if document in after and document not in read:
            now = of_version[after[document].version]
        stale |= of_version[version] - now
    return frozenset(stale)
