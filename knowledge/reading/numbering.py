"""Clause numbers, as policies write them: "4.2 Employees may …", "4. Carrying leave over"."""

from __future__ import annotations

import re

_CLAUSE = re.compile(r"(?:§ ?|(?:Clause|Section) )?(\d{1,3}(?:\.\d{1,3}){1,4}[a-z]?)[.):]?\s+(?=\S)")
_HEADING = re.compile(r"(?:§ ?|(?:Clause|Section|Part|Article) )?(\d{1,3}(?:\.\d{1,3}){0,4}[a-z]?)(?:[.):]|\s|$)")
_LINE_START = re.compile(r"\n+")


def clause_number(paragraph: str) -> str:
    """The "4.2" that a clause begins with, or ""."""
    found = _CLAUSE.match(paragraph)
    return found[1] if found else ""


def heading_number(heading: str) -> str:
    """The "4" of "4. Carrying leave over", or ""."""
    found = _HEADING.match(heading)
    return found[1] if found else ""


def follows(number: str, previous: str) -> bool:
    """Whether a clause may come right after another: 4.3 after 4.2, 4.2.1 after 4.2, 5.1 after 4.7."""
    new, old = _parts(number), _parts(previous)
    if len(new) > len(old):
        return new == [*old, 1]
    same = len(new) - 1
    if new[:same] == old[:same]:
        return new[same] == old[same] + 1
    return new[1:] == [1] * same and new[0] == old[0] + 1


def at_clauses(paragraph: str) -> list[str]:
    """Cut a paragraph whose lines are clauses, one after the other without a blank line, into those clauses."""
    clauses: list[list[str]] = []
    number = clause_number(paragraph)
    for line in _LINE_START.split(paragraph):
        starts = clause_number(line)
        if not clauses or (starts and number and follows(starts, number)):
            clauses.append([line])
            number = starts
        else:
            clauses[-1].append(line)
    return ["\n".join(lines) for lines in clauses]


def _parts(number: str) -> list[int]:
    return [int(part) for part in number.rstrip("abcdefghijklmnopqrstuvwxyz").split(".")]
