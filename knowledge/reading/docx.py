"""Word documents to sections, as they read with every tracked change accepted."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

import docx
from docx.oxml.ns import qn

from knowledge.errors import CannotRead
from knowledge.reading import Reading
from knowledge.reading.cleaning import one_line
from knowledge.reading.docx_numbering import Numbering
from knowledge.reading.docx_styles import Styles
from knowledge.reading.docx_words import is_bold, table_rows, words
from knowledge.reading.numbering import at_clauses, clause_number
from knowledge.reading.outline import Outline, pipe_table

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement

_UNPACKED = 100 * 1024 * 1024
_RATIO = 100
_WRAPPERS = {qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:moveTo"), qn("w:customXml"), qn("w:smartTag")}
_NO_TITLES = {"word document", "document", "untitled"}


def read(content: bytes) -> Reading:
    """Parse a .docx, after a look at what it would unpack to."""
    _refuse_bombs(content)
    document = docx.Document(io.BytesIO(content))
    story = _Story(Styles(document), Numbering(document))
    for element in _blocks(document.element.body):
        if element.tag == qn("w:tbl"):
            story.table(element)
        else:
            story.paragraph(element)
    story.end_list()
    title = document.core_properties.title
    return Reading(story.outline.sections(), {}, story.outline.properties("" if title.lower() in _NO_TITLES else title))


def _refuse_bombs(content: bytes) -> None:
    """Look at the sizes that the archive states before anything is unpacked; a part that lies is cut off at its stated size."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise CannotRead("is protected with a password, or is an old .doc; save it as .docx without a password")
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError) as error:
        raise CannotRead("is a damaged Word document; open it in Word and save it again") from error
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if unpacked > _UNPACKED or unpacked > _RATIO * max(packed, 10_000):
        raise CannotRead(f"unpacks to {unpacked / 1024**2:,.0f} MB, which no policy needs; save its text as a new document")
    if not any(part.filename == "[Content_Types].xml" for part in parts):
        raise CannotRead("is a zip file and not a Word document; save it as .docx")


def _blocks(parent: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """Paragraphs and tables in document order, also inside content controls and accepted insertions."""
    for child in parent.iterchildren():
        if child.tag in {qn("w:p"), qn("w:tbl")}:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _blocks(child)


class _Story:
    """The document told to an outline: runs of list paragraphs become one list."""

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self.outline = Outline()
        self._styles = styles
        self._numbering = numbering
        self._items: list[str] = []

    def table(self, element: BaseOxmlElement) -> None:
        self.end_list()
        rows = table_rows(element)
        if len(rows) > 1 and max(len(row) for row in rows) > 1:
            self.outline.block("table", pipe_table(rows))
            return
        for row in rows:  # a frame around text
            for cell in row:
                self.outline.block("paragraph", one_line(cell))

    def paragraph(self, element: BaseOxmlElement) -> None:
        text = words(element).strip()
        style = self._styles.of(element)
        if not text or style.is_contents:
            return
        mark, depth = self._numbering.mark(element, style.numbering)
        level = style.level
        if level is None and not self._styles.any_heading:
            level = self._look_of_heading(element, text)
        if level is not None:
            self.end_list()
            self.outline.heading(level, f"{mark} {text}" if mark not in {"", "-"} else text)
        elif clause_number(f"{mark} x") or not (mark or style.is_list):
            self.end_list()
            for clause in at_clauses(f"{mark} {text}".strip()):
                self.outline.block("paragraph", one_line(clause))
        else:
            bullet = mark if mark[:1].isdigit() else f"- {mark}" if mark not in {"", "-"} else "-"
            self._items.append(f"{'  ' * depth}{bullet} {one_line(text)}")

    def end_list(self) -> None:
        self.outline.block("list", "\n".join(self._items))
        self._items = []

    def _look_of_heading(self, element: BaseOxmlElement, text: str) -> int | None:
        """In a document without heading styles: a short paragraph, all of it bold."""
        if len(text) <= 100 and not text.endswith((".", ",", ";", ":")) and is_bold(element):
            return 2
        return None
