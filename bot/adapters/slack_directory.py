"""Who somebody is, and who can read a channel, as Slack tells it; kept for a minute at most, dropped when Slack says that it changed.

What cannot be found out is not guessed: unknown means no. A person's display name grants nothing; the names that access
rules use come from the people file. A group that Slack has is who Slack says; only another is who the people file says.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.adapters.slack_shapes import SHARED, kind_of, membership
from bot.errors import DirectoryUnavailable
from bot.values import ChannelFacts, Person

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

    from bot.adapters.trust import Trust, Trusted
    from bot.house_rules import HouseRules
    from bot.ports import Clock, Rulebook

FRESH = timedelta(seconds=60)
BRIEFLY = timedelta(seconds=5)  # for what no event tells: that a private channel became public, or is about to be shared
PAGE = 1000
_TROUBLE = (SlackApiError, aiohttp.ClientError, TimeoutError)
_NO_GROUPS_HERE = ("paid_teams_only", "plan_upgrade_required")  # what Slack says of groups where its plan has none
Json = dict[str, Any]
Found = TypeVar("Found")


@dataclass
class _Kept(Generic[Found]):
    found: Found
    at: datetime


@dataclass(frozen=True)
class _Terms:
    """What a person's rights are made of, beside the account: looked up once for all members of a channel."""

    groups: Mapping[str, frozenset[str]] | None  # None: Slack does not tell them
    trust: Trust
    house: HouseRules

    def groups_of(self, user: str) -> frozenset[str]:
        """None of the people file's where Slack's are not known: one of them may be Slack's to say."""
        if self.groups is None:
            return frozenset()
        in_slack = frozenset(handle for handle, members in self.groups.items() if user in members)
        return in_slack | (self.trust.groups_of(user) - self.groups.keys())


class SlackDirectory:
    """The Directory port over the Web API."""

    def __init__(self, client: AsyncWebClient, home: str, clock: Clock, trusted: Trusted, rulebook: Rulebook) -> None:  # its sources
        self._client = client
        self._home = home  # our own team
        self._clock = clock
        self._trusted = trusted
        self._rulebook = rulebook
        self._kept: dict[tuple[str, str], _Kept[Any]] = {}
        self._asking = asyncio.Lock()
        self._changes = 0

    async def admins(self) -> frozenset[str]:
        """Slack ids of Ibid's admins."""
        return (await self._trusted.now()).admins

    async def person(self, user: str) -> Person:
        """Raises DirectoryUnavailable when Slack does not say."""
        return await self._person(user, await self._terms())

    async def everybody(self) -> tuple[Person, ...]:
        """Every account of the workspace. Raises DirectoryUnavailable."""
        accounts: Mapping[str, Json] = await self._fresh(("users", ""), self._accounts)
        terms = await self._terms()
        return tuple([await self._person(user, terms) for user in accounts])

    async def _terms(self) -> _Terms:
        return _Terms(await self._groups_or_none(), await self._trusted.now(), await self._rulebook.now())

    async def _person(self, user: str, terms: _Terms) -> Person:
        accounts: Mapping[str, Json] = await self._fresh(("users", ""), self._accounts)
        account: Json = accounts[user] if user in accounts else await self._fresh(("user", user), lambda: self._account(user))
        trust, called = terms.trust, membership(account, self._home)
        known = trust.known(user)
        return Person(
            id=user,
            name=str(account.get("real_name") or account.get("name") or user),
            membership=called,
            groups=terms.groups_of(user),
            names=frozenset({user}) | (known.names if known else frozenset()),
            groups_known=terms.groups is not None and trust.whole,
            admin=called == "full" and user in trust.admins,  # what admins are shown is for employees at the least
            timezone=str(account.get("tz") or ""),
            country=known.country if known else "",
            contract=known.contract if known else "",
            stores=called == "app" and terms.house.stores(user),
        )

    async def channel(self, channel: str) -> ChannelFacts:
        """What cannot be found out is None in it. Raises DirectoryUnavailable when Slack does not answer at all."""
        shape: Json = await self._fresh(("channel", channel), lambda: self._shape(channel), BRIEFLY)
        facts = ChannelFacts(kind=kind_of(shape), shared=any(bool(shape.get(name)) for name in SHARED))
        try:
            ids: tuple[str, ...] = await self._fresh(("members", channel), lambda: self._members(channel))
            terms = await self._terms()  # once for all: where Slack does not tell the groups, they are not asked for each member
            members = tuple([await self._person(user, terms) for user in ids])
        except DirectoryUnavailable:
            return replace(facts, kind=None)
        granted = terms.house.granted(channel, self._clock.today(), terms.trust.signers)
        if granted:
            granted = terms.house.granted(channel, self._clock.today(), await self._signers(terms))
        return replace(facts, members=members, granted=granted)

    async def _signers(self, terms: _Terms) -> frozenset[str]:
        """The admins who still work here, by every name: a file may go on naming whoever left."""
        names: set[str] = set()
        for user in terms.trust.admins:
            try:
                person = await self._person(user, terms)
            except DirectoryUnavailable:
                continue  # Slack knows nobody of that id
            names |= person.names if person.admin else set()
        return frozenset(names)

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
        """One that was disabled is nobody's: whoever ends a group in Slack does not mean the people file's, which may be older."""
        try:
            answer = await self._client.usergroups_list(include_users=True, include_disabled=True)
        except SlackApiError as problem:
            if problem.response.get("error") in _NO_GROUPS_HERE:
                return {}
            raise
        groups: dict[str, frozenset[str]] = {}
        for group in answer["usergroups"]:
            members = () if group.get("date_delete") else group.get("users") or ()
            groups[str(group["handle"])] = groups.get(str(group["handle"]), frozenset()) | frozenset(members)
        return groups

    async def _shape(self, channel: str) -> Json:
        found: Json = (await self._client.conversations_info(channel=channel))["channel"]
        return found

    async def _members(self, channel: str) -> tuple[str, ...]:
        ids: list[str] = []
        async for page in await self._client.conversations_members(channel=channel, limit=PAGE):
            ids += map(str, page["members"])
        return tuple(ids)
