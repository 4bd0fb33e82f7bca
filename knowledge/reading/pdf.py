"""PDF to sections: headings by their look, paragraphs joined over lines and pages, tables once and as tables."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfparser import PDFSyntaxError
from pdfplumber.utils.exceptions import PdfminerException

from knowledge.errors import CannotRead
from knowledge.reading import Reading
from knowledge.reading.outline import Outline
from knowledge.reading.pdf_embedded import Embedded, embedded
from knowledge.reading.pdf_furniture import without_furniture
from knowledge.reading.pdf_headings import Headings
from knowledge.reading.pdf_page import Grid, Line, page_content
from knowledge.reading.pdf_paragraphs import Paragraphs
from knowledge.reading.pdf_pictures import AltTexts, Told
from knowledge.reading.pdf_properties import pdf_properties
from knowledge.reading.pdf_scans import Scans, is_scan, recognise
from knowledge.reading.pdf_sight import Sight

if TYPE_CHECKING:
    from pdfplumber.pdf import PDF

    from knowledge.reading.hidden import Hidden

_SECONDS = 22  # after which no further page is recognised: a child that reads has 30


@dataclass
class _Content:
    """What the pages hold, page by page, before it is put in order."""

    pages: list[list[Line]] = field(default_factory=list)
    others: list[Grid | Told | Embedded] = field(default_factory=list)
    scanned: list[int] = field(default_factory=list)
    unnamed: int = 0  # letters that their fonts do not name

    def letters(self) -> int:
        cells = (cell for other in self.others if isinstance(other, Grid) for row in other.rows for cell in row)
        told = (other.text for other in self.others if isinstance(other, Told))
        return sum(len(line.text) for page in self.pages for line in page) + sum(map(len, cells)) + sum(map(len, told))


def read(content: bytes, *, pictures: bool = False) -> Reading:
    """Parse a PDF; refuse it where it shows words that cannot be had as text."""
    until = monotonic() + _SECONDS
    outline = Outline(pictures=pictures)
    with _open(content) as pdf:
        properties = pdf_properties(pdf)
        with Sight(content, len(pdf.pages), outline.hidden) as sight:
            found = _content(pdf, sight)
    scans = recognise(content, found.scanned, until)
    for number, recognised in scans.lines.items():
        found.pages[number - 1] = recognised
    found.others += scans.grids
    if pictures:
        found.others += embedded(content, found.scanned)
    _refuse_without_words(found, outline.hidden, scans)
    _write(outline, without_furniture(found.pages), found.others)
    return Reading(
        outline.sections(), {}, outline.properties() | properties, (*outline.hidden.remarks(), *scans.remarks()), outline.pictures.all()
    )


def _content(pdf: PDF, sight: Sight) -> _Content:
    found = _Content()
    alt_texts = AltTexts(pdf)
    for page in pdf.pages:
        lines, tables, missing = page_content(sight.shown(page))
        found.pages.append(lines)
        found.others += [*tables, *alt_texts.on(page)]
        found.unnamed += missing
        if is_scan(page, lines):
            found.scanned.append(page.page_number)
        page.close()  # frees the page's layout: a long document would hold gigabytes
    return found


def _open(content: bytes) -> PDF:
    if b"%PDF-" not in content[:1024]:
        raise CannotRead("is not a PDF, whatever its name says")
    try:
        return pdfplumber.open(io.BytesIO(content))
    except PdfminerException as error:
        cause = error.args[0] if error.args else None
        if isinstance(cause, PDFPasswordIncorrect):
            raise CannotRead("is protected with a password; save a copy without one") from error
        if isinstance(cause, PDFEncryptionError):
            raise CannotRead("is encrypted in a way that cannot be opened; save a copy without protection") from error
        if isinstance(cause, PDFSyntaxError):
            raise CannotRead("is a damaged PDF; export it again") from error
        raise


def _refuse_without_words(found: _Content, hidden: Hidden, scans: Scans) -> None:
    letters = found.letters()
    if found.unnamed > 0.2 * letters:
        raise CannotRead("its fonts do not say which letters they show; export it again with embedded fonts")
    if not letters and scans.missed and not scans.installed:
        raise CannotRead("holds pictures of pages and no text; run text recognition (OCR) over it and save it again, or install tesseract")
    if not letters and hidden.any_text:
        raise CannotRead(f"shows no text. {' '.join(hidden.remarks())}")
    if not letters and scans.lines:
        raise CannotRead("holds pictures of pages in which text recognition (OCR) finds no words; export it again with text")
    if not letters:
        raise CannotRead("holds pictures of pages and no text; run text recognition (OCR) over it and save it again")


def _write(outline: Outline, pages: list[list[Line]], others: list[Grid | Told | Embedded]) -> None:
    """Headings, paragraphs and tables in the order of the pages; a table that goes on over a page is one table."""
    lines = [line for page in pages for line in page]
    headings = Headings(lines)
    paragraphs = Paragraphs(lines, headings)
    rows: list[tuple[str, ...]] = []
    last: Grid | None = None
    for piece in _in_order(pages, others):
        if isinstance(piece, Embedded):
            outline.picture(piece.content, piece.page, later=True)
            continue
        if isinstance(piece, Grid):
            paragraphs.end(outline)
            if last and rows and _continues(piece, last):
                rows += piece.rows[1:] if piece.rows[0] == rows[0] else piece.rows
            else:
                _end_table(outline, rows, last)
                rows = list(piece.rows)
            last = piece
            continue
        _end_table(outline, rows, last)
        rows, last = [], None
        if isinstance(piece, Told):
            paragraphs.end(outline)
            outline.block("paragraph", piece.text, piece.page)
        else:
            paragraphs.take(piece, outline)
    paragraphs.end(outline)
    _end_table(outline, rows, last)


def _in_order(pages: list[list[Line]], others: list[Grid | Told | Embedded]) -> Iterator[Line | Grid | Told | Embedded]:
    """By page, then from the top; without its headers and footers, one page's end meets the next one's beginning."""
    for number, page in enumerate(pages, start=1):
        pieces: list[Line | Grid | Told | Embedded] = [*page, *(other for other in others if other.page == number)]
        yield from sorted(pieces, key=lambda piece: piece.top)


def _continues(grid: Grid, before: Grid) -> bool:
    return grid.page == before.page + 1 and len(grid.rows[0]) == len(before.rows[0]) and abs(grid.left - before.left) < 5


def _end_table(outline: Outline, rows: list[tuple[str, ...]], last: Grid | None) -> None:
    if rows and last:
        first_page = last.page if len(rows) <= len(last.rows) else last.page - 1
        outline.table(rows, first_page)
