"""The people file as it is now, under the house rules: who somebody is and who can read a channel, where no chat system says it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.adapters.file_directory import NOBODY, FileDirectory, read_directory
from bot.adapters.kept_file import KeptFile
from bot.errors import Misconfigured

if TYPE_CHECKING:
    from bot.adapters.file_directory import Channel
    from bot.ports import Clock, Rulebook
    from bot.values import ChannelFacts, Person


class People:
    """The Directory port over a file that may change."""

    def __init__(self, file: Path | None, admins: frozenset[str], rulebook: Rulebook, clock: Clock) -> None:
        self._kept = KeptFile(file, read_or_nobody, lambda _: NOBODY, clock)
        self._file = file
        self._admins = admins  # that settings name
        self._rulebook = rulebook
        self._clock = clock

    @property
    def at_first(self) -> FileDirectory:
        """As far as it is known without looking: for what does not change who may read what."""
        return self._kept.content

    def read_now(self) -> FileDirectory:
        """For a thread: which names there are. Where the file cannot be read, those that there were."""
        try:
            return read_or_nobody(self._file)
        except Misconfigured:
            return self.at_first

    async def now(self) -> FileDirectory:
        """As the file is now, with what the house rules grant in its channels today."""
        directory, house = await self._kept.now(), await self._rulebook.now()
        admins = admins_of(directory, self._admins)

        def under_the_rules(channel: Channel) -> Channel:
            granted = house.granted(channel.id, self._clock.today(), admins)
            return replace(channel, facts=replace(channel.facts, granted=granted))

        return replace(directory, channels={name: under_the_rules(channel) for name, channel in directory.channels.items()})

    async def person(self, user: str) -> Person:
        return await (await self.now()).person(user)

    async def channel(self, channel: str) -> ChannelFacts:
        return await (await self.now()).channel(channel)


def read_or_nobody(file: Path | None) -> FileDirectory:
    """Raises Misconfigured."""
    return read_directory(file) if file else NOBODY


def admins_of(directory: FileDirectory, admins: frozenset[str]) -> frozenset[str]:
    """Every id and every name that a grant may be signed with."""
    named = (person.names for person in directory.people.values() if person.admin or person.id in admins)
    return admins.union(*named)
