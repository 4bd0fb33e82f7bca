"""What every errand in Slack needs at hand: Ibid's parts, a voice, and the ways in which an errand ends."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.answers import Outcome
from bot.channels.slack.blocks import Reply
from bot.channels.slack.insist import Refused
from bot.channels.slack.voice import Spot
from bot.errors import Unavailable

if TYPE_CHECKING:
    from bot.bootstrap import Ibid
    from bot.channels.slack.errands import Errand
    from bot.channels.slack.introduction import Self
    from bot.channels.slack.voice import Voice
    from bot.flows.pace import Pace
    from bot.ports import Roster
    from bot.tasks import Tasks
    from bot.values import Person

log = logging.getLogger(__name__)
UNDELIVERABLE = "undeliverable"
MOST_THANKED = 5000


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Ibid, as it works in one workspace."""

    ibid: Ibid
    voice: Voice
    me: Self
    tasks: Tasks
    pace: Pace
    roster: Roster
    thanked: dict[tuple[str, str], None] = field(default_factory=dict)
    unsaid: set[str] = field(default_factory=set)  # keys of errands that Slack did not let be answered: they are tried again

    def thank(self, receipt: str, user: str) -> bool:
        """True the first time that somebody judges an answer; remembered for the last few thousand."""
        if (receipt, user) in self.thanked:
            return False
        self.thanked[receipt, user] = None
        while len(self.thanked) > MOST_THANKED:
            self.thanked.pop(next(iter(self.thanked)))
        return True

    async def admin(self, errand: Errand) -> Person | None:
        """Whose errand it is, if that is an admin; no guest is one, whatever is named. Raises DirectoryUnavailable."""
        person = await self.ibid.directory.person(errand.user)
        return person if person.admin else None

    def say(self, key: str, **values: object) -> Reply:
        """One of Ibid's own messages as a reply."""
        return Reply(text=self.ibid.wording.say(key, **values))

    async def whisper(self, errand: Errand, reply: Reply, outcome: str) -> None:
        """Answer an errand to its person alone, and close it. What Slack will not take is closed as undeliverable."""
        try:
            await self.voice.whisper(spot_of(errand), reply)
        except Refused as problem:
            log.warning("slack refused a whisper", extra={"cause": str(problem)})
            outcome = UNDELIVERABLE
        await self.done(errand, outcome)

    async def done(self, errand: Errand, outcome: str) -> None:
        """Close the inbox row. If that fails the reply stands all the same; the next start finds it and closes the row."""
        if errand.what == "ask":
            for observer in self.ibid.observers:
                observer.ended(outcome)
        try:
            await self.ibid.inbox.close(errand.key, outcome)
        except Unavailable as problem:
            log.warning("an inbox row stayed open", extra={"cause": type(problem).__name__})

    def failed(self, errand: Errand) -> Reply:
        """The one honest sentence for what nobody foresaw; its number stands in the log too."""
        digest = hashlib.sha256(errand.key.encode()).hexdigest()
        number = f"{digest[:4]}-{digest[4:8]}"
        log.error("an errand failed", extra={"number": number, "what": errand.what})
        return self.say("failed", receipt=number)

    async def apologise(self, errand: Errand) -> None:
        """Say that it failed, to its person alone."""
        try:
            await self.whisper(errand, self.failed(errand), Outcome.FAILED)
        except Unavailable as problem:
            log.warning("an apology could not be delivered", extra={"cause": type(problem).__name__})
            self.unsaid.add(errand.key)


def spot_of(errand: Errand) -> Spot:
    """Where the reply to an errand stands."""
    return Spot(
        key=errand.key,
        team=errand.team,
        user=errand.user,
        channel=errand.channel,
        root=errand.root,
        thread=errand.thread,
        asked=errand.ts,
        response_url=errand.response_url,
    )
