"""What the company says about people, besides Slack: their names in access rules, their groups, and who is an admin of Ibid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bot.adapters.kept_file import KeptFile
from bot.adapters.people import admins_of, read_or_nobody

if TYPE_CHECKING:
    from bot.ports import Clock
    from bot.values import Person


@dataclass(frozen=True, kw_only=True)
class Trust:
    """By Slack id. Whoever is in no file has no name but the id, no group but Slack's, and is admin only by settings."""

    people: Mapping[str, Person] = field(default_factory=dict)
    admins: frozenset[str] = frozenset()  # ids
    signers: frozenset[str] = frozenset()  # the admins, by every name that a grant may be signed with
    whole: bool = True  # False: the file cannot be read, so that nobody's groups are known

    def known(self, user: str) -> Person | None:
        return self.people.get(user)

    def groups_of(self, user: str) -> frozenset[str]:
        """As the file has them."""
        person = self.people.get(user)
        return person.groups if person else frozenset()


class Trusted(Protocol):
    """What of it holds now."""

    async def now(self) -> Trust: ...


def read_trust(people_file: Path | None, admins: frozenset[str]) -> Trust:
    """Raises Misconfigured when the file cannot be read."""
    directory = read_or_nobody(people_file)
    people = {person.id: person for person in directory.people.values()}
    named = frozenset(person.id for person in people.values() if person.admin)
    return Trust(people=people, admins=admins | named, signers=admins_of(directory, admins))


def trusted(people_file: Path | None, admins: frozenset[str], clock: Clock) -> KeptFile[Trust]:
    """Read again when the file changes. While it cannot be read, only settings make admins. Raises Misconfigured at once."""
    without = Trust(admins=admins, signers=admins, whole=False)
    return KeptFile(people_file, partial(read_trust, admins=admins), lambda _: without, clock)
