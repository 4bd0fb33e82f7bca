"""People, groups and channels from a people file: for `ibid ask --as`, for the sample company, and for the names in access rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.adapters.people_file import read_people
from bot.errors import DirectoryUnavailable, Misconfigured
from bot.values import ChannelFacts, Membership, Person, PlaceKind
from knowledge.places import country_named

_KINDS: Mapping[str, PlaceKind] = {"public": "public", "private": "private", "shared": "private"}


@dataclass(frozen=True)
class Channel:
    """One channel of the file: its id, its name without #, and what is known about it."""

    id: str
    name: str
    facts: ChannelFacts


@dataclass(frozen=True, kw_only=True)
class FileDirectory:
    """Who somebody is and who can read a channel, by id or by name, as the file says."""

    company: str = ""
    team: str = ""
    today: date | None = None  # a sample company stands still on the day its documents were written for
    people: Mapping[str, Person]  # by the file's name for them
    channels: Mapping[str, Channel]  # by name
    groups: frozenset[str] = frozenset()
    groups_elsewhere: bool = False  # Slack has groups besides: a list of people says of no group that it does not exist

    @property
    def known_groups(self) -> frozenset[str] | None:
        """Every group that a rule may name; None where the file does not say all of them."""
        return None if self.groups_elsewhere or not self.people else self.groups

    async def person(self, user: str) -> Person:
        wanted = user.removeprefix("@")
        for name, person in self.people.items():
            if wanted in (name, person.id):
                return person
        raise DirectoryUnavailable(f"There is nobody called {wanted!r} in the people file. It knows: {_listed(self.people)}.")

    async def channel(self, channel: str) -> ChannelFacts:
        return self.find_channel(channel).facts

    def find_channel(self, channel: str) -> Channel:
        """By id, or by name with or without #. Raises DirectoryUnavailable."""
        wanted = channel.removeprefix("#")
        for name, found in self.channels.items():
            if wanted in (name, found.id):
                return found
        raise DirectoryUnavailable(f"There is no channel #{wanted} in the people file. It knows: {_listed(self.channels)}.")


NOBODY = FileDirectory(people={}, channels={})


def read_directory(file: Path) -> FileDirectory:
    """Raises Misconfigured when the file cannot be read, or names somebody or a group that is not in it."""
    content = read_people(file)
    try:
        return _directory(content)
    except (KeyError, TypeError, AttributeError, ValueError) as problem:
        raise Misconfigured(f"IBID_PEOPLE_FILE: {file}: {_reason(problem)}.") from problem


def _directory(content: Mapping[str, object]) -> FileDirectory:
    groups = frozenset(_rows(content, "groups"))
    team_row = _rows(content, "team")
    team = str(team_row.get("id", ""))
    people = {name: _person(name, _row("people", name, row), team, groups) for name, row in _rows(content, "people").items()}
    channels = {name: _channel(name, _row("channels", name, row), people) for name, row in _rows(content, "channels").items()}
    today = content.get("today")
    if today is not None and type(today) is not date:
        raise ValueError(f"today is {today!r}; write a date as YYYY-MM-DD")
    company = str(content.get("company") or "")
    elsewhere = content.get("groups_elsewhere") is True
    return FileDirectory(
        company=company, team=team, today=today, people=people, channels=channels, groups=groups, groups_elsewhere=elsewhere
    )


def _person(name: str, row: Mapping[str, object], team: str, groups: frozenset[str]) -> Person:
    identity = str(row["id"])
    memberships = frozenset(map(str, _list(row, "groups", f"people.{name}")))
    if not memberships <= groups:
        raise ValueError(f"people.{name} is in the group {min(memberships - groups)!r}, which is not under groups")
    membership: Membership = "full"
    if row.get("deactivated"):
        membership = "deactivated"
    elif row.get("team") and row["team"] != team:
        membership = "outsider"
    elif row.get("guest"):
        membership = "guest"
    return Person(
        id=identity,
        name=str(row.get("name") or name),
        membership=membership,
        groups=memberships,
        names=frozenset({identity, name}),
        admin=_is_admin(name, row) and membership == "full",
        country=country_named(row.get("country")),
        contract=" ".join(str(row.get("contract") or "").split()),
    )


def _is_admin(name: str, row: Mapping[str, object]) -> bool:
    """Plainly said: "no" in quotes is a word, and a word is not nothing."""
    admin = row.get("admin") or False
    if not isinstance(admin, bool):
        raise TypeError(f"people.{name}: admin is true or false, without quotes")
    return admin


def _channel(name: str, row: Mapping[str, object], people: Mapping[str, Person]) -> Channel:
    kind = str(row.get("kind", ""))
    if kind not in _KINDS:
        raise ValueError(f"channels.{name} has the kind {kind!r}; it must be public, private or shared")
    members = _list(row, "members", f"channels.{name}")
    unknown = sorted(str(member) for member in members if str(member) not in people)
    if unknown:
        raise ValueError(f"channels.{name} has the member {unknown[0]!r}, who is not under people")
    shared = kind == "shared" or bool(row.get("shared_with"))
    facts = ChannelFacts(kind=_KINDS[kind], shared=shared, members=tuple(people[str(member)] for member in members))
    return Channel(str(row["id"]), name, facts)


def _rows(content: Mapping[str, object], key: str) -> Mapping[str, object]:
    rows = content.get(key) or {}
    if not isinstance(rows, Mapping):
        raise TypeError(f"{key} must be names with a line each")
    return {str(name): row for name, row in rows.items()}


def _row(part: str, name: str, row: object) -> Mapping[str, object]:
    if not isinstance(row, Mapping):
        raise TypeError(f"{part}.{name} must be a line such as {{id: …}}")
    if not row.get("id"):
        raise ValueError(f"{part}.{name} has no id")
    return row


def _list(row: Mapping[str, object], key: str, place: str) -> list[object]:
    found = row.get(key) or []
    if not isinstance(found, list):
        raise TypeError(f"{place}: {key} must be a list")
    return found


def _reason(problem: Exception) -> str:
    return f"{problem} is missing" if isinstance(problem, KeyError) else str(problem)


def _listed(names: Mapping[str, object]) -> str:
    return ", ".join(sorted(names)) or "nobody"
