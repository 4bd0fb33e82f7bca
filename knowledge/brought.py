"""Figures that the asker brought: "for your 180 miles" repeats them, "you may carry over 180 days" would make a rule of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge.figures import Figure, figures

_PIECE = re.compile(r"[,;:()]\s|\s[–—-]\s|[.!?]\s|\s(?=(?:and|but|so|which|then)\s)", re.IGNORECASE)
_TOLD = re.compile(
    r"\b(?:you (?:said|say|asked|told|mention\w*|have|had|earn\w*|drove|drive|work\w*|are|were|paid|spent|took|take"
    r"|joined|bought|want|plan\w*)"
    r"|you['’](?:ve|re|d)|your|for|with|if|at|because|since|as|say|say,|given|on|when|from|of|joining|starting|leaving|after)\b",
    re.IGNORECASE,
)
_RULES = re.compile(
    r"\b(?:up to|at most|at least|more than|less than|no more than|over|under|maximum|minimum|limit\w*|must|may|can|could|should|entitled"
    r"|gets?|receives?|allowed|carry|keep|due|paid|covered|within|reimburse\w*|costs?|granted|lasts?|is|are)\b",
    re.IGNORECASE,
)


def claimed_of_the_source(line: str, brought: Iterable[Figure]) -> frozenset[Figure]:
    """Those of the asker's figures that the line does not say of the asker's own case."""
    wanted = frozenset(brought)
    claimed: set[Figure] = set()
    for piece in _PIECE.split(line):
        here = figures(piece) & wanted if piece else frozenset[Figure]()
        if here and not _told(piece):
            claimed |= here
    return frozenset(claimed)


def _told(piece: str) -> bool:
    """Whether the words before the first figure speak of the asker's case, and no rule stands between."""
    first = re.search(r"[£€$]?\d", piece)
    before = piece[: first.start()] if first else piece
    told = list(_TOLD.finditer(before))
    return bool(told) and not _RULES.search(before[told[-1].end() :])
