"""A model behind any OpenAI-compatible address writes: streaming, one retry layer, one deadline, and no end that is not an end.

This module loads the `openai` package, which takes a second: it is imported in a thread, not on the loop.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from contextlib import aclosing, suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx
import openai
from openai.resources.chat import AsyncCompletions  # by name: touched as an attribute it would be loaded on the loop

from bot.adapters.openai_client import connect, limit_name, without_login
from bot.adapters.openai_failures import trouble
from bot.adapters.openai_reply import Reply
from bot.adapters.patience import Patience, Waiting

if TYPE_CHECKING:
    from openai import AsyncStream
    from openai.types.chat import ChatCompletionChunk

    from bot.answers import Request
    from bot.models import Model, Spent

log = logging.getLogger(__name__)

LONGEST = 700  # tokens of an answer
PATIENCE = Patience()

# What asking and reading can raise. ValueError: JSON and UTF-8; RecursionError: JSON that is nothing but brackets.
_TROUBLE = (openai.OpenAIError, httpx.HTTPError, httpx.StreamError, ValueError, RecursionError, TimeoutError)


class OpenAIWriter:
    """The Writer port over chat completions."""

    def __init__(
        self,
        model: Model,
        patience: Patience = PATIENCE,
        http: httpx.AsyncClient | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Whoever gives `http` closes it. Without, the writer has its own, which goes through no proxy."""
        self._model = model
        self._patience = patience
        self._own = None if http else httpx.AsyncClient(trust_env=False)
        self._completions: AsyncCompletions = connect(model, http or self._own, patience.whole).chat.completions
        self._sleep = sleep
        self._plain = False  # this server took the bare question after it had refused all that is asked for beside it

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def signature(self) -> str:
        """Without the key: whoever pays, the same model writes the same."""
        if not self._model.remember:
            return ""
        sampling = "as it likes" if self._plain else f"temperature {self._model.temperature}, at most {LONGEST} tokens"
        return f"{self._model.name} at {without_login(self._model.url)} {self._model.api_version}: {sampling}"

    def sees(self, labels: Collection[str]) -> bool:
        return self._model.sees(labels)

    async def write(self, request: Request) -> AsyncGenerator[str | Spent, None]:
        waiting = Waiting(self._patience)
        plain = self._plain
        for last in (False, True):
            async with aclosing(Reply(partial(self._ask, request, plain=plain))) as reply:
                try:
                    while (piece := await waiting.bear(reply.piece())) is not None:
                        waiting.piece()
                        yield piece
                except _TROUBLE as problem:
                    why = trouble(problem)
                else:
                    self._plain = plain
                    await self._last_words(reply)
                    if reply.spent:
                        yield reply.spent
                    reply.judge()
                    return
            if last or waiting.heard or why.again_in is None or why.again_in >= waiting.left:
                break
            log.info("a model is asked once more", extra={"writer": self.name, "reason": why.failed.reason, "cause": str(why.failed)})
            plain = plain or why.with_less
            with waiting.counted():
                await self._sleep(why.again_in)
        raise why.failed  # out here, so that the client's own error, which repeats what the server said, does not hang on it

    async def close(self) -> None:
        if self._own:
            await self._own.aclose()

    async def _ask(self, request: Request, *, plain: bool) -> AsyncStream[ChatCompletionChunk]:
        messages: Any = self._messages(request)
        wishes = {} if plain else _wishes(self._model)
        stream: AsyncStream[ChatCompletionChunk]
        stream = await self._completions.create(model=self.name, messages=messages, stream=True, **wishes)
        return stream

    def _messages(self, request: Request) -> list[dict[str, Any]]:
        return [{"role": role, "content": text} for role, text in request.messages]

    async def _last_words(self, reply: Reply) -> None:
        """What it cost comes after the answer: it is not waited for long, and that it fails to come spoils nothing."""
        with suppress(*_TROUBLE):
            async with asyncio.timeout(self._patience.after):
                await reply.last_words()


def _wishes(model: Model) -> dict[str, Any]:
    """What is asked for beside an answer; not every server knows all of it."""
    wishes = {"stream_options": {"include_usage": True}, limit_name(model): LONGEST}
    return wishes if model.temperature is None else {**wishes, "temperature": model.temperature}
