"""How a short command gets at the documents: through the process that owns them, or by owning them itself for a moment."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Iterator
from contextlib import ExitStack, aclosing, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

from bot.errors import AlreadyOwned
from bot.owner import Owner, owner_of, owning

if TYPE_CHECKING:
    from bot.owner_socket import Line
    from bot.settings import Settings

_PATIENCE = 20.0  # seconds that a command waits for another short command, or for a server that is just starting
Show = Callable[[AsyncIterator["Line"]], Coroutine[Any, Any, int]]


def reach(settings: Settings, request: Line, show: Show) -> int:
    """Have the request done, wherever that is, and let `show` print what is told about it. Gives the exit code of `show`."""
    with _way(settings, str(request["do"])) as owner:
        return asyncio.run(_shown(settings, owner, request, show))


async def _shown(settings: Settings, owner: Owner | None, request: Line, show: Show) -> int:
    async with _lines(settings, owner, request) as lines:
        return await show(lines)


@asynccontextmanager
async def _lines(settings: Settings, owner: Owner | None, request: Line) -> AsyncIterator[AsyncGenerator[Line, None]]:
    if owner is not None:
        from bot.owner_socket import asking

        async with aclosing(asking(owner, request)) as lines:
            yield lines
        return
    from bot.bootstrap import opened
    from bot.cli.telling import serve
    from bot.cli.trial import open_trial

    async with opened(settings, trial=open_trial) as house, aclosing(serve(house, request)) as lines:
        yield lines


@contextmanager
def _way(settings: Settings, command: str) -> Iterator[Owner | None]:
    """The owner to ask; None when this process is the owner until the block ends."""
    with ExitStack() as stack:
        yield _owner_or_own(settings, command, stack)


def _owner_or_own(settings: Settings, command: str, stack: ExitStack) -> Owner | None:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            stack.enter_context(owning(settings.data_dir, command, patience=0.1))
        except AlreadyOwned:
            owner = owner_of(settings.data_dir)
            if owner and owner.socket:
                return owner
            if time.monotonic() >= until:
                raise
        else:
            return None
