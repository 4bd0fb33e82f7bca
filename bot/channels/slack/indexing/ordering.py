"""/ibid reindex and its buttons: who presses is looked at again each time, and so is whether what the button meant still holds."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.channels.slack.blocks import Reply
from bot.channels.slack.escaping import mrkdwn
from bot.channels.slack.indexing.rights import rights_in
from bot.channels.slack.indexing.runs import Runs
from bot.channels.slack.indexing.undoing import GO_BACK
from bot.channels.slack.indexing.undos import Undos
from bot.channels.slack.indexing.wishes import Wish, wish_in, wish_of

if TYPE_CHECKING:
    from bot.channels.slack.desk import Desk
    from bot.channels.slack.errands import Errand
    from bot.flows.owning import Rights

log = logging.getLogger(__name__)
DONE, REFUSED = "done", "refused"
LONGEST_WORDS = 60


class Reindexing:
    """Takes orders for the index."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._say = desk.ibid.wording.say
        self._runs = Runs(desk)
        self._undos = Undos(desk)

    async def order(self, errand: Errand) -> None:
        """`/ibid reindex [source] [plan|undo]`."""
        rights = await rights_in(self._desk, errand)
        if not rights.any:
            await self._whisper(errand, self._say("reindex_not_yours"))
            return
        sources = self._desk.ibid.indexing.sources()
        wish = wish_of(errand.text.split()[1:], sources)
        if isinstance(wish, str):
            known = self._say("reindex_sources", sources=mrkdwn(", ".join(sources))) if sources else self._say("reindex_one_source")
            await self._whisper(errand, self._say("reindex_unknown", words=mrkdwn(wish[:LONGEST_WORDS]), sources=known))
            return
        await self._begin(errand, rights, wish if rights.admin else replace(wish, owner=rights.owns))

    async def do(self, errand: Errand) -> None:
        """A button, or the modal in which going back is confirmed."""
        if errand.act == GO_BACK:
            await self._undos.do(errand)
            return
        rights, value = await rights_in(self._desk, errand), str(json.loads(errand.text)["value"])
        if not rights.any:
            await self._whisper(errand, self._say("reindex_not_yours"))
        elif errand.act == "cancel":
            await self._cancel(errand, rights, value)
        elif (wish := wish_in(value)) is None:
            await self._whisper(errand, self._say("reindex_old_button"))
        elif (live := await self._live()) != wish.live:
            await self._whisper(errand, self._say("reindex_stale", before=wish.live or "–", edition=live or "–"))
        else:
            await self._begin(errand, rights, wish)

    async def take_up(self, errand: Errand, begun: str) -> None:
        """After a crash: what ran is over, and what was confirmed is not done again."""
        if begun:
            await self._runs.broke_off(errand, begun)
        elif errand.act == GO_BACK:
            await self._undos.became_of(errand)
        else:
            await self._whisper(errand, self._say("reindex_again"))

    def acknowledgement(self, errand: Errand) -> dict[str, Any]:
        """What Slack is told at once about the modal."""
        return self._undos.acknowledgement(errand)

    async def _begin(self, errand: Errand, rights: Rights, wish: Wish) -> None:
        """What an admin may, and what somebody may with documents of their own."""
        if not rights.admin and (wish.needs_admin or wish.owner not in rights.person.names):
            await self._whisper(errand, self._say("reindex_admins_only"))
        elif running := self._desk.ibid.indexing.running():
            await self._desk.whisper(_here(errand), self._runs.running_reply(running, cancel=rights.admin), REFUSED)
        elif wish.kind == "undo":
            await self._undos.open(errand)
        else:
            log.info("a run was ordered", extra={"by": errand.user, "kind": wish.kind, "own": bool(wish.owner), "anyway": wish.anyway})
            await self._runs.run(errand, rights, wish)

    async def _cancel(self, errand: Errand, rights: Rights, since: str) -> None:
        if self._runs.cancel(since, errand.user, rights.person.name, admin=rights.admin):
            log.info("a run was cancelled", extra={"by": errand.user})
            await self._desk.done(errand, DONE)
        else:
            await self._whisper(errand, self._say("reindex_over"))

    async def _live(self) -> int:
        live = await self._desk.ibid.shelf.live()
        return live.number if live else 0

    async def _whisper(self, errand: Errand, words: str) -> None:
        await self._desk.whisper(_here(errand), Reply(text=words), REFUSED)


def _here(errand: Errand) -> Errand:
    """A button's answer stands where the button is: its response_url might put it in the place of the message."""
    return errand if errand.what == "command" else replace(errand, response_url="")
