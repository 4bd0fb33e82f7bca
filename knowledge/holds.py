"""Holds: a document, or a topic, that an owner or an admin stops at once, with a sentence of their own and a day on which it ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Hold:
    """While it lasts, no answer rests on what it holds: in no edition, cache or thread. No undo and no restore lifts it."""

    number: int
    document: str = ""  # its id; either this
    topic: str = ""  # or the words that a question must all have, such as "travel Italy"
    sentence: str  # what whoever asks is told instead
    by: str  # who ordered it
    until: date  # the last day on which it holds

    def lasts(self, today: date) -> bool:
        """True up to and with its last day."""
        return today <= self.until


@dataclass(frozen=True)
class Held:
    """A hold and what it covers: a document under its names since, and its versions under the names that it had before."""

    hold: Hold
    documents: frozenset[str] = frozenset()
    versions: frozenset[str] = frozenset()
