"""Where a passage sits, in one line: the document's title, whom it covers, and the headings above. A second may be a model's."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from knowledge.figures import unsupported
from knowledge.values import Document

if TYPE_CHECKING:
    from concurrent.futures import Future

MOST = 6_000  # characters of a document that a model is given around a passage, and of the passage
MOST_WORDS, LONGEST = 30, 240  # of a line: words, characters

_WORD = re.compile(r"\w+")
_SAY_NOTHING = frozenset("a all and employee employees every everyone in of our people staff the to who with".split())
NO_LINE = re.compile(  # an order to whoever reads it, markup, an address, or an excuse
    r"[<>{}]|https?:|\bwww\.|\b(?:ignore|disregard|forget|override|bypass)\b|\b(?:previous|above|prior|these|all|following) instructions\b"
    r"|\b(?:system|assistant|user) ?:|\bsystem prompt\b|\byou are (?:now|an?)\b"
    r"|^(?:please|answer|reply|respond|say|tell|write|print|output|repeat|do not|don['’]t|never|always|you must"
    r"|not found|sorry|as an|i (?:am|can|cannot|do|have|will))(?![-\w])",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Placement:
    """All that is told about a passage to have it situated. `label` decides which model may be told."""

    label: str
    place: str  # title › heading path
    document: str = field(repr=False)  # the part of it around the passage
    passage: str = field(repr=False)


class Situator(Protocol):
    """Has a model write where passages sit."""

    def maker(self, label: str) -> str | None:
        """Names the prompt and the model that writes about documents under this access label; None where no model may see them."""
        ...

    def ask(self, placement: Placement) -> Future[str | None]:
        """What it wrote, unchecked; empty where it will not write about this, None when it failed. It ends by itself, or is cancelled."""
        ...


def situation(document: Document, path: tuple[str, ...]) -> str:
    """Write “Annual leave › Employees in Germany › 4. Carrying leave over”. Who it applies to is told only where the rest does not."""
    parts = [document.title, *path]
    if _words(document.applies_to) - _words(" ".join(parts)):
        parts.insert(1, document.applies_to)
    return " › ".join(part for part in parts if part)


def around(text: str, start: int, end: int) -> str:
    """The part of a document that has the passage in its middle, as far as the document's ends allow."""
    spare = max(MOST - (end - start), 0)
    begin = max(0, min(start - spare // 2, len(text) - MOST))
    return text[begin : begin + MOST]


def usable(written: str, placement: Placement) -> str:
    """What a model wrote, if it is one short line that gives no order and has no figure of its own; else nothing."""
    line = written.strip()
    if not line.isprintable() or len(line) > LONGEST or len(line.split()) > MOST_WORDS or NO_LINE.search(line):
        return ""
    return "" if unsupported(line, placement.place, placement.document, placement.passage) else line


def _words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(text)} - _SAY_NOTHING
