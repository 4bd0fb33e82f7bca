"""PDF to sections: headings by their look, paragraphs joined over lines and pages, tables once and as tables."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfparser import PDFSyntaxError
from pdfplumber.utils.exceptions import PdfminerException

from knowledge.errors import CannotRead
from knowledge.reading import Reading
from knowledge.reading.outline import Outline, pipe_table
from knowledge.reading.pdf_furniture import without_furniture
from knowledge.reading.pdf_headings import Headings
from knowledge.reading.pdf_page import Grid, Line, page_content
from knowledge.reading.pdf_paragraphs import Paragraphs

if TYPE_CHECKING:
    from pdfplumber.pdf import PDF


def read(content: bytes) -> Reading:
    """Parse a PDF; refuse it where it shows words that cannot be had as text."""
    with _open(content) as pdf:
        pages: list[list[Line]] = []
        grids: list[Grid] = []
        unnamed = 0
        for page in pdf.pages:
            lines, tables, missing = page_content(page)
            pages.append(lines)
            grids += tables
            unnamed += missing
            page.close()  # frees the page's layout: a long document would hold gigabytes
        title = pdf.metadata.get("Title")
    _refuse_without_words(pages, grids, unnamed)
    outline = Outline()
    _write(outline, without_furniture(pages), grids)
    return Reading(outline.sections(), {}, outline.properties(title if isinstance(title, str) else ""))


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


def _refuse_without_words(pages: list[list[Line]], grids: list[Grid], unnamed: int) -> None:
    letters = sum(len(line.text) for page in pages for line in page) + sum(len(cell) for grid in grids for row in grid.rows for cell in row)
    if unnamed > 0.2 * letters:
        raise CannotRead("its fonts do not say which letters they show; export it again with embedded fonts")
    if not letters:
        raise CannotRead("holds pictures of pages and no text; run text recognition (OCR) over it and save it again")


def _write(outline: Outline, pages: list[list[Line]], grids: list[Grid]) -> None:
    """Headings, paragraphs and tables in the order of the pages; a table that goes on over a page is one table."""
    lines = [line for page in pages for line in page]
    headings = Headings(lines)
    paragraphs = Paragraphs(lines, headings)
    rows: list[tuple[str, ...]] = []
    last: Grid | None = None
    for piece in _in_order(pages, grids):
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
        paragraphs.take(piece, outline)
    paragraphs.end(outline)
    _end_table(outline, rows, last)


def _in_order(pages: list[list[Line]], grids: list[Grid]) -> Iterator[Line | Grid]:
    """By page, then from the top; without its headers and footers, one page's end meets the next one's beginning."""
    for number, page in enumerate(pages, start=1):
        pieces: list[Line | Grid] = [*page, *(grid for grid in grids if grid.page == number)]
        yield from sorted(pieces, key=lambda piece: piece.top)


def _continues(grid: Grid, before: Grid) -> bool:
    return grid.page == before.page + 1 and len(grid.rows[0]) == len(before.rows[0]) and abs(grid.left - before.left) < 5


def _end_table(outline: Outline, rows: list[tuple[str, ...]], last: Grid | None) -> None:
    if rows and last:
        first_page = last.page if len(rows) <= len(last.rows) else last.page - 1
        outline.block("table", pipe_table(rows), first_page)
