"""What somebody wants of the index: read from what stands after /ibid reindex, or from a button."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from knowledge.values import IndexOrder

Kind = Literal["run", "plan", "undo"]
KINDS: tuple[Kind, ...] = ("run", "plan", "undo")
LAST: dict[str, Kind] = {"plan": "plan", "undo": "undo"}


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A run, a plan or a going back. A button carries all of it; what its presser may have is decided when it is pressed."""

    kind: Kind = "run"
    source: str = ""
    owner: str = ""  # only this person's documents
    live: int = 0  # the edition that answered when the button was shown; 0: none did
    removal: bool = False  # what vanished in numbers is meant to be gone
    anyway: bool = False

    @property
    def needs_admin(self) -> bool:
        return self.kind == "undo" or self.removal or self.anyway or not self.owner

    def order(self, by: str) -> IndexOrder:
        return IndexOrder(
            by=by,
            plan_only=self.kind == "plan",
            source=self.source,
            owner=self.owner,
            removal_confirmed=self.removal,
            anyway=self.anyway,
        )

    def value(self) -> str:
        """As a button carries it."""
        return json.dumps(asdict(self))


def wish_in(value: str) -> Wish | None:
    """None for a button of another version of Ibid."""
    try:
        said = json.loads(value)
    except ValueError:
        return None
    usual = {name: type(one) for name, one in asdict(Wish()).items()}
    if not isinstance(said, dict) or {name: type(one) for name, one in said.items()} != usual:
        return None
    return Wish(**said) if said["kind"] in KINDS else None


def wish_of(words: Sequence[str], sources: Collection[str]) -> Wish | str:
    """`[source] [plan|undo]`; the words that make no sense there."""
    kind: Kind = LAST.get(words[-1].lower(), "run") if words else "run"
    rest = words if kind == "run" else words[:-1]
    if kind != "undo" and len(rest) == 1 and rest[0].lower() in sources:
        return Wish(kind=kind, source=rest[0].lower())
    return " ".join(rest) if rest else Wish(kind=kind)
