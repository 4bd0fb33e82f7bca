"""Word documents to sections, as they read with every tracked change accepted."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

import docx
from docx.oxml.ns import qn

from knowledge.reading import Reading
from knowledge.reading.cleaning import one_line
from knowledge.reading.docx_changes import accept_changes
from knowledge.reading.docx_notes import comments, place_notes, place_pictures, placed_pictures
from knowledge.reading.docx_numbering import Numbering
from knowledge.reading.docx_styles import Styles
from knowledge.reading.docx_words import is_bold, table_rows, words
from knowledge.reading.hidden_docx import take_out
from knowledge.reading.numbering import at_clauses, clause_number
from knowledge.reading.office_archive import open_archive
from knowledge.reading.office_properties import office_properties
from knowledge.reading.outline import Outline
from knowledge.reading.remarks import counted

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement

_WRAPPERS = {qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:moveTo"), qn("w:customXml"), qn("w:smartTag")}


def read(content: bytes, *, pictures: bool = False) -> Reading:
    """Parse a .docx, after a look at what it would unpack to."""
    with open_archive(content, "Word", ".docx") as archive:
        properties = office_properties(archive)
    document = docx.Document(io.BytesIO(content))
    changes = accept_changes(document.element.body)
    styles, outline = Styles(document), Outline(pictures=pictures)
    take_out(document, styles, outline.hidden)
    place_notes(document)
    place_pictures(document.element.body)
    story = _Story(outline, styles, Numbering(document))
    for element in _blocks(document.element.body):
        if element.tag == qn("w:tbl"):
            story.table(element)
        else:
            story.paragraph(element)
        for picture in placed_pictures(document, element) if pictures else ():
            story.picture(picture)
    story.end_list()
    remarks = (*_remarks(changes, comments(document)), *outline.hidden.remarks())
    return Reading(outline.sections(), {}, outline.properties() | properties, remarks, outline.pictures.all())


def _remarks(changes: int, notes: int) -> tuple[str, ...]:
    remarks = []
    if changes:
        remarks.append(f"Has {counted(changes, 'tracked change')}; it is read as if all were accepted.")
    if notes:
        remarks.append(f"Has {counted(notes, 'comment')}, left out; write into the text what people should be answered from.")
    return tuple(remarks)


def _blocks(parent: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """Paragraphs and tables in document order, also inside content controls and accepted insertions."""
    for child in parent.iterchildren():
        if child.tag in {qn("w:p"), qn("w:tbl")}:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _blocks(child)


class _Story:
    """The document told to an outline: runs of list paragraphs become one list."""

    def __init__(self, outline: Outline, styles: Styles, numbering: Numbering) -> None:
        self.outline = outline
        self._styles = styles
        self._numbering = numbering
        self._items: list[str] = []

    def table(self, element: BaseOxmlElement) -> None:
        self.end_list()
        rows = table_rows(element)
        if len(rows) > 1 and max(len(row) for row in rows) > 1:
            self.outline.table(rows)
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

    def picture(self, content: bytes) -> None:
        self.outline.picture(content, later=bool(self._items))

    def end_list(self) -> None:
        self.outline.block("list", "\n".join(self._items))
        self._items = []

    def _look_of_heading(self, element: BaseOxmlElement, text: str) -> int | None:
        """In a document without heading styles: a short paragraph, all of it bold."""
        if len(text) <= 100 and not text.endswith((".", ",", ";", ":")) and is_bold(element):
            return 2
        return None
