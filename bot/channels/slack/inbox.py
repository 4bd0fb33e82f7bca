"""The door: what is not for Ibid is forgotten here, what is gets written down before Slack is told that it arrived.

Bolt runs this before every listener and acknowledges after it. What raises here is not acknowledged, so that Slack sends it again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from slack_bolt.response import BoltResponse

from bot.channels.slack.errands import Errand, errand_in
from bot.flows.addressed import continues

if TYPE_CHECKING:
    from bot.bootstrap import Ibid

ERRAND = "errand"  # where a listener finds it in Bolt's context


class Door:
    """Bolt's middleware."""

    def __init__(self, ibid: Ibid, bot: str) -> None:
        self._ibid = ibid
        self._bot = bot

    async def middleware(self, body: dict[str, Any], context: dict[str, Any], next_: Callable[[], Awaitable[None]]) -> BoltResponse | None:
        """Let through what is wanted of Ibid, once; acknowledge the rest."""
        errand = errand_in(body, self._bot)
        if errand is not None and not await self._concerns_nothing(errand):
            if not await self._is_for_ibid(errand) or not await self._ibid.inbox.take(errand.delivery()):
                return BoltResponse(status=200, body="")
            context[ERRAND] = errand
        await next_()
        return None

    async def _concerns_nothing(self, errand: Errand) -> bool:
        """Who joins where no reply of Ibid's stands is not noted."""
        if errand.what != "circle":
            return False
        replies = self._ibid.replies
        return not (await replies.in_channel(errand.channel) if errand.channel else await replies.channels())

    async def _is_for_ibid(self, errand: Errand) -> bool:
        if errand.addressed:
            return True
        if not (await self._ibid.rulebook.now()).follow_ups:
            return False
        return continues(errand.user, await self._ibid.attention.last(errand.place), self._ibid.clock.now())
