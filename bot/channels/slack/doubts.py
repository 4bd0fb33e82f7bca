"""What an automatic run leaves to a person is said to the admins, directly: nobody else was there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.channels.slack.blocks import Reply
from bot.channels.slack.escaping import mrkdwn
from bot.channels.slack.to_admins import tell_admins

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.automatic import Doubt
    from bot.channels.slack.desk import Desk

_WHY = {"the schedule": "automatic_by_schedule", "the watched folder": "automatic_by_folder", "a push": "automatic_by_push"}
LONGEST = 1000  # characters of a reason


async def tell_doubt(desk: Desk, admins: Collection[str], doubt: Doubt) -> None:
    """To each admin: counts, and no title. Raises SlackUnavailable when none of them could be told, so that it is tried again."""
    say = desk.ibid.wording.say
    lines = [say("automatic_needs_you", by=say(_WHY[doubt.by]))]
    if doubt.held:
        lines.append(say("automatic_held", reason=mrkdwn(doubt.held)[:LONGEST]))
    if doubt.vanished:
        lines.append(say("automatic_vanished", count=len(doubt.vanished)))
    await tell_admins(desk, admins, "automatic", Reply(text="\n".join(lines)))
