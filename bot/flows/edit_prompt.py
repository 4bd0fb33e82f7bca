"""Prompts that admins edit: checked, published with an author and a reason, rolled back; edits of the files are taken while running."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from bot.errors import StalePrompt
from bot.ports import Clock
from bot.prompts import INPUTS, BadPrompt, Prompt, PromptSet, PromptVersion, Remark, bare, load_prompt, remarks_on
from bot.records import PromptStore

FILE = "file"  # who the author is where a file was taken
IBID = "Ibid"
LONGEST_REASON = 300


class PromptDesk:
    """The live prompts. The truth is the newest version in the store; a file counts from the moment that its words change.

    What an admin published is never replaced by a file that had changed while Ibid was off: a new release brings new files.
    """

    def __init__(self, folder: Path, store: PromptStore, clock: Clock) -> None:
        self.folder = folder
        self._store = store
        self._clock = clock
        self._newest: dict[str, PromptVersion] = {}
        self._live = PromptSet({})
        self._seen: dict[str, Prompt] = {}  # the last good look at each file
        self._broken: dict[str, str] = {}
        self._undecided: dict[str, str] = {}
        self._told: Mapping[str, str] = {}
        self._news: list[str] = []
        self._one_at_a_time = asyncio.Lock()

    @property
    def live(self) -> PromptSet:
        """As it is now; what is published later is not in it."""
        return self._live

    @property
    def troubles(self) -> Mapping[str, str]:
        """By prompt: why what stands in its file is not live, where somebody has to do something about it."""
        return MappingProxyType({**self._undecided, **self._broken})

    async def open(self) -> None:
        """Raises BadPrompt where neither the store nor the file has anything that can be used."""
        async with self._one_at_a_time:
            files = await asyncio.to_thread(_look, self.folder)
            for name, file in files.items():
                self._newest[name] = await self._usable(name, file)
            for name, file in files.items():
                await self._take(name, file)
            self._show()

    async def versions(self, name: str) -> tuple[PromptVersion, ...]:
        """Newest first; the first is live."""
        return await self._store.versions(_known(name))

    def check(self, name: str, text: str) -> tuple[Remark, ...]:
        """What there is to say about a text before it is published."""
        words = bare(text)
        same = (Remark("warning", "Nothing is changed."),) if words == self._newest[_known(name)].text else ()
        return remarks_on(name, words) + same

    async def publish(self, name: str, text: str, *, author: str, reason: str, over: int | None = None) -> PromptVersion:
        """Make a text live. Raises BadPrompt, or StalePrompt when `over` is no longer the version that is live."""
        words, why = bare(text), " ".join(reason.split())
        _refuse_bad(_known(name), words)
        if not why:
            raise BadPrompt("Give a reason: it is kept with the version.")
        if len(why) > LONGEST_REASON:
            raise BadPrompt(f"The reason has {len(why)} characters; {LONGEST_REASON} is the most.")
        async with self._one_at_a_time:
            newest = self._newest[name]
            if over is not None and over != newest.number:
                raise StalePrompt(f"{newest.author} published version {newest.number} of {name} {self._ago(newest)}. Nothing was changed.")
            return await self._add(name, words, _person(author), why)

    async def roll_back(self, name: str, *, author: str, to: int | None = None) -> PromptVersion:
        """Publish an earlier version again: `to`, or the last one with other words than those that are live. Raises BadPrompt."""
        async with self._one_at_a_time:
            versions = await self._store.versions(_known(name))
            target = _target(versions, to)
            if target is None:
                wanted = "an earlier version with other words" if to is None else f"a version {to} to go back to"
                raise BadPrompt(f"{name} does not have {wanted}; version {versions[0].number} is live.")
            _refuse_bad(name, target.text)
            return await self._add(name, target.text, _person(author), f"back to version {target.number}")

    async def take_files(self) -> tuple[str, ...]:
        """Look at every file once and take what is new and good. Gives what is wrong, each only once while it stays the same."""
        async with self._one_at_a_time:
            for name, file in (await asyncio.to_thread(_look, self.folder)).items():
                await self._take(name, file)
            self._show()
            news = [*self._news, *(words for name, words in self.troubles.items() if self._told.get(name) != words)]
            self._told, self._news = self.troubles, []
            return tuple(news)

    async def _usable(self, name: str, file: Prompt | BadPrompt) -> PromptVersion:
        """The newest version, or the newest that still can be used, made the newest."""
        versions = await self._store.versions(name)
        good = next((one for one in versions if not _error(name, one.text)), None)
        if good and good is versions[0]:
            return good
        why = f"version {versions[0].number} cannot be used any more ({_error(name, versions[0].text)})" if versions else ""
        if good:
            reason = f"back to version {good.number}: {why}"
            version = await self._store.add(name, good.text, author=IBID, reason=reason)
        elif isinstance(file, Prompt):
            reason = f"from the file: {why}" if why else "first seen"
            version = await self._store.add(name, file.text, author=FILE, reason=reason)
        else:
            raise file
        if why:
            self._news.append(f"The prompt {name}: {reason}")
        return version

    async def _take(self, name: str, file: Prompt | BadPrompt) -> None:
        if isinstance(file, BadPrompt):
            self._broken[name] = f"{file} The last good version stays live."
            return
        self._broken.pop(name, None)
        before, live = self._seen.get(name), self._newest[name]
        if before is None:
            await self._meet(file, live)
        elif before.text != file.text:
            self._undecided.pop(name, None)
            if file.text != live.text:
                await self._add(name, file.text, FILE, "edited on disk")
        self._seen[name] = file

    async def _meet(self, file: Prompt, live: PromptVersion) -> None:
        """The first good look since the start: what changed meanwhile is taken only where the file already had the last word."""
        if file.text == live.text:
            return
        if live.author == FILE:
            await self._add(file.name, file.text, FILE, "changed while Ibid was not running")
        elif all(file.text != version.text for version in await self._store.versions(file.name)):
            place = self.folder / f"{file.name}.md"
            self._undecided[file.name] = (
                f"prompts/{file.name}.md differs from what was published, which stays live. Publish the file with "
                f'`ibid prompts publish {file.name} {place} --reason "…"`, or leave it.'
            )

    async def _add(self, name: str, text: str, author: str, reason: str) -> PromptVersion:
        version = await self._store.add(name, text, author=author, reason=reason)
        self._newest[name] = version
        seen = self._seen.get(name)
        if seen and seen.text == text:
            self._undecided.pop(name, None)
        self._show()
        return version

    def _show(self) -> None:
        """A new snapshot. A purpose is the file's to say; it is empty while no look at the file was good."""
        purposes = {name: file.purpose for name, file in self._seen.items()}
        prompts = {name: Prompt(name, purposes.get(name, ""), version.text) for name, version in self._newest.items()}
        self._live = PromptSet(MappingProxyType(prompts))

    def _ago(self, version: PromptVersion) -> str:
        minutes = int((self._clock.now() - version.at).total_seconds() // 60)
        return "just now" if minutes < 1 else f"{minutes} minute{'' if minutes == 1 else 's'} ago"


def _look(folder: Path) -> dict[str, Prompt | BadPrompt]:
    found: dict[str, Prompt | BadPrompt] = {}
    for name in INPUTS:
        try:
            found[name] = load_prompt(folder, name)
        except BadPrompt as problem:
            found[name] = problem
    return found


def _known(name: str) -> str:
    if name not in INPUTS:
        raise BadPrompt(f"There is no prompt {name!r}; there are {', '.join(INPUTS)}.")
    return name


def _refuse_bad(name: str, text: str) -> None:
    if error := _error(name, text):
        raise BadPrompt(f"The prompt {name} cannot be used like this. {error}")


def _error(name: str, text: str) -> str:
    return " ".join(remark.words for remark in remarks_on(name, text) if remark.level == "error")


def _target(versions: tuple[PromptVersion, ...], to: int | None) -> PromptVersion | None:
    live, *earlier = versions
    if to is None:
        return next((version for version in earlier if version.text != live.text), None)
    return next((version for version in earlier if version.number == to), None)


def _person(author: str) -> str:
    """One line. Nobody is called what stands for a file or for Ibid itself: what they publish would count as a file's."""
    name = " ".join(author.split()) or "somebody"
    return f"{name} (a person)" if name in (FILE, IBID) else name
