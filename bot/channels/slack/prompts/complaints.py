"""What is wrong with a prompt's file is said to the admins, directly: whoever edited it sees no log."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection
from typing import TYPE_CHECKING

from bot.channels.slack.escaping import mrkdwn
from bot.channels.slack.insist import Refused
from bot.channels.slack.voice import Spot
from bot.errors import SlackUnavailable

if TYPE_CHECKING:
    from bot.channels.slack.desk import Desk

log = logging.getLogger(__name__)


async def complain(desk: Desk, admins: Collection[str], troubles: tuple[str, ...]) -> None:
    """To each admin, in one message. Raises SlackUnavailable when none of them could be told, so that it is tried again."""
    log.warning("a prompt's file needs somebody", extra={"count": len(troubles), "admins": len(admins)})
    lines = "\n".join(desk.ibid.wording.say("prompt_warning", words=mrkdwn(trouble)) for trouble in troubles)
    told: list[bool] = []
    for admin in sorted(admins):
        key = hashlib.sha256(f"{admin}/{lines}".encode()).hexdigest()[:16]
        spot = Spot(key=f"prompts/{key}", team=desk.me.team, user=admin, channel=admin)
        try:
            await desk.voice.post(spot, desk.say("prompt_file", troubles=lines))
        except SlackUnavailable as problem:
            log.warning("an admin could not be told", extra={"cause": str(problem)})
            told.append(isinstance(problem, Refused))  # saying it again would not help
        else:
            told.append(True)
    if told and not any(told):
        raise SlackUnavailable("no admin could be told what is wrong with a prompt's file")
