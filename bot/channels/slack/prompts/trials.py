"""A trial that was ordered in a modal: one at a time, drawn as it goes, ended when the modal is closed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.channels.slack.prompts.checks import trying_view

if TYPE_CHECKING:
    from bot.channels.slack.errands import Errand
    from bot.channels.slack.prompts.proposals import Proposal
    from bot.channels.slack.screen import Screen
    from bot.ports import Trial
    from bot.prompts import PromptSet
    from bot.trials import TrialReport
    from bot.wording import Wording


@dataclass
class Running:
    """The trial under way, and how far it is."""

    who: str
    name: str
    view: str
    work: asyncio.Task[TrialReport] | None = None
    done: int = 0
    total: int = 0

    def step(self, done: int, total: int) -> None:
        self.done, self.total = done, total


class Trials:
    """The trials that are ordered from Slack."""

    def __init__(self, wording: Wording, apart: float = 1.0) -> None:
        self._wording = wording
        self._apart = apart  # seconds between two looks at how far it is
        self.running: Running | None = None

    async def run(self, trial: Trial, live: PromptSet, proposal: Proposal, screen: Screen, who: str) -> TrialReport | None:
        """None when the modal was closed meanwhile. Whoever calls has looked that none is running."""
        self.running = running = Running(who, proposal.name, screen.view)
        try:
            if not await screen.show(trying_view(proposal, 0, 0, self._wording)):
                return None
            running.work = asyncio.create_task(trial.run(live, live.having(proposal.name, proposal.text), running.step))
            await self._follow(running, running.work, proposal, screen)
            return None if running.work.cancelled() else running.work.result()
        finally:
            self.running = None
            if running.work:
                running.work.cancel()
                await asyncio.gather(running.work, return_exceptions=True)

    def closed(self, errand: Errand) -> None:
        """Nobody waits for it any more: it is not paid for to its end."""
        if self.running and self.running.work and self.running.view == errand.view:
            self.running.work.cancel()

    async def _follow(self, running: Running, work: asyncio.Task[TrialReport], proposal: Proposal, screen: Screen) -> None:
        shown = 0
        while not work.done():
            await asyncio.wait({work}, timeout=self._apart)
            if running.done == shown or work.done():
                continue
            shown = running.done
            if not await screen.show(trying_view(proposal, shown, running.total, self._wording)):
                work.cancel()  # closed, and we were not told
                await asyncio.wait({work})
