"""Which sentences, items and rows of a passage a line speaks of: those that share its words, each adding some that the others lack."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from knowledge.sentences import units
from knowledge.words import stems

MOST = 3  # units that one line may put together
WORTH = 2  # words that a further unit has to add
_LONGEST_LEAD = 200  # characters of the sentence that introduces a list
_LEANS = re.compile(
    r"(?:it|its|they|their|this|these|that|those|such|he|she|before that|after that|in that case|then|otherwise|here|the same)\b",
    re.IGNORECASE,
)
_MONTHS = stems("january february march april may june july august september october november december")


@dataclass(frozen=True)
class _Candidate:
    text: str
    listed: bool  # an item or a row: a figure alone may be what tells it apart
    before: str  # the sentence before it, where it leans on that


def nearest(line: str, text: str) -> tuple[str, ...]:
    """The units, the one that shares most words first, each with the sentence that introduces its list and the header of its table.

    The whole text where there is nothing smaller.
    """
    there = _candidates(text)
    wanted = stems(line)
    shared = [wanted & stems(candidate.text) for candidate in there]
    chosen: list[int] = []
    covered: set[str] = set()
    while len(chosen) < min(MOST, len(there)):
        rest = [index for index in range(len(there)) if index not in chosen]
        best = max(rest, key=lambda index: (len(shared[index] - covered), -len(there[index].text)))
        added = shared[best] - covered
        if chosen and len(added if there[best].listed else {word for word in added if word.isalpha()} - _MONTHS) < WORTH:
            break
        chosen.append(best)
        covered |= shared[best]
    return tuple(there[index].text for index in chosen)


def leaned_on(near: Iterable[str], text: str) -> str:
    """What these units mean by "it" and "they", and what stands above their table: the sentence before each."""
    before = {candidate.text: candidate.before for candidate in _candidates(text)}
    return " ".join(before.get(unit, "") for unit in near)


@lru_cache(maxsize=512)
def _candidates(text: str) -> tuple[_Candidate, ...]:
    there = units(text)
    found: list[_Candidate] = []
    sentence = ""
    for unit in there:
        said = text[unit.start : unit.end]
        introduced = text[unit.lead : unit.lead + _LONGEST_LEAD].split("\n", maxsplit=1)[0] if unit.lead >= 0 else ""
        readable = " ".join(part for part in (introduced, unit.header, said) if part)
        leans = unit.kind == "row" or bool(_LEANS.match(said))
        found.append(_Candidate(readable, unit.kind != "sentence", sentence if leans else ""))
        sentence = said if unit.kind == "sentence" else sentence
    return tuple(found) or (_Candidate(text, False, ""),)
