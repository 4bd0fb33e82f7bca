"""What an image's author says that it shows, where that is more than decoration."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from knowledge.reading.cleaning import clean, one_line

if TYPE_CHECKING:
    from lxml.etree import _Element

_GUESSED = re.compile(
    r"automatically generated|AI-generated content|automatisch generiert|KI-generierte", re.IGNORECASE
)  # by Office, from the dots
_FILE_NAME = re.compile(
    r"\S+\.(?:png|jpe?g|gif|svg|bmp|tiff?|webp|emf|wmf)|(?:image|picture|img|photo|bild|grafik|logo)[ _-]?\d*|https?://\S+", re.IGNORECASE
)
_DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
_MOST = 2_000  # characters


def picture_words(alt: str, caption: str = "") -> str:
    """Write "Picture: a map of the exits", or "" for what only decorates the page."""
    described = one_line(clean(alt))[:_MOST]
    if _FILE_NAME.fullmatch(described) or _GUESSED.search(described):
        described = ""
    caption = one_line(clean(caption))
    if caption and caption.lower() not in described.lower():
        described = f"{described.rstrip('.')}. {caption}" if described else caption
    return f"Picture: {described}" if described else ""


def office_alt(properties: _Element) -> str:
    """The alt text in an Office drawing's properties (docPr, cNvPr), unless they call it decorative."""
    return "" if is_decorative(properties) else str(properties.get("descr") or "")


def is_decorative(properties: _Element) -> bool:
    """Whether whoever put the drawing there says that it only decorates the page."""
    return any(mark.get("val", "1") in {"1", "true"} for mark in properties.iter(_DECORATIVE))
