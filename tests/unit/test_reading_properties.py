"""What a file's own properties say about it is told under the names that front matter has."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject

from knowledge.reading import read
from tests.paper import presentation, printed, with_properties, word, workbook

WORD = word(lambda document: document.add_paragraph("Five days."))
SLIDES = presentation(lambda deck: setattr(deck.slides.add_slide(deck.slide_layouts[1]).placeholders[1], "text", "Five days"))
SHEET = workbook(lambda sheet: sheet.append(["Five", "days"]))
SAID = {
    "Owner": "ruth",
    "access": "groups: hr",
    "Review by": "2027-01-31",
    "applies-to": "UK",
    "Department": "HR",
    "Effective": "date 2026-12-31T23:00:00Z",
}


@pytest.mark.parametrize(("name", "file"), [("a.docx", WORD), ("a.pptx", SLIDES), ("a.xlsx", SHEET)])
def test_custom_properties_of_an_office_file_are_told_and_others_are_not(name: str, file: bytes) -> None:
    properties = read(name, with_properties(file, SAID)).properties

    told = {key: value for key, value in properties.items() if key not in {"title", "heading"}}
    assert told == {"owner": "ruth", "access": "groups: hr", "review_by": "2027-01-31", "applies_to": "UK", "effective": "2027-01-01"}


@pytest.mark.parametrize(
    ("stored", "day"),
    [
        ("2026-12-31T10:00:00Z", "2026-12-31"),
        ("2026-12-31T00:00:00Z", "2026-12-31"),
        ("2026-12-30T22:00:00Z", "2026-12-31"),
        ("soon", "soon"),
    ],
)
def test_a_day_is_the_day_that_was_picked_in_any_time_zone(stored: str, day: str) -> None:
    assert read("a.docx", with_properties(WORD, {"effective": f"date {stored}"})).properties["effective"] == day


def test_title_and_language_of_an_office_file_are_told() -> None:
    def named(document: object) -> None:
        document.core_properties.title, document.core_properties.language = "Annual leave", "de-DE"  # type: ignore[attr-defined]
        document.add_paragraph("Five days.")  # type: ignore[attr-defined]

    assert read("a.docx", word(named)).properties == {"title": "Annual leave", "language": "de-DE"}


def test_properties_of_a_pdf_are_told() -> None:
    writer, out = PdfWriter(clone_from=PdfReader(io.BytesIO(printed([(11.0, "Five days.")])))), io.BytesIO()
    writer.add_metadata(
        {"/Title": "Annual leave", "/Owner": "ruth", "/ReviewBy": "2027-01-31", "/Review_by": "2027-02-28", "/Author": "Tom"}
    )
    writer.root_object[NameObject("/Lang")] = TextStringObject("en-GB")
    writer.write(out)

    assert read("a.pdf", out.getvalue()).properties == {
        "title": "Annual leave",
        "owner": "ruth",
        "review_by": "2027-02-28",
        "language": "en-GB",
    }
