"""Two hundred planted facts: each is a number that stands in one short policy and nowhere else, under one of eight access rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from knowledge.connectors import SourceFile
from knowledge.values import AccessRule, Unread

MATERIALS = (
    "walnut", "copper", "linen", "marble", "amber", "cobalt", "bamboo", "velvet", "granite", "ivory",
    "cedar", "pewter", "coral", "slate", "maple", "silver", "saffron", "quartz", "leather", "glass",
)  # fmt: skip
THINGS = ("bicycle", "library", "kitchen", "garden", "workshop", "orchestra", "telescope", "ferry", "greenhouse", "lantern")
RULES = (
    AccessRule(everyone=True),
    AccessRule(groups=frozenset({"hr"})),
    AccessRule(groups=frozenset({"managers"})),
    AccessRule(groups=frozenset({"hr", "managers"})),
    AccessRule(groups=frozenset({"works-council"})),
    AccessRule(groups=frozenset({"finance"})),
    AccessRule(people=frozenset({"carla", "marcus"})),
    AccessRule(people=frozenset({"nils", "ruth"})),
)
FIRST, APART = 40_127, 211  # the first number, and how far apart the others are


@dataclass(frozen=True)
class Fact:
    """What one planted policy says, and to whom."""

    thing: str  # walnut bicycle
    number: str  # 40,127
    rule: AccessRule

    @property
    def file(self) -> str:
        return f"planted/{self.thing.replace(' ', '-')}.md"

    @property
    def title(self) -> str:
        return f"{self.thing.capitalize()} fund"

    @property
    def sentence(self) -> str:
        return f"The {self.thing} fund pays {self.number} euros a year."

    @property
    def question(self) -> str:
        return f"How much does the {self.thing} fund pay a year?"

    def markdown(self) -> str:
        """The policy, as a file."""
        kind, names = ("groups", self.rule.groups) if self.rule.groups else ("people", self.rule.people)
        access = "everyone" if self.rule.everyone else f"{{{kind}: [{', '.join(sorted(names))}]}}"
        head = f"---\ntitle: {self.title}\nowner: greta\naccess: {access}\neffective: 2026-01-01\n---\n"
        return f"{head}# {self.title}\n\n## 1. Amount\n\n1.1 {self.sentence}\n"


def planted() -> tuple[Fact, ...]:
    """All of them, the same ones each time, the rules in turn."""
    things = (f"{material} {thing}" for thing, material in product(THINGS, MATERIALS))
    return tuple(
        Fact(thing, f"{FIRST + APART * number:,}", RULES[(number + number // len(MATERIALS)) % len(RULES)])
        for number, thing in enumerate(things)
    )


@dataclass(frozen=True)
class Planted:
    """A source of these facts' policies."""

    facts: Sequence[Fact]

    @cached_property
    def _by_file(self) -> Mapping[str, bytes]:
        return {fact.file: fact.markdown().encode() for fact in self.facts}

    def files(self) -> tuple[SourceFile, ...]:
        return tuple(SourceFile(name, len(content)) for name, content in sorted(self._by_file.items()))

    def refused(self) -> tuple[Unread, ...]:
        return ()

    def remarks(self) -> tuple[Unread, ...]:
        return ()

    def said(self, document: str) -> Mapping[str, str]:  # noqa: ARG002  # nothing of it is ever out of sight
        return {}

    def table(self) -> bytes | None:
        return None

    def content(self, file: SourceFile) -> bytes:
        return self._by_file[file.id]
