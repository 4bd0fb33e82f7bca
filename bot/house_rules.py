"""What admins have decided about places: grants that widen, apps that store messages, channels of which nothing is kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Grant:
    """In this channel this label may be shown to all who read there, until the end of a day: by whom, and why."""

    channel: str  # its id: a name can pass to another channel
    label: str
    reason: str
    by: str  # an admin, by Slack id or by the people file's name
    until: date

    def holds(self, today: date, admins: Collection[str]) -> bool:
        """A grant ends with its day, and with its author's being an admin."""
        return today <= self.until and self.by in admins


@dataclass(frozen=True, kw_only=True)
class StoringApp:
    """An app that keeps what it reads, wherever that is read later: it counts as a person with no groups."""

    app: str  # its Slack user id
    reason: str


@dataclass(frozen=True, kw_only=True)
class HouseRules:
    """All of them. Grants widen; everything else narrows."""

    grants: tuple[Grant, ...] = ()
    apps_that_store: tuple[StoringApp, ...] = ()
    record_none: frozenset[str] = frozenset()  # channel ids
    follow_ups: bool = True  # False: also in a thread only what mentions Ibid is for Ibid

    def granted(self, channel: str, today: date, admins: Collection[str]) -> frozenset[str]:
        """The labels that grants add in a channel."""
        return frozenset(grant.label for grant in self.grants if grant.channel == channel and grant.holds(today, admins))

    def stores(self, user: str) -> bool:
        """Whether this is an app that an admin named because it keeps what it reads."""
        return any(named.app == user for named in self.apps_that_store)

    def records(self, channel: str) -> bool:
        """Whether anything of what is asked in a channel may be kept."""
        return channel not in self.record_none

    def narrowed(self) -> HouseRules:
        """What is left of them where they can no longer be read: nothing that widens."""
        return replace(self, grants=())


NO_RULES = HouseRules()
