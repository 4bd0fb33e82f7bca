"""What is kept of one person, as that person gets to see it, and who else asked to see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.receipts import Receipt

Wish = Literal["export", "erase"]
Objection = Literal["unknown", "same_admin", "their_own", "over", "done"]
WISHES: tuple[Wish, ...] = ("export", "erase")


@dataclass(frozen=True)
class PastAnswer:
    """An answer that somebody got."""

    receipt: Receipt
    question: str | None  # None: not kept any more


@dataclass(frozen=True)
class Judged:
    """Feedback that somebody gave."""

    receipt: str
    verdict: str
    at: datetime


@dataclass(frozen=True)
class Remembered:
    """A question that a thread remembers for follow-ups."""

    channel: str
    question: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Disclosure:
    """An admin's wish to see, or to erase, what is kept of somebody else; it takes another admin to agree."""

    number: int
    user: str  # whom it is about; empty once it is done
    wish: Wish
    reason: str
    asked_by: str
    asked_at: datetime
    agreed_by: str = ""
    done_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class OwnCopy:
    """Everything that is kept of one person."""

    answers: tuple[PastAnswer, ...] = ()  # oldest first
    judged: tuple[Judged, ...] = ()
    remembered: tuple[Remembered, ...] = ()
    listening: int = 0  # threads in which Ibid listens to this person's next message
    told_at: datetime | None = None  # when this person was told what is kept
    note: bool = False  # gets the weekly note
    disclosures: tuple[Disclosure, ...] = ()

    @property
    def questions(self) -> int:
        return sum(one.question is not None for one in self.answers)
