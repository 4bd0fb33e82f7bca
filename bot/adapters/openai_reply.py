"""A streamed chat completion, read: pieces of text, what it cost, and whether its end was an end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from bot.adapters.thinking import WithoutThinking
from bot.errors import WriterFailed
from bot.models import Spent

if TYPE_CHECKING:
    from openai import AsyncStream
    from openai.types.chat import ChatCompletionChunk

    Asking = Callable[[], Awaitable[AsyncStream[ChatCompletionChunk]]]

_END: Any = object()  # not None: a server may send null


class Reply:
    """What comes back for one request. Nothing is taken for granted: any server may stand behind the address."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._stream: AsyncStream[ChatCompletionChunk] | None = None
        self._speech = WithoutThinking()
        self._chunks = 0
        self._spoke = False
        self._finish = ""
        self.spent: Spent | None = None

    async def piece(self) -> str | None:
        """The next piece of text; None once the model says that it is done, or nothing more comes."""
        while not self._finish:
            chunk = await self._next()
            if chunk is _END:
                return None
            if text := self._hear(chunk):
                self._spoke = self._spoke or not text.isspace()
                return text
        return None

    async def last_words(self) -> None:
        """Read on to the very end, where the cost stands."""
        while (chunk := await self._next()) is not _END:
            self._count(chunk)

    def judge(self) -> None:
        """Raises WriterFailed unless it was a whole answer."""
        match self._finish:
            case "stop" if self._spoke:
                return
            case "length":
                raise WriterFailed("cut short")
            case "content_filter":
                raise WriterFailed("refused", "content filter")
            case "" if self._chunks:
                raise WriterFailed("broke off", "the stream ended without a reason")
            case "":
                raise WriterFailed("not an answer", "no event stream")
            case _:
                raise WriterFailed("not an answer", "empty" if self._finish == "stop" else "it ended for another reason")

    async def aclose(self) -> None:
        """Give the connection back."""
        if self._stream is not None:
            await self._stream.close()

    async def _next(self) -> ChatCompletionChunk:
        if self._stream is None:
            self._stream = await self._asking()
        await asyncio.sleep(0)  # a whole answer may arrive in one packet: everything else gets its turn between two pieces
        return await anext(self._stream, _END)

    def _hear(self, chunk: ChatCompletionChunk) -> str:
        self._count(chunk)
        choices = getattr(chunk, "choices", None)
        if not isinstance(choices, list) or not choices:
            return ""
        delta = getattr(choices[0], "delta", None)
        if getattr(delta, "refusal", None):
            raise WriterFailed("refused", "a refusal in the stream")
        content = getattr(delta, "content", None)
        text = self._speech.hear(content) if isinstance(content, str) else ""
        if finish := getattr(choices[0], "finish_reason", None):
            self._finish = str(finish)
            text += self._speech.rest()
        return text

    def _count(self, chunk: ChatCompletionChunk) -> None:
        self._chunks += 1
        usage = getattr(chunk, "usage", None)
        if usage:
            details = getattr(usage, "prompt_tokens_details", None)
            prompt, written = _tokens(usage, "prompt_tokens"), _tokens(usage, "completion_tokens")
            self.spent = Spent(prompt, min(prompt, _tokens(details, "cached_tokens")), written)


def _tokens(usage: object, name: str) -> int:
    count = getattr(usage, name, 0)
    return count if isinstance(count, int) and count > 0 else 0
