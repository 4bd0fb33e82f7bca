"""What nobody is answered from now: what people denied, what scans withdrew, and what is held back for a time. Kept in memory."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from knowledge.catalog import Catalog
    from knowledge.holds import Held, Hold
    from knowledge.live import Live
    from knowledge.values import Document


class Away:
    """Asked for every passage, of whatever edition: what is taken away counts from the moment at which it is noted."""

    def __init__(self, catalog: Catalog, today: Callable[[], date]) -> None:
        self._catalog = catalog
        self._today = today
        self._looking = threading.Lock()
        self.look()

    def look(self) -> None:
        """What people denied, by document; what scans withdrew, by version; and the holds."""
        catalog = self._catalog
        with self._looking:  # whoever looked first must not have the last word
            self._denied, self._withdrawn, self._held = catalog.denials.documents(), catalog.withdrawals.versions(), catalog.holds.all()

    def of(self, live: Live) -> Callable[[], frozenset[str]]:
        """The documents that this edition may not answer from, as of the call: an edition that was replaced stays under what it lost."""
        taken = self.taken(live)

        def away() -> frozenset[str]:
            held = self.held(live)
            return taken() | frozenset(held) if held else taken()

        return away

    def taken(self, live: Live) -> Callable[[], frozenset[str]]:
        """Those of them that no day brings back: holds do not count."""
        document_of = live.document_of
        return lambda: self._denied | {document_of[version] for version in self._withdrawn & document_of.keys()}

    def left_of(self, live: Live | None) -> tuple[Document, ...]:
        """The documents of an edition that were not taken away, by id; also those that are held."""
        if live is None:
            return ()
        away = self.taken(live)()
        return tuple(document for name, document in sorted(live.contents.documents.items()) if name not in away)

    def held(self, live: Live) -> dict[str, Hold]:
        """The documents of this edition that are held today, each with the first hold on it."""
        found: dict[str, Hold] = {}
        for one in self._lasting():
            earlier = {live.document_of[version] for version in one.versions & live.document_of.keys()}
            for document in (one.documents & live.contents.documents.keys()) | earlier:
                found.setdefault(document, one.hold)
        return found

    def holds(self) -> tuple[Hold, ...]:
        """Those that last today, in the order in which they were made."""
        return tuple(one.hold for one in self._lasting())

    def _lasting(self) -> tuple[Held, ...]:
        """Without a hold, which is nearly always, nobody is asked what day it is."""
        if not self._held:
            return ()
        today = self._today()
        return tuple(one for one in self._held if one.hold.lasts(today))
