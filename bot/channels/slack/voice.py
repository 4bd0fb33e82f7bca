"""How Ibid speaks in Slack: what is said arrives once, even when Slack falters while it is said.

A call whose fate is unknown (a cut connection, a 5xx) is looked for in the thread before it is made again: every finished
message carries the delivery's key in its metadata, and a message of ours without one is a stream that was never finished.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.channels.slack.clients import TROUBLE, error_code
from bot.channels.slack.insist import Refused, insist, unknown
from bot.errors import SlackUnavailable

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.channels.slack.blocks import Reply
    from bot.channels.slack.clients import Clients
    from bot.channels.slack.introduction import Self

log = logging.getLogger(__name__)

STATUS_SECONDS = 2.0  # a status line is worth no more waiting
EVENT_TYPE = "ibid_reply"


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where something is said, to whom, and for which delivery."""

    key: str
    team: str
    user: str
    channel: str
    root: str = ""  # the message below which a reply stands
    thread: str = ""  # the same, where there is a thread already: an ephemeral below a lone message would not be shown
    asked: str = ""  # the message that is replied to: nothing of ours before it can be the reply
    response_url: str = ""


class Voice:
    """Everything that is said goes through here."""

    def __init__(self, clients: Clients, me: Self) -> None:
        self.clients = clients
        self._me = me

    async def post(self, spot: Spot, reply: Reply) -> str:
        """A message in the thread; its ts."""

        async def call() -> str:
            said = await self.clients.once.chat_postMessage(
                channel=spot.channel,
                thread_ts=spot.root or None,
                text=reply.text,
                blocks=reply.blocks,
                metadata=metadata(spot.key),
                unfurl_links=False,
                unfurl_media=False,
            )
            return str(said["ts"])

        async def already() -> str | None:
            return await self.find(spot, finished=True)

        return await insist(call, already)

    async def whisper(self, spot: Spot, reply: Reply) -> None:
        """To one person alone: where the slash command was, where the question stood, or else in their direct messages."""
        if spot.response_url and await self._respond(spot.response_url, reply):
            return

        async def call() -> bool:
            await self.clients.once.chat_postEphemeral(
                channel=spot.channel, user=spot.user, thread_ts=spot.thread or None, text=reply.text, blocks=reply.blocks
            )
            return True

        try:
            await insist(call, unknown)  # nobody can look an ephemeral up: said twice to one person is better than silence
        except Refused:
            await self.post(replace(spot, channel=spot.user, root="", thread=""), reply)

    async def rewrite(self, spot: Spot, ts: str, reply: Reply) -> None:
        """Make the message at `ts` this reply, whatever it was; a stream that is still open is closed first."""
        try:
            await self.clients.once.chat_stopStream(channel=spot.channel, ts=ts)
        except TROUBLE as problem:
            log.debug("no open stream", extra={"cause": error_code(problem)})
        await self.update(spot, ts, reply)

    async def update(self, spot: Spot, ts: str, reply: Reply) -> None:
        """Make the finished message at `ts` this reply; doing it twice changes nothing."""

        async def call() -> bool:
            await self.clients.again.chat_update(
                channel=spot.channel, ts=ts, text=reply.text, blocks=reply.blocks, metadata=metadata(spot.key)
            )
            return True

        await insist(call, unknown)

    async def remove(self, spot: Spot, ts: str) -> None:
        """Delete the message of ours at `ts`. Raises Refused or SlackUnavailable."""

        async def call() -> bool:
            await self.clients.again.chat_delete(channel=spot.channel, ts=ts)
            return True

        await insist(call, unknown)

    async def find(self, spot: Spot, *, finished: bool, others: Collection[str] = ()) -> str | None:
        """Our message for this delivery in the thread: a finished one, or a stream that was begun after the question. None: none.

        `others` are streams that are known to reply to something else.
        """
        try:
            page = await self.clients.again.conversations_replies(
                channel=spot.channel, ts=spot.root, oldest=spot.asked or spot.root, limit=200, include_all_metadata=True
            )
        except TROUBLE as problem:
            log.warning("a thread could not be read", extra={"cause": error_code(problem) or type(problem).__name__})
            return None
        mine: list[dict[str, Any]] = [message for message in page["messages"] if message.get("user") == self._me.user]
        wanted = spot.key if finished else ""
        found: list[dict[str, Any]] = [message for message in mine if key_of(message) == wanted and message["ts"] not in others]
        return str(found[-1]["ts"]) if found else None

    async def direct(self, user: str) -> str:
        """The channel of somebody's direct messages with Ibid. Raises SlackUnavailable."""
        try:
            opened = await self.clients.again.conversations_open(users=user)
        except TROUBLE as problem:
            raise SlackUnavailable(error_code(problem) or type(problem).__name__) from problem
        return str(opened["channel"]["id"])

    async def thread_of(self, channel: str, ts: str) -> str:
        """The thread that a message of ours stands in; itself where Slack does not say."""
        try:
            page = await self.clients.again.conversations_replies(channel=channel, ts=ts, limit=1)
        except TROUBLE as problem:
            log.warning("a thread could not be read", extra={"cause": error_code(problem) or type(problem).__name__})
            return ts
        found: dict[str, Any] = next((message for message in page["messages"] if message.get("thread_ts")), {})
        return str(found.get("thread_ts") or ts)

    async def status(self, spot: Spot, words: str) -> None:
        """The line below the thread that says what is going on; nothing depends on it."""
        try:
            async with asyncio.timeout(STATUS_SECONDS):
                await self.clients.again.assistant_threads_setStatus(channel_id=spot.channel, thread_ts=spot.root, status=words)
        except TROUBLE as problem:
            log.debug("no status line", extra={"cause": error_code(problem) or type(problem).__name__})

    async def _respond(self, url: str, reply: Reply) -> bool:
        said = {"response_type": "ephemeral", "text": reply.text, "blocks": reply.blocks, "unfurl_links": False, "unfurl_media": False}
        try:
            async with self.clients.session.post(url, json=said) as answer:
                return answer.status == 200
        except TROUBLE:
            return False


def metadata(key: str) -> dict[str, Any]:
    """What makes a finished message findable."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


def key_of(message: dict[str, Any]) -> str:
    """The delivery that a message of ours answers; empty for an unfinished stream."""
    return str(((message.get("metadata") or {}).get("event_payload") or {}).get("key") or "")
