"""The same file under two names: which of them is indexed, and what their owners are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from knowledge.values import AccessRule, Standing, Unread

SAME = "is the same file as {first}, with the same readers; that one is indexed, and this one is left out"
WIDER = "is the same file as another document that more or other people may read than this one; check who is meant to read it"
NARROWER = "is the same file as another document that fewer or other people may read than this one; check who is meant to read it"


@dataclass(frozen=True)
class Copy:
    """A document that may be the same file as another."""

    id: str
    content_hash: str
    label: str


@dataclass(frozen=True)
class Duplicates:
    """What is left out, by id, and what the owners are told about both kinds."""

    left_out: frozenset[str]
    remarks: tuple[Unread, ...]


def duplicates(copies: Iterable[Copy]) -> Duplicates:
    """In the order of the sources: of those with the same bytes and the same readers the first stays.

    Where the readers differ all stay, and a remark names only the document whose owner it is for: who may read the other is not known here.
    """
    first: dict[tuple[str, str], str] = {}
    labels: dict[str, set[str]] = {}
    left_out: set[str] = set()
    remarks: list[Unread] = []
    kept: list[Copy] = []
    for copy in copies:
        if not copy.content_hash:
            continue
        if (stays := first.setdefault((copy.content_hash, copy.label), copy.id)) != copy.id:
            left_out.add(copy.id)
            remarks.append(Unread(copy.id, SAME.format(first=stays)))
            continue
        labels.setdefault(copy.content_hash, set()).add(copy.label)
        kept.append(copy)
    remarks += [Unread(copy.id, _told(copy.label, labels[copy.content_hash])) for copy in kept if len(labels[copy.content_hash]) > 1]
    return Duplicates(frozenset(left_out), tuple(sorted(remarks, key=lambda one: one.path)))


def without_copies(standing: Mapping[str, Standing], seen: Iterable[str]) -> tuple[dict[str, str], tuple[Unread, ...]]:
    """Document → version for those that stay. `seen` is in the order of the sources; what this run is not about comes before it."""
    order = {name: place for place, name in enumerate(seen)}
    names = sorted(standing, key=lambda name: (order.get(name, -1), name))
    found = duplicates(Copy(name, standing[name].content_hash, standing[name].document.rule.label) for name in names)
    return {name: one.version for name, one in standing.items() if name not in found.left_out}, found.remarks


def _told(label: str, labels: set[str]) -> str:
    """A document that covers all the others is the one that opens them."""
    own = AccessRule.from_label(label)
    return NARROWER if all(own.covers(AccessRule.from_label(other)) for other in labels) else WIDER
