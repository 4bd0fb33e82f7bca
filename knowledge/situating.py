"""Where a passage sits, in one line: the document's title, whom it covers, and the headings above."""

from __future__ import annotations

import re

from knowledge.values import Document

_WORD = re.compile(r"\w+")
_SAY_NOTHING = frozenset("a all and employee employees every everyone in of our people staff the to who with".split())


def situation(document: Document, path: tuple[str, ...]) -> str:
    """Write “Annual leave › Employees in Germany › 4. Carrying leave over”. Who it applies to is told only where the rest does not."""
    parts = [document.title, *path]
    if _words(document.applies_to) - _words(" ".join(parts)):
        parts.insert(1, document.applies_to)
    return " › ".join(part for part in parts if part)


def _words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(text)} - _SAY_NOTHING
