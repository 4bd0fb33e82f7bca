"""Sends the weekly note: on Mondays at nine where the person is, once a week over any number of restarts, and only with something in it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from bot.channels.slack.desk import UNDELIVERABLE
from bot.channels.slack.indexing.note import note_reply
from bot.channels.slack.indexing.rights import shelved
from bot.channels.slack.voice import Spot
from bot.errors import SlackUnavailable, Unavailable
from bot.flows.owning import rights_of
from bot.flows.sight import sight_of
from bot.flows.weekly_note import note_for, week_due, zone

if TYPE_CHECKING:
    from bot.channels.slack.blocks import Reply
    from bot.channels.slack.desk import Desk

log = logging.getLogger(__name__)
EVERY = 600.0  # seconds between two looks
Sleep = Callable[[float], Coroutine[Any, Any, None]]


async def send_notes(desk: Desk, *, sleep: Sleep = asyncio.sleep) -> None:
    """Until cancelled."""
    while True:
        try:
            await send_due(desk)
        except Unavailable as problem:
            log.warning("weekly notes could not be looked up", extra={"cause": type(problem).__name__})
        await sleep(EVERY)


async def send_due(desk: Desk) -> int:
    """Send what is due now; how many that were. What could not be made or said is tried again at the next look."""
    sent = 0
    for user, settled in (await desk.ibid.notes.subscribers()).items():
        try:
            sent += await _send(desk, user, settled)
        except Unavailable as problem:
            log.warning("a weekly note was not sent", extra={"cause": type(problem).__name__})
    return sent


async def _send(desk: Desk, user: str, settled: str) -> bool:
    """The week is settled before the note is posted: a crash in between costs a note, and nobody gets two."""
    ibid = desk.ibid
    person = await ibid.directory.person(user)
    week = week_due(ibid.clock.now(), zone(person.timezone))
    if not week or week <= settled:
        return False
    reply = await _written(desk, user)
    channel = await desk.voice.direct(user) if reply else ""  # while Slack is away nothing is settled
    if not await ibid.notes.settle(user, week) or reply is None:
        return False
    try:
        await desk.voice.post(Spot(key=f"note/{week}/{user}", team=desk.me.team, user=user, channel=channel), reply)
    except SlackUnavailable as problem:
        log.warning("a weekly note was not delivered", extra={"cause": str(problem), "outcome": UNDELIVERABLE})
        return False
    return True


async def _written(desk: Desk, user: str) -> Reply | None:
    """None where there is nothing to say to this person, or this person is nobody to say it to any more."""
    ibid = desk.ibid
    person = await ibid.directory.person(user)
    if person.membership != "full":
        return None
    documents = await shelved(desk)
    rights = rights_of(person, documents, admin=person.admin)
    note = note_for(rights, documents, await ibid.shelf.unread(), ibid.clock.today())
    if not note:
        return None
    return note_reply(note, sight_of(person, ((one.id, one) for one in documents)), ibid.wording)
