"""What is said about a document: its front matter and its row in policies.csv, merged and checked into one Document."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TypeVar

from knowledge.access_rules import read_rule
from knowledge.errors import BadMetadata
from knowledge.reading import SAYS_ITSELF, Reading
from knowledge.reading.cleaning import one_line
from knowledge.values import AccessRule, Document

KEYS = ("title", "owner", "access", "effective", "supersedes", "review_by", "applies_to", "url", "language", "secrets")
NOTHING_SAID: Mapping[str, str] = MappingProxyType({})
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ADDRESS = re.compile(r"https?://[^\s<>|\"]+")
_NO_TITLE = re.compile(r"untitled.*|microsoft word - .*|.*\.(?:docx?|pdf|indd|pptx?|html?)|document\d*", re.IGNORECASE)
NO_RULE = "says nothing about who may read it; add `access: everyone`, or groups or people, to its front matter or policies.csv"
Value = TypeVar("Value")


@dataclass(frozen=True)
class Defaults:
    """What a source says about documents that say nothing themselves, and the names that exist. None: not checked."""

    rule: AccessRule | None = None
    known_groups: frozenset[str] | None = None
    known_people: frozenset[str] | None = None


def describe(
    id: str,  # noqa: A002  # the contract's word
    reading: Reading,
    row: dict[str, str] | None,
    defaults: Defaults,
    said: Mapping[str, str] = NOTHING_SAID,
) -> Document:
    """The document that a file becomes. Raises BadMetadata with the reason why it may not become one.

    Its front matter and its row come first, then the file's own properties, then what its source says, then the defaults.
    """
    about = _Said(_checked_keys(reading.metadata), row or {}, (reading.properties, said))
    rule = about.get("access", _rule_reader(defaults)) or defaults.rule
    if rule is None:
        raise BadMetadata(NO_RULE)
    document = Document(id=id, title=_Said(reading.metadata, row or {}).get("title", _text) or _own_title(id, reading, said), rule=rule)
    document = replace(
        document,
        owner=about.get("owner", _text) or "",
        effective=about.get("effective", _date),
        supersedes=about.get("supersedes", _text),
        review_by=about.get("review_by", _date),
        applies_to=about.get("applies_to", _text) or "",
        url=about.get("url", _url) or "",
        language=about.get("language", _language) or "en",
    )
    if document.supersedes in {document.id, document.stem}:
        raise BadMetadata("supersedes: names the document itself; name the one it replaces")
    return document


def without_say(reading: Reading) -> Reading:
    """What a file says, but for who may read it, which document it replaces and whether its secrets are none: whoever writes a page of a
    wiki decides none of these.
    """
    both = (reading.metadata, reading.properties)
    metadata, properties = ({key: value for key, value in said.items() if key not in ("access", "supersedes", "secrets")} for said in both)
    return replace(reading, metadata=metadata, properties={key: str(value) for key, value in properties.items()})


def rule_without_reading(
    id: str,  # noqa: A002  # as above
    row: dict[str, str] | None,
    defaults: Defaults,
    said: Mapping[str, str] = NOTHING_SAID,
    suffix: str = "",
) -> AccessRule | None:
    """The rule as far as it is known before the file is read; None where the file itself may say it. Raises BadMetadata."""
    rule = _Said({}, row or {}).get("access", _rule_reader(defaults))
    if rule is not None or (suffix or PurePosixPath(id).suffix).lower() in SAYS_ITSELF:
        return rule
    rule = _Said({}, {}, (said,)).get("access", _rule_reader(defaults)) or defaults.rule
    if rule is None:
        raise BadMetadata(NO_RULE)
    return rule


def _rule_reader(defaults: Defaults) -> Callable[[object], AccessRule]:
    return lambda value: read_rule(value, defaults.known_groups, defaults.known_people)


class _Said:
    """The front matter beside the row: each value may stand in both only where they are equal. What is said further off counts only
    where both are silent, the nearest first.
    """

    def __init__(self, front_matter: Mapping[str, object], row: Mapping[str, str], further: Sequence[Mapping[str, str]] = ()) -> None:
        self._front_matter = front_matter
        self._row = row
        self._further = further

    def get(self, key: str, parse: Callable[[object], Value]) -> Value | None:
        given: list[object] = [source[key] for source in (self._front_matter, self._row) if source.get(key) not in (None, "")]
        if not given:
            given.extend([source[key] for source in self._further if source.get(key)][:1])
        values = [_parsed(key, value, parse) for value in given]
        if len(values) == 2 and values[0] != values[1]:
            both = f"front matter says {_shown(given[0])}, policies.csv says {_shown(given[1])}"
            raise BadMetadata(f"{key}: {both}; make them equal, or keep one")
        return values[0] if values else None


def _parsed(key: str, value: object, parse: Callable[[object], Value]) -> Value:
    try:
        return parse(value)
    except ValueError as error:
        raise BadMetadata(f"{key}: {error}") from error


def _checked_keys(front_matter: Mapping[str, object]) -> Mapping[str, object]:
    """Foreign keys are tolerated, unless one looks like a slip of the pen: an `acess` overlooked could open a document."""
    for key in front_matter:
        if key not in KEYS and (meant := meant_name(key.lower().replace("-", "_").replace(" ", "_"), KEYS)):
            raise BadMetadata(f"front matter has {_shown(key)}{meant}")
    return front_matter


def meant_name(name: str, names: tuple[str, ...]) -> str:
    """A question to put behind a name that is not known, where one that is looks like it."""
    close = get_close_matches(name, names, n=1, cutoff=0.8)
    return f"; did you mean {close[0]!r}?" if close else ""


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{_shown(value)} is not a text")  # noqa: TRY004  # the caller makes one kind of error of all of them
    return one_line(value)


def _date(value: object) -> date:
    text = _text(value)
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{_shown(text)} is not a day of the calendar") from error
    raise ValueError(f"{_shown(text)} is not a date; write it as 2026-01-31")


def _url(value: object) -> str:
    if not _ADDRESS.fullmatch(text := _text(value)):
        raise ValueError(f"{_shown(text)} is not an address that begins with https:// or http://")
    return text


def _language(value: object) -> str:
    if not _LANGUAGE.fullmatch(text := _text(value)):
        raise ValueError(f"{_shown(text)} is not a language code such as en or de")
    return text


def _own_title(id: str, reading: Reading, said: Mapping[str, str]) -> str:  # noqa: A002  # as in describe
    """What the format says, else the first top heading, else what the source says, else the file's name in words."""
    title = reading.properties.get("title", "")
    if title and not _NO_TITLE.fullmatch(title):
        return title
    words = re.sub(r"[-_\s]+", " ", PurePosixPath(id).stem).strip()
    return reading.properties.get("heading", "") or one_line(said.get("title", "")) or (words[:1].upper() + words[1:])


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
