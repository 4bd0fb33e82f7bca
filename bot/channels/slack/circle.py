"""When more people can read a channel than before: what Ibid said there and not all of them may read is taken back.

Who may read it gets it again, alone, by a button. A reply that is taken back rests on nothing any more, so that it is taken back once.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.channels.slack.blocks import Reply
from bot.channels.slack.insist import Refused
from bot.channels.slack.offers import private_button
from bot.channels.slack.voice import Spot
from bot.errors import DirectoryUnavailable, Unavailable
from bot.flows.access import outgrown
from bot.flows.resting import EVERYONE

if TYPE_CHECKING:
    from bot.channels.slack.desk import Desk
    from bot.channels.slack.errands import Errand
    from bot.values import ChannelFacts, StandingReply

log = logging.getLogger(__name__)
DONE = "done"
APART = 2.0  # seconds between two channels
EVERY = 3600.0  # seconds between two looks that no event asked for
_GONE = ("message_not_found", "channel_not_found")


async def look_again(desk: Desk, errand: Errand) -> None:
    """At the replies in one channel, or in all of them; what cannot be looked at now is looked at again."""
    try:
        if errand.channel:
            await _look_at(desk, errand.channel, somebody_came=True)
        else:
            await look_everywhere(desk, only_groups=True)
    except Unavailable as problem:
        log.warning("the readers of standing replies could not be looked at", extra={"cause": type(problem).__name__})
        desk.unsaid.add(errand.key)
    else:
        await desk.done(errand, DONE)


async def look_everywhere(desk: Desk, *, only_groups: bool = False) -> None:
    """A channel that Slack does not tell of, such as one that Ibid was taken out of, keeps no other from being looked at.

    `only_groups`: what every employee may read does not depend on groups. One at a time, so that questions meet no limit of Slack's.
    """
    apart = 0.0
    for channel in sorted(await desk.ibid.replies.channels()):
        replies = await desk.ibid.replies.in_channel(channel)
        if not any(reply.labels - {EVERYONE} if only_groups else reply.labels for reply in replies):
            continue
        await asyncio.sleep(apart)
        apart = APART
        try:
            await _look_at(desk, channel, somebody_came=False)
        except Unavailable as problem:
            log.warning("the readers of standing replies could not be looked at", extra={"cause": type(problem).__name__})


async def look_now_and_then(desk: Desk, every: float = EVERY) -> None:
    """Until cancelled: events get lost, accounts become guests, grants end, and no event says so."""
    while True:
        try:
            await look_everywhere(desk)
        except Unavailable as problem:
            log.warning("standing replies could not be looked up", extra={"cause": type(problem).__name__})
        await asyncio.sleep(every)


async def stand(desk: Desk, reply: StandingReply) -> None:
    """Note where a reply stands; and look at once whether somebody came while it was being posted."""
    await desk.ibid.replies.stands(reply)
    if outgrown(reply.labels, await _facts(desk, reply.place.channel)):
        await _take_back(desk, reply)


async def _look_at(desk: Desk, channel: str, *, somebody_came: bool) -> None:
    """Where nobody is known to have come, nothing is taken back because Slack, or the people file, cannot be read for a while."""
    standing = [reply for reply in await desk.ibid.replies.in_channel(channel) if reply.labels]
    if not standing:
        return
    facts = await _facts(desk, channel)
    for reply in standing:
        if outgrown(reply.labels, facts, for_sure=not somebody_came):
            await _take_back(desk, reply)


async def _facts(desk: Desk, channel: str) -> ChannelFacts:
    """Raises DirectoryUnavailable also where Slack tells only half: what was taken back on a guess is gone for those who may read it."""
    facts = await desk.ibid.directory.channel(channel)
    if facts.kind is None or facts.members is None:
        raise DirectoryUnavailable("who reads a channel is not known")
    return facts


async def _take_back(desk: Desk, reply: StandingReply) -> None:
    """Doing it twice changes nothing. The note stays, without labels: by it the button knows that the reply stood there."""
    place, wording = reply.place, desk.ibid.wording
    spot = Spot(key=f"circle/{reply.receipt}", team=place.team, user="", channel=place.channel, root=place.thread or "")
    button = {"type": "actions", "elements": [private_button(reply.receipt, wording)]}
    try:
        await desk.voice.update(spot, reply.ts, Reply(text=wording.say("circle_grown"), tail=(button,)))
    except Refused as problem:
        if str(problem) in _GONE:
            await desk.ibid.replies.gone(reply.receipt)
            return
        await _delete(desk, spot, reply, str(problem))
        return
    log.info("the circle of readers has grown: a reply was taken back", extra={"receipt": reply.receipt})
    await desk.ibid.replies.stands(replace(reply, labels=frozenset()))


async def _delete(desk: Desk, spot: Spot, reply: StandingReply, why: str) -> None:
    """Where Slack lets nothing be changed any more. Where it lets nothing be deleted either, the note stays, and it is tried again."""
    try:
        await desk.voice.remove(spot, reply.ts)
    except Refused as problem:
        if str(problem) not in _GONE:
            log.error(  # noqa: TRY400  # Slack's codes are all there is
                "slack does not let a reply be taken back", extra={"receipt": reply.receipt, "cause": f"{why}, {problem}"}
            )
            return
    log.info("a reply was deleted, as it could not be changed", extra={"receipt": reply.receipt, "cause": why})
    await desk.ibid.replies.gone(reply.receipt)
