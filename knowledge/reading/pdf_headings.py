"""Which lines of a PDF are headings: larger or bolder than its text, or numbered like one where nothing stands out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from knowledge.reading.numbering import clause_number, heading_number
from knowledge.reading.pdf_page import Line

_LONGEST = 160  # characters; more is a sentence set large
_TITLE = re.compile(r"\d{1,2}\.?\s+[A-ZÄÖÜ][^.;:!?]{2,70}")
_LETTER = re.compile(r"[^\W\d_]")


class Headings:
    """The looks that this document uses for its headings, from the largest down."""

    def __init__(self, lines: Sequence[Line]) -> None:
        looks: Counter[tuple[float, bool]] = Counter()
        for line in lines:
            looks[line.look] += len(line.text)
        self._body, self._body_bold = looks.most_common(1)[0][0] if looks else (0.0, False)
        found = {line.look for line in lines if self._stands_out(line)}
        self._ranks = {look: rank for rank, look in enumerate(sorted(found, reverse=True))}
        followed = pairwise(lines)
        self._numbered = set() if self._ranks else {line for line, after in followed if _is_numbered_title(line, after)}

    def level(self, line: Line) -> int:
        """1 for the largest, growing downwards; 0 for what is no heading."""
        if line in self._numbered:
            return 2
        if not self._stands_out(line):
            return 0
        depth = heading_number(line.text).count(".")
        return 1 + self._ranks[line.look] * 4 + min(depth, 3)

    def _stands_out(self, line: Line) -> bool:
        if len(line.text) > _LONGEST or not _LETTER.search(line.text) or line.text.endswith((",", ";")):
            return False
        if line.size >= self._body * 1.15:
            return True
        bolder = line.bold and not self._body_bold and line.size >= self._body * 0.95
        return bolder and not (clause_number(line.text) and line.text.endswith(".")) and not line.text.startswith(("•", "-", "("))


def _is_numbered_title(line: Line, after: Line) -> bool:
    """Whether a line such as "4 Carrying over" is followed by its first clause."""
    number = heading_number(line.text)
    return bool(_TITLE.fullmatch(line.text)) and clause_number(after.text).startswith(f"{number}.")
