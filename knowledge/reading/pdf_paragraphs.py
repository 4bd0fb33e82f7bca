"""Lines of a PDF joined into the paragraphs and lists they were before the page cut them up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from knowledge.reading.numbering import clause_number, follows
from knowledge.reading.outline import Outline
from knowledge.reading.pdf_headings import Headings
from knowledge.reading.pdf_page import Line

_ITEM = re.compile(r"(?:[•●▪◦‣∙·■□➢✓\uf0b7\uf0a7\uf0d8]|[-–*](?=\s)|o(?=\s))\s*(?=\S)|(?=\((?:[a-z]|[ivx]{1,4}|\d{1,2})\)\s)")
_NUMBERED_ITEM = re.compile(r"(\d{1,2})[.)]\s+(?=\S)")
_WORD = re.compile(r"[^\W\d_]+")
_HYPHEN = re.compile(r"([^\W\d_]+)[-\u2010\u00ad]$")
_WIDEST_GAP = 24.0  # points: more is a new place on the page
_SENTENCE_END = (".", "!", "?", ":", ";")


class Paragraphs:
    """The paragraph, list or heading under way, line by line, written to the outline when it ends."""

    def __init__(self, lines: Sequence[Line], headings: Headings) -> None:
        self._headings = headings
        self._words = {word.lower() for line in lines for word in _WORD.findall(line.text)}
        self._spacing = _usual_gap(lines, headings)
        self._texts: list[str] = []  # one for a paragraph or heading, one an item for a list
        self._kind = ""
        self._level = 0
        self._page = 0
        self._number = ""
        self._last: Line | None = None

    def take(self, line: Line, outline: Outline) -> None:
        level = self._headings.level(line)
        item = None if level else self._item(line.text)
        number = "" if level else clause_number(line.text)
        if level:
            self._take_heading(line, level, outline)
        elif item is not None:
            if self._kind != "list":
                self._begin("list", line, outline)
            self._texts.append(item)
        elif self._kind in {"paragraph", "list"} and self._goes_on(line, number):
            self._texts[-1] = self._joined(self._texts[-1], line.text)
        else:
            self._begin("paragraph", line, outline)
            self._texts = [line.text]
        if number and self._texts == [line.text]:
            self._number = number
        self._last = line

    def end(self, outline: Outline) -> None:
        """Write what is under way."""
        if self._kind == "heading":
            outline.heading(self._level, self._texts[0])
        elif self._kind == "list":
            outline.block("list", "\n".join(self._texts), self._page)
        elif self._kind == "paragraph":
            outline.block("paragraph", self._texts[0], self._page)
        self._kind, self._texts = "", []

    def _item(self, text: str) -> str | None:
        """The line as the first of a list's item, or None. "2." is one only after "1."; a year at a line's start is none."""
        if found := _ITEM.match(text):
            return f"- {text[found.end() :]}"
        found = _NUMBERED_ITEM.match(text)
        if found is None:
            return None
        before = _NUMBERED_ITEM.match(self._texts[-1]) if self._kind == "list" else None
        expected = int(before[1]) + 1 if before else 1
        return text if int(found[1]) == expected else None

    def _begin(self, kind: str, line: Line, outline: Outline) -> None:
        self.end(outline)
        self._kind, self._page = kind, line.page

    def _take_heading(self, line: Line, level: int, outline: Outline) -> None:
        last = self._last
        wraps = self._kind == "heading" and last is not None and last.look == line.look and last.page == line.page
        if wraps and last and line.top - last.bottom < 0.8 * line.size and not re.match(r"\d", line.text):
            self._texts[0] += f" {line.text}"
            return
        self._begin("heading", line, outline)
        self._texts, self._level = [line.text], level

    def _goes_on(self, line: Line, number: str) -> bool:
        last = self._last
        if last is None or (number and (not self._number or follows(number, self._number))):
            return False
        if line.page != last.page:
            return not last.text.endswith(_SENTENCE_END) and line.text[:1].islower()
        return line.top - last.bottom <= self._spacing

    def _joined(self, text: str, line: str) -> str:
        """Two lines as one; a hyphen at the end stays where both halves are words of this document."""
        cut = _HYPHEN.search(text)
        if cut is None or not line[:1].islower():
            return f"{text} {line}"
        second = _WORD.match(line)
        compound = cut[1].lower() in self._words and second is not None and second[0].lower() in self._words
        return text + line if compound else text[:-1] + line


def _usual_gap(lines: Sequence[Line], headings: Headings) -> float:
    """The largest space between two lines of one paragraph, judged by the smaller third of the spaces there are."""
    gaps = sorted(
        below.top - above.bottom
        for above, below in pairwise(lines)
        if above.page == below.page and above.look == below.look and not headings.level(above)
    )
    gaps = [gap for gap in gaps if -2 < gap < _WIDEST_GAP]
    if not gaps:
        return 6.0
    return gaps[len(gaps) // 3] * 1.3 + 1.5
