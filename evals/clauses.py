"""What is written from single clauses to measure the proof: exceptions that an answer must not lose, and questions that bring numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from evals.claims import BadClaims
from evals.golden import Clause

HERE = Path(__file__).resolve().parent / "clauses"
EXCEPTIONS, OWN_NUMBERS = HERE / "exceptions.yaml", HERE / "own_numbers.yaml"


@dataclass(frozen=True, kw_only=True)
class Exceptional:
    """A clause with an exception, and a line that leaves it out."""

    id: str
    clause: Clause
    question: str
    line: str
    exception: str  # words of the clause that have to be in the answer


@dataclass(frozen=True, kw_only=True)
class Reckoned:
    """A question with numbers of its own, and what a writer that calculates says."""

    id: str
    clause: Clause
    question: str
    lines: tuple[str, ...]  # the first one calculates


def load_exceptions(path: Path = EXCEPTIONS) -> tuple[Exceptional, ...]:
    """Raises BadClaims."""
    return tuple(
        Exceptional(
            id=_text(entry, "id"),
            clause=_clause(entry),
            question=_text(entry, "question"),
            line=_text(entry, "line"),
            exception=_text(entry, "exception"),
        )
        for entry in _entries(path)
    )


def load_own_numbers(path: Path = OWN_NUMBERS) -> tuple[Reckoned, ...]:
    """Raises BadClaims."""
    found = []
    for entry in _entries(path):
        lines = entry.get("lines")
        if not isinstance(lines, list) or not lines or not all(isinstance(line, str) for line in lines):
            raise BadClaims(f"{entry.get('id')}: lines must be a list of lines")
        found.append(Reckoned(id=_text(entry, "id"), clause=_clause(entry), question=_text(entry, "question"), lines=tuple(lines)))
    return tuple(found)


def _entries(path: Path) -> list[Mapping[str, object]]:
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as problem:
        raise BadClaims(f"{path} cannot be read: {problem}") from problem
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        raise BadClaims(f"{path} must be a list")
    return entries


def _text(entry: Mapping[str, object], key: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise BadClaims(f"{entry.get('id')}: {key} must be text, not {value!r}")
    return value


def _clause(entry: Mapping[str, object]) -> Clause:
    stem, mark, number = _text(entry, "clause").partition("#")
    if not mark:
        raise BadClaims(f"{entry.get('id')}: clause must be stem#4.2")
    return Clause(stem, number)
