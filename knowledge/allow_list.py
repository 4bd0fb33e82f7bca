"""The last word on a passage: may these readers see it, at this date, now?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from knowledge.live import Live
    from knowledge.values import Document, Passage, Scope


@dataclass(frozen=True)
class AllowList:
    """What one search may return: in the live edition, in force at its date, under a label in scope, and not denied."""

    live: Live
    scope: Scope
    documents: frozenset[str]  # in force at the date and not denied when the search began
    denied: Callable[[], frozenset[str]]  # asked again at the end, so that a denial during a search counts

    @classmethod
    def at(cls, live: Live, scope: Scope, as_of: date, denied: Callable[[], frozenset[str]]) -> AllowList:
        """What is allowed at a date."""
        return cls(live, scope, live.in_force(as_of) - denied(), denied)

    @classmethod
    def ever(cls, live: Live, scope: Scope, denied: Callable[[], frozenset[str]]) -> AllowList:
        """What is allowed whatever its date: a citation may be opened after its document was superseded; its date was the answer's."""
        return cls(live, scope, frozenset(live.contents.documents), denied)

    def reads(self, document: str) -> bool:
        """Whether anything of a document may be found."""
        return document in self.documents and self.scope.allows(self.live.contents.documents[document].rule.label)

    def passage(self, passage_id: str) -> tuple[Passage, Document] | None:
        """A passage by its id, with its document; None when it is gone or not allowed."""
        index = self.live.passage_by_id.get(passage_id)
        if index is None or not self.allows(self.live.contents.passages[index]):
            return None
        passage = self.live.contents.passages[index]
        return passage, self.live.contents.documents[passage.document]

    def allows(self, passage: Passage) -> bool:
        """True when every rule lets the passage through. A label that is not its document's own rule is a fault: never shown."""
        document = self.live.contents.documents.get(passage.document)
        return (
            document is not None
            and passage.document in self.documents
            and passage.document not in self.denied()
            and self.scope.allows(passage.label)
            and document.rule.label == passage.label
        )
