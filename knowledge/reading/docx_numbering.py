"""The numbers that Word shows but does not store in the text: "4.2" before a clause, "(a)" before an item."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docx.oxml.ns import qn

from knowledge.reading.docx_styles import numbering_of

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement

_NUMERALS = {
    1000: "m", 900: "cm", 500: "d", 400: "cd", 100: "c", 90: "xc", 50: "l", 40: "xl", 10: "x", 9: "ix", 5: "v", 4: "iv", 1: "i",
}  # fmt: skip
_LARGEST = 3_999


@dataclass(frozen=True)
class _Level:
    form: str  # decimal, lowerLetter, bullet …
    text: str  # "%1.%2"
    start: int


class Numbering:
    """Counts through the document's lists as Word does, paragraph by paragraph."""

    def __init__(self, document: Document) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}  # list id → the definition whose counters it shares
        self._counts: defaultdict[str, dict[int, int]] = defaultdict(dict)
        for part in (relation.target_part for relation in document.part.rels.values() if relation.reltype.endswith("/numbering")):
            root = getattr(part, "element", None)
            if root is not None:
                self._load(root)

    def mark(self, paragraph: BaseOxmlElement, from_style: tuple[str, int] | None) -> tuple[str, int]:
        """What stands before the paragraph ("4.2", "(a)", "-" for a bullet, "" for nothing), and how deep it is indented."""
        list_id, depth = numbering_of(paragraph) or from_style or ("0", 0)
        definition = self._lists.get(list_id)
        level = self._levels.get(definition or "", {}).get(depth)
        if definition is None or level is None:
            return "", 0
        counts = self._counts[definition]
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [key for key in counts if key > depth]:
            del counts[deeper]
        if level.form in {"bullet", "none"}:
            return ("-" if level.form == "bullet" else ""), depth
        return re.sub(r"%([1-9])", lambda found: self._shown(definition, int(found[1]) - 1), level.text).strip(), depth

    def _shown(self, definition: str, depth: int) -> str:
        level = self._levels[definition].get(depth)
        if level is None:
            return ""
        return _written(self._counts[definition].setdefault(depth, level.start), level.form)

    def _load(self, root: BaseOxmlElement) -> None:
        for definition in root.iter(qn("w:abstractNum")):
            levels = {int(level.get(qn("w:ilvl"), "0")): _level(level) for level in definition.iter(qn("w:lvl"))}
            self._levels[str(definition.get(qn("w:abstractNumId")))] = levels
        for instance in root.iter(qn("w:num")):
            named = instance.find(qn("w:abstractNumId"))
            if named is None:
                continue
            definition_id, list_id = str(named.get(qn("w:val"))), str(instance.get(qn("w:numId")))
            restarts = {int(level.get(qn("w:ilvl"), "0")): level for level in instance.iter(qn("w:lvlOverride"))}
            self._lists[list_id] = definition_id
            if restarts:  # its own counters, over the same definition
                self._lists[list_id] = f"{definition_id}/{list_id}"
                self._levels[f"{definition_id}/{list_id}"] = self._levels.get(definition_id, {})


def _level(element: BaseOxmlElement) -> _Level:
    children = {name: element.find(qn(f"w:{name}")) for name in ("numFmt", "lvlText", "start")}
    values = {name: str(child.get(qn("w:val"), "")) for name, child in children.items() if child is not None}
    start = values.get("start", "1")
    return _Level(values.get("numFmt", "decimal"), values.get("lvlText", "%1."), int(start) if start.isdecimal() else 1)


def _written(number: int, form: str) -> str:
    if form in {"lowerLetter", "upperLetter"} and number > 0:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 % 5 + 1)
        return letter.upper() if form == "upperLetter" else letter
    if form in {"lowerRoman", "upperRoman"} and 0 < number <= _LARGEST:
        numeral = _roman(number)
        return numeral.upper() if form == "upperRoman" else numeral
    return str(number)


def _roman(number: int) -> str:
    written = ""
    for value, letters in _NUMERALS.items():
        count, number = divmod(number, value)
        written += letters * count
    return written
