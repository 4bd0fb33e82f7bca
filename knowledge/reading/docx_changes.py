"""Word's tracked changes carried out in its XML: insertions stay, deletions go, what was moved stands only where it was moved to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.oxml.ns import qn

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement

_GONE = (qn("w:del"), qn("w:moveFrom"))
_NEW = (qn("w:ins"), qn("w:moveTo"), qn("w:cellIns"))
_MARKS = (qn("w:rPr"), qn("w:trPr"), qn("w:tcPr"))  # in these, a change says what happened to the paragraph's end, the row or the cell


def accept_changes(root: BaseOxmlElement) -> int:
    """How many changes there were."""
    changes = sum(1 for _ in root.iter(*_GONE, *_NEW, qn("w:cellDel")))
    if not changes:
        return 0
    for gone in list(root.iter(*_GONE)):
        parent = gone.getparent()
        if parent is not None and parent.tag not in _MARKS:
            parent.remove(gone)
    for mark in list(root.iter(qn("w:cellDel"))):
        cell = next(mark.iterancestors(qn("w:tc")), None)
        if cell is not None and (row := cell.getparent()) is not None:
            row.remove(cell)
    for paragraph in list(root.iter(qn("w:p"))):
        if _end_is_gone(paragraph):
            _join_to_next(paragraph)
    return changes


def _end_is_gone(paragraph: BaseOxmlElement) -> bool:
    look = paragraph.find(f"{qn('w:pPr')}/{qn('w:rPr')}")
    return look is not None and any(look.find(gone) is not None for gone in _GONE)


def _join_to_next(paragraph: BaseOxmlElement) -> None:
    """Where the end of a paragraph is deleted, its words begin the next one, which keeps its own look."""
    after = paragraph.getnext()
    while after is not None and after.tag in {qn("w:bookmarkStart"), qn("w:bookmarkEnd"), qn("w:moveFromRangeEnd"), qn("w:moveToRangeEnd")}:
        after = after.getnext()
    if after is None or after.tag != qn("w:p"):
        return
    place = 1 if after.find(qn("w:pPr")) is not None else 0
    for child in [child for child in paragraph if child.tag != qn("w:pPr")]:
        after.insert(place, child)
        place += 1
    parent = paragraph.getparent()
    if parent is not None:
        parent.remove(paragraph)
