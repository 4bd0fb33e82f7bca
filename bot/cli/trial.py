"""What prompts are tried with: golden questions, asked by the package evals, which is loaded when one is tried and not before."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.bootstrap import Ibid
    from bot.ports import Trial
    from bot.prompts import PromptSet
    from bot.trials import TrialPlan, TrialReport


def open_trial(ibid: Ibid) -> Trial:
    """Golden questions, asked of this bot."""
    return _Trial(ibid)


class _Trial:
    """Trial."""

    def __init__(self, ibid: Ibid) -> None:
        self._ibid = ibid
        self._loaded: Trial | None = None

    async def plan(self, new: PromptSet) -> TrialPlan:
        return await (await self._golden()).plan(new)

    async def run(self, old: PromptSet, new: PromptSet, progress: Callable[[int, int], None]) -> TrialReport:
        return await (await self._golden()).run(old, new, progress)

    async def _golden(self) -> Trial:
        if self._loaded is None:
            await asyncio.to_thread(import_module, "evals.trial")  # part of a second that the loop does not have
            from evals.trial import GoldenTrial

            self._loaded = GoldenTrial(self._ibid)
        return self._loaded
