"""Follows a folder with documents: tells when something in it has changed, and when something may have while nobody looked."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from watchfiles import Change

log = logging.getLogger(__name__)
logging.getLogger("watchfiles").setLevel(logging.WARNING)  # it notes every change

LOOK = 5.0  # seconds between two looks whether the folder is still the same one
AGAIN = 60.0  # seconds before a folder that could not be watched is tried again
Sleep = Callable[[float], Coroutine[Any, Any, None]]


async def follow(folder: Path, stirred: Callable[[], None], *, look: float = LOOK, sleep: Sleep = asyncio.sleep) -> None:
    """Until cancelled. A folder that is not there is waited for; of what happens on network disks the system may tell nothing."""
    failed = ""
    while True:
        try:
            await _follow(folder, stirred, look)
        except (OSError, RuntimeError) as problem:  # the second is what watchfiles makes of the system's other troubles
            why = getattr(problem, "strerror", None) or type(problem).__name__
            if why != failed:
                log.warning("a folder cannot be watched; it is tried again", extra={"cause": why})
            failed = why
            await sleep(AGAIN)
        else:
            failed = ""


async def _follow(folder: Path, stirred: Callable[[], None], look: float) -> None:
    """Returns when another folder has taken the place of this one. Raises OSError where there is none."""
    from watchfiles import awatch

    watched = _sign(folder)
    stirred()  # whatever happened before was not seen
    changes = awatch(
        folder,
        watch_filter=lambda change, path: _counts(change, path, folder),
        rust_timeout=int(look * 1000),
        yield_on_timeout=True,
        ignore_permission_denied=True,
    )
    try:
        async for changed in changes:
            if changed:
                stirred()
            if _sign(folder) != watched:
                return
    finally:
        await changes.aclose()


def _counts(_: Change, path: str, folder: Path) -> bool:
    """Not what editors put beside a document while it is open; but `..data`, which Kubernetes puts another mount behind."""
    try:
        steps = PurePath(path).relative_to(folder).parts
    except ValueError:  # the system names what a link leads to
        steps = PurePath(path).parts[-1:]
    return not any(_is_hidden(step) for step in steps)


def _is_hidden(step: str) -> bool:
    return step.startswith(("~$", ".")) and not step.startswith("..") and step != ".ibidignore"


def _sign(folder: Path) -> tuple[int, int]:
    found = folder.stat()
    return found.st_dev, found.st_ino
