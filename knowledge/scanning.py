"""The beginning of every run: the sources are looked at and held against the live edition; nothing is read or written yet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from knowledge.looking import look
from knowledge.planning import Terms, plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from knowledge.connectors import Connector
    from knowledge.holdings import Holdings
    from knowledge.looking import Looked
    from knowledge.planning import Plan
    from knowledge.policy import Defaults
    from knowledge.values import AccessRule, Edition, IndexOrder, Standing, Unread


@dataclass(frozen=True)
class Scan:
    """What a run knows before it reads anything."""

    edition: Edition | None
    standing: Mapping[str, Standing]  # the live documents
    looked: Looked
    terms: Terms
    todo: Plan
    limited: bool  # to one source, or to one person's documents

    @cached_property
    def before(self) -> dict[str, str]:
        """Live document → version."""
        return {document: one.version for document, one in self.standing.items()}

    def of_this_run(self, remarks: Iterable[Unread]) -> tuple[Unread, ...]:
        """A run that is limited tells nothing about what it was not to look at."""
        return tuple(one for one in remarks if not self.limited or one.path in self.looked.seen)

    def unmoved(self, fresh: Mapping[str, str]) -> dict[str, str]:
        """Live document → version for those that are neither read anew nor moved to a name that was."""
        moved = {document for document, now in self.looked.moved.items() if now in fresh}
        return {document: version for document, version in self.before.items() if document not in fresh and document not in moved}

    def with_moved(self, rules: Mapping[str, AccessRule | None]) -> dict[str, AccessRule | None]:
        """What is known of a document under its new name holds for its old one."""
        old = {before: rules[now] for before, now in self.looked.moved.items() if now in rules}
        return dict(rules) | old


def scan(
    holdings: Holdings,
    connectors: Sequence[Connector],
    defaults: Defaults,
    order: IndexOrder,
    vanished: Callable[[Looked], None],
    *,
    describer: str = "",
) -> Scan:
    """Look and plan. `vanished` hears what is gone before any file is hashed. Raises BadMetadata for the only table, and KnowledgeError."""
    catalog = holdings.catalog
    edition = catalog.editions.live()
    standing = catalog.standings(dict(edition.versions).values()) if edition else {}
    withheld = {name for name, one in catalog.withheld().items() if one.owner == order.owner} if order.owner else set[str]()
    looked = look(connectors, order, standing, catalog.denials.brought_back(), withheld)
    vanished(looked)
    if looked.fault:
        raise looked.fault
    unpictured = catalog.pictures.files_without() if describer else frozenset[str]()
    terms = Terms(looked.table, defaults, holdings.embedder.identity, describer, unpictured)
    made_of = catalog.made_of({one.version for one in standing.values()})
    return Scan(
        edition,
        standing,
        looked,
        terms,
        plan(looked, terms, standing, made_of, catalog.denials.erased()),
        bool(order.source or order.owner),
    )


def said_before(holdings: Holdings, seen: Scan) -> Callable[[str], str]:
    """What a document says in the live edition, also where it had another name there; "" where it is not in it."""
    names = {now: before for before, now in seen.looked.moved.items()}

    def said(document: str) -> str:
        version = seen.before.get(document) or seen.before.get(names.get(document, ""))
        return holdings.catalog.version(version).text if version else ""

    return said


def rules_known(holdings: Holdings, seen: Scan) -> dict[str, AccessRule | None]:
    """Who may read the live documents that are not as they were, as far as it is known before anything is read."""
    other = {document: version for document, version in seen.todo.known.items() if seen.before.get(document) != version}
    standing = holdings.catalog.standings(other.values()) if other else {}
    unknown: dict[str, AccessRule | None] = dict.fromkeys(one.path for one in seen.todo.unread if one.withheld)
    return dict(seen.todo.ruled) | {document: standing[document].document.rule for document in other} | unknown
