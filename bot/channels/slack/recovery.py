"""What a process that died left open is finished once: what was begun is completed, what was not is answered now."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.channels.slack.desk import spot_of
from bot.channels.slack.errands import errand_again

if TYPE_CHECKING:
    from bot.channels.slack.desk import Desk
    from bot.channels.slack.listeners import Counter
    from bot.values import Delivery

log = logging.getLogger(__name__)
LOST = "lost"


async def recover(desk: Desk, counter: Counter) -> int:
    """Take up every open delivery; how many there were."""
    waiting = await desk.ibid.backlog.waiting()
    for delivery in waiting:
        await _take_up(desk, counter, delivery)
    if waiting:
        log.info("taking up what was left open", extra={"count": len(waiting)})
    return len(waiting)


async def _take_up(desk: Desk, counter: Counter, delivery: Delivery) -> None:
    errand = errand_again(delivery)
    if errand is None:
        await desk.ibid.inbox.close(delivery.key, LOST)
        return
    begun = delivery.reply
    if errand.what == "ask" and errand.root and not begun:
        spot = spot_of(errand)
        if await desk.voice.find(spot, finished=True):
            await desk.ibid.inbox.close(errand.key, "posted")
            return
        begun = await desk.voice.find(spot, finished=False) or ""
    counter.take_up(errand, begun)
