"""The modal in which an admin goes back to the version before."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.channels.slack.blocks import Reply
from bot.channels.slack.desk import spot_of
from bot.channels.slack.indexing.undoing import go_back, plan_view, planned, typed_in, undone_reply, words_view
from bot.channels.slack.screen import Screen, pushed_by
from bot.errors import AlreadyIndexing, NothingToUndo, SlackUnavailable, Unavailable

if TYPE_CHECKING:
    from bot.channels.slack.desk import Desk
    from bot.channels.slack.errands import Errand
    from bot.channels.slack.indexing.undoing import Typed
    from bot.channels.slack.modal import View
    from bot.values import Person

log = logging.getLogger(__name__)
DONE, FAILED, REFUSED = "done", "failed", "refused"


class Undos:
    """Shows what going back does, and does it when the modal is sent."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._wording = desk.ibid.wording
        self._say = desk.ibid.wording.say

    async def open(self, errand: Errand) -> None:
        """At once, and then with what going back would do. Whoever calls has looked that this is an admin."""
        screen = Screen(self._desk.voice)
        if not await screen.open(errand, words_view(self._say("undo_loading"), self._wording)):
            await self._desk.whisper(replace(errand, response_url=""), Reply(text=self._say("reindex_again")), REFUSED)
            return
        view, outcome = await self._planned(errand)
        await screen.show(view)
        await self._desk.done(errand, outcome)

    def acknowledgement(self, errand: Errand) -> dict[str, Any]:
        """A title that is not the one above it is said to be wrong there, and the modal stays."""
        typed = typed_in(json.loads(errand.text))
        if typed and typed.wrong:
            return {"response_action": "errors", "errors": dict.fromkeys(typed.wrong, self._say("undo_wrong_title"))}
        waiting = words_view(self._say("undo_loading"), self._wording)
        return {"response_action": "push", "view": {**waiting, "external_id": pushed_by(errand)}}

    async def do(self, errand: Errand) -> None:
        """Go back, if that is still what the modal showed."""
        typed = typed_in(json.loads(errand.text))
        if typed and typed.wrong:
            await self._desk.done(errand, REFUSED)
            return
        reply, outcome = await self._done(errand, typed)
        try:
            view = {**words_view(reply.text, self._wording), "clear_on_close": True}  # what lies below is over
            await Screen(self._desk.voice, pushed=pushed_by(errand)).show(view)
        except SlackUnavailable as problem:
            log.warning("a modal could not be drawn", extra={"cause": str(problem)})
        await self._tell(errand, reply, outcome)

    async def became_of(self, errand: Errand) -> None:
        """After a crash: whether it was done before. It is not done again."""
        typed, live = typed_in(json.loads(errand.text)), await self._desk.ibid.shelf.live()
        undone = bool(typed and live and live.number != typed.live)
        said = self._desk.say("undo_was_done" if undone else "undo_was_not_done", edition=live.number if live else "–")
        await self._tell(errand, said, DONE)

    async def _planned(self, errand: Errand) -> tuple[View, str]:
        try:
            person = await self._desk.ibid.directory.person(errand.user)
            return plan_view(await planned(self._desk.ibid, person), self._wording), DONE
        except NothingToUndo:
            return words_view(self._say("undo_nothing"), self._wording), REFUSED
        except AlreadyIndexing:
            return words_view(self._say("undo_running"), self._wording), REFUSED
        except Unavailable as problem:
            log.warning("going back could not be planned", extra={"cause": type(problem).__name__})
            return words_view(self._desk.failed(errand).text, self._wording), FAILED

    async def _done(self, errand: Errand, typed: Typed | None) -> tuple[Reply, str]:
        say, ibid = self._desk.say, self._desk.ibid
        try:
            person: Person | None = await self._desk.admin(errand)
            live = await ibid.shelf.live()
            if person is None:
                return say("reindex_admins_only"), REFUSED
            if typed is None or live is None or live.number != typed.live:
                before, now = typed.live if typed else "–", live.number if live else "–"
                return say("reindex_stale", before=before, edition=now), REFUSED
            going = await go_back(ibid, person, typed.confirmed)
        except NothingToUndo:
            return say("undo_nothing"), REFUSED
        except AlreadyIndexing:
            return say("undo_running"), REFUSED
        except Unavailable as problem:
            log.warning("going back failed", extra={"cause": type(problem).__name__})
            return self._desk.failed(errand), FAILED
        report = going.report
        facts = {"by": errand.user, "edition": report.edition, "undone": report.undone, "brought_back": len(report.brought_back)}
        log.info("an edition was undone", extra=facts)
        return undone_reply(going, self._wording), DONE

    async def _tell(self, errand: Errand, reply: Reply, outcome: str) -> None:
        """Directly, where it can be read again."""
        try:
            await self._desk.voice.post(spot_of(replace(errand, channel=errand.user)), reply)
        except SlackUnavailable as problem:
            log.warning("an admin could not be told", extra={"cause": str(problem)})
            self._desk.unsaid.add(errand.key)
        else:
            await self._desk.done(errand, outcome)
