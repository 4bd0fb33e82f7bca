"""What is wrong with a prompt's file is said to the admins, directly: whoever edited it sees no log."""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import TYPE_CHECKING

from bot.channels.slack.escaping import mrkdwn
from bot.channels.slack.to_admins import tell_admins

if TYPE_CHECKING:
    from bot.channels.slack.desk import Desk

log = logging.getLogger(__name__)


async def complain(desk: Desk, admins: Collection[str], troubles: tuple[str, ...]) -> None:
    """To each admin, in one message. Raises SlackUnavailable when none of them could be told, so that it is tried again."""
    log.warning("a prompt's file needs somebody", extra={"count": len(troubles), "admins": len(admins)})
    lines = "\n".join(desk.ibid.wording.say("prompt_warning", words=mrkdwn(trouble)) for trouble in troubles)
    await tell_admins(desk, admins, "prompts", desk.say("prompt_file", troubles=lines))
