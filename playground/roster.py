"""Reads who is in the pretend workspace from a YAML file."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from playground.errors import RosterError
from playground.values import BOT_NAME, BOT_USER_ID, Channel, Group, Json, Person, Team


@dataclass(frozen=True, slots=True)
class Roster:
    """The workspace on its first morning."""

    team: Team
    people: tuple[Person, ...]
    groups: tuple[Group, ...]
    channels: tuple[Channel, ...]


def read_roster(path: Path | str) -> Roster:
    """Read people, groups and channels; the bot is a member of every channel that does not say `bot: false`."""
    file = Path(path)
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        return _roster(content)
    except (OSError, UnicodeDecodeError) as reason:
        raise RosterError(f"{file}: cannot be read ({reason})") from reason
    except yaml.YAMLError as reason:
        raise RosterError(f"{file}: not valid YAML ({reason})") from reason
    except (KeyError, TypeError, AttributeError) as reason:
        raise RosterError(f"{file}: expected team, people, groups and channels as mappings; {reason!r} is missing or misshapen") from reason


def _roster(content: Json) -> Roster:
    team = Team(**content["team"])
    people = tuple(_person(key, row) for key, row in content["people"].items())
    ids = {person.key: person.id for person in people}
    groups = tuple(Group(handle, row["id"], row["name"]) for handle, row in (content.get("groups") or {}).items())
    by_handle = {group.handle: group for group in groups}
    for key, row in content["people"].items():
        for handle in row.get("groups", ()):
            if handle not in by_handle:
                raise RosterError(f"people.{key}: the group '{handle}' is not in groups; known: {', '.join(by_handle)}")
            by_handle[handle].members.append(row["id"])
    channels = tuple(_channel(key, row, ids) for key, row in content["channels"].items())
    bot = Person(key=BOT_NAME.lower(), id=BOT_USER_ID, name=BOT_NAME, title="Answers from your policies", bot=True)
    return Roster(team, (*people, bot), groups, channels)


def _person(key: str, row: Json) -> Person:
    return Person(
        key=key,
        id=row["id"],
        name=row["name"],
        title=row.get("title", ""),
        country=row.get("country", ""),
        contract=row.get("contract", ""),
        admin=bool(row.get("admin")),
        guest=row.get("guest"),
        team=row.get("team"),
        deactivated=bool(row.get("deactivated")),
    )


def _channel(key: str, row: Json, ids: dict[str, str]) -> Channel:
    kind = row["kind"]
    if kind not in ("public", "private", "shared"):
        raise RosterError(f"channels.{key}: kind is '{kind}'; use public, private or shared")
    return Channel(
        key=key,
        id=row["id"],
        kind=kind,
        topic=row.get("topic", ""),
        members=[*_ids(key, row.get("members", ()), ids), *([BOT_USER_ID] if row.get("bot", True) else [])],
        shared_with=[row["shared_with"]] if row.get("shared_with") else [],
        private=bool(row.get("private", kind == "private")),
    )


def _ids(channel: str, keys: Iterable[str], ids: dict[str, str]) -> list[str]:
    unknown = [key for key in keys if key not in ids]
    if unknown:
        raise RosterError(f"channels.{channel}: {', '.join(unknown)} not in people")
    return [ids[key] for key in keys]
