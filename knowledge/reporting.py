"""What a run did, document by document: the live edition before held against the one after."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from knowledge.errors import BadMetadata
from knowledge.validity import unmatched
from knowledge.values import Document, IndexReport, Unread

if TYPE_CHECKING:
    from collections.abc import Mapping

    from knowledge.catalog import Catalog
    from knowledge.scanning import Scan
    from knowledge.values import AccessRule, Standing


def report(
    scan: Scan, after: Mapping[str, Standing], unread: tuple[Unread, ...], warnings: tuple[Unread, ...], **figures: object
) -> IndexReport:
    """`figures` are the report's other fields by their names."""
    before = scan.standing
    about = scan.of_this_run(remarks(after) + _unmatched(after))
    moved = {old: new for old, new in scan.looked.moved.items() if old not in after and new in after}
    both = before.keys() & after.keys()
    failed = {one.path for one in unread}
    changed = {document for document in both if before[document].version != after[document].version}
    added = after.keys() - before.keys() - set(moved.values())
    removed = before.keys() - after.keys() - moved.keys()
    named = added | changed | removed | moved.keys() | set(moved.values()) | failed
    named |= {one.path for one in (*warnings, *about)}
    return IndexReport(
        **({"edition": None} | figures),  # type: ignore[arg-type]  # the figures by name, each as IndexReport has it
        added=tuple(sorted(added)),
        changed=tuple(sorted(changed)),
        removed=tuple(sorted(removed)),
        moved=tuple(sorted(moved.items())),
        unchanged=tuple(sorted(both - changed - failed - (scan.looked.unasked if scan.limited else set()))),
        unread=unread,
        warnings=warnings + about,
        described=_described(scan, after, named),
    )


def remarks(standing: Mapping[str, Standing]) -> tuple[Unread, ...]:
    """What the readers left out, for the documents' owners."""
    return tuple(Unread(name, remark) for name, one in sorted(standing.items()) for remark in one.remarks)


def troubles(catalog: Catalog) -> tuple[Unread, ...]:
    """What the last run could not take in, and what readers left out of the live documents, by path."""
    edition = catalog.editions.live()
    left_out = remarks(catalog.standings(dict(edition.versions).values())) if edition else ()
    return tuple(sorted(catalog.withdrawals.unread() + left_out, key=lambda one: one.path))


def _described(scan: Scan, after: Mapping[str, Standing], named: set[str]) -> dict[str, Document]:
    """As they are now; those that are gone as they were; those that could not be read as far as their rule is known all the same."""
    known = {name: after[name].document for name in named & after.keys()}
    for name in named & scan.standing.keys() - known.keys():
        was = scan.standing[name].document
        known[name] = replace(was, rule=_rule(scan, name) or was.rule)
    unread = {name: rule for name in named - known.keys() if (rule := _rule(scan, name)) is not None}
    return known | {name: Document(id=name, title=name, rule=rule) for name, rule in unread.items()}


def _rule(scan: Scan, name: str) -> AccessRule | None:
    seen = scan.looked.seen.get(name)
    try:
        return scan.terms.rule(name, seen) if seen else None
    except BadMetadata:
        return None


def _unmatched(after: Mapping[str, Standing]) -> tuple[Unread, ...]:
    documents = [one.document for _, one in sorted(after.items())]
    return tuple(Unread(document.id, f"supersedes {document.supersedes!r}, which is not here") for document in unmatched(documents))
