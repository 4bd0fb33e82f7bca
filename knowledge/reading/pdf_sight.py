"""Which characters of a PDF page a reader sees: the page is drawn with its text and without it, and what changes nothing is hidden."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from knowledge.reading.pdf_ink import Box, Ink, colour, drawn

if TYPE_CHECKING:
    from types import TracebackType

    import pypdfium2
    from pdfplumber.page import Page

    from knowledge.reading.hidden import Hidden

_Word = list[dict[str, Any]]  # characters as pdfplumber has them

_SMALLEST = 2.0  # points: below, nobody can read it, so nobody is meant to
_SCAN = 0.8  # of the page: a picture as large as this is a scanned page, whose text lies under or over it on purpose
_SHADOW = 3.0  # points between a letter and the darker copy of it that makes it seen
_DARK = 50  # of 255: ink as dark as this is on paper, and is not looked at twice
_NOT_ITS_COLOUR = {"Separation", "DeviceN", "Indexed", "Pattern", "Lab"}  # colour spaces whose numbers are no grey, RGB or CMYK

_OUTSIDE = "outside of the page"
_TINY = "smaller than 2 points"
_SAME_COLOUR = "in the colour of what is behind it"
_COVERED = "under a picture or a shape"
_OFF = "switched off or cut off, so that nothing of it is drawn"
_UNCHECKED = "could not be drawn, so whether all of its text can be seen was not checked."


class Sight:
    """Looks at the pages of one PDF. A file that cannot be drawn is read as it is, and its owner is told."""

    def __init__(self, content: bytes, pages: int, hidden: Hidden) -> None:
        self._hidden = hidden
        self._drawing = _opened(content)
        if self._drawing is not None and len(self._drawing) != pages:
            self._drawing.close()
            self._drawing = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._drawing is not None:
            self._drawing.close()

    def shown(self, page: Page) -> Page:
        """The page without the characters that nobody sees, which are counted for the owner."""
        where = f"page {page.page_number}"
        reasons = {id(char): why for char, why in self._unseen(page, where)}
        if not reasons:
            return page
        words: defaultdict[str, list[str]] = defaultdict(list)
        for char in page.chars:
            if id(char) in reasons:
                words[reasons[id(char)]].append(char["text"])
        for why, letters in words.items():
            self._hidden.text("".join(letters), why, where)
        return page.filter(lambda piece: id(piece) not in reasons)

    def _unseen(self, page: Page, where: str) -> Iterator[tuple[dict[str, Any], str]]:
        lines = list(_lines(page.chars))
        if not lines:
            return
        ink = drawn(self._drawing, page.page_number - 1) if self._drawing else None
        if ink is None:
            self._hidden.note(f"{where.capitalize() if self._drawing else 'The file'} {_UNCHECKED}")
            ink = Ink.nowhere(page.cropbox, page.mediabox)
        frame = _Frame(page, ink)
        unseen = [(char, why) for line in lines for word, why in frame.unseen(line) for char in word]
        if unseen and not frame.is_trusted([char for line in lines for word in line for char in word]):
            self._hidden.note(f"{where.capitalize()} {_UNCHECKED}")
            unseen = [(char, why) for char, why in unseen if why in {_OUTSIDE, _TINY}]
        yield from unseen


@dataclass(frozen=True)
class _Copy:
    left: float
    top: float
    colour: tuple[int, int, int] | None


class _Frame:
    """One page as it is drawn, and the questions that a character answers by it."""

    def __init__(self, page: Page, ink: Ink) -> None:
        self._ink = ink
        self._left, self._top = page.mediabox[:2]
        self._covers = [*page.images, *(shape for shape in (*page.rects, *page.curves) if shape.get("fill"))]
        self._copies: defaultdict[str, list[_Copy]] = defaultdict(list)
        self._chars = page.chars
        self._pictures = page.images

    def is_trusted(self, chars: Sequence[dict[str, Any]]) -> bool:
        """Whether the ink lies where the characters are said to be: a file may be so odd that two programs place it differently."""
        return self._ink.is_within([self._box(char) for char in chars])

    def unseen(self, line: Sequence[_Word]) -> Iterator[tuple[_Word, str]]:
        """The words of a line that nobody sees, each with the reason."""
        boxes = [self._around(word) for word in line]
        whole = min(box[0] for box in boxes), min(box[1] for box in boxes), max(box[2] for box in boxes), max(box[3] for box in boxes)
        columns = self._ink.columns(whole)
        faint: list[tuple[_Word, Box]] = []
        for word, box in zip(line, boxes, strict=True):
            if not self._ink.is_on_page(box):
                yield word, _OUTSIDE
            elif word[0]["size"] < _SMALLEST:
                yield word, _TINY
            elif not (columns.run_through(box[0], box[2]) and self._is_dark(word)) and self._is_faint(word):
                faint.append((word, box))
        if faint and not (self._is_scanned and sum(self._ink.is_written_below(box) for _, box in faint) >= 0.5 * len(faint)):
            yield from ((word, self._why(word, box)) for word, box in faint)

    def _is_dark(self, word: _Word) -> bool:
        filled = _colour(word[0])
        return filled is None or max(filled) < _DARK

    def _is_faint(self, word: _Word) -> bool:
        """Whether the page looks the same without the word, or would if other text did not lie across it.

        Most of its letters decide: a dot, or a letter at the edge of a frame, may leave no trace; and a mark alone says nothing.
        """
        filled = _colour(word[0])
        boxes = ((char, self._box(char)) for char in word)
        unseen = sum(not self._ink.is_there(box) or self._is_camouflaged(char, box, filled) for char, box in boxes)
        return unseen > 0.5 * len(word) and any(char["text"].isalnum() for char in word)

    def _why(self, word: _Word, box: Box) -> str:
        if self._ink.blends(box, _colour(word[0])):
            return _SAME_COLOUR
        x, y = (box[0] + box[2]) / 2 + self._left, (box[1] + box[3]) / 2 + self._top
        covered = any(cover["x0"] <= x <= cover["x1"] and cover["top"] <= y <= cover["bottom"] for cover in self._covers)
        return _COVERED if covered else _OFF

    @cached_property
    def _is_scanned(self) -> bool:
        return sum(self._ink.share(self._box(picture)) for picture in self._pictures) >= _SCAN

    def _is_camouflaged(self, char: dict[str, Any], box: Box, filled: tuple[int, int, int] | None) -> bool:
        """Filled with the colour of an even ground, without a line around it, and without a copy of itself that serves as its shadow."""
        if filled is None or max(filled) < _DARK or self._ink.has_outlines or not self._ink.blends(box, filled):
            return False
        if not self._copies:
            for other in self._chars:
                self._copies[other["text"]].append(_Copy(other["x0"], other["top"], _colour(other)))
        near = (
            copy for copy in self._copies[char["text"]] if abs(copy.left - char["x0"]) < _SHADOW and abs(copy.top - char["top"]) < _SHADOW
        )
        return all(copy.colour == filled for copy in near)

    def _around(self, word: _Word) -> Box:
        left, top = self._left, self._top
        first, last = word[0], word[-1]
        return first["x0"] - left, min(first["top"], last["top"]) - top, last["x1"] - left, max(first["bottom"], last["bottom"]) - top

    def _box(self, piece: dict[str, Any]) -> Box:
        left, top = self._left, self._top
        return piece["x0"] - left, piece["top"] - top, piece["x1"] - left, piece["bottom"] - top


def _lines(chars: Sequence[dict[str, Any]]) -> Iterator[list[_Word]]:
    """Words that follow each other on one line."""
    line: list[_Word] = []
    for word in _words(chars):
        if line and (abs(line[0][0]["top"] - word[0]["top"]) > 1 or abs(line[0][0]["bottom"] - word[0]["bottom"]) > 1):
            yield line
            line = []
        line.append(word)
    if line:
        yield line


def _words(chars: Sequence[dict[str, Any]]) -> Iterator[_Word]:
    """Characters that follow each other in one look, on one line and without a gap."""
    word: _Word = []
    for char in chars:
        if word and not _goes_on(word[-1], char):
            yield word
            word = []
        if char["text"].strip():
            word.append(char)
    if word:
        yield word


def _goes_on(last: dict[str, Any], char: dict[str, Any]) -> bool:
    if not char["text"].strip() or last["fontname"] != char["fontname"] or last["non_stroking_color"] != char["non_stroking_color"]:
        return False
    size = float(char["size"])
    return (
        abs(float(last["x1"]) - char["x0"]) < 0.25 * size
        and abs(float(last["bottom"]) - char["bottom"]) < 0.25 * size
        and abs(float(last["size"]) - size) < 0.1
    )


def _colour(char: dict[str, Any]) -> tuple[int, int, int] | None:
    return None if char.get("ncs") in _NOT_ITS_COLOUR else colour(char.get("non_stroking_color"))


def _opened(content: bytes) -> pypdfium2.PdfDocument | None:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        return None
