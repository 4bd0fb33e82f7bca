"""The check, version 4: a line is shown only when the numbered source that it names says the same.

The unit of proof is one line, a sentence or a bullet, that ends in [n]. Its figures and its names must stand in the source, or follow
from a calculation that the line writes out and that comes out when it is made again; it must claim neither more nor less than the
sentences it speaks of (must, may, not, only, always, unless, up to); and every word that a rule turns on must be the source's own. A good
line in other words is dropped too: that costs an answer, and never misleads. The citation keeps the characters of the source that
support the line best, so that a person can see the proof in its place. How often the check is wrong is measured: `ibid eval --claims`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import category

from bot.answers import Citation, Dropped, Request, Sentence, Source
from bot.flows.objections import held_against, reason_against, supported
from knowledge.sentences import units
from knowledge.verbatim import word_for_word

VERSION = "4"
_MARK = re.compile(r" ?\[(\d{1,3}(?: ?, ?\d{1,3})*)\]")
_BULLET = re.compile(r"(?:[-•*]+ )+")
_WORD = re.compile(r"\w+")
_UNSEEN = ("Cc", "Cf", "Cs")  # Unicode's control and format characters, and halves of characters


def check(line: str, request: Request) -> Sentence | Dropped:
    """Prove one line of a draft, or say why it cannot be shown."""
    line = _visible(line)
    marks = list(_MARK.finditer(line))
    if not marks or line[marks[-1].end() :].strip(" .!"):
        return Dropped(line, "names no source")
    known = {source.number: source for source in request.sources}
    verbatim = _verbatim(line[: marks[-1].start()], known.get(_numbers(marks[-1:])[0]))
    if verbatim:
        return verbatim
    text = _without_marks(line, marks)
    if not _WORD.search(text):
        return Dropped(line, "says nothing")
    numbers = _numbers(marks)
    if not all(number in known for number in numbers):
        return Dropped(text, "cites a source that was not in the prompt", numbers)
    cited = tuple(known[number] for number in numbers)
    each = [(source, *_proof(text, (source,), request)) for source in cited]
    if proving := [(source, score) for source, reason, score in each if not reason]:  # and no other: those prove nothing of it
        return Sentence(text, tuple(_citation(text, source) for source, _ in proving), max(score for _, score in proving))
    reason, score = _proof(text, cited, request) if len(cited) > 1 else each[0][1:]
    if reason:
        return Dropped(text, reason, numbers)
    return Sentence(text, tuple(_citation(text, source) for source in cited), score)


def _proof(text: str, cited: tuple[Source, ...], request: Request) -> tuple[str, float]:
    """Why the sources do not carry the line, empty where they do; and how well they do."""
    if any(word_for_word(text, source.hit.passage.text) for source in cited):
        return "", 1.0
    held = held_against(text, cited, request)
    reason = reason_against(held)
    return reason, 0.0 if reason else supported(held)


def _visible(line: str) -> str:
    """On one line and without what cannot be seen: between two digits it would make other figures for the eye than for the check."""
    return " ".join("".join(sign for sign in line if sign.isspace() or category(sign) not in _UNSEEN).split())


def _numbers(marks: Sequence[re.Match[str]]) -> tuple[int, ...]:
    """The numbers that they name, each once, in their order."""
    return tuple(dict.fromkeys(int(number) for mark in marks for number in mark.group(1).split(",")))


def _without_marks(line: str, marks: Sequence[re.Match[str]]) -> str:
    """The words alone. A number within them would be the prompt's, and the reader has others."""
    end = len(line)
    for mark in reversed(marks):
        if line[mark.end() : end].strip(" .!"):
            break
        end = mark.start()
    return _without_bullet(_MARK.sub("", line[:end]))


def _verbatim(text: str, source: Source | None) -> Sentence | None:
    """What the one source says that is named last: a [2] of the document's own before the mark is then part of its text."""
    if source is None or not _WORD.search(text) or not word_for_word(text, source.hit.passage.text):
        return None
    shown = _without_bullet(text)
    return Sentence(shown, (_citation(shown, source),))


def _without_bullet(text: str) -> str:
    bullet = _BULLET.match(text)
    return (text[bullet.end() :] if bullet else text).strip()


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
