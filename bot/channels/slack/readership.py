"""Who can open the reply to an errand: asked when the question is taken up, and again before anything is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.errors import DirectoryUnavailable
from bot.flows.access import alone, audience_of, narrowed
from bot.values import ChannelFacts

if TYPE_CHECKING:
    from bot.bootstrap import Ibid
    from bot.channels.slack.errands import Errand
    from bot.values import Audience, Person


class Readership:
    """The people around one question, as they are now."""

    def __init__(self, ibid: Ibid, errand: Errand) -> None:
        self._ibid = ibid
        self.errand = errand  # with the kind of place it stands in, once that is known

    async def asker(self) -> Person:
        """Raises DirectoryUnavailable."""
        return await self._ibid.directory.person(self.errand.user)

    async def audience(self, asker: Person) -> Audience:
        """Who can open the reply; also settles what kind of place this is."""
        if self.errand.response_url or self.errand.alone or self.errand.kind == "direct":
            return alone(asker)
        try:
            facts = await self._ibid.directory.channel(self.errand.channel)
        except DirectoryUnavailable:
            facts = ChannelFacts(kind=None)
        self.errand = replace(self.errand, kind=facts.kind or self.errand.kind)
        return audience_of(facts, asker)

    async def covers(self, before: Audience) -> bool:
        """Whether what was found for these readers may still be shown, to whoever can open it by now."""
        asker = await self.asker()
        now = alone(asker) if before.circle == "alone" else await self.audience(asker)
        return now == before or not narrowed(before, now, await self._ibid.library.rules())
