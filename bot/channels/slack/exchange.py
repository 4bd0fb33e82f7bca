"""One question and its reply: who reads, what is asked, the answer as it comes, and what is remembered afterwards."""

from __future__ import annotations

import logging
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.answers import Answer, Closed, Outcome, Progress, Released, Sentence, Withdrawn
from bot.channels.slack.afterwards import Afterwards
from bot.channels.slack.blocks import Reply, reply_for
from bot.channels.slack.desk import UNDELIVERABLE, spot_of
from bot.channels.slack.escaping import mrkdwn
from bot.channels.slack.insist import Refused
from bot.channels.slack.laid_out import LaidOut
from bot.channels.slack.offers import case_choices, may_be_shared, share_button
from bot.channels.slack.readership import Readership
from bot.channels.slack.receipts import behind_button
from bot.channels.slack.stream import StreamedReply, WhisperedReply
from bot.errors import SlackUnavailable, Unavailable
from bot.flows.resting import labels_shown
from bot.retention import QUESTIONS_KEPT, RECEIPTS_KEPT
from bot.values import Question

if TYPE_CHECKING:
    from bot.channels.slack.desk import Desk
    from bot.channels.slack.errands import Errand
    from bot.values import Person

log = logging.getLogger(__name__)
MOST_STARTS = 3  # for one question, while the people around it change


class Exchange:
    """Does one `ask` errand. `begun` is the ts of what was posted for it before a crash."""

    def __init__(self, desk: Desk, errand: Errand, begun: str = "", *, again: bool = False) -> None:
        self._desk = desk
        self._ibid = desk.ibid
        self._readership = Readership(desk.ibid, errand)
        self._begun = begun
        self._again = again
        self._out: StreamedReply | WhisperedReply | None = None
        self._replied = False

    @property
    def replied(self) -> bool:
        """Whether a reply stands, of whatever outcome."""
        return self._replied

    @property
    def _errand(self) -> Errand:
        return self._readership.errand

    async def run(self) -> None:
        """From the errand to the posted reply and the closed inbox row."""
        try:
            if self._again or await self._may_go_on():
                await self._converse()
        except SlackUnavailable as problem:
            self._later(problem)
        except Unavailable as problem:
            log.warning("a question could not be taken up", extra={"cause": type(problem).__name__, "detail": str(problem)})
            await self.rescue()

    async def rescue(self) -> None:
        """Say that it failed, in the place of what was begun."""
        if self._replied:
            return
        if not isinstance(self._out, StreamedReply):
            await self._desk.apologise(self._errand)
            return
        try:
            outcome = await self._said(self._out, self._desk.failed(self._errand), (), Outcome.FAILED)
            await self._desk.done(self._errand, outcome)
        except SlackUnavailable as problem:
            self._later(problem)

    def _later(self, problem: SlackUnavailable) -> None:
        """It stays in the inbox, and is done again when Slack may be back."""
        log.warning("a reply could not be delivered; it is tried again", extra={"cause": str(problem)})
        self._desk.unsaid.add(self._errand.key)

    async def _may_go_on(self) -> bool:
        errand, say = self._errand, self._desk.say
        if errand.response_url and not errand.text:
            example = self._ibid.wording.say("example_question")
            await self._desk.whisper(errand, say("ask_without_question", example=example), Outcome.NO_QUESTION)
            return False
        match self._desk.pace.ask(errand.user, self._ibid.clock.now()):
            case "go":
                return True
            case "too_many":
                limit = self._ibid.settings.questions_per_minute
                await self._desk.whisper(errand, say("too_many", limit=limit), Outcome.TOO_MANY)
            case "told":
                await self._desk.done(errand, Outcome.TOO_MANY)
        return False

    async def _converse(self) -> None:
        """Answer for those who can open the reply; once more when they have changed before it was there."""
        for _ in range(MOST_STARTS):
            if await self._attempt():
                return
        log.warning("the readers of a reply changed faster than it was made")
        await self.rescue()

    async def _attempt(self) -> bool:
        """False when the answer was made for other readers than there are by now, and nothing of it was shown."""
        asker = await self._readership.asker()
        if asker.membership in ("app", "deactivated"):
            await self._desk.done(self._errand, "ignored")
            return True
        audience = await self._readership.audience(asker)
        if audience.why_alone and asker.membership != "full":
            await self._desk.whisper(self._errand, self._desk.say("guest", company=mrkdwn(self._ibid.company)), Outcome.NOTHING_READABLE)
            return True
        question = Question(
            text=self._errand.text,
            asker=asker,
            audience=audience,
            place=self._errand.place,
            asked_at=self._ibid.clock.now(),
            turns=() if self._errand.response_url else await self._ibid.threads.recall(self._errand.place, asker),
        )
        await self._introduce(asker)
        return await self._reply(question)

    async def _introduce(self, asker: Person) -> None:
        """The first time in a direct message: what Ibid is, and what it keeps. No answer waits for it in vain."""
        if self._errand.kind != "direct" or self._errand.response_url or not await self._ibid.contacts.first(asker):
            return
        kept = {"days": QUESTIONS_KEPT.days, "receipts": RECEIPTS_KEPT.days}
        words = self._ibid.wording.say("first_contact", company=mrkdwn(self._ibid.company), **kept)
        introduction = replace(spot_of(self._errand), key=f"{self._errand.key}/introduction")
        try:
            await self._desk.voice.post(introduction, Reply(text=words, small=True))
        except SlackUnavailable as problem:
            log.warning("an introduction could not be delivered", extra={"cause": str(problem)})

    async def _reply(self, question: Question) -> bool:
        """Show the answer as it comes, as long as everyone who can open it may read it. False when it has to be begun again."""
        out = self._out = self._opened(question)
        laid_out = LaidOut()
        answer, covered = await self._hear(question, out, laid_out)
        kept = await self._kept(question, answer)
        readable = covered and await self._readership.covers(question.audience)
        if not laid_out and not readable:
            await out.progress("")
            return False
        if answer.outcome is Outcome.CONTACT_FIRST and question.audience.circle != "alone":
            await out.progress("")
            self._readership.errand = replace(self._errand, alone=True)
            return False
        if not covered:
            answer = replace(answer, sentences=laid_out.sentences, complete=False)
        if not readable:
            answer = _only_sentences(answer)
        reply = self._whole(question, answer, laid_out, kept=kept)
        outcome = await self._said(out, reply, answer.sentences, answer.outcome)
        afterwards = Afterwards(self._desk, self._errand, out.ts)
        await afterwards.stands(question, answer)  # before the row is closed: no crash in between leaves a reply that nobody knows of
        await self._desk.done(self._errand, outcome)
        await afterwards.follow(question, answer)
        return True

    async def _hear(self, question: Question, out: StreamedReply | WhisperedReply, laid_out: LaidOut) -> tuple[Answer, bool]:
        """The answer, shown as it comes; False from the moment on when somebody can open the reply who may not read it."""
        covered = True
        async with aclosing(self._ibid.answering.answer(question)) as events:
            async for event in events:
                match event:
                    case Progress():
                        await out.progress(self._ibid.wording.say(event.stage))
                        if event.contact:
                            out.hold()
                    case Released():
                        covered = covered and await self._readership.covers(question.audience)
                        if covered:
                            laid_out.show(event.sentence)
                            out.release(event.sentence)
                    case Withdrawn():
                        if laid_out.take_back(event.sentence):
                            out.withdraw(event.sentence)
                    case Closed():
                        answer = event.answer
        return answer, covered

    def _opened(self, question: Question) -> StreamedReply | WhisperedReply:
        """In the thread; to the asker alone where nothing may be said there, or where that is wished."""
        voice, spot = self._desk.voice, spot_of(self._errand)
        if self._errand.response_url or self._errand.alone or question.audience.why_alone:
            return WhisperedReply(voice, spot)
        return StreamedReply(voice, spot, self._ibid.wording, self._posted, self._begun)

    async def _kept(self, question: Question, answer: Answer) -> bool:
        """Whether the question can be found again, as most buttons need it."""
        try:
            return await self._ibid.questions.asked(answer.receipt, question.asker) is not None
        except Unavailable as problem:
            log.warning("a reply has no buttons", extra={"cause": type(problem).__name__})
            return False

    def _whole(self, question: Question, answer: Answer, laid_out: LaidOut, *, kept: bool) -> Reply:
        """As it stands in the end, with what may be done with it, where the question is `kept`."""
        ibid = self._ibid
        buttons: list[dict[str, Any]] = []
        if answer.outcome is Outcome.ASKS_BACK and question.audience.circle == "alone" and kept:
            buttons = case_choices(answer.receipt, answer.cases, ibid.wording)
        elif answer.outcome is Outcome.ANSWERED and kept:
            shared = may_be_shared(self._errand, question, answer)
            buttons = [share_button(answer.receipt, labels_shown(answer), ibid.wording)] if shared else []
            buttons.append(behind_button(answer.receipt, ibid.wording))
        lines = laid_out.ending_with(answer.sentences)
        return reply_for(answer, question, ibid.wording, ibid.company, ibid.clock.today(), lines=lines, buttons=buttons)

    async def _said(self, out: StreamedReply | WhisperedReply, reply: Reply, sentences: tuple[Sentence, ...], outcome: str) -> str:
        """How the errand ends with it."""
        try:
            await out.close(reply, sentences)
        except Refused as problem:
            log.warning("slack refused a reply; its asker gets it directly", extra={"cause": str(problem)})
            outcome = await self._directly(reply, outcome)
        self._replied = True
        return outcome

    async def _directly(self, reply: Reply, outcome: str) -> str:
        """Where Ibid may not speak, the asker hears it alone: whoever asks is among those it was made for."""
        try:
            await self._desk.voice.whisper(spot_of(self._errand), reply)
        except Refused as problem:
            log.warning("slack refused a whisper", extra={"cause": str(problem)})
            return UNDELIVERABLE
        return outcome

    async def _posted(self, ts: str) -> None:
        """Never at the cost of the reply: what is not noted here is found in the thread after a crash."""
        self._begun = ts
        try:
            await self._ibid.inbox.begun(self._errand.key, ts)
        except Unavailable as problem:
            log.warning("the beginning of a reply was not noted", extra={"cause": type(problem).__name__})


def _only_sentences(answer: Answer) -> Answer:
    """Without what names documents or speaks of them beside the sentences, also such as no shown sentence cites."""
    return replace(answer, lives=(), conflicts=(), may_help=(), applies_to="", nearest_title="", nearest_owner="", hold=None)
