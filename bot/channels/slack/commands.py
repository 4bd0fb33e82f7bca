"""/ibid help, status, reindex, note, prompts, hold; `/ibid ask` is a question like any other."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.channels.slack.blocks import Reply
from bot.channels.slack.escaping import mrkdwn
from bot.channels.slack.indexing.note import order_note
from bot.channels.slack.my_data import not_recorded_here
from bot.channels.slack.records import order_records
from bot.errors import NotReady, Unavailable
from bot.flows.access import alone, scope_for

if TYPE_CHECKING:
    from bot.bootstrap import Ibid
    from bot.channels.slack.desk import Desk
    from bot.channels.slack.errands import Errand
    from bot.channels.slack.holds import Holding
    from bot.channels.slack.indexing.ordering import Reindexing
    from bot.channels.slack.prompts.admin import Prompting
    from bot.values import CacheStats
    from bot.wording import Wording

log = logging.getLogger(__name__)
DONE = "done"
LONGEST_WORD = 40
KINDS = ("answer", "context", "embedding")


async def command(desk: Desk, errand: Errand, reindexing: Reindexing, prompting: Prompting, holding: Holding) -> None:
    """Do what stands after /ibid; what is not known is answered with how to find out."""
    word = errand.text.strip().partition(" ")[0].lower()
    try:
        match word:
            case "" | "help":
                await desk.whisper(errand, Reply(text=desk.ibid.wording.say("help") + await not_recorded_here(desk, errand)), DONE)
            case "status":
                await desk.whisper(errand, Reply(text=await _status(desk, errand)), DONE)
            case "reindex":
                await reindexing.order(errand)
            case "note":
                await order_note(desk, errand)
            case "prompts":
                await prompting.order(errand)
            case "hold":
                await holding.order(errand)
            case "my-data" | "privacy" | "data-of" | "changed":
                await order_records(desk, errand, word)
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
        scope = scope_for(alone(person), await ibid.library.rules())
        documents = sum(scope.allows(document.rule.label) for document in await ibid.shelf.documents())
    except NotReady:
        return say("status_nothing")
    if edition is None:
        return say("status_nothing")
    published = edition.published_at[:16].replace("T", " ")
    told = say("status", documents=documents, edition=edition.number, published=published, writer=_writers(ibid))
    if await desk.admin(errand) is None:
        return told  # hits that go up by one when something is asked would tell that somebody asked the same before
    return f"{told}\n{cache_text(await ibid.cache.stats(), ibid.wording)}"


def _writers(ibid: Ibid) -> str:
    """Who writes, first to last; the quotes behind them are no model."""
    models = [mrkdwn(writer.name) for writer in ibid.answering.writing.writers[:-1]]
    if not models:
        return ibid.wording.say("status_quotes")
    first, others = models[0], ", ".join(models[1:])
    return ibid.wording.say("status_models", model=first, others=others) if others else ibid.wording.say("status_model", model=first)


def cache_text(stats: CacheStats, wording: Wording) -> str:
    """Where repeated context is kept, and how often that helped."""
    if not stats.reachable:
        return wording.say("status_cache_away", where=mrkdwn(stats.where))
    rates = []
    for kind in KINDS:
        hits, asked = stats.hits.get(kind, 0), stats.hits.get(kind, 0) + stats.misses.get(kind, 0)
        rates.append(wording.say(f"status_cache_{kind}", hits=hits, asked=asked))
    return wording.say("status_cache", where=mrkdwn(stats.where), entries=stats.entries, rates=", ".join(rates))
