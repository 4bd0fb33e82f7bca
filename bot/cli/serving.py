"""What `serve` and `demo` share: Slack's side of the bot, answering the owner's socket, and ending when told to."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.bootstrap import opened
from bot.cli import telling
from bot.cli.command import settle
from bot.cli.gate import open_gate
from bot.cli.trial import open_trial
from bot.owner_socket import listening

if TYPE_CHECKING:
    from bot.bootstrap import House
    from bot.owner import Ownership
    from bot.settings import Settings


@asynccontextmanager
async def house_with_a_door(settings: Settings, ownership: Ownership) -> AsyncIterator[House]:
    """The bot, and the socket for `ibid ask` and `ibid index`."""
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(opened(settings, trial=open_trial, gate=open_gate))
        await stack.enter_async_context(listening(settings.data_dir, ownership, partial(telling.serve, house)))
        yield house


async def serve_slack(house: House) -> None:
    """Until cancelled. Raises what stops the start: tokens that Slack refuses, weights that are not there."""
    from bot.channels.slack.app import serve

    opening, serving = asyncio.create_task(house.library.ready()), asyncio.create_task(serve(house.ibid))
    try:
        done, _ = await asyncio.wait({opening, serving}, return_when=asyncio.FIRST_COMPLETED)
        if opening in done:
            opening.result()
            settle()
        await serving
    finally:
        for task in (opening, serving):
            task.cancel()
        await asyncio.gather(opening, serving, return_exceptions=True)


def run_until_told(work: Coroutine[Any, Any, None]) -> int:
    """Run until it ends, or until Ctrl-C, a terminal that closes, or SIGTERM; then everything that was opened is closed."""
    asyncio.run(_until_told(work))
    return 0


async def _until_told(work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    told = False

    def stop() -> None:
        nonlocal told
        told = True
        task.cancel()

    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(name, stop)
    try:
        await task
    except asyncio.CancelledError:
        if not told:
            raise
