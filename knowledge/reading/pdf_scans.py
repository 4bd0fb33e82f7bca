"""PDF pages that are pictures of pages: found, and read by text recognition where it is installed."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import TYPE_CHECKING

from knowledge.reading import ocr
from knowledge.reading.pdf_page import Grid, Line
from knowledge.reading.remarks import pages as page_numbers
from knowledge.reading.scanned_tables import SeenTable, tables_and_lines

if TYPE_CHECKING:
    import pypdfium2
    from pdfplumber.page import Page

_COVERED = 0.5  # of the page
_OUTLINES = 200  # drawn shapes on a page without text: letters turned into drawings
_MARGIN = 0.12  # of the page's height: a stamped page number makes no page of text
_DPI = 300
_MOST_DOTS = 12_000_000  # a sheet larger than A4 is recognised more coarsely
_BATCH = 4  # pages held as pictures at once
_FEW = 0.05  # of a page's words
_APART = 30.0  # points between columns that were put below each other
_LARGER, _ALIKE = 1.12, 1.25  # times the size before: a heading's letters, and another kind of heading's


@dataclass
class Scans:
    """What text recognition made of a document's pictures of pages."""

    lines: dict[int, list[Line]] = field(default_factory=dict)
    grids: list[Grid] = field(default_factory=list)
    missed: list[int] = field(default_factory=list)
    unsure: set[int] = field(default_factory=set)
    installed: bool = True

    def remarks(self) -> tuple[str, ...]:
        said = []
        if found := [number for number, lines in self.lines.items() if lines or any(grid.page == number for grid in self.grids)]:
            said.append(f"Recognised from pictures (OCR): {page_numbers(found)}; letters and figures may be misread.")
        if self.unsure:
            said.append(f"Hard to recognise: {page_numbers(self.unsure)}; compare the figures there, or put in a file with text.")
        if self.missed and self.installed:
            said.append(f"Scanned and not recognised in time: {page_numbers(self.missed)}; split the file, or put in one with text.")
        elif self.missed:
            said.append(f"Scanned, without text, left out: {page_numbers(self.missed)}; install tesseract, or put in a file with text.")
        return tuple(said)


def is_scan(page: Page, lines: Sequence[Line]) -> bool:
    """Whether the page is a picture: nothing of text but in its margins, and an image over most of it or letters as drawings."""
    if any(line.bottom > _MARGIN * line.height and line.top < (1 - _MARGIN) * line.height for line in lines):
        return False
    whole = float(page.width * page.height)
    covered = sum(_area(image, page) for image in page.images)
    return covered >= _COVERED * whole or len(page.curves) >= _OUTLINES


def recognise(content: bytes, numbers: Sequence[int], until: float) -> Scans:
    """Read the pages with these numbers, as many as there is time for until the clock shows `until` (monotonic seconds)."""
    scans = Scans()
    tesseract = ocr.program() if numbers else None
    if tesseract is None:
        scans.missed, scans.installed = list(numbers), False
        return scans
    import pypdfium2

    recogniser = ocr.Recogniser(tesseract, until)
    pdf = None
    try:
        pdf = pypdfium2.PdfDocument(content)
        for start in range(0, len(numbers), _BATCH):
            batch = numbers[start : start + _BATCH]
            if not recogniser.has_time():
                break
            pictures = [_picture(pdf[number - 1]) for number in batch]
            for number, picture, seen in zip(batch, pictures, recogniser.recognise(pictures), strict=True):
                if seen is not None:
                    _take(scans, number, picture, seen)
    except pypdfium2.PdfiumError:  # it is stricter than what read the rest of the file
        pass
    finally:
        recogniser.close()
        if pdf is not None:
            pdf.close()
    scans.missed = [number for number in numbers if number not in scans.lines]
    _level(scans)
    return scans


def _area(image: dict[str, float], page: Page) -> float:
    """How much of the page the image covers."""
    across = min(image["x1"], float(page.bbox[2])) - max(image["x0"], float(page.bbox[0]))
    down = min(image["bottom"], float(page.bbox[3])) - max(image["top"], float(page.bbox[1]))
    return max(across, 0.0) * max(down, 0.0)


def _picture(page: pypdfium2.PdfPage) -> ocr.PagePicture:
    width, height = page.get_size()
    dpi = max(int(min(_DPI, (_MOST_DOTS / max(width * height, 1)) ** 0.5 * 72)), 1)
    out = io.BytesIO()
    page.render(scale=dpi / 72, grayscale=True).to_pil().save(out, "PPM")
    page.close()
    return ocr.PagePicture(out.getvalue(), dpi, height)


def _take(scans: Scans, number: int, picture: ocr.PagePicture, seen: list[ocr.SeenLine]) -> None:
    """Put the page's lines and tables where a PDF's own would stand, in points; what is read later goes below, such as a second column."""
    words = [word for line in seen for word in line.words]
    unsure = sum(word.sure < ocr.UNSURE for word in words)
    point = 72 / picture.dpi
    lines = scans.lines[number] = []
    shift = lowest = 0.0
    for piece in tables_and_lines(seen):
        if piece.bottom * point + shift < lowest:
            shift = lowest - piece.top * point + _APART
        top, lowest = piece.top * point + shift, piece.bottom * point + shift
        if isinstance(piece, SeenTable):
            unsure += len(words) * piece.unsure  # one doubtful figure in a table is enough
            scans.grids.append(Grid(piece.rows, number, top, lowest, piece.left * point, piece.right * point))
        else:
            lines.append(
                Line(piece.text, number, top, lowest, piece.words[0].left * point, piece.size * point, False, picture.height + shift)
            )
    if unsure > _FEW * len(words):
        scans.unsure.add(number)


def _level(scans: Scans) -> None:
    """Give letters of nearly one size the same size: a picture's vary by a dot or two, and headings are told by their size."""
    sizes = sorted(line.size for lines in scans.lines.values() for line in lines for _ in line.text)
    if not sizes:
        return
    usual = median(sizes)
    kinds: list[list[float]] = [[]]  # the usual size and smaller ones, then each larger kind
    limit = usual * _LARGER
    for size in sizes:
        if size > limit:
            kinds.append([])
            limit = size * _ALIKE
        kinds[-1].append(size)
    named = {size: round(max(median(kind), usual), 1) for kind in kinds for size in kind}
    for number, lines in scans.lines.items():
        scans.lines[number] = [replace(line, size=named[line.size]) for line in lines]
