"""Whom `ibid access` asks about people and channels: Slack where its token is set, else the people file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Protocol

from bot.adapters.file_directory import Channel, FileDirectory
from bot.errors import DirectoryUnavailable

if TYPE_CHECKING:
    from bot.adapters.slack_directory import SlackDirectory
    from bot.bootstrap import House
    from bot.values import Person


class Company(Protocol):
    """Everybody in it. `find_…` give None for what is not known by this word."""

    where: str  # it was asked

    async def everybody(self) -> tuple[Person, ...]: ...

    async def find_person(self, word: str) -> Person | None: ...

    async def find_channel(self, word: str) -> Channel | None: ...

    async def channels(self) -> tuple[Channel, ...]:
        """Those that the people file names."""
        ...


class FiledCompany:
    """As the people file says it."""

    where = "the people file"

    def __init__(self, file: FileDirectory) -> None:
        self._file = file

    async def everybody(self) -> tuple[Person, ...]:
        return tuple(self._file.people.values())

    async def find_person(self, word: str) -> Person | None:
        if word in self._file.people or any(word == person.id for person in self._file.people.values()):
            return await self._file.person(word)
        return _by_full_name(await self.everybody(), word)

    async def find_channel(self, word: str) -> Channel | None:
        return next((channel for name, channel in self._file.channels.items() if word in (name, channel.id)), None)

    async def channels(self) -> tuple[Channel, ...]:
        return tuple(self._file.channels.values())


class SlackCompany:
    """As Slack says it now; the people file gives names to find people and channels by."""

    where = "Slack"

    def __init__(self, directory: SlackDirectory, file: FileDirectory) -> None:
        self._directory = directory
        self._file = file

    async def everybody(self) -> tuple[Person, ...]:
        return await self._directory.everybody()

    async def find_person(self, word: str) -> Person | None:
        people = await self.everybody()
        filed = self._file.people.get(word)
        wanted = filed.id if filed else word
        return next((person for person in people if person.id == wanted), None) or _by_full_name(people, word)

    async def find_channel(self, word: str) -> Channel | None:
        """Slack has no way to ask for a channel by its name: by its id, or by the name that the people file has for it."""
        filed = next((channel for name, channel in self._file.channels.items() if word in (name, channel.id)), None)
        if filed:
            return await self._as_it_is(filed)
        if not (word[:1] in ("C", "G") and word.isalnum() and word.isupper()):
            return None
        try:
            return Channel(word, word, await self._directory.channel(word))
        except DirectoryUnavailable:
            return None

    async def channels(self) -> tuple[Channel, ...]:
        return tuple([await self._as_it_is(channel) for channel in self._file.channels.values()])

    async def _as_it_is(self, channel: Channel) -> Channel:
        """A channel that Slack does not tell of is unknown, whatever the file says of it."""
        from bot.values import ChannelFacts

        try:
            facts = await self._directory.channel(channel.id)
        except DirectoryUnavailable:
            facts = ChannelFacts(kind=None)
        return Channel(channel.id, channel.name, facts)


@asynccontextmanager
async def company_of(house: House) -> AsyncIterator[Company]:
    """Raises what Slack's own start raises: Misconfigured for a token that it refuses, SlackUnavailable where it does not answer."""
    settings, file = house.ibid.settings, await house.people.now()
    if not settings.slack_bot_token:
        yield FiledCompany(file)
        return
    from bot.adapters.slack_directory import SlackDirectory
    from bot.adapters.trust import trusted
    from bot.channels.slack.clients import open_clients
    from bot.channels.slack.introduction import introduce

    clients = open_clients(settings)
    try:
        me = await introduce(clients, settings)
        trust = trusted(settings.people_file, settings.admins, house.ibid.clock)
        yield SlackCompany(SlackDirectory(clients.again, me.team, house.ibid.clock, trust, house.ibid.rulebook), file)
    finally:
        await clients.session.close()


def _by_full_name(people: tuple[Person, ...], word: str) -> Person | None:
    """Where only one has it."""
    found = [person for person in people if person.name.casefold() == word.casefold()]
    return found[0] if len(found) == 1 else None
