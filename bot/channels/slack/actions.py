"""What people press: a source, the feedback, and 🔇."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.channels.slack.clients import TROUBLE, error_code
from bot.channels.slack.sources import read_value
from bot.channels.slack.views import gone_view, loading_view, source_view
from bot.errors import NotReady, Unavailable
from bot.flows.access import alone, scope_for
from bot.values import Place

if TYPE_CHECKING:
    from bot.channels.slack.desk import Desk
    from bot.channels.slack.errands import Errand
    from knowledge.values import Hit

log = logging.getLogger(__name__)
DONE = "done"
VERDICTS = ("up", "down")


async def show_source(desk: Desk, errand: Errand) -> None:
    """Open the modal at once (the click's permission lasts three seconds), then show what this person may see now."""
    ibid, client = desk.ibid, desk.voice.clients.again
    try:
        opened = await client.views_open(trigger_id=errand.trigger, view=loading_view(ibid.wording))
        hit = await _hit_for(desk, errand)
        shown = read_value(errand.text)
        view = source_view(hit, shown, ibid.wording, ibid.company) if hit and shown else gone_view(ibid.wording)
        await client.views_update(view_id=opened["view"]["id"], view=view)
    except TROUBLE as problem:
        log.warning("a source could not be shown", extra={"cause": error_code(problem) or type(problem).__name__})
    await desk.done(errand, DONE)


async def _hit_for(desk: Desk, errand: Errand) -> Hit | None:
    """Only the person who clicks reads the modal, whatever the answer above it was allowed to show."""
    shown = read_value(errand.text)
    if shown is None:
        return None
    try:
        person = await desk.ibid.directory.person(errand.user)
        scope = scope_for(alone(person), await desk.ibid.library.rules())
        return await desk.ibid.library.passage(shown.passage, scope)
    except (Unavailable, NotReady) as problem:
        log.warning("a source could not be looked up", extra={"cause": type(problem).__name__})
        return None


async def take_feedback(desk: Desk, errand: Errand) -> None:
    """Store the verdict; say thank you the first time, to the person alone."""
    receipt, _, verdict = errand.text.rpartition(":")
    if not receipt or verdict not in VERDICTS:
        await desk.done(errand, DONE)
        return
    await desk.ibid.ledger.feedback(receipt, await desk.ibid.directory.person(errand.user), verdict)
    if desk.thank(receipt, errand.user):
        await desk.whisper(_beside(errand), desk.say("feedback_thanks"), DONE)
    else:
        await desk.done(errand, DONE)


async def mute(desk: Desk, errand: Errand) -> None:
    """Be quiet in the thread of the message that was reacted to."""
    thread = await desk.voice.thread_of(errand.channel, errand.ts)
    place = Place(team=errand.team, channel=errand.channel, thread=thread, kind="private")
    await desk.ibid.attention.mute(place)
    await desk.whisper(_beside(errand, thread), desk.say("muted"), DONE)


def _beside(errand: Errand, thread: str = "") -> Errand:
    """The same errand, answered where it stands: a click's response_url would answer outside the thread."""
    return replace(errand, thread=thread or errand.thread, response_url="")
