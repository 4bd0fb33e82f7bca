"""What a process that died left open is finished once: what was begun is completed, what was not is answered now."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot.channels.slack.desk import spot_of
from bot.channels.slack.errands import errand_again
from bot.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.channels.slack.desk import Desk
    from bot.channels.slack.listeners import Counter
    from bot.values import Delivery

log = logging.getLogger(__name__)
LOST = "lost"


async def recover(desk: Desk, counter: Counter, only: Collection[str] | None = None) -> int:
    """Take up every open delivery, or those with these keys; how many there were."""
    everything = await desk.ibid.backlog.waiting()
    waiting = [delivery for delivery in everything if only is None or delivery.key in only]
    begun = {delivery.reply for delivery in everything if delivery.reply}  # two questions of a thread never finish one message
    for delivery in waiting:
        begun.add(await _take_up(desk, counter, delivery, begun))
    if waiting:
        log.info("taking up what was left open", extra={"count": len(waiting)})
    return len(waiting)


async def try_again(desk: Desk, counter: Counter, every: float) -> None:
    """Until cancelled: what Slack did not let be said is said when it does, without waiting for a restart."""
    while True:
        await asyncio.sleep(every)
        keys = frozenset(desk.unsaid)
        if not keys:
            continue
        try:
            await recover(desk, counter, keys)
        except Unavailable as problem:
            log.warning("what is unsaid could not be looked up", extra={"cause": type(problem).__name__})
        else:
            desk.unsaid.difference_update(keys)


async def _take_up(desk: Desk, counter: Counter, delivery: Delivery, others: set[str]) -> str:
    """The ts of what had been begun for it; empty where that is nothing."""
    errand = errand_again(delivery)
    if errand is None:
        await desk.ibid.inbox.close(delivery.key, LOST)
        return ""
    begun = delivery.reply
    if errand.what in ("ask", "offer") and errand.root and not begun:
        spot = spot_of(errand)
        if await desk.voice.find(spot, finished=True):
            await desk.ibid.inbox.close(errand.key, "posted")
            return ""
        if errand.what == "ask":  # an unfinished stream after a click need not be the click's
            begun = await desk.voice.find(spot, finished=False, others=others) or ""
    counter.take_up(errand, begun)
    return begun
