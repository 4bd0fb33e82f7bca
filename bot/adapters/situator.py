"""Asks a model where passages sit, on the loop that models are asked on, while the index runs in its thread."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from bot.answers import Messages, Request
from bot.errors import WhyNot, WriterFailed
from bot.flows.context import fenced

if TYPE_CHECKING:
    from concurrent.futures import Future

    from bot.ports import Writer
    from bot.prompts import Prompt
    from knowledge.situating import Placement

log = logging.getLogger(__name__)

SECONDS = 20.0  # for one line, the writer's second try included
ENOUGH = 1_000  # characters, after which it is no line, whatever follows
_ABOUT_THIS: frozenset[WhyNot] = frozenset({"refused", "cut short"})  # what a model that writes may fail with on one passage and every time


class ModelSituator:
    """The Situator port over writers. Made for one run of the index, which the prompt stays the same for."""

    def __init__(self, writers: Sequence[Writer], prompt: Prompt, loop: asyncio.AbstractEventLoop) -> None:
        self._writers = writers  # models only
        self._prompt = prompt
        self._loop = loop
        self._writes = False

    def maker(self, label: str) -> str | None:
        writer = self._writer(label)
        return f"{self._prompt.hash} {writer.name}" if writer else None

    def ask(self, placement: Placement) -> Future[str | None]:
        return asyncio.run_coroutine_threadsafe(self._line(placement), self._loop)

    def _writer(self, label: str) -> Writer | None:
        return next((writer for writer in self._writers if writer.sees({label})), None)

    async def _line(self, placement: Placement) -> str | None:
        writer = self._writer(placement.label)
        if writer is None:
            return None
        try:
            async with asyncio.timeout(SECONDS):
                written = await _written(writer, self._request(placement))
        except WriterFailed as problem:
            log.info("no line about a passage", extra={"writer": writer.name, "reason": problem.reason, "cause": str(problem)})
            return "" if self._writes and problem.reason in _ABOUT_THIS else None
        except TimeoutError:
            log.info("no line about a passage", extra={"writer": writer.name, "reason": "too slow"})
            return None
        self._writes = True
        return written

    def _request(self, placement: Placement) -> Request:
        """Documents are data: nothing in them can close the fence that they stand in."""
        told = {"place": placement.place, "document": placement.document, "passage": placement.passage}
        text = self._prompt.fill({name: fenced(words) for name, words in told.items()})
        head, _, rest = text.partition("<document>")
        messages: Messages = (("system", head.strip()), ("user", f"<document>{rest}"))
        return Request("", (), messages, self._prompt.hash, frozenset({placement.label}))


async def _written(writer: Writer, request: Request) -> str:
    text = ""
    async with aclosing(writer.write(request)) as pieces:
        async for piece in pieces:
            text += piece if isinstance(piece, str) else ""
            if len(text) > ENOUGH:
                break
    return text
