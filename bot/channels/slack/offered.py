"""What is done when somebody takes up an offer: everything is authorised again at the click, and nothing is taken over from before."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.channels.replies import why_alone_text
from bot.channels.slack.blocks import Reply, inserted
from bot.channels.slack.desk import spot_of
from bot.channels.slack.escaping import mrkdwn
from bot.channels.slack.exchange import Exchange
from bot.channels.slack.insist import Refused
from bot.channels.slack.offers import CASE, PRIVATE, SHARE, Pressed, read_pressed
from bot.channels.slack.readership import Readership
from bot.errors import DirectoryUnavailable, NotReady, SlackUnavailable, Unavailable
from bot.flows.access import scope_for
from bot.values import ChannelFacts

if TYPE_CHECKING:
    from bot.channels.slack.desk import Desk
    from bot.channels.slack.errands import Errand
    from bot.values import Audience, Person

log = logging.getLogger(__name__)
DONE = "done"


class Offered:
    """Does one `offer` errand. `begun` is the ts of what was posted for it before a crash."""

    def __init__(self, desk: Desk, errand: Errand, begun: str = "", *, again: bool = False) -> None:
        self._desk = desk
        self._ibid = desk.ibid
        self._errand = replace(errand, response_url="")  # which would answer outside the thread
        self._begun = begun
        self._again = again
        self._exchange: Exchange | None = None

    async def run(self) -> None:
        """From the click to the posted reply and the closed inbox row."""
        try:
            await self._take_up()
        except (Unavailable, NotReady) as problem:
            log.warning("an offer could not be taken up", extra={"cause": type(problem).__name__})
            await self.rescue()

    async def rescue(self) -> None:
        """Say that it failed, in the place of what was begun."""
        if self._exchange:
            await self._exchange.rescue()
        else:
            await self._desk.apologise(self._errand)

    async def _take_up(self) -> None:
        pressed = read_pressed(self._errand.text)
        act = self._errand.act.partition("_")[0]
        person = await self._ibid.directory.person(self._errand.user)
        facts = await self._facts()
        asked = await self._asked(act, pressed.receipt, person, facts) if pressed else None
        has_left = act == SHARE and facts.members is not None and not _is_here(person, facts)
        if pressed is None or asked is None or has_left:
            await self._desk.whisper(self._errand, self._desk.say("offer_gone"), DONE)
            return
        errand = replace(self._errand, what="ask", text=asked, kind=facts.kind, act=act)
        if act == SHARE:
            await self._share(errand, pressed, person)
        elif act == CASE:
            await self._answer(replace(errand, text=f"{asked} ({pressed.name})", alone=facts.kind != "direct"))
        else:
            await self._answer(replace(errand, alone=facts.kind != "direct"))

    async def _facts(self) -> ChannelFacts:
        try:
            return await self._ibid.directory.channel(self._errand.channel)
        except DirectoryUnavailable:
            return ChannelFacts(kind=None)

    async def _asked(self, act: str, receipt: str, person: Person, facts: ChannelFacts) -> str | None:
        """The question, to whoever asked it; to others who can read the channel only where Ibid's reply to it stands."""
        mine = await self._ibid.questions.asked(receipt, person)
        if mine is not None or act != PRIVATE or not _is_here(person, facts):
            return mine
        standing = await self._ibid.replies.in_channel(self._errand.channel)
        return await self._ibid.questions.asked(receipt) if any(reply.receipt == receipt for reply in standing) else None

    async def _answer(self, errand: Errand) -> None:
        self._exchange = Exchange(self._desk, errand, self._begun, again=self._again)
        await self._exchange.run()

    async def _share(self, errand: Errand, pressed: Pressed, person: Person) -> None:
        """Answered anew for all who can read the channel by now; where it stands in no thread, the question opens one."""
        ibid = self._ibid
        if self._again and not errand.thread:  # whether the question was posted is not known, and it is not posted twice
            await self._desk.whisper(self._errand, self._desk.say("offer_interrupted"), DONE)
            return
        audience = await Readership(ibid, errand).audience(person)
        if audience.why_alone:
            why = why_alone_text(audience, ibid.wording, mrkdwn(ibid.company))
            await self._desk.whisper(self._errand, Reply(text=why), DONE)
            return
        if not errand.thread:
            opening = ibid.wording.say("offer_share_question", name=inserted(person.name), question=inserted(errand.text))
            spot = replace(spot_of(errand), key=f"{errand.key}/question", root="", thread="", asked="")
            try:
                errand = replace(errand, ts=await self._desk.voice.post(spot, Reply(text=opening)))
            except Refused as problem:
                log.warning("slack refused a question that is shared", extra={"cause": str(problem)})
                await self._desk.whisper(self._errand, self._desk.say("offer_share_refused"), DONE)
                return
        await self._answer(errand)
        if self._exchange and self._exchange.replied and await self._says_less(pressed, audience):
            await self._tell_less(errand)

    async def _says_less(self, pressed: Pressed, audience: Audience) -> bool:
        """Whether the answer that was shown alone rests on what these readers may not read, or that is not known any more."""
        scope = scope_for(audience, await self._ibid.library.rules())
        return not pressed.labels or not pressed.labels <= scope.labels

    async def _tell_less(self, errand: Errand) -> None:
        try:
            await self._desk.voice.whisper(replace(spot_of(errand), thread=errand.root), self._desk.say("offer_shared_less"))
        except SlackUnavailable as problem:
            log.warning("a whisper could not be delivered", extra={"cause": str(problem)})


def _is_here(person: Person, facts: ChannelFacts) -> bool:
    """Whether this person can read the channel. Unknown means no."""
    if facts.kind == "public" and not facts.shared:
        return person.membership == "full"
    return any(member.id == person.id for member in facts.members or ())
