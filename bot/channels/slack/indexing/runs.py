"""A run that was ordered from Slack: told in one message, which is edited as it goes and ends as the report."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.channels.slack.blocks import Reply
from bot.channels.slack.desk import spot_of
from bot.channels.slack.errands import INDEX
from bot.channels.slack.escaping import mrkdwn
from bot.channels.slack.indexing.progress import Pace, progress_text
from bot.channels.slack.indexing.report import Around, report_reply
from bot.channels.slack.modal import button
from bot.errors import AlreadyIndexing, IbidError, IndexingStopped, SlackUnavailable, Unavailable
from bot.flows.sight import Sight, sight_of
from bot.retention import RECEIPTS_KEPT

if TYPE_CHECKING:
    from bot.channels.slack.desk import Desk
    from bot.channels.slack.errands import Errand
    from bot.channels.slack.indexing.wishes import Wish
    from bot.channels.slack.voice import Spot
    from bot.flows.owning import Rights
    from bot.values import RunUnderWay
    from knowledge.values import IndexReport

log = logging.getLogger(__name__)
DONE, FAILED, REFUSED = "done", "failed", "refused"
WHOLE = "the documents"  # what a report calls them where they have only one source
MOST_UNSAID = 20


@dataclass
class _Run:
    """A run that was ordered here."""

    user: str
    pace: Pace
    since: str = ""  # as its Cancel button has it
    cancelled_by: str = ""


class Runs:
    """Starts runs, and ends them when they are cancelled."""

    def __init__(self, desk: Desk, apart: float = 1.0, now: Callable[[], float] = time.monotonic) -> None:
        self._desk = desk
        self._say = desk.ibid.wording.say
        self._apart = apart  # seconds between two edits
        self._now = now
        self._run: _Run | None = None  # the one under way, where it was ordered here
        self._unsaid: OrderedDict[str, tuple[Reply, str]] = OrderedDict()  # how runs ended that Slack did not let be told

    async def run(self, errand: Errand, rights: Rights, wish: Wish) -> None:
        """From the first message to the report in its place."""
        desk, spot = self._desk, await self._direct(errand)
        if errand.channel != spot.channel:
            await desk.voice.whisper(spot_of(errand), desk.say("reindex_where"))
        ts = await desk.voice.post(spot, desk.say("reindex_started"))
        await desk.ibid.inbox.begun(errand.key, ts)
        run = _Run(errand.user, Pace(self._now))
        work = asyncio.create_task(desk.ibid.indexing.index(wish.order(rights.person.name), run.pace.heard))
        try:
            await self._follow(work, run, spot, ts)
        finally:
            work.cancel()
            if self._run is run:
                self._run = None
        self._unsaid[errand.key] = await self._ended(work, run, errand, wish)
        while len(self._unsaid) > MOST_UNSAID:
            self._unsaid.popitem(last=False)
        await self._tell_the_end(errand, spot, ts)

    async def broke_off(self, errand: Errand, ts: str) -> None:
        """In the run's own message: how it ended, or that it ended with its process. It is not begun again behind anybody's back."""
        if errand.key not in self._unsaid:
            live = await self._desk.ibid.shelf.live()
            said = self._desk.say("reindex_broke_off", edition=live.number if live else "–")
            self._unsaid[errand.key] = (said, FAILED)
        await self._tell_the_end(errand, await self._direct(errand), ts)

    def cancel(self, since: str, user: str, who: str, *, admin: bool) -> bool:
        """Admins may end any run, others the one that they ordered. False when this one is not under way, or not theirs."""
        running, own = self._desk.ibid.indexing.running(), self._run
        ours = own is not None and own.since == since
        if running is None or running.since.isoformat() != since or not (admin or (own and ours and own.user == user)):
            return False
        if own and ours:
            own.cancelled_by = who
        return self._desk.ibid.indexing.cancel()

    def running_reply(self, running: RunUnderWay, *, cancel: bool) -> Reply:
        """Who began the run under way, and how far it is; with a button to end it."""
        far = progress_text(running.step, self._desk.ibid.wording)
        said = self._desk.say("reindex_running", who=mrkdwn(running.by or "?"), since=f"{running.since:%H:%M}", progress=far)
        return self._cancellable(said.text, running.since.isoformat()) if cancel else said

    def _cancellable(self, text: str, since: str) -> Reply:
        end = button(f"{INDEX}cancel", self._say("reindex_cancel"), since)
        return Reply(text=text, tail=({"type": "actions", "elements": [end]},))

    async def _direct(self, errand: Errand) -> Spot:
        channel = await self._desk.voice.direct(errand.user)
        return replace(spot_of(errand), channel=channel, root="", thread="", response_url="")

    async def _follow(self, work: asyncio.Task[IndexReport], run: _Run, spot: Spot, ts: str) -> None:
        await asyncio.sleep(0)  # it begins, or is refused
        running = self._desk.ibid.indexing.running()
        if not work.done() and running:
            run.since = running.since.isoformat()
            self._run = run
        shown = ""
        while not work.done():
            text = progress_text(run.pace.step, self._desk.ibid.wording, run.pace.rate)
            if run.cancelled_by:
                text = self._say("reindex_ending", who=mrkdwn(run.cancelled_by))
            if text != shown:
                shown = text
                await self._show(spot, ts, Reply(text=text) if run.cancelled_by else self._cancellable(text, run.since))
            await asyncio.wait({work}, timeout=self._apart)

    async def _show(self, spot: Spot, ts: str, reply: Reply) -> None:
        try:
            await self._desk.voice.update(spot, ts, reply)
        except SlackUnavailable as problem:
            log.warning("progress could not be shown", extra={"cause": str(problem)})

    async def _tell_the_end(self, errand: Errand, spot: Spot, ts: str) -> None:
        reply, outcome = self._unsaid[errand.key]
        try:
            await self._desk.voice.update(spot, ts, reply)
        except SlackUnavailable as problem:
            log.warning("the end of a run could not be told; it is tried again", extra={"cause": str(problem)})
            self._desk.unsaid.add(errand.key)
            return
        del self._unsaid[errand.key]
        await self._desk.done(errand, outcome)

    async def _ended(self, work: asyncio.Task[IndexReport], run: _Run, errand: Errand, wish: Wish) -> tuple[Reply, str]:
        say, indexing = self._desk.say, self._desk.ibid.indexing
        try:
            report = await work
        except AlreadyIndexing as problem:
            if running := indexing.running():
                return self.running_reply(running, cancel=False), REFUSED
            return say("reindex_running_elsewhere", progress=progress_text(problem.step, self._desk.ibid.wording)), REFUSED
        except IndexingStopped:
            who = mrkdwn(run.cancelled_by) if run.cancelled_by else self._say("reindex_somebody")
            return say("reindex_cancelled", who=who), DONE
        except IbidError as problem:
            log.warning("a run of the index failed", extra={"cause": type(problem).__name__, "detail": str(problem)})
            return say("reindex_failed"), FAILED
        return report_reply(
            report, replace(await self._around(report, errand, wish), reading=run.pace.reading), self._desk.ibid.wording
        ), DONE

    async def _around(self, report: IndexReport, errand: Errand, wish: Wish) -> Around:
        """Asked for again at the end: what may be told is decided when it is told. Where that is not to be had, only counts are."""
        ibid = self._desk.ibid
        try:
            live = await ibid.shelf.live()
            documents = await ibid.shelf.documents()
            person, admin = await ibid.directory.person(errand.user), await self._desk.admin(errand) is not None
            sight = sight_of(person, (*((one.id, one) for one in documents), *report.described.items()))
        except Unavailable as problem:
            log.warning("a report is told without its lists", extra={"cause": type(problem).__name__})
            return Around(wish=wish, live=report.edition or wish.live, sight=Sight())
        places = (*ibid.indexing.sources(), WHOLE)
        rests = await self._rests(report) if wish.kind == "plan" else None
        return Around(wish=wish, live=live.number if live else 0, sight=sight, admin=admin, places=places, rests=rests)

    async def _rests(self, report: IndexReport) -> int | None:
        """How many answers of the last 90 days cite what would be gone or other."""
        ibid = self._desk.ibid
        try:
            return await ibid.receipts.resting_on(report.stale, ibid.clock.now() - RECEIPTS_KEPT) if report.stale else 0
        except Unavailable as problem:
            log.warning("answers could not be counted", extra={"cause": type(problem).__name__})
            return None
