"""The weekly note: when it is due, and what stands in it for one person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.flows.owning import Rights, owned
from knowledge.values import Document, Unread

AT = time(9)  # on Mondays
LATE = timedelta(days=2)  # after a longer absence the next Monday is soon enough
SOON = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Rest:
    """What other people look after, counted for an admin."""

    overdue: int = 0
    soon: int = 0
    unread: int = 0

    def __bool__(self) -> bool:
        return bool(self.overdue or self.soon or self.unread)


@dataclass(frozen=True, kw_only=True)
class Note:
    """What one person is told; nothing where it is empty."""

    overdue: tuple[Document, ...] = ()
    soon: tuple[Document, ...] = ()
    unread: tuple[Unread, ...] = ()
    rest: Rest = Rest()

    def __bool__(self) -> bool:
        return bool(self.overdue or self.soon or self.unread or self.rest)


def note_for(rights: Rights, documents: Sequence[Document], unread: Iterable[Unread], today: date) -> Note:
    """A person's own documents, the longest overdue first; for an admin also how much there is besides."""
    mine = frozenset(document.id for document in owned(rights.person, documents))
    overdue = sorted((one for one in documents if one.review_by and one.review_by < today), key=_review)
    soon = sorted((one for one in documents if one.review_by and today <= one.review_by <= today + SOON), key=_review)
    listed = tuple(unread)
    own = Note(
        overdue=tuple(one for one in overdue if one.id in mine),
        soon=tuple(one for one in soon if one.id in mine),
        unread=tuple(one for one in listed if one.path in mine),
    )
    if not rights.admin:
        return own
    rest = Rest(overdue=len(overdue) - len(own.overdue), soon=len(soon) - len(own.soon), unread=len(listed) - len(own.unread))
    return Note(overdue=own.overdue, soon=own.soon, unread=own.unread, rest=rest)


def zone(name: str) -> tzinfo:
    """UTC where the name is unknown."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def week_due(now: datetime, where: tzinfo) -> str:
    """The week whose note may go out now, such as 2026-W47; empty before Monday at nine, and when it is too late for this week's."""
    monday = _monday(now, where)
    return _named(monday) if monday <= now < monday + LATE else ""


def week_settled(now: datetime, where: tzinfo) -> str:
    """For somebody who asks for the note now: the last week that it is too late for."""
    monday = _monday(now, where)
    return _named(monday if monday <= now else monday - timedelta(days=7))


def _monday(now: datetime, where: tzinfo) -> datetime:
    """Nine o'clock on the Monday of this week, there."""
    here = now.astimezone(where)
    return datetime.combine(here.date() - timedelta(days=here.weekday()), AT, where)


def _named(day: datetime) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def _review(document: Document) -> tuple[date, str]:
    return document.review_by or date.max, document.id
