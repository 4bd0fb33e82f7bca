"""Which documents are current at a date: effective by then, and not replaced by another that is itself effective by then."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from knowledge.values import Document


@dataclass(frozen=True)
class Life:
    """A document that does not hold today: it is yet to come, or another has replaced it."""

    document: Document
    coming: bool
    other: Document | None = None  # what holds until then, or what replaced it; None where that is not known to these readers


def in_force(document: Document, as_of: date) -> bool:
    """True from the document's effective date on; a document without one always has been."""
    return document.effective is None or document.effective <= as_of


def current(documents: Iterable[Document], as_of: date) -> frozenset[str]:
    """The ids of the documents that say what holds at `as_of`."""
    effective = [document for document in documents if in_force(document, as_of)]
    successors = _successors(effective)
    return frozenset(document.id for document in effective if not _replaced(document, successors))


def lives(asked: Iterable[Document], readable: Collection[Document], holding: Collection[str], today: date) -> tuple[Life, ...]:
    """Of these documents, those that do not hold today. `holding`: the ids of those that do, whoever may read them."""
    found = []
    for document in asked:
        if document.id in holding:
            continue
        if not in_force(document, today):
            before = (other for other in readable if other.id in holding and document.supersedes in (other.id, other.stem))
            found.append(Life(document, coming=True, other=next(before, None)))
        else:
            after = (other for other in readable if in_force(other, today) and other.supersedes in (document.id, document.stem))
            found.append(Life(document, coming=False, other=next((other for other in after if other.id != document.id), None)))
    return tuple(found)


def lineage(document: Document, among: Collection[Document]) -> frozenset[str]:
    """The ids of the versions before it, as far back as they are there."""
    found: set[str] = set()
    names = {document.supersedes} - {None}
    while before := [other for other in among if other.id not in found and other.id != document.id and names & {other.id, other.stem}]:
        found |= {other.id for other in before}
        names = {other.supersedes for other in before} - {None}
    return frozenset(found)


def unmatched(documents: Collection[Document]) -> tuple[Document, ...]:
    """The documents that replace something which is not there: a slip that would leave two versions current."""
    replaced = {name for document in documents for name in (document.id, document.stem)}
    return tuple(document for document in documents if document.supersedes is not None and document.supersedes not in replaced)


def _successors(documents: Iterable[Document]) -> dict[str, set[str]]:
    """Who says that it replaces each name, which is a stem or an id."""
    successors: dict[str, set[str]] = defaultdict(set)
    for document in documents:
        if document.supersedes is not None:
            successors[document.supersedes].add(document.id)
    return successors


def _replaced(document: Document, successors: dict[str, set[str]]) -> bool:
    """Nothing replaces itself, whatever it says."""
    return any(successors.get(name, set()) - {document.id} for name in (document.id, document.stem))
