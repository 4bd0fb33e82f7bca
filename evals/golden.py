"""The golden questions, read strictly: a slip in the file is found here, before it becomes a figure."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

import yaml

Kind = Literal["plain", "follow_up", "dated", "own_numbers", "unanswerable", "near_miss", "own_record", "restricted"]
Half = Literal["tune", "check"]

KINDS: tuple[Kind, ...] = get_args(Kind)
HALVES: tuple[Half, ...] = get_args(Half)
ANSWERABLE: frozenset[Kind] = frozenset({"plain", "follow_up", "dated", "own_numbers"})
TO_REFUSE: frozenset[Kind] = frozenset({"unanswerable", "near_miss", "restricted"})
_KEYS = {"id", "kind", "asker", "where", "question", "clause", "says", "never"}
_CLAUSE = re.compile(r"([a-z0-9-]+)#(\d+(?:\.\d+)*)")


class BadGolden(Exception):
    """The file is not what golden questions look like. The message names the question and what is wrong with it."""


@dataclass(frozen=True)
class Clause:
    """A place that answers: a document's stem and a clause number."""

    stem: str
    number: str

    def covers(self, stem: str, clause: str) -> bool:
        """Whether a passage's clause is this one or a part of it: 4 covers 4.2, 4.2 covers 4.2(a), and 4.2 does not cover 4.21."""
        return stem == self.stem and re.fullmatch(rf"{re.escape(self.number)}(?:[^\d].*)?", clause) is not None


@dataclass(frozen=True, kw_only=True)
class GoldenQuestion:
    """What is asked, by whom, where, and what a right answer is."""

    id: str
    kind: Kind
    asker: str
    where: str  # "#channel" or "dm"
    question: str
    before: tuple[str, ...] = ()  # what the same person asked earlier in this thread
    clauses: tuple[Clause, ...] = ()  # any of them answers it
    says: tuple[str, ...] = ()  # a right answer says each of them; "a|b" is either
    never: tuple[str, ...] = ()  # and none of these

    @property
    def answerable(self) -> bool:
        return self.kind in ANSWERABLE

    @property
    def half(self) -> Half:
        """By document, so that what is learned from a document on one half cannot help on the other; without one, by id."""
        name = self.clauses[0].stem if self.clauses else self.id
        return "check" if int(hashlib.sha256(name.encode()).hexdigest(), 16) % 2 else "tune"


def load_golden(path: Path) -> tuple[GoldenQuestion, ...]:
    """Every question of the file, in its order. Raises BadGolden."""
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise BadGolden(f"{path} cannot be read: {problem.strerror}") from problem
    except yaml.YAMLError as problem:
        raise BadGolden(f"{path} is not YAML: {problem}") from problem
    if not isinstance(entries, list) or not entries:
        raise BadGolden(f"{path} must be a list of questions")
    questions = tuple(_question(entry, number) for number, entry in enumerate(entries, start=1))
    twice = [name for name, count in Counter(question.id for question in questions).items() if count > 1]
    if twice:
        raise BadGolden(f"{twice[0]} is the id of two questions")
    return questions


def first(questions: Sequence[GoldenQuestion], limit: int | None) -> tuple[GoldenQuestion, ...]:
    """So many of them, in their order: those whose ids have the lowest hashes, so that they are of all kinds and always the same."""
    in_turn = sorted(questions, key=lambda one: hashlib.sha256(one.id.encode()).digest())
    taken = {one.id for one in in_turn[:limit]}
    return tuple(one for one in questions if one.id in taken)


def _question(entry: object, number: int) -> GoldenQuestion:
    if not isinstance(entry, dict):
        raise BadGolden(f"entry {number} is not a question but {entry!r}")
    name = str(entry.get("id") or f"entry {number}")
    kind = entry.get("kind")
    if kind not in KINDS:
        raise BadGolden(f"{name}: kind is {kind!r}; it must be one of {', '.join(KINDS)}")
    keys = _KEYS | ({"before"} if kind == "follow_up" else set())
    if entry.keys() != keys:
        wrong = min(str(key) for key in entry.keys() ^ keys)
        raise BadGolden(f"{name}: {wrong!r} is {'unknown here' if wrong in entry else 'missing'}")
    question = GoldenQuestion(
        id=_text(name, entry, "id"),
        kind=cast("Kind", kind),
        asker=_text(name, entry, "asker"),
        where=_text(name, entry, "where"),
        question=_text(name, entry, "question"),
        before=_texts(name, entry, "before"),
        clauses=tuple(_clause(name, text) for text in _texts(name, entry, "clause")),
        says=_texts(name, entry, "says"),
        never=_texts(name, entry, "never"),
    )
    _check(question)
    return question


def _check(question: GoldenQuestion) -> None:
    """What a kind asks for and what it rules out."""
    if question.where != "dm" and not question.where.startswith("#"):
        raise BadGolden(f"{question.id}: where is {question.where!r}; write dm or #channel")
    if question.kind == "follow_up" and not question.before:
        raise BadGolden(f"{question.id}: a follow-up needs what was asked before")
    if (question.answerable or question.kind == "restricted") != bool(question.clauses):
        raise BadGolden(f"{question.id}: {question.kind} {'needs a' if not question.clauses else 'has no'} clause")
    if question.answerable != bool(question.says):
        raise BadGolden(f"{question.id}: {question.kind} {'needs' if question.answerable else 'has no'} words that a right answer says")
    if question.kind == "restricted" and not question.never:
        raise BadGolden(f"{question.id}: restricted needs the words that must not be shown")


def _text(name: str, entry: Mapping[str, object], key: str) -> str:
    value = entry[key]
    if not isinstance(value, str) or not value.strip():
        raise BadGolden(f"{name}: {key} must be text, not {value!r}")
    return value


def _texts(name: str, entry: Mapping[str, object], key: str) -> tuple[str, ...]:
    values = entry.get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, str) and value.strip() for value in values):
        raise BadGolden(f"{name}: {key} must be a list of texts, not {values!r}")
    return tuple(values)


def _clause(name: str, text: str) -> Clause:
    match = _CLAUSE.fullmatch(text)
    if not match:
        raise BadGolden(f"{name}: {text!r} is not a clause; write stem#4.2")
    return Clause(match.group(1), match.group(2))
