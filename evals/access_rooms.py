"""Who asks in the access matrix, and where: six kinds of readers, and the rooms that each of them asks in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.values import PlaceKind

READERS: Mapping[str, str] = {
    "employee": "priya",
    "other country": "marcus",
    "hr": "ruth",
    "manager": "daniel",
    "guest": "carla",
    "outsider": "nils",
}
COMPANION: Mapping[str, str] = {"priya": "tom", "marcus": "amelia", "ruth": "greta", "daniel": "greta", "carla": "priya", "nils": "tom"}
NEWCOMER, COLLEAGUE, ENTITLED = "jonas", "hiro", "greta"
BESIDE = ("source modal", "report")  # what nobody asks for: it is opened


@dataclass(frozen=True)
class Room:
    """A place of the matrix, as the directory and as the oracle see it."""

    name: str  # of a channel in the oracle's workspace, or "dm"
    kind: PlaceKind
    members: tuple[str, ...] = ()
    shared: bool = False

    def row(self) -> dict[str, Any]:
        kind = "shared" if self.shared else "public" if self.kind == "public" else "private"
        return {"kind": kind, "members": list(self.members)}


def rooms_of(reader: str) -> dict[str, Room]:
    """The rooms that this reader asks in, by what the matrix calls them."""
    friend = COMPANION[reader]
    return {
        "public channel, member": Room("in", "public", (reader, "tom", "ruth")),
        "public channel, not joined": Room("out", "public", ("tom", "ruth")),
        "private channel": Room(f"private-{reader}", "private", (reader, friend)),
        "newcomer": Room(f"joined-{reader}", "private", (reader, friend, NEWCOMER)),
        "group direct message": Room(f"group-{reader}", "group_direct", (reader, COLLEAGUE)),
        "direct message": Room("dm", "direct"),
        "ephemeral": Room("dm", "public"),
        "shared channel": Room(f"shared-{reader}", "private", (reader, "tom", "nils"), shared=True),
        "thread": Room("in", "public", (reader, "tom", "ruth")),
        "cache": Room("dm", "direct"),
        "share button": Room(f"private-{reader}", "private", (reader, friend)),
    }
