"""How a short command gets at the documents: through the process that owns them, or by owning them itself for a moment."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Iterator
from contextlib import ExitStack, aclosing, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

from bot.errors import AlreadyOwned
from bot.owner import Owner, Ownership, owner_of, owning

if TYPE_CHECKING:
    from bot.owner_socket import Line
    from bot.settings import Settings

_PATIENCE = 20.0  # seconds that a command waits for another short command, or for a server that is just starting
_NOTED_EVERY = 0.5  # seconds
Show = Callable[[AsyncIterator["Line"]], Coroutine[Any, Any, int]]


def reach(settings: Settings, request: Line, show: Show) -> int:
    """Have the request done, wherever that is, and let `show` print what is told about it. Gives the exit code of `show`."""
    with _way(settings, str(request["do"])) as way:
        return asyncio.run(_shown(settings, way, request, show))


async def _shown(settings: Settings, way: Owner | Ownership, request: Line, show: Show) -> int:
    async with _lines(settings, way, request) as lines:
        return await show(lines)


@asynccontextmanager
async def _lines(settings: Settings, way: Owner | Ownership, request: Line) -> AsyncIterator[AsyncGenerator[Line, None]]:
    if isinstance(way, Owner):
        from bot.owner_socket import asking

        async with aclosing(asking(way, request)) as lines:
            yield lines
        return
    from bot.bootstrap import opened
    from bot.cli.gate import open_gate
    from bot.cli.telling import serve
    from bot.cli.trial import open_trial

    async with opened(settings, trial=open_trial, gate=open_gate) as house, aclosing(_noted(serve(house, request), way)) as lines:
        yield lines


async def _noted(lines: AsyncGenerator[Line, None], ownership: Ownership) -> AsyncGenerator[Line, None]:
    """The same lines; whoever is waiting for this process reads how far it is."""
    next_at = 0.0
    async with aclosing(lines):
        async for line in lines:
            step: Line | None = line.get("step")
            if step and time.monotonic() >= next_at:
                ownership.is_at(f"{step.get('stage', 'trying')} {step['done']:,} of {step['total']:,}")
                next_at = time.monotonic() + _NOTED_EVERY
            yield line


@contextmanager
def _way(settings: Settings, command: str) -> Iterator[Owner | Ownership]:
    """The owner to ask; or this process itself, which is the owner until the block ends."""
    with ExitStack() as stack:
        yield _owner_or_own(settings, command, stack)


def _owner_or_own(settings: Settings, command: str, stack: ExitStack) -> Owner | Ownership:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return stack.enter_context(owning(settings.data_dir, command, patience=0.1))
        except AlreadyOwned:
            owner = owner_of(settings.data_dir)
            if owner and owner.socket:
                return owner
            if time.monotonic() >= until:
                raise
