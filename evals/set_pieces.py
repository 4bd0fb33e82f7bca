"""Questions written for one promise each: which are asked back, which get a contact first, which are no matter of policy."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml

from evals.golden import BadGolden, Half
from knowledge.plain_yaml import TextLoader

HERE = Path(__file__).parent
CASES, SENSITIVE, OFF_TOPIC = HERE / "cases.yaml", HERE / "sensitive.yaml", HERE / "off_topic.yaml"

Kind = Literal["open", "closed", "told", "asked", "policy", "no_policy"]


@dataclass(frozen=True, kw_only=True)
class Piece:
    """What is asked, by whom, where; and what it has to come to."""

    id: str
    kind: Kind
    text: str
    asker: str
    where: str = "dm"
    profile: bool = True  # False: as if nothing but the name were known of the asker
    named: frozenset[str] = frozenset()  # of open: the cases that the documents name
    topic: str = ""  # of told: whose contact comes first
    answered: bool = False  # of asked: the handbook answers it

    @property
    def half(self) -> Half:
        return "check" if int(hashlib.sha256(self.id.encode()).hexdigest(), 16) % 2 else "tune"


def load_cases() -> tuple[Piece, ...]:
    """Questions that leave a case open, and questions that do not."""
    return tuple(
        Piece(
            id=entry["id"],
            kind="open" if entry["cases"] else "closed",
            text=entry["question"],
            asker=entry["asker"],
            where=entry["where"],
            profile=entry.get("profile") != "none",
            named=frozenset(entry["cases"]),
        )
        for entry in _entries(CASES, {"id", "asker", "where", "question", "cases"}, {"profile"})
    )


def load_sensitive() -> tuple[Piece, ...]:
    """What people would rather not tell a channel, and questions about the rules for it."""
    return tuple(
        Piece(
            id=entry["id"],
            kind="asked" if entry["topic"] == "none" else "told",
            text=entry["text"],
            asker="priya",
            where="dm" if entry["topic"] == "none" else "#general",
            topic=entry["topic"],
            answered=entry.get("answered") == "yes",
        )
        for entry in _entries(SENSITIVE, {"id", "topic", "text"}, {"answered"})
    )


def load_off_topic() -> tuple[Piece, ...]:
    """What no handbook could answer, and what one could."""
    kinds: Mapping[str, Kind] = {"yes": "policy", "no": "no_policy"}
    entries = _entries(OFF_TOPIC, {"id", "policy", "text"}, set())
    return tuple(
        Piece(id=entry["id"], kind=kinds[entry["policy"]], text=entry["text"], asker="tom", where="#ask-policy") for entry in entries
    )


def _entries(path: Path, needed: set[str], also: set[str]) -> Sequence[Mapping[str, str]]:
    """Every entry with the keys that it needs and no other. Raises BadGolden."""
    entries = yaml.load(path.read_text(encoding="utf-8"), Loader=TextLoader)  # noqa: S506 (a safe loader: every scalar stays text)
    for entry in entries:
        if not needed <= entry.keys() <= needed | also:
            raise BadGolden(f"{path.name}: {entry.get('id', entry)} needs {', '.join(sorted(needed))}")
    if len({entry["id"] for entry in entries}) < len(entries):
        raise BadGolden(f"{path.name}: an id is given twice")
    return tuple(entries)
