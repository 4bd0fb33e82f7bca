"""/ibid reindex: for admins, one run at a time, told in one message that is edited as it goes."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.channels.slack.blocks import Reply
from bot.channels.slack.clients import TROUBLE
from bot.channels.slack.desk import spot_of
from bot.channels.slack.escaping import mrkdwn
from bot.errors import AlreadyIndexing, SlackUnavailable, Unavailable

if TYPE_CHECKING:
    from bot.channels.slack.desk import Desk
    from bot.channels.slack.errands import Errand
    from bot.channels.slack.voice import Spot
    from bot.wording import Wording
    from knowledge.values import IndexProgress, IndexReport

log = logging.getLogger(__name__)
DONE, FAILED, REFUSED = "done", "failed", "refused"
CELLS = 10
MOST_TEXT = 2900  # characters of a report; Slack takes 3,000 in a section


@dataclass
class _Run:
    """The run that was ordered here, and how far it is."""

    who: str
    step: IndexProgress | None = None


class Reindexing:
    """The runs that are ordered from Slack."""

    def __init__(self, desk: Desk, apart: float = 1.0) -> None:
        self._desk = desk
        self._apart = apart  # seconds between two edits
        self._run: _Run | None = None

    async def order(self, errand: Errand) -> None:
        """Start a run for an admin, or say why not."""
        desk, say = self._desk, self._desk.say
        person = await desk.admin(errand)
        if person is None:
            await desk.whisper(errand, say("admins_only"), REFUSED)
            return
        if self._run:
            progress = progress_text(self._run.step, desk.ibid.wording)
            await desk.whisper(errand, say("reindex_running", who=mrkdwn(self._run.who), progress=progress), REFUSED)
            return
        self._run = _Run(person.name)
        try:
            await self._tell(errand, self._run)
        finally:
            self._run = None

    async def _tell(self, errand: Errand, run: _Run) -> None:
        """Run, and keep the one message in the admin's direct messages up to date."""
        desk = self._desk
        spot = await self._direct(errand)
        await desk.voice.whisper(spot_of(errand), desk.say("reindex_where"))
        ts = await desk.voice.post(spot, desk.say("reindex_started"))
        await desk.ibid.inbox.begun(errand.key, ts)
        work = asyncio.create_task(desk.ibid.shelf.reindex(lambda step: setattr(run, "step", step)))
        try:
            await self._follow(work, run, spot, ts)
        finally:
            work.cancel()
        reply, outcome = await self._ended(work)
        await desk.voice.update(spot, ts, reply)
        await desk.done(errand, outcome)

    async def broke_off(self, errand: Errand, ts: str) -> None:
        """After a crash: say in the run's own message that it ended; it is not begun again behind anybody's back."""
        await self._desk.voice.update(await self._direct(errand), ts, self._desk.say("reindex_failed"))
        await self._desk.done(errand, FAILED)

    async def _direct(self, errand: Errand) -> Spot:
        try:
            opened = await self._desk.voice.clients.again.conversations_open(users=errand.user)
        except TROUBLE as problem:
            raise SlackUnavailable(type(problem).__name__) from problem
        return replace(spot_of(errand), channel=str(opened["channel"]["id"]), root="", thread="", response_url="")

    async def _follow(self, work: asyncio.Task[IndexReport], run: _Run, spot: Spot, ts: str) -> None:
        shown: IndexProgress | None = None
        while not work.done():
            await asyncio.wait({work}, timeout=self._apart)
            if run.step is None or run.step == shown or work.done():
                continue
            shown = run.step
            try:
                await self._desk.voice.update(spot, ts, Reply(text=progress_text(shown, self._desk.ibid.wording)))
            except SlackUnavailable as problem:
                log.warning("progress could not be shown", extra={"cause": str(problem)})

    async def _ended(self, work: asyncio.Task[IndexReport]) -> tuple[Reply, str]:
        wording = self._desk.ibid.wording
        try:
            report = await work
            live = await self._desk.ibid.shelf.live()
            return Reply(text=report_text(report, live.number if live else None, wording)), DONE
        except AlreadyIndexing as problem:
            return self._desk.say("reindex_running_elsewhere", progress=progress_text(problem.step, wording)), REFUSED
        except Unavailable as problem:
            log.warning("a run of the index failed", extra={"cause": type(problem).__name__, "detail": str(problem)})
            return self._desk.say("reindex_failed"), FAILED


def progress_text(step: IndexProgress | None, wording: Wording) -> str:
    """read ▰▰▰▱▱▱▱▱▱▱ 12 of 40."""
    if step is None:
        return wording.say("reindex_started")
    full = CELLS * step.done // max(step.total, 1)
    return wording.say("reindex_progress", stage=step.stage, bar="▰" * full + "▱" * (CELLS - full), done=step.done, total=step.total)


def report_text(report: IndexReport, live: int | None, wording: Wording) -> str:
    """The counts, and each file that could not be read or needs its owner, with the reason: paths, no titles."""
    counts = {name: len(getattr(report, name)) for name in ("added", "changed", "removed", "unchanged")}
    changed = report.edition is not None and any(counts[name] for name in ("added", "changed", "removed"))
    edition = report.edition or live or "–"
    text = wording.say("reindex_done", edition=edition, **counts) if changed else wording.say("reindex_nothing", edition=edition)
    listed = (*report.unread, *report.warnings)
    if not listed:
        return text
    text += "\n" + wording.say("reindex_unread", count=len(listed))
    for unread in listed:
        line = "\n" + wording.say("reindex_unread_line", path=mrkdwn(unread.path), reason=mrkdwn(unread.reason))
        if len(text) + len(line) > MOST_TEXT:
            return text + "\n…"
        text += line
    return text
