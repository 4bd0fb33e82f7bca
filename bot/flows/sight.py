"""Which documents somebody may be told of by path or title: exactly those that this person may read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.flows.access import alone, scope_for
from bot.values import Person
from knowledge.values import Document


@dataclass(frozen=True)
class Sight:
    """What one reader of a report sees. Whatever has no known rule is not seen."""

    titles: Mapping[str, str] = field(default_factory=dict)  # by document, of those that may be told

    def sees(self, *documents: str) -> bool:
        return all(document in self.titles for document in documents)

    def title(self, document: str) -> str:
        return self.titles.get(document, "")


def sight_of(person: Person, known: Iterable[tuple[str, Document]]) -> Sight:
    """`known` may describe a document more than once, as it was and as it will be: then all of its rules must let this person in."""
    described: dict[str, list[Document]] = defaultdict(list)
    for name, document in known:
        described[name].append(document)
    scope = scope_for(alone(person), {document.rule for every in described.values() for document in every})
    readable = {name: every for name, every in described.items() if all(scope.allows(document.rule.label) for document in every)}
    return Sight({name: every[-1].title for name, every in readable.items()})
