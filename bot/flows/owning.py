"""Who may bring the index up to date: admins all of it, owners their own documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bot.values import Person
from knowledge.values import Document


@dataclass(frozen=True, kw_only=True)
class Rights:
    """What somebody may order."""

    person: Person
    admin: bool
    owns: str = ""  # the name by which documents call this person; empty where none does

    @property
    def any(self) -> bool:
        return self.admin or bool(self.owns)


def owned(person: Person, documents: Iterable[Document]) -> tuple[Document, ...]:
    """The documents that name this person as their owner. Whoever left, or came as a guest, looks after none."""
    if person.membership != "full":
        return ()
    return tuple(document for document in documents if document.owner in person.names)


def rights_of(person: Person, documents: Iterable[Document], *, admin: bool) -> Rights:
    """Where documents call one person by several names, the name that most of them use counts."""
    names = Counter(document.owner for document in owned(person, documents))
    return Rights(person=person, admin=admin, owns=max(names, key=lambda name: (names[name], name), default=""))
