"""The check, version 1: a line is shown only with a numbered source that was in the prompt and that holds its figures.

The unit of proof is one line, a sentence or a bullet, that ends in [n]. The citation keeps the characters of the source
that support the line best, so that a person can see the proof in its place.
"""

from __future__ import annotations

import re

from bot.values import Citation, Dropped, Request, Sentence, Source
from knowledge.figures import unsupported
from knowledge.sentences import units

VERSION = "1"
NOT_FOUND = "NOT FOUND"
_MARKS = re.compile(r"(?:\s*\[\d+(?:\s*,\s*\d+)*\])+\s*[.!]?\s*$")
_LAST_MARK = re.compile(r"\s*\[(\d+)\]\s*$")
_WORD = re.compile(r"\w+")


def check(line: str, request: Request) -> Sentence | Dropped:
    """Prove one line of a draft, or say why it cannot be shown."""
    verbatim = _verbatim(line, request)
    if verbatim:
        return verbatim
    marks = _MARKS.search(line)
    if not marks:
        return Dropped(line.strip(), "names no source")
    text = line[: marks.start()].strip().lstrip("-•* ").strip()
    if not text:
        return Dropped(line.strip(), "says nothing")
    numbers = tuple(dict.fromkeys(int(number) for number in re.findall(r"\d+", marks.group())))
    known = {source.number: source for source in request.sources}
    if not all(number in known for number in numbers):
        return Dropped(text, "cites a source that was not in the prompt", numbers)
    cited = tuple(known[number] for number in numbers)
    missing = unsupported(text, *(_readable(source) for source in cited), request.question)
    if missing:
        values = ", ".join(sorted(figure.value for figure in missing))
        return Dropped(text, f"says {values}, which is not in the cited source", numbers)
    return Sentence(text, tuple(_citation(text, source) for source in cited))


def _verbatim(line: str, request: Request) -> Sentence | None:
    """A line that stands word for word in the one source it names: a [2] of the document's own before the mark is part of its text."""
    mark = _LAST_MARK.search(line)
    text = line[: mark.start()].strip() if mark else ""
    if not mark or not text.endswith("]"):
        return None
    source = next((source for source in request.sources if source.number == int(mark.group(1))), None)
    if source is None or text not in source.hit.passage.text:
        return None
    return Sentence(text, (_citation(text, source),))


def _readable(source: Source) -> str:
    return " \n".join((source.hit.document.title, *source.hit.passage.path, source.hit.passage.text))


def _citation(text: str, source: Source) -> Citation:
    """The run of the passage that supports the line: the verbatim span, else the unit that shares most of its words."""
    passage = source.hit.passage.text
    start = passage.find(text)
    if start >= 0:
        return Citation(number=source.number, hit=source.hit, start=start, end=start + len(text))
    wanted = set(_WORD.findall(text.lower()))
    best = max(units(passage), key=lambda unit: _overlap(wanted, passage[unit.start : unit.end]), default=None)
    if best is None:
        return Citation(number=source.number, hit=source.hit, start=0, end=len(passage))
    return Citation(number=source.number, hit=source.hit, start=best.start, end=best.end)


def _overlap(wanted: set[str], unit: str) -> float:
    words = set(_WORD.findall(unit.lower()))
    return len(wanted & words) / (len(words) + 4) if words else 0.0
