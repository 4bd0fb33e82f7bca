"""What the command line is told about an answer, a run of the index or a prompt: JSON lines, the same from this process or the owner's."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import asdict
from typing import TYPE_CHECKING

from bot.cli.telling_access import tell_access
from bot.cli.telling_answer import Asked, tell_answer
from bot.cli.telling_holds import tell_holds
from bot.cli.telling_index import tell_erase, tell_index, tell_undo
from bot.cli.telling_prompts import tell_prompts
from bot.cli.telling_receipt import tell_receipt
from bot.errors import IbidError

if TYPE_CHECKING:
    from bot.bootstrap import House
    from bot.owner_socket import Line
    from bot.ports import CacheKeeper


async def serve(house: House, request: Line) -> AsyncGenerator[Line, None]:
    """Do what a request says: the `do` of the owner's socket."""
    if request.get("do") == "ask":
        await house.library.ready()  # what keeps the documents closed is the operator's to read, not "something went wrong"
        lines = tell_answer(house.ibid, await house.people.now(), Asked(**_texts(request, "text", "person", "channel")))
    elif request.get("do") == "access":
        lines = tell_access(house, request)
    elif request.get("do") == "index":
        lines = tell_index(house, request)
    elif request.get("do") == "undo":
        lines = tell_undo(house, request)
    elif request.get("do") == "erase":
        lines = tell_erase(house, request)
    elif request.get("do") == "hold":
        lines = tell_holds(house, request)
    elif request.get("do") == "receipt":
        lines = tell_receipt(house, request)
    elif request.get("do") == "prompts":
        lines = tell_prompts(house, request)
    elif request.get("do") == "cache":
        lines = tell_cache(house.ibid.cache, clear=bool(request.get("clear")))
    else:
        raise IbidError(f"The running process does not know how to {request.get('do')!r}; is it another version?")
    async with aclosing(lines):
        async for line in lines:
            yield line


async def tell_cache(cache: CacheKeeper, *, clear: bool) -> AsyncGenerator[Line, None]:
    """What it holds, or how much it has forgotten."""
    if clear:
        yield {"cleared": await cache.clear(), "where": (await cache.stats()).where}
    else:
        yield {"cache": asdict(await cache.stats())}


def _texts(request: Line, *names: str) -> dict[str, str]:
    return {name: str(request.get(name) or "") for name in names}
