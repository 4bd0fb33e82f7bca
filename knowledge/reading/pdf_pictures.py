"""The alt texts of a tagged PDF's figures, with the place of each on its page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdfminer.pdfparser import PDFSyntaxError
from pdfplumber.structure import PDFStructTree, StructTreeMissing

from knowledge.reading.alt_text import picture_words

if TYPE_CHECKING:
    from pdfplumber.page import Page
    from pdfplumber.pdf import PDF
    from pdfplumber.structure import PDFStructElement

_DEEPEST = 100


@dataclass(frozen=True)
class Told:
    """What a figure's alt text says, and where the figure begins, in points from the top."""

    text: str
    page: int
    top: float


class AltTexts:
    """The figures of a document that have an alt text."""

    def __init__(self, pdf: PDF) -> None:
        self._figures: list[tuple[int, frozenset[int], str]] = []  # page, marks in its content, words
        if "StructTreeRoot" not in pdf.doc.catalog:
            return
        try:
            for element in PDFStructTree(pdf):
                self._figures += _figures(element, 0)
        except (StructTreeMissing, PDFSyntaxError, RecursionError, KeyError, TypeError, ValueError, AttributeError, IndexError):
            self._figures = []  # a tree that is broken says nothing; the text does not depend on it

    def on(self, page: Page) -> list[Told]:
        """Those of one page; a figure whose drawing is not found comes last."""
        told = []
        for number, marks, words in self._figures:
            if number == page.page_number:
                drawn = [piece["top"] for piece in (*page.images, *page.curves, *page.rects) if piece.get("mcid") in marks]
                told.append(Told(words, number, min(drawn, default=float(page.height))))
        return told


def _figures(element: PDFStructElement, depth: int) -> Iterator[tuple[int, frozenset[int], str]]:
    marks = list(element.all_mcids())
    number = element.page_number or next((page for page, _ in marks if page), None)
    if element.type == "Figure" and element.alt_text and number and (words := picture_words(element.alt_text)):
        yield number, frozenset(mark for _, mark in marks), words
    for child in element.children if depth < _DEEPEST else ():
        yield from _figures(child, depth + 1)
