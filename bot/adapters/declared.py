"""Why a column is there, in which form, and how long: declared beside it, shown in docs/privacy.md. A test refuses a column without."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

Form = Literal["pseudonym", "sealed", "mark", "number", "name"]
FORMS: dict[Form, str] = {
    "pseudonym": "keyed pseudonym",
    "sealed": "encrypted",
    "mark": "ids and keyed marks",
    "number": "figures, times, fixed words",
    "name": "readable",
}
Kept = timedelta | str  # a sentence where no clock ends it


@dataclass(frozen=True)
class Purpose:
    """Of one column."""

    words: str
    form: Form
    kept: Kept | None = None  # None: as its table


@dataclass(frozen=True)
class About:
    """Of one table."""

    words: str
    kept: Kept


def purpose(words: str, form: Form, kept: Kept | None = None) -> dict[str, Any]:
    """For a Column's `info`."""
    return {"purpose": Purpose(words, form, kept)}


def about(words: str, kept: Kept) -> dict[str, Any]:
    """For a Table's `info`."""
    return {"about": About(words, kept)}
