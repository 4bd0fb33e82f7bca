"""Drafts as they come from a writer: made once for all who ask the same at once, and remembered when they were whole and proved.

The key is the hash of the exact request, what decides how the writer writes, and the check's version: a passage that was edited,
denied or meant for others makes another request, so that nothing ever needs to be invalidated.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field

from bot.answers import Request
from bot.errors import WriterFailed
from bot.flows import ground
from bot.models import Spent
from bot.ports import Cache, Writer

KEPT = 7 * 24 * 3600  # seconds
LARGEST = 64 * 1024  # characters: what is longer is no answer
TO_STOP = 1.0  # seconds that a writer gets to stop before its reader goes on without waiting for that


class Draft:
    """What a writer has written so far, for any number of readers, each with a patience of its own."""

    def __init__(self, key: str, remembered: str | None = None) -> None:
        self.key = key
        self.remembered = remembered is not None
        self.kept = self.remembered
        self.spent: Spent | None = None
        self._pieces = [remembered] if remembered is not None else []
        self._more = asyncio.Event()
        self._work: asyncio.Task[None] | None = None
        self._readers = 0

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    @property
    def failed(self) -> bool:
        """Whether it has ended, and not well."""
        return self._work is not None and self._work.done() and (self._work.cancelled() or self._work.exception() is not None)

    def begin(self, writer: Writer, request: Request) -> None:
        """Have it written, for as long as somebody reads it."""
        self._work = asyncio.create_task(self._write(writer, request))
        self._work.add_done_callback(self._ended)

    async def pieces(self, until: float) -> AsyncGenerator[str, None]:
        """From the beginning to the end, waited for until then by the loop's clock. Raises what the writer raises, and WriterFailed."""
        read = 0
        while True:
            while read < len(self._pieces):
                read += 1
                yield self._pieces[read - 1]
            if self._work is None:
                return
            if self._work.done():
                break
            try:
                async with asyncio.timeout_at(until):
                    await self._more.wait()
            except TimeoutError as problem:
                raise WriterFailed("too slow", "the time for one answer is over") from problem
        if self._work.cancelled():
            raise WriterFailed("broke off", "it was stopped")  # nobody stopped who reads: that would look like the reader's own end
        self._work.result()

    async def _write(self, writer: Writer, request: Request) -> None:
        room = LARGEST
        async with aclosing(writer.write(request)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Spent):
                    self.spent = piece
                    continue
                room -= len(piece)
                if room < 0:
                    raise WriterFailed("not an answer", "it does not end")
                self._pieces.append(piece.encode("utf-8", "replace").decode())  # half an emoji is a character that no library takes
                self._wake()

    def _ended(self, work: asyncio.Task[None]) -> None:
        if not work.cancelled():
            work.exception()  # looked at: every reader may have left before the end
        self._wake()

    def _wake(self) -> None:
        self._more.set()
        self._more = asyncio.Event()

    def join(self) -> None:
        self._readers += 1

    def leave(self) -> bool:
        """True for the last reader."""
        self._readers -= 1
        return not self._readers

    async def stop(self) -> None:
        """What is still being written is written for nobody."""
        if self._work and not self._work.done():
            self._work.cancel()
            await asyncio.wait({self._work}, timeout=TO_STOP)


@dataclass(frozen=True)
class Drafts:
    """Hands out drafts."""

    cache: Cache
    _under_way: dict[str, Draft] = field(default_factory=dict)

    @asynccontextmanager
    async def reading(self, writer: Writer, request: Request, ahead: tuple[str, bytes] | None = None) -> AsyncIterator[Draft]:
        """The draft for this request: remembered, being written for somebody else, or begun now. `ahead`: a key and bytes read already."""
        key = answer_key(writer, request)
        remembered = None
        if writer.signature and key not in self._under_way:
            remembered = ahead[1] if ahead and ahead[0] == key else await self.cache.get(key)
        draft = self._under_way.get(key)  # looked up after the cache: somebody may have begun meanwhile
        if draft is None and remembered:
            draft = Draft(key, remembered.decode("utf-8", "replace"))
        elif draft is None or draft.failed:  # who comes after a failure is not to share it
            draft = self._under_way[key] = Draft(key)
            draft.begin(writer, request)
        draft.join()
        try:
            yield draft
        finally:
            if draft.leave():
                if self._under_way.get(key) is draft:  # first, so that whoever comes while it stops begins anew
                    del self._under_way[key]
                await draft.stop()

    async def keep(self, writer: Writer, draft: Draft) -> None:
        """Remember a whole draft that held. Raises nothing."""
        if writer.signature and not draft.kept:
            draft.kept = True
            await self.cache.put(draft.key, draft.text.encode(), KEPT)

    async def forget(self, draft: Draft) -> None:
        """One that was remembered and does not hold. Raises nothing."""
        if draft.remembered:
            await self.cache.put(draft.key, b"", 1)


def answer_key(writer: Writer, request: Request) -> str:
    """Equal only for the exact same words to the same model, checked in the same way. What is no model reads the hits' figures, too."""
    beside = "" if writer.signature else repr((request.sources, request.parts))
    made = json.dumps([ground.VERSION, writer.name, writer.signature, request.messages, beside])
    return f"answer:{hashlib.sha256(made.encode('utf-8', 'surrogatepass')).hexdigest()}"


async def lines(draft: Draft, until: float) -> AsyncGenerator[str, None]:
    """Whole lines, as they come."""
    begun: list[str] = []
    async with aclosing(draft.pieces(until)) as pieces:
        async for piece in pieces:
            first, *others = piece.split("\n")
            begun.append(first)
            for other in others:
                line, begun = "".join(begun), [other]
                if line.strip():
                    yield line
    rest = "".join(begun)
    if rest.strip():
        yield rest
