"""Says something to each admin, directly."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection
from typing import TYPE_CHECKING

from bot.channels.slack.insist import Refused
from bot.channels.slack.voice import Spot
from bot.errors import SlackUnavailable

if TYPE_CHECKING:
    from bot.channels.slack.blocks import Reply
    from bot.channels.slack.desk import Desk

log = logging.getLogger(__name__)


async def tell_admins(desk: Desk, admins: Collection[str], about: str, reply: Reply) -> None:
    """One message to each. Raises SlackUnavailable when none of them could be told, so that it is tried again."""
    told: list[bool] = []
    for admin in sorted(admins):
        key = hashlib.sha256(f"{admin}/{reply.text}".encode()).hexdigest()[:16]
        spot = Spot(key=f"{about}/{key}", team=desk.me.team, user=admin, channel=admin)
        try:
            await desk.voice.post(spot, reply)
        except SlackUnavailable as problem:
            log.warning("an admin could not be told", extra={"cause": str(problem)})
            told.append(isinstance(problem, Refused))  # saying it again would not help
        else:
            told.append(True)
    if told and not any(told):
        raise SlackUnavailable(f"no admin could be told about {about}")
