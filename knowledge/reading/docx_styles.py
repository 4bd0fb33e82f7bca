"""What a Word paragraph is by its style: a heading of some level, a list's item, a line of the table of contents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docx.oxml.ns import qn

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement

_HEADING = re.compile(r"heading (\d)")
_DEEPEST_CHAIN = 10


@dataclass(frozen=True)
class Style:
    """The part of a style that the outline needs, with what it takes over from the styles below it."""

    level: int | None = None  # 0 for a title
    is_list: bool = False
    is_contents: bool = False
    numbering: tuple[str, int] | None = None  # list id and level


class Styles:
    """The document's styles, each resolved once."""

    def __init__(self, document: Document) -> None:
        self._elements = {str(style.get(qn("w:styleId"))): style for style in document.styles.element.iter(qn("w:style"))}
        self._known: dict[str, Style] = {}
        body = document.element.body
        self.any_heading = any(self.of(paragraph).level for paragraph in body.iter(qn("w:p")))

    def of(self, paragraph: BaseOxmlElement) -> Style:
        named = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        style_id = str(named.get(qn("w:val"))) if named is not None else ""
        if style_id not in self._known:
            self._known[style_id] = self._resolve(style_id)
        style = self._known[style_id]
        own = _outline_level(paragraph)
        return style if own is None else Style(own, style.is_list, style.is_contents, style.numbering)

    def _resolve(self, style_id: str) -> Style:
        level: int | None = None
        is_list = is_contents = False
        numbering: tuple[str, int] | None = None
        for _ in range(_DEEPEST_CHAIN):
            element = self._elements.get(style_id)
            if element is None:
                break
            name = _value(element, "w:name").lower()
            if level is None:
                heading = _HEADING.fullmatch(name)
                level = 0 if name == "title" else int(heading[1]) if heading else _outline_level(element)
            is_list = is_list or name.startswith(("list bullet", "list number"))
            is_contents = is_contents or re.match(r"toc( \d| heading)", name) is not None
            numbering = numbering or numbering_of(element)
            style_id = _value(element, "w:basedOn")
        return Style(level, is_list, is_contents, numbering)


def numbering_of(element: BaseOxmlElement) -> tuple[str, int] | None:
    """The list id and level that a paragraph or style names, or None."""
    found = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
    if found is None or found.find(qn("w:numId")) is None:
        return None
    depth = _value(found, "w:ilvl")
    return _value(found, "w:numId"), int(depth) if depth.isdecimal() else 0


def _outline_level(element: BaseOxmlElement) -> int | None:
    value = element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
    level = str(value.get(qn("w:val"))) if value is not None else "9"
    return int(level) + 1 if level.isdecimal() and int(level) < 9 else None  # 9 is Word's "body text"


def _value(element: BaseOxmlElement, name: str) -> str:
    child = element.find(qn(name))
    return str(child.get(qn("w:val"), "")) if child is not None else ""
