"""What a PDF repeats around its text: running headers, footers, page numbers, and the dots of a table of contents."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from knowledge.reading.pdf_page import Line

_MARGIN = 0.12  # of the page's height
_PAGE_NUMBER = re.compile(r"(?:page|seite|p\.)?\s*[-–|]?\s*\d{1,4}\s*(?:(?:of|/|von)\s*\d{1,4})?\s*[-–|]?", re.IGNORECASE)
_CONTENTS_LINE = re.compile(r"(?:\.\s?){5,}\s*\d*$")


def without_furniture(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without lines that stand in the same place of the margin on at least half of them."""
    places: dict[tuple[str, int], set[int]] = defaultdict(set)
    for number, page in enumerate(pages):
        for line in page:
            if _in_margin(line):
                places[_place(line)].add(number)
    with_text = sum(bool(page) for page in pages)
    repeated = {place for place, on in places.items() if len(on) >= max(2, with_text / 2)}
    kept = [[line for line in page if not _is_furniture(line, repeated)] for page in pages]
    return kept if any(kept) else [list(page) for page in pages]  # a document of nothing else, such as a set of labels


def _is_furniture(line: Line, repeated: set[tuple[str, int]]) -> bool:
    if _CONTENTS_LINE.search(line.text):
        return True
    return _in_margin(line) and (_place(line) in repeated or _PAGE_NUMBER.fullmatch(line.text) is not None)


def _in_margin(line: Line) -> bool:
    return line.bottom < _MARGIN * line.height or line.top > (1 - _MARGIN) * line.height


def _place(line: Line) -> tuple[str, int]:
    """The words with every number alike, and how far down they stand."""
    return re.sub(r"\d+", "#", line.text), round(line.top / 6)
