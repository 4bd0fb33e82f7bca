"""What a PDF's own properties say about it, under the names that front matter has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdfminer.pdftypes import resolve1
from pdfminer.utils import decode_text

from knowledge.reading.cleaning import clean, one_line
from knowledge.reading.office_properties import is_language, property_name

if TYPE_CHECKING:
    from pdfplumber.pdf import PDF


def pdf_properties(pdf: PDF) -> dict[str, str]:
    """Its title, its language, and the custom properties that have one of the names."""
    said: dict[str, str] = {}
    language = resolve1(pdf.doc.catalog.get("Lang"))
    if isinstance(language, bytes) and is_language(code := decode_text(language).strip()):
        said["language"] = code
    for key, value in pdf.metadata.items():
        name = "title" if key == "Title" else property_name(str(key))
        if name and isinstance(value, str) and (text := one_line(clean(value))):
            said[name] = text
    return said
