"""A watched folder on a real disk: changes are told, editors' own files are not, and a folder that is replaced is followed on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.adapters.folder_watch import follow

SOON = 20.0  # seconds until a test gives up


class Stirs:
    """Counts, and wakes who waits for the next one."""

    def __init__(self) -> None:
        self.count = 0
        self._next = asyncio.Event()

    def __call__(self) -> None:
        self.count += 1
        self._next.set()

    async def next(self) -> None:
        await asyncio.wait_for(self._next.wait(), SOON)
        self._next.clear()


@asynccontextmanager
async def following(folder: Path) -> AsyncIterator[Stirs]:
    stirs, slept = Stirs(), 0

    async def sleep(_: float) -> None:
        nonlocal slept
        slept += 1
        await asyncio.sleep(0.05)

    task = asyncio.create_task(follow(folder, stirs, look=0.2, sleep=sleep))
    try:
        yield stirs
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def changed(stirs: Stirs, change: Path) -> None:
    """Written again until it is seen: when the system begins to watch cannot be known."""
    before, number = stirs.count, 0
    async with asyncio.timeout(SOON):
        while stirs.count == before:
            number += 1
            write(change, f"{number} days")
            await asyncio.sleep(0.1)


def write(file: Path, words: str) -> None:
    file.write_text(words)


async def test_the_start_counts_as_a_change_and_then_every_change_does(tmp_path: Path) -> None:
    (tmp_path / "leave").mkdir()
    async with following(tmp_path) as stirs:
        await stirs.next()
        assert stirs.count == 1
        await changed(stirs, tmp_path / "leave" / "annual.md")
        await changed(stirs, tmp_path / ".ibidignore")


async def test_what_editors_put_beside_a_document_is_no_change(tmp_path: Path) -> None:
    async with following(tmp_path) as stirs:
        await changed(stirs, tmp_path / "a.md")
        await asyncio.sleep(0.5)  # the last of those changes may be told late
        before = stirs.count
        (tmp_path / ".git").mkdir()
        for name in (".a.md.swp", "~$leave.docx", ".git/index"):
            (tmp_path / name).write_text("x")
        await asyncio.sleep(0.5)
        assert stirs.count == before


async def test_a_folder_that_another_takes_the_place_of_is_followed_on(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    async with following(folder) as stirs:
        await changed(stirs, folder / "a.md")
        folder.rename(tmp_path / "before")
        folder.mkdir()
        before = stirs.count
        while stirs.count == before:
            await stirs.next()
        await changed(stirs, folder / "b.md")


async def test_a_folder_that_is_not_there_is_waited_for(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "documents"
    async with following(folder) as stirs:
        await asyncio.sleep(0.3)
        assert stirs.count == 0
        folder.mkdir()
        await stirs.next()
        await changed(stirs, folder / "a.md")
    assert [record.message for record in caplog.records].count("a folder cannot be watched; it is tried again") == 1
