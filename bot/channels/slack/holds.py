"""/ibid hold: owners stop their own documents, admins any document and any topic. Whoever asks is looked at again at each press."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.channels.slack.blocks import Reply
from bot.channels.slack.desk import spot_of
from bot.channels.slack.hold_views import (
    LIFT,
    Listing,
    desired_in,
    form_view,
    held_reply,
    mark_of,
    what_is_held,
    words_view,
)
from bot.channels.slack.indexing.rights import rights_in, shelved
from bot.channels.slack.screen import Screen, pushed_by
from bot.errors import CannotHold, SlackUnavailable, Unavailable
from bot.flows.holding import may_hold, may_lift, same, told_of
from bot.flows.sight import sight_of
from knowledge.holds import Hold

if TYPE_CHECKING:
    from bot.channels.slack.desk import Desk
    from bot.channels.slack.errands import Errand
    from bot.channels.slack.hold_views import Desired
    from bot.flows.owning import Rights
    from bot.flows.sight import Sight
    from knowledge.values import Document

log = logging.getLogger(__name__)
DONE, FAILED, REFUSED = "done", "failed", "refused"


class Holding:
    """Takes orders to hold something back, and to lift it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._holds = desk.ibid.holds
        self._wording = desk.ibid.wording
        self._say = desk.ibid.wording.say

    async def order(self, errand: Errand) -> None:
        """`/ibid hold`: the form, at once, and then with what there is to hold and to lift."""
        rights, documents, sight = await self._about(errand)
        if not rights.any:
            await self._desk.whisper(errand, self._desk.say("hold_not_yours"), REFUSED)
            return
        screen = Screen(self._desk.voice)
        if not await screen.open(errand, words_view(self._say("hold_loading"), self._wording)):
            await self._desk.whisper(errand, self._desk.say("hold_again"), REFUSED)
            return
        await self._draw_form(screen, rights, documents, sight)
        await self._desk.done(errand, DONE)

    def acknowledgement(self, errand: Errand) -> dict[str, Any]:
        """What can be seen to be wrong is said below its input, and the form stays."""
        faults = desired_in(errand.text).faults(self._desk.ibid.clock.today(), self._wording)
        if faults:
            return {"response_action": "errors", "errors": faults}
        waiting = words_view(self._say("hold_loading"), self._wording)
        return {"response_action": "update", "view": {**waiting, "external_id": pushed_by(errand)}}

    async def do(self, errand: Errand) -> None:
        """The form that was sent, or a button that lifts. Done again after a crash, neither does anything twice."""
        if errand.act == LIFT:
            await self._lift(errand)
            return
        desired = desired_in(errand.text)
        if desired.faults(self._desk.ibid.clock.today(), self._wording):
            await self._desk.done(errand, REFUSED)
            return
        reply, outcome = await self._made(errand, desired)
        await self._show(Screen(self._desk.voice, pushed=pushed_by(errand)), reply)
        await self._tell(errand, reply, outcome)

    async def _made(self, errand: Errand, desired: Desired) -> tuple[Reply, str]:
        try:
            rights, documents, sight = await self._about(errand)
            wanted = _wanted(desired, rights, documents, sight)
            if wanted is None:
                return self._desk.say("hold_not_yours"), REFUSED
            there = next((one for one in await self._holds.current() if same(wanted, one)), None)
            return held_reply(there or await self._holds.hold(wanted), sight, self._wording), DONE
        except CannotHold as problem:
            return self._desk.say(f"hold_why_{problem.why}"), REFUSED
        except Unavailable as problem:
            log.warning("nothing could be held back", extra={"cause": type(problem).__name__})
            return self._desk.failed(errand), FAILED

    async def _lift(self, errand: Errand) -> None:
        rights, documents, sight = await self._about(errand)
        number = json.loads(errand.text)["value"]
        hold = next((one for one in await self._holds.current() if str(one.number) == number), None)
        if hold is None:
            reply, outcome = self._desk.say("hold_gone"), REFUSED
        elif not may_lift(rights, hold):
            reply, outcome = self._desk.say("hold_not_yours_to_lift"), REFUSED
        else:
            await self._holds.lift(hold.number, errand.user)
            told = sight.sees(hold.document) or bool(hold.topic)
            what = what_is_held(hold, sight, self._wording) if told else self._say("hold_of_restricted")
            reply, outcome = self._desk.say("hold_lifted", what=what), DONE
        if errand.view:
            await self._draw_form(Screen(self._desk.voice, view=errand.view), rights, documents, sight)
        await self._tell(errand, reply, outcome)

    async def _about(self, errand: Errand) -> tuple[Rights, tuple[Document, ...], Sight]:
        """Who this is now, all documents, and which of them this person may be told of."""
        rights, documents = await rights_in(self._desk, errand), await shelved(self._desk)
        return rights, documents, sight_of(rights.person, ((one.id, one) for one in documents))

    async def _draw_form(self, screen: Screen, rights: Rights, documents: tuple[Document, ...], sight: Sight) -> None:
        current = await self._holds.current()
        told = told_of(rights, current, sight)
        listing = Listing(
            holds=told,
            liftable=frozenset(hold.number for hold in told if may_lift(rights, hold)),
            hidden=len(current) - len(told) if rights.admin else 0,
            documents=may_hold(rights, documents, sight),
            topics=rights.admin,
            sight=sight,
        )
        try:
            await screen.show(form_view(listing, self._desk.ibid.clock.today(), self._wording))
        except SlackUnavailable as problem:
            log.warning("a modal could not be drawn", extra={"cause": str(problem)})

    async def _show(self, screen: Screen, reply: Reply) -> None:
        try:
            await screen.show(words_view(reply.text, self._wording))
        except SlackUnavailable as problem:
            log.warning("a modal could not be drawn", extra={"cause": str(problem)})

    async def _tell(self, errand: Errand, reply: Reply, outcome: str) -> None:
        """Directly, where it can be read again, and where its button stays."""
        try:
            await self._desk.voice.post(spot_of(replace(errand, channel=errand.user, thread="", ts="")), reply)
        except SlackUnavailable as problem:
            log.warning("somebody could not be told of a hold", extra={"cause": str(problem)})
            self._desk.unsaid.add(errand.key)
        else:
            await self._desk.done(errand, outcome)


def _wanted(desired: Desired, rights: Rights, documents: tuple[Document, ...], sight: Sight) -> Hold | None:
    """What was chosen, if this person may hold it at this moment."""
    if desired.until is None:
        return None
    if desired.topic:
        by, sentence = rights.person.id, desired.sentence
        return Hold(number=0, topic=desired.topic, sentence=sentence, by=by, until=desired.until) if rights.admin else None
    chosen = next((one for one in may_hold(rights, documents, sight) if mark_of(one) == desired.mark), None)
    if chosen is None:
        return None
    return Hold(number=0, document=chosen.id, sentence=desired.sentence, by=rights.person.id, until=desired.until)
