"""Watches the folder with the prompts: an edit goes live within seconds, and a broken one is told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import IbidError
from bot.prompts import INPUTS

if TYPE_CHECKING:
    from bot.flows.edit_prompt import PromptDesk

log = logging.getLogger(__name__)

EVERY = 2.0  # seconds between two looks
_PATIENCE = 5.0  # seconds for what is under way at the end
Told = Callable[[tuple[str, ...]], Awaitable[None]]
Sleep = Callable[[float], Coroutine[Any, Any, None]]
Signs = tuple[tuple[int, int, int, int] | None, ...]


@asynccontextmanager
async def watch(desk: PromptDesk, told: Told, *, sleep: Sleep = asyncio.sleep) -> AsyncIterator[None]:
    """Look every two seconds while the block runs. `told` gets what is wrong with files, and again until it has not raised an IbidError."""
    ended = asyncio.Event()
    watching = asyncio.create_task(_until(ended, desk, told, sleep))
    watching.add_done_callback(_note_the_end)
    try:
        yield
    finally:
        ended.set()
        await asyncio.wait({watching}, timeout=_PATIENCE)  # a version that is just being written is not torn off
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def _until(ended: asyncio.Event, desk: PromptDesk, told: Told, sleep: Sleep) -> None:
    before: Signs = ()
    taken: Signs = ()
    untold: tuple[str, ...] = ()
    while not ended.is_set():
        signs = await asyncio.to_thread(_signs, desk.folder)
        try:
            # Files are read once they have stood still from one look to the next: an editor may be half way through. It also tells
            # two edits within one second apart, where the file system keeps whole seconds only.
            if signs == before and signs != taken:
                untold += await desk.take_files()
                taken = signs
            if untold:
                await told(untold)
                untold = ()
        except IbidError as problem:
            log.warning("looking at the prompts failed", extra={"detail": str(problem)})
        before = signs
        await _pause(ended, sleep)


def _signs(folder: Path) -> Signs:
    """What changes with a file's words, and costs no reading."""
    return tuple(_sign(folder / f"{name}.md") for name in INPUTS)


def _sign(file: Path) -> tuple[int, int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


async def _pause(ended: asyncio.Event, sleep: Sleep) -> None:
    waits = [asyncio.create_task(sleep(EVERY)), asyncio.create_task(_ending(ended))]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)


async def _ending(ended: asyncio.Event) -> None:
    await ended.wait()


def _note_the_end(watching: asyncio.Task[None]) -> None:
    """An error that nobody foresaw ends the watching and nothing else; the log says so at once."""
    if not watching.cancelled() and (problem := watching.exception()):
        log.error("the prompts' files are no longer watched", extra={"cause": type(problem).__name__})
