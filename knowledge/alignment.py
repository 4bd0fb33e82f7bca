"""Which sentences, items and rows of a passage a line speaks of: those that share its words, each adding some that the others lack."""

from __future__ import annotations

from knowledge.sentences import units
from knowledge.words import words

MOST = 3  # units that one line may put together
WORTH = 2  # words that a further unit has to add
_LONGEST_LEAD = 200  # characters of the sentence that introduces a list


def aligned(line: str, text: str) -> str:
    """Those units, with the sentence that introduces a list and the header of a table; the whole text where there is nothing smaller."""
    candidates = [_readable(text, start, end, header, lead) for start, end, header, lead in _units(text)] or [text]
    wanted = set(words(line))
    shared = [wanted & set(words(candidate)) for candidate in candidates]
    chosen: list[int] = []
    covered: set[str] = set()
    while len(chosen) < min(MOST, len(candidates)):
        rest = [index for index in range(len(candidates)) if index not in chosen]
        best = max(rest, key=lambda index: (len(shared[index] - covered), -len(candidates[index])))
        if chosen and len(shared[best] - covered) < WORTH:
            break
        chosen.append(best)
        covered |= shared[best]
    return "\n".join(candidates[index] for index in chosen)


def _units(text: str) -> list[tuple[int, int, str, int]]:
    return [(unit.start, unit.end, unit.header, unit.lead) for unit in units(text)]


def _readable(text: str, start: int, end: int, header: str, lead: int) -> str:
    introduced = text[lead : lead + _LONGEST_LEAD].split("\n", maxsplit=1)[0] if lead >= 0 else ""
    return " ".join(part for part in (introduced, header, text[start:end]) if part)
