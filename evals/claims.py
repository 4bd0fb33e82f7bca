"""The claims, read strictly: lines as a writer might put them, each beside the one clause it cites and whether that clause supports it."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

import yaml

from evals.golden import Clause, Half

Kind = Literal["right", "number", "date", "negation", "modality", "group", "condition", "subject", "invented", "wrong_source"]

KINDS: tuple[Kind, ...] = get_args(Kind)
_KEYS = {"id", "clause", "question", "line", "right", "kind"}
_CLAUSE = re.compile(r"([a-z0-9-]+)#(\d+(?:\.\d+)*)")


class BadClaims(Exception):
    """The file is not what claims look like. The message names the claim and what is wrong with it."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One line of an answer, what was asked, the clause it cites, and the verdict a careful reader gives."""

    id: str
    clause: Clause
    question: str
    line: str
    right: bool  # the cited clause alone supports the whole line
    kind: Kind  # "right", else what is wrong with the line

    @property
    def half(self) -> Half:
        """By document, as golden questions are: what is learned from a document on one half cannot help on the other."""
        return "check" if int(hashlib.sha256(self.clause.stem.encode()).hexdigest(), 16) % 2 else "tune"


def load_claims(path: Path) -> tuple[Claim, ...]:
    """Every claim of the file, in its order. Raises BadClaims."""
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise BadClaims(f"{path} cannot be read: {problem.strerror}") from problem
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        raise BadClaims(f"{path} is not YAML: {problem}") from problem
    if not isinstance(entries, list) or not entries:
        raise BadClaims(f"{path} must be a list of claims")
    claims = tuple(_claim(entry, number) for number, entry in enumerate(entries, start=1))
    twice = [name for name, count in Counter(claim.id for claim in claims).items() if count > 1]
    if twice:
        raise BadClaims(f"{twice[0]} is the id of two claims")
    return claims


def _claim(entry: object, number: int) -> Claim:
    if not isinstance(entry, dict):
        raise BadClaims(f"entry {number} is not a claim but {entry!r}")
    name = str(entry.get("id") or f"entry {number}")
    if entry.keys() != _KEYS:
        wrong = min(str(key) for key in entry.keys() ^ _KEYS)
        raise BadClaims(f"{name}: {wrong!r} is {'unknown here' if wrong in entry else 'missing'}")
    kind, right = entry["kind"], entry["right"]
    if kind not in KINDS:
        raise BadClaims(f"{name}: kind is {kind!r}; it must be one of {', '.join(KINDS)}")
    if not isinstance(right, bool):
        raise BadClaims(f"{name}: right must be true or false, not {right!r}")
    if right != (kind == "right"):
        raise BadClaims(f"{name}: right is {str(right).lower()} but kind is {kind}")
    return Claim(
        id=_text(name, entry, "id"),
        clause=_clause(name, _text(name, entry, "clause")),
        question=_text(name, entry, "question"),
        line=_line(name, _text(name, entry, "line")),
        right=right,
        kind=cast("Kind", kind),
    )


def _text(name: str, entry: Mapping[str, object], key: str) -> str:
    value = entry[key]
    if not isinstance(value, str) or not value.strip():
        raise BadClaims(f"{name}: {key} must be text, not {value!r}")
    return value


def _line(name: str, text: str) -> str:
    if len(text.splitlines()) > 1:
        raise BadClaims(f"{name}: line must be one line, not {len(text.splitlines())}")
    return text


def _clause(name: str, text: str) -> Clause:
    match = _CLAUSE.fullmatch(text)
    if not match:
        raise BadClaims(f"{name}: {text!r} is not a clause; write stem#4.2")
    return Clause(match.group(1), match.group(2))
