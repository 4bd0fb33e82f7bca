"""Asks a model that sees what pictures in documents show, on the loop that models are asked on, while the index runs in its thread.

This module loads the `openai` package, which takes a second: it is imported in a thread, not on the loop.
"""

from __future__ import annotations

import asyncio
import logging
from base64 import b64encode
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.adapters.openai_writer import OpenAIWriter
from bot.adapters.patience import Patience
from bot.answers import Messages, Request
from bot.errors import WhyNot, WriterFailed

if TYPE_CHECKING:
    from concurrent.futures import Future

    import httpx

    from bot.models import Model
    from bot.prompts import Prompt
    from knowledge.reading.pictures import Picture

log = logging.getLogger(__name__)

PATIENCE = Patience(first=30.0, gap=10.0, whole=45.0)  # a picture takes longer to look at than a question to read
SECONDS = 50.0  # for one picture, the second try included
ENOUGH = 4_000  # characters, after which it is no description, whatever follows
_ASKED = "What does this picture show?"
_ABOUT_THIS: frozenset[WhyNot] = frozenset({"refused", "cut short"})  # what a model that sees may fail with on one picture and every time


@dataclass(frozen=True)
class _Shown(Request):
    """A request with a picture beside its words."""

    picture: str = ""  # as a data: address


class SeeingWriter(OpenAIWriter):
    """The writer, for requests with a picture."""

    def _messages(self, request: Request) -> list[dict[str, Any]]:
        told = super()._messages(request)
        if isinstance(request, _Shown):
            shown = {"type": "image_url", "image_url": {"url": request.picture}}
            told[-1]["content"] = [{"type": "text", "text": told[-1]["content"]}, shown]
        return told


class ModelDescriber:
    """The Describer port over one model. Made for one run of the index, which the prompt stays the same for."""

    def __init__(self, model: Model, prompt: Prompt, loop: asyncio.AbstractEventLoop, http: httpx.AsyncClient | None = None) -> None:
        self._model = model
        self._writer = SeeingWriter(model, PATIENCE, http)
        self._prompt = prompt
        self._loop = loop
        self._sees = False  # it has described a picture: what it refuses now is about one picture

    @property
    def identity(self) -> str:
        return f"{self._prompt.hash} {self._model.name}"

    @property
    def standing(self) -> str:
        return f"{self.identity} {' '.join(sorted(self._model.may_see))}"

    def sees(self, label: str) -> bool:
        return self._model.sees({label})

    def describe(self, picture: Picture, label: str) -> Future[str | None]:
        return asyncio.run_coroutine_threadsafe(self._describe(picture, label), self._loop)

    async def _describe(self, picture: Picture, label: str) -> str | None:
        if not self.sees(label):
            return None
        try:
            async with asyncio.timeout(SECONDS):
                written = await self.look_at(picture, label)
        except WriterFailed as problem:
            log.info("no description of a picture", extra={"writer": self._model.name, "reason": problem.reason, "cause": str(problem)})
            return "" if self._sees and problem.reason in _ABOUT_THIS else None
        except TimeoutError:
            log.info("no description of a picture", extra={"writer": self._model.name, "reason": "too slow"})
            return None
        self._sees = True
        return written

    async def look_at(self, picture: Picture, label: str) -> str:
        """What it says. Raises WriterFailed."""
        address = f"data:image/{picture.kind};base64,{b64encode(picture.content).decode()}"
        messages: Messages = (("system", self._prompt.text), ("user", _ASKED))
        request = _Shown("", (), messages, self._prompt.hash, frozenset({label}), picture=address)
        text = ""
        async with aclosing(self._writer.write(request)) as pieces:
            async for piece in pieces:
                text += piece if isinstance(piece, str) else ""
                if len(text) > ENOUGH:
                    break
        return text
