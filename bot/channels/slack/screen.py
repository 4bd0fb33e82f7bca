"""The modal in which an errand is answered: opened by a click, pushed when one was sent, or the one that was clicked in."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot.channels.slack.clients import TROUBLE, error_code
from bot.channels.slack.insist import Refused, insist, unknown

if TYPE_CHECKING:
    from bot.channels.slack.errands import Errand
    from bot.channels.slack.modal import View
    from bot.channels.slack.voice import Voice

log = logging.getLogger(__name__)
GONE = "not_found"
PAUSES = (0.2, 0.5, 1.0, 2.0)  # seconds: a pushed modal is there only once Slack has read the acknowledgement that brings it


class Screen:
    """Where to draw."""

    def __init__(self, voice: Voice, *, view: str = "", pushed: str = "") -> None:
        self._clients = voice.clients
        self.view = view  # Slack's id
        self._pushed = pushed  # our own, until Slack's is known

    async def open(self, errand: Errand, view: View) -> bool:
        """At once: the click's permission lasts three seconds. False when that is over."""
        try:
            opened = await self._clients.again.views_open(trigger_id=errand.trigger, view=view)
        except TROUBLE as problem:
            log.warning("a modal could not be opened", extra={"cause": error_code(problem) or type(problem).__name__})
            return False
        self.view = str(opened["view"]["id"])
        return True

    async def show(self, view: View) -> bool:
        """Draw it. False when the modal is closed. Raises SlackUnavailable."""
        for pause in (*PAUSES, None):
            try:
                await insist(lambda: self._draw(view), unknown)
            except Refused as problem:
                if str(problem) != GONE:
                    raise
                if self.view or pause is None:
                    return False
            else:
                return True
            await asyncio.sleep(pause)
        return False

    async def _draw(self, view: View) -> bool:
        whose = {"view_id": self.view} if self.view else {"external_id": self._pushed}
        drawn = await self._clients.again.views_update(view=view, **whose)
        self.view = str(drawn["view"]["id"])
        return True


def pushed_by(errand: Errand) -> str:
    """What the modal is called that the acknowledgement of an errand pushes."""
    return f"pushed-{errand.key}"
