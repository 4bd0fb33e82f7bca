"""Texts of prompts that are checked and not published yet: in memory for an hour, each its author's own."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.prompts import Prompt

if TYPE_CHECKING:
    from bot.ports import Clock

KEPT = timedelta(hours=1)
MOST = 100


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A text that somebody would like to be live, in the place of version `over`."""

    owner: str  # user id
    name: str
    over: int
    text: str
    reason: str = ""

    @property
    def hash(self) -> str:
        return Prompt(self.name, "", self.text).hash


class Proposals:
    """A modal carries only the id: the text would not fit into what Slack lets it carry."""

    def __init__(self, clock: Clock, made: Callable[[], str] = lambda: secrets.token_urlsafe(12)) -> None:
        self._clock = clock
        self._made = made
        self._kept: dict[str, tuple[Proposal, datetime]] = {}

    def keep(self, proposal: Proposal) -> str:
        """Its id."""
        number = self._made()
        self._kept[number] = (proposal, self._clock.now())
        while len(self._kept) > MOST:
            del self._kept[next(iter(self._kept))]
        return number

    def find(self, number: str, owner: str) -> Proposal | None:
        """None when it is gone, or somebody else's."""
        proposal, at = self._kept.get(number, (None, None))
        if proposal is None or at is None or proposal.owner != owner:
            return None
        if self._clock.now() - at > KEPT:
            del self._kept[number]
            return None
        return proposal

    def explain(self, number: str, owner: str, reason: str) -> None:
        """Note the reason that was written meanwhile; the hour begins anew."""
        if proposal := self.find(number, owner):
            self._kept[number] = (replace(proposal, reason=reason), self._clock.now())

    def drop(self, number: str) -> None:
        self._kept.pop(number, None)
