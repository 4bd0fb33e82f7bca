"""/ibid help, status, reindex; `/ibid ask` is a question like any other."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.channels.slack.blocks import Reply
from bot.channels.slack.escaping import mrkdwn
from bot.errors import NotReady, Unavailable
from bot.flows.access import alone, scope_for

if TYPE_CHECKING:
    from bot.channels.slack.desk import Desk
    from bot.channels.slack.errands import Errand
    from bot.channels.slack.reindexing import Reindexing

log = logging.getLogger(__name__)
DONE = "done"
LONGEST_WORD = 40


async def command(desk: Desk, errand: Errand, reindexing: Reindexing) -> None:
    """Do what stands after /ibid; what is not known is answered with how to find out."""
    word = errand.text.strip().partition(" ")[0].lower()
    try:
        match word:
            case "" | "help":
                await desk.whisper(errand, desk.say("help"), DONE)
            case "status":
                await desk.whisper(errand, Reply(text=await _status(desk, errand)), DONE)
            case "reindex":
                await reindexing.order(errand)
            case _:
                await desk.whisper(errand, desk.say("unknown_command", command=mrkdwn(word[:LONGEST_WORD])), DONE)
    except Unavailable as problem:
        log.warning("a command could not be done", extra={"cause": type(problem).__name__})
        await desk.apologise(errand)


async def _status(desk: Desk, errand: Errand) -> str:
    """What Ibid knows of, counted for the person who asks."""
    ibid, say = desk.ibid, desk.ibid.wording.say
    try:
        edition = await ibid.shelf.live()
        person = await ibid.directory.person(errand.user)
        documents = await ibid.shelf.count(scope_for(alone(person), await ibid.library.rules()))
    except NotReady:
        return say("status_nothing")
    if edition is None:
        return say("status_nothing")
    writer = ibid.answering.writer.name
    by = say("status_quotes") if writer == "quotes" else say("status_model", model=mrkdwn(writer))
    published = edition.published_at[:16].replace("T", " ")
    return say("status", documents=documents, edition=edition.number, published=published, writer=by)
