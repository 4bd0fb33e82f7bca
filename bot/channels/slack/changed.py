"""Who got an answer that would be another one today: counted for an admin, told to each of them alone, once."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.channels.replies import in_words
from bot.channels.slack.blocks import Reply, section
from bot.channels.slack.desk import spot_of
from bot.channels.slack.errands import RECEIPT
from bot.channels.slack.escaping import mrkdwn
from bot.channels.slack.modal import button, confirmation
from bot.channels.slack.offers import private_button
from bot.errors import SlackUnavailable
from bot.flows.changed import LOOKS_BACK, Comparing, Comparison

if TYPE_CHECKING:
    from typing import Any

    from bot.channels.slack.desk import Desk
    from bot.channels.slack.errands import Errand
    from bot.flows.changed import Changed
    from bot.wording import Wording

log = logging.getLogger(__name__)
CHANGED, TELL = "changed", "tell"
DONE, REFUSED = "done", "refused"
MOST_LINES = 10  # questions in one message
LONGEST = 300


def changed_button(wording: Wording) -> dict[str, Any]:
    """For the report of a run that published something."""
    return button(RECEIPT + CHANGED, wording.say("changed_ask"), CHANGED)


async def count_changed(desk: Desk, errand: Errand) -> None:
    """How many people it is, and a button to tell them. Who they are, or what they asked, no admin is told."""
    errand = errand if errand.what == "command" else replace(errand, response_url="")
    if await desk.admin(errand) is None:
        await desk.whisper(errand, desk.say("admins_only"), REFUSED)
        return
    wording = desk.ibid.wording
    await desk.voice.whisper(spot_of(errand), desk.say("changed_looking", days=LOOKS_BACK.days))
    found = await _compared(desk)
    spot = replace(spot_of(errand), channel=await desk.voice.direct(errand.user), root="", thread="", asked="", response_url="")
    await desk.voice.post(replace(spot, key=f"{errand.key}/count"), _count_reply(found, wording))
    await desk.done(errand, DONE)


async def tell_changed(desk: Desk, errand: Errand) -> None:
    """Looked at anew: what changed back since, or was told since, is not told."""
    errand = replace(errand, response_url="")
    if await desk.admin(errand) is None:
        await desk.whisper(errand, desk.say("admins_only"), REFUSED)
        return
    told = 0
    for one in (await _compared(desk)).changed:
        told += await _tell(desk, errand, one)
    log.info("people were told that an answer has changed", extra={"by": errand.user, "people": told})
    await desk.whisper(errand, desk.say("changed_told", people=f"{told:,}"), DONE)


async def _compared(desk: Desk) -> Comparison:
    ibid = desk.ibid
    comparing = Comparing(
        library=ibid.library, answering=ibid.answering, past=ibid.past, questions=ibid.questions, clock=ibid.clock, mark=ibid.mark
    )
    return await comparing.compare(await desk.roster.everybody())


async def _tell(desk: Desk, errand: Errand, changed: Changed) -> bool:
    """Noted before it is said: a crash in between costs a message, and nobody gets two."""
    user = changed.person.id
    try:
        channel = await desk.voice.direct(user)
    except SlackUnavailable as problem:
        log.warning("somebody could not be told that an answer has changed", extra={"cause": str(problem)})
        return False  # the others are told all the same, and this one when it is asked for again
    lines: list[tuple[str, str]] = []
    for one in changed.receipts:
        asked = await desk.ibid.questions.asked(one.id, changed.person)
        if asked is not None and await desk.ibid.past.told(one.id):
            question = mrkdwn(" ".join(asked.split())[:LONGEST])
            lines.append((one.id, desk.ibid.wording.say("changed_line", date=in_words(one.opened_at.date()), question=question)))
    if not lines:
        return False
    spot = replace(spot_of(errand), key=f"{errand.key}/{user}", user=user, channel=channel, root="", thread="", asked="")
    try:
        await desk.voice.post(spot, _digest(lines, desk.ibid.wording))
    except SlackUnavailable as problem:
        log.warning("somebody could not be told that an answer has changed", extra={"cause": str(problem)})
        return False
    return True


def _digest(lines: list[tuple[str, str]], wording: Wording) -> Reply:
    """What this person asked, with a button for each that answers it again."""
    tail = [{**section(line), "accessory": private_button(receipt, wording)} for receipt, line in lines[:MOST_LINES]]
    if more := len(lines) - MOST_LINES:
        tail += [section(wording.say("changed_more_lines", count=more))] if more > 0 else []
    return Reply(text=wording.say("changed_digest"), tail=tuple(tail))


def _count_reply(found: Comparison, wording: Wording) -> Reply:
    say = wording.say
    if not found.changed:
        return Reply(text=say("changed_nobody"))
    text = say("changed_count", people=f"{len(found.changed):,}", answers=f"{found.answers:,}")
    if found.left:
        text += f"\n{say('changed_more', count=f'{found.left:,}')}"
    asked = confirmation(say("changed_tell_title"), say("changed_tell_confirm"), say("changed_tell_yes"), say("reindex_leave_it"))
    tell = button(RECEIPT + TELL, say("changed_tell"), TELL, confirm=asked)
    return Reply(text=text, tail=({"type": "actions", "elements": [tell]},))
