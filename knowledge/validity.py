"""Which documents are current at a date: effective by then, and not replaced by another that is itself effective by then."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from knowledge.values import Document


def in_force(document: Document, as_of: date) -> bool:
    """True from the document's effective date on; a document without one always has been."""
    return document.effective is None or document.effective <= as_of


def current(documents: Iterable[Document], as_of: date) -> frozenset[str]:
    """The ids of the documents that say what holds at `as_of`."""
    effective = [document for document in documents if in_force(document, as_of)]
    successors = _successors(effective)
    return frozenset(document.id for document in effective if not _replaced(document, successors))


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
