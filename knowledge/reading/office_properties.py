"""What an Office file's own properties say about it, under the names that front matter has."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from knowledge.reading.cleaning import clean, one_line
from knowledge.reading.office_archive import xml_part

if TYPE_CHECKING:
    from zipfile import ZipFile

NAMES = frozenset({"owner", "access", "effective", "supersedes", "review_by", "applies_to", "url", "language"})
_CUSTOM = "{http://schemas.openxmlformats.org/officeDocument/2006/custom-properties}property"
_LANGUAGE = "{http://purl.org/dc/elements/1.1/}language"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_NO_TITLES = {"word document", "powerpoint presentation", "document", "presentation", "untitled"}


def office_properties(archive: ZipFile) -> dict[str, str]:
    """Title and language of the core properties, and the custom ones that have one of the names."""
    said: dict[str, str] = {}
    core = xml_part(archive, "docProps/core.xml")
    if core is not None:
        title, language = one_line(clean(core.findtext(_TITLE) or "")), (core.findtext(_LANGUAGE) or "").strip()
        if title and title.lower() not in _NO_TITLES:
            said["title"] = title
        if is_language(language):
            said["language"] = language
    custom = xml_part(archive, "docProps/custom.xml")
    for entry in custom.iter(_CUSTOM) if custom is not None else ():
        name, value = property_name(str(entry.get("name", ""))), next(iter(entry), None)
        if name and value is not None and (text := one_line(clean(value.text or ""))):
            said[name] = _day(text) if str(value.tag).endswith("}filetime") else text
    return said


def property_name(written: str) -> str:
    """The name that is meant by "Review by" or "review-by", or "" where it is none of them."""
    name = re.sub(r"[\s_-]+", "_", written.strip().lower())
    return name if name in NAMES else ""


def is_language(written: str) -> bool:
    """Whether it is a code such as "en" or "de-AT"."""
    return _CODE.fullmatch(written) is not None


def _day(moment: str) -> str:
    """The day that was picked: programs store it as a midnight or a morning, in some zone, so the nearest midnight is meant."""
    try:
        return (datetime.fromisoformat(moment) + timedelta(hours=12)).date().isoformat()
    except (ValueError, OverflowError):
        return moment
