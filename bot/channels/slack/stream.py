"""A reply that grows in its thread sentence by sentence, and is repaired when the stream breaks: never silent, never twice."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackRequestError

from bot.channels.slack.blocks import sentence_markdown
from bot.channels.slack.clients import TROUBLE, error_code
from bot.channels.slack.insist import Refused
from bot.channels.slack.voice import metadata

if TYPE_CHECKING:
    from slack_sdk.web.async_chat_stream import AsyncChatStream

    from bot.answers import Sentence
    from bot.channels.slack.blocks import Reply
    from bot.channels.slack.voice import Spot, Voice
    from bot.wording import Wording

log = logging.getLogger(__name__)
Begun = Callable[[str], Awaitable[None]]
APART = 0.7  # seconds between two appends; sentences that come faster are joined
EVERY_TROUBLE = (*TROUBLE, SlackRequestError)


class StreamedReply:
    """One reply for all who read the thread. `begun` hears the ts of what was posted, as soon as it is known."""

    def __init__(self, voice: Voice, spot: Spot, wording: Wording, begun: Begun, ts: str = "") -> None:
        self._voice = voice
        self._spot = spot
        self._wording = wording
        self._begun = begun
        self._ts = ts
        self._stream: AsyncChatStream | None = None
        self._broken = bool(ts)  # what was begun before a crash is not streamed further
        self._held = False
        self._shown: list[Sentence] = []
        self._waiting = ""
        self._next = 0.0
        self._closing = asyncio.Event()
        self._flusher: asyncio.Task[None] | None = None

    @property
    def ts(self) -> str:
        """Where it stands; empty while nothing of it does."""
        return self._ts or (self._stream.ts if self._stream else None) or ""

    async def progress(self, words: str) -> None:
        if not self._broken and not self._shown:
            await self._voice.status(self._spot, words)

    def hold(self) -> None:
        """Stream nothing: something has to stand above it, which only a whole message has."""
        self._held = True

    def release(self, sentence: Sentence) -> None:
        """Show it now, or with what comes in the next 0.7 seconds."""
        self._shown.append(sentence)
        self._waiting += sentence_markdown(sentence, self._wording)
        if not self._broken and not self._held and (self._flusher is None or self._flusher.done()):
            self._flusher = asyncio.create_task(self._flush())

    def withdraw(self, sentence: Sentence) -> None:
        """What was streamed cannot be taken back piecewise: the whole is rewritten in the end."""
        self._shown.remove(sentence)
        self._broken = True

    async def close(self, reply: Reply, sentences: tuple[Sentence, ...]) -> None:
        """Finish with the whole reply, rewritten where something has to stand above it. Raises Refused or SlackUnavailable."""
        self._closing.set()
        if self._flusher:
            await self._flusher
        if self._shown and not self._broken and not self._held and not reply.head and self._shown == list(sentences):
            try:
                stream = await self._open()
                await stream.stop(markdown_text=self._taken() or None, blocks=list(reply.tail), metadata=metadata(self._spot.key))
            except EVERY_TROUBLE as problem:
                await self._break(problem)
            else:
                return
        await self._whole(reply)

    async def _whole(self, reply: Reply) -> None:
        if not self._ts and self._stream:  # whether a stream began is not known: its start was never answered
            await self._know(await self._voice.find(self._spot, finished=False))
        if self._ts:
            try:
                await self._voice.rewrite(self._spot, self._ts, reply)
            except Refused as problem:
                log.warning("a reply could not be changed and is said anew", extra={"cause": str(problem)})
            else:
                return
        await self._know(await self._voice.post(self._spot, reply))

    async def _flush(self) -> None:
        clock = asyncio.get_running_loop()
        while self._waiting and not self._broken:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(self._next):
                    await self._closing.wait()
            if self._closing.is_set():
                return  # the rest goes with the end
            try:
                await (await self._open()).append(markdown_text=self._taken())
            except EVERY_TROUBLE as problem:
                await self._break(problem)
            else:
                await self._know(self._stream)
            self._next = clock.time() + APART

    async def _open(self) -> AsyncChatStream:
        if self._stream is None:
            self._stream = await self._voice.clients.once.chat_stream(
                buffer_size=1,
                channel=self._spot.channel,
                thread_ts=self._spot.root,
                recipient_team_id=self._spot.team,
                recipient_user_id=self._spot.user,
            )
        return self._stream

    def _taken(self) -> str:
        taken, self._waiting = self._waiting, ""
        return taken

    async def _know(self, posted: AsyncChatStream | str | None) -> None:
        ts = posted if isinstance(posted, str) or posted is None else posted.ts
        if ts and ts != self._ts:
            self._ts = ts
            await self._begun(ts)

    async def _break(self, problem: BaseException) -> None:
        self._broken = True
        log.warning("a stream broke; the reply is finished in one piece", extra={"cause": error_code(problem) or type(problem).__name__})
        await self._know(self._stream)


class WhisperedReply:
    """One reply for the asker alone, all at once."""

    ts = ""  # nobody can look it up or change it

    def __init__(self, voice: Voice, spot: Spot) -> None:
        self._voice = voice
        self._spot = spot

    async def progress(self, words: str) -> None:
        """Nothing: a status line below the thread would tell the others."""

    def hold(self) -> None:
        """Nothing: nothing streams."""

    def release(self, sentence: Sentence) -> None:
        """Nothing: it comes with the whole."""

    def withdraw(self, sentence: Sentence) -> None:
        """Nothing: it was not shown."""

    async def close(self, reply: Reply, sentences: tuple[Sentence, ...]) -> None:  # noqa: ARG002  as StreamedReply has it
        await self._voice.whisper(self._spot, reply)
