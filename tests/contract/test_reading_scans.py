"""Pages that are pictures are read by text recognition where it is installed, and named to the owner where not."""

from __future__ import annotations

from time import monotonic

import pytest

from knowledge.errors import CannotRead
from knowledge.reading import ocr, pdf, read
from knowledge.reading.child import Readers
from knowledge.reading.pdf_scans import recognise
from tests.paper import blocks, joined, printed, scanned

LEAVE = [
    (24.0, "Annual leave"),
    (16.0, "4. Carrying over"),
    (11.0, "4.1 Employees may carry over up to five days of unused"),
    (11.0, "leave into the next leave year."),
]
TABLE = [(12.0, "City\tLimit\tRate"), (12.0, "London\t£185\t£64"), (12.0, "Berlin\t£155\t£51"), (12.0, "Boston\t£192\t£67")]


@pytest.mark.usefixtures("tesseract")
def test_a_scanned_page_has_its_headings_its_clauses_and_its_page() -> None:
    with Readers() as readers:  # within its memory, without a PATH
        reading = readers.read("a.pdf", scanned(printed(LEAVE)))

    assert reading.sections[-1].path == ("Annual leave", "4. Carrying over")
    assert blocks(reading) == [("paragraph", "4.1 Employees may carry over up to five days of unused leave into the next leave year.")]
    assert reading.sections[-1].blocks[0].page == 1
    assert reading.remarks == ("Recognised from pictures (OCR): page 1; letters and figures may be misread.",)


@pytest.mark.usefixtures("tesseract")
def test_a_scanned_table_is_a_table() -> None:
    (kind, table), *rest = blocks(read("a.pdf", scanned(printed(TABLE))))

    assert (kind, rest) == ("table", [])
    assert table.split("\n")[:3] == ["| City | Limit | Rate |", "| --- | --- | --- |", "| London | £185 | £64 |"]


@pytest.mark.usefixtures("tesseract")
def test_only_the_pages_that_are_pictures_are_recognised() -> None:
    reading = read("a.pdf", joined(printed([(11.0, "Printed words.")]), scanned(printed(LEAVE))))

    assert ("paragraph", "Printed words.") in blocks(reading)
    assert [block.page for section in reading.sections for block in section.blocks] == [1, 2]
    assert reading.remarks[-1].startswith("Recognised from pictures (OCR): page 2;")


@pytest.mark.usefixtures("tesseract")
def test_pages_for_which_there_is_no_time_are_named() -> None:
    scans = recognise(scanned(printed(LEAVE)), [1], until=monotonic())

    assert scans.lines == {}
    assert scans.remarks() == ("Scanned and not recognised in time: page 1; split the file, or put in one with text.",)


def test_without_text_recognition_a_scan_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "program", lambda: None)

    with pytest.raises(CannotRead, match=r"no text; run text recognition .* or install tesseract"):
        read("a.pdf", scanned(printed(LEAVE)))


def test_without_text_recognition_scanned_pages_between_others_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "program", lambda: None)
    words, picture = printed([(11.0, "Printed words.")]), scanned(printed(LEAVE))
    reading = read("a.pdf", joined(words, picture, words, picture, picture))

    assert blocks(reading) == [("paragraph", "Printed words."), ("paragraph", "Printed words.")]
    assert reading.remarks[-1] == "Scanned, without text, left out: pages 2, 4 and 5; install tesseract, or put in a file with text."


def test_a_page_of_text_is_never_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        pdf, "recognise", lambda content, numbers, until: pytest.fail("asked") if numbers else recognise(content, numbers, until)
    )

    assert read("a.pdf", printed(LEAVE, TABLE)).sections


@pytest.mark.usefixtures("tesseract")
def test_columns_of_sentences_are_read_one_after_the_other() -> None:
    left = [
        "Employees may carry over up to",
        "five days of unused leave into",
        "the next leave year, and lose",
        "them at the end of March.",
    ]
    right = [
        "Badges are worn visibly inside",
        "the building at all times and",
        "are not lent to anyone, not even",
        "to colleagues of the same team.",
    ]
    reading = read("a.pdf", scanned(printed([(11.0, f"{one}\t\t{other}") for one, other in zip(left, right, strict=True)])))

    words = " ".join(text for _, text in blocks(reading))
    assert words.index("at the end of March") < words.index("Badges are worn")
    assert " ".join(left) in words
