"""Who somebody is, and who can read a channel, as Slack tells it; kept for a minute at most, dropped when Slack says that it changed.

What cannot be found out is not guessed: unknown means no. A person's display name grants nothing; the names that access
rules use come from the people file.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import aiohttp
import yaml
from slack_sdk.errors import SlackApiError

from bot.errors import DirectoryUnavailable, Misconfigured
from bot.values import ChannelFacts, Membership, Person, PlaceKind
from knowledge.places import country_named

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

    from bot.ports import Clock

FRESH = timedelta(seconds=60)
BRIEFLY = timedelta(seconds=5)  # for what no event tells: that a private channel became public, or is about to be shared
PAGE = 1000
_TROUBLE = (SlackApiError, aiohttp.ClientError, TimeoutError)
_SLACKBOT = "USLACKBOT"  # an app that Slack lists as a person
_SHARED = ("is_shared", "is_ext_shared", "is_org_shared", "is_pending_ext_shared", "pending_shared", "pending_connected_team_ids")
Json = dict[str, Any]
Found = TypeVar("Found")


@dataclass(frozen=True, kw_only=True)
class Trust:
    """What the company says about people, besides Slack: their names in access rules, and who is an admin of Ibid."""

    names: Mapping[str, str]  # Slack id: name in the people file
    admins: frozenset[str]
    countries: Mapping[str, str] = field(default_factory=dict)  # Slack id: the country of the profile, by its name


def read_trust(people_file: Path | None, admins: frozenset[str]) -> Trust:
    """Read `people: {name: {id, admin}}`. Raises Misconfigured when the file is not that."""
    if people_file is None:
        return Trust(names={}, admins=admins)
    try:
        people = yaml.safe_load(people_file.read_text(encoding="utf-8"))["people"]
        names = {str(row["id"]): str(name) for name, row in people.items()}
        countries = {str(row["id"]): country_named(row.get("country")) for row in people.values()}
        named = frozenset(str(row["id"]) for row in people.values() if row.get("admin") is True)
    except OSError as problem:
        raise Misconfigured(f"IBID_PEOPLE_FILE: {people_file} cannot be read: {problem.strerror}.") from problem
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as problem:
        raise Misconfigured(f"IBID_PEOPLE_FILE: {people_file} must be YAML with people: {{name: {{id: …}}}}.") from problem
    return Trust(names=names, admins=admins | named, countries=countries)


@dataclass
class _Kept(Generic[Found]):
    found: Found
    at: datetime


class SlackDirectory:
    """The Directory port over the Web API."""

    def __init__(self, client: AsyncWebClient, home: str, clock: Clock, trust: Trust) -> None:
        self._client = client
        self._home = home  # our own team
        self._clock = clock
        self._trust = trust
        self._kept: dict[tuple[str, str], _Kept[Any]] = {}
        self._asking = asyncio.Lock()
        self._changes = 0

    @property
    def admins(self) -> frozenset[str]:
        """Slack ids of Ibid's admins."""
        return self._trust.admins

    async def person(self, user: str) -> Person:
        """Raises DirectoryUnavailable when Slack does not say."""
        return await self._person(user, await self._groups_or_none())

    async def _person(self, user: str, groups: Mapping[str, frozenset[str]] | None) -> Person:
        accounts: Mapping[str, Json] = await self._fresh(("users", ""), self._accounts)
        account: Json = accounts[user] if user in accounts else await self._fresh(("user", user), lambda: self._account(user))
        mine = frozenset(handle for handle, members in (groups or {}).items() if user in members)
        name = self._trust.names.get(user)
        return Person(
            id=user,
            name=str(account.get("real_name") or account.get("name") or user),
            membership=membership(account, self._home),
            groups=mine,
            names=frozenset({user, name} if name else {user}),
            groups_known=groups is not None,
            admin=user in self._trust.admins,
            timezone=str(account.get("tz") or ""),
            country=self._trust.countries.get(user, ""),
        )

    async def channel(self, channel: str) -> ChannelFacts:
        """What cannot be found out is None in it. Raises DirectoryUnavailable when Slack does not answer at all."""
        shape: Json = await self._fresh(("channel", channel), lambda: self._shape(channel), BRIEFLY)
        facts = ChannelFacts(kind=kind_of(shape), shared=any(bool(shape.get(name)) for name in _SHARED))
        try:
            ids: tuple[str, ...] = await self._fresh(("members", channel), lambda: self._members(channel))
            groups = await self._groups_or_none()  # once for all: where Slack does not tell them, it is not asked for each member
            members = tuple([await self._person(user, groups) for user in ids])
        except DirectoryUnavailable:
            return replace(facts, kind=None)
        return replace(facts, members=members)

    def forget(self, event: Json) -> None:
        """Drop what an event says has changed."""
        self._changes += 1
        kind, channel = str(event.get("type")), event.get("channel")
        if kind.startswith("subteam_"):
            self._kept.pop(("groups", ""), None)
        elif kind == "user_change":
            self._kept = {key: kept for key, kept in self._kept.items() if key[0] not in ("users", "user")}
        elif isinstance(channel, str):
            self._kept.pop(("channel", channel), None)
            self._kept.pop(("members", channel), None)

    async def _groups_or_none(self) -> Mapping[str, frozenset[str]] | None:
        try:
            groups: Mapping[str, frozenset[str]] = await self._fresh(("groups", ""), self._groups)
        except DirectoryUnavailable:
            return None
        return groups

    async def _fresh(self, key: tuple[str, str], ask: Callable[[], Awaitable[Found]], within: timedelta = FRESH) -> Found:
        """What is known for less than a minute or so, else what Slack says now; one question to Slack at a time."""
        async with self._asking:
            kept = self._kept.get(key)
            if kept is None or self._clock.now() - kept.at >= within:
                began, changes = self._clock.now(), self._changes
                try:
                    kept = _Kept(await ask(), began)
                except _TROUBLE as problem:
                    self._kept.pop(key, None)
                    raise DirectoryUnavailable(f"{key[0]}: {type(problem).__name__}") from problem
                if changes == self._changes:  # else something changed while Slack was answering
                    self._kept[key] = kept
            found: Found = kept.found
            return found

    async def _accounts(self) -> Mapping[str, Json]:
        accounts: dict[str, Json] = {}
        async for page in await self._client.users_list(limit=PAGE):
            accounts |= {str(member["id"]): member for member in page["members"]}
        return accounts

    async def _account(self, user: str) -> Json:
        found: Json = (await self._client.users_info(user=user))["user"]
        return found

    async def _groups(self) -> Mapping[str, frozenset[str]]:
        answer = await self._client.usergroups_list(include_users=True)
        return {str(group["handle"]): frozenset(group.get("users") or ()) for group in answer["usergroups"] if not group.get("date_delete")}

    async def _shape(self, channel: str) -> Json:
        found: Json = (await self._client.conversations_info(channel=channel))["channel"]
        return found

    async def _members(self, channel: str) -> tuple[str, ...]:
        ids: list[str] = []
        async for page in await self._client.conversations_members(channel=channel, limit=PAGE):
            ids += map(str, page["members"])
        return tuple(ids)


def membership(account: Json, home: str) -> Membership:
    """What kind of account this is; whatever is not plainly a full member of our own workspace is not one."""
    if account.get("deleted") is not False:
        return "deactivated" if account.get("deleted") else "outsider"
    if account.get("is_bot") or account.get("id") == _SLACKBOT:
        return "app"
    if account.get("is_stranger") or account.get("team_id") != home:
        return "outsider"
    if account.get("is_restricted") or account.get("is_ultra_restricted") or "is_restricted" not in account:
        return "guest"
    return "full"


def kind_of(shape: Json) -> PlaceKind | None:
    """What kind of conversation this is; None where Slack's answer does not say it plainly."""
    if shape.get("is_im"):
        return "direct"
    if shape.get("is_mpim"):
        return "group_direct"
    if shape.get("is_private") is True:
        return "private"
    if shape.get("is_private") is False and shape.get("is_channel"):
        return "public"
    return None
