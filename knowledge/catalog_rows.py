"""Values to the catalog's rows and back."""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from knowledge.values import AccessRule, Document, Passage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Row

    from knowledge.values import Version, Window

DATES = ("effective", "review_by")


def document_row(document: Document) -> str:
    """A document as JSON; what is empty is left out."""
    fields: dict[str, str | None] = {
        "owner": document.owner,
        "supersedes": document.supersedes,
        "applies_to": document.applies_to,
        "url": document.url,
        "language": document.language,
    }
    for name in DATES:
        day: date | None = getattr(document, name)
        fields[name] = day.isoformat() if day else None
    always = {"id": document.id, "title": document.title, "access": document.rule.label}
    return json.dumps(always | {name: value for name, value in fields.items() if value}, ensure_ascii=False)


@lru_cache(maxsize=16_384)  # a run that changes nothing is mostly this, and the next run reads the same rows
def document_from(described: str) -> Document:
    """A document from what `document_row` wrote."""
    fields: dict[str, Any] = json.loads(described)
    fields["rule"] = _rule(fields.pop("access"))
    for name in DATES:
        if name in fields:
            fields[name] = date.fromisoformat(fields[name])
    return Document(**fields)


def remarks_from(written: str) -> tuple[str, ...]:
    """What a reader left out; nearly always nothing."""
    return () if written == "[]" else tuple(json.loads(written))


def passage_rows(version: Version) -> list[dict[str, object]]:
    """One row for each passage of a version, in order."""
    return [
        {
            "version": version.id,
            "place": place,
            "id": passage.id,
            "label": passage.label,
            "path": json.dumps(passage.path, ensure_ascii=False),
            "clause": passage.clause,
            "text": passage.text,
            "start": passage.start,
            "end": passage.end,
            "page": passage.page,
            "anchor": passage.anchor,
            "situation": passage.situation,
            "line": passage.line,
        }
        for place, passage in enumerate(version.passages)
    ]


def passage_from(row: Row[Any], document: str) -> Passage:
    """A passage from its row and its document's id."""
    return Passage(
        id=row.id,
        document=document,
        label=_once(row.label),
        path=_path(row.path),
        clause=row.clause,
        text=row.text,
        start=row.start,
        end=row.end,
        page=row.page,
        anchor=_once(row.anchor),
        situation=_once(row.situation),
        line=row.line,
        version=_once(row.version),
    )


@lru_cache(maxsize=1_024)
def _rule(label: str) -> AccessRule:
    return AccessRule.from_label(label)


@lru_cache(maxsize=1_024)
def _path(headings: str) -> tuple[str, ...]:
    return tuple(json.loads(headings))


@lru_cache(maxsize=1_024)
def _once(text: str) -> str:
    """The same object for neighbours that say the same: a hundred thousand passages are in memory at once."""
    return text


def window_rows(version: Version, cut: Mapping[str, Sequence[Window]]) -> list[dict[str, object]]:
    """Where the windows of each passage lie; their text is made again from the passage when it is needed."""
    return [
        {
            "version": version.id,
            "passage_place": passage_place,
            "place": place,
            "id": window.id,
            "start": window.start,
            "end": window.end,
        }
        for passage_place, passage in enumerate(version.passages)
        for place, window in enumerate(cut[passage.id])
    ]
