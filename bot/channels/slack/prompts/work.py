"""What an admin does to a prompt: open it, check a text, try it, publish it, look back, roll back. Who did what is logged, no text is."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.channels.slack.escaping import mrkdwn
from bot.channels.slack.prompts.checks import Checked, checked_view
from bot.channels.slack.prompts.proposals import Proposal, Proposals
from bot.channels.slack.prompts.trials import Trials
from bot.channels.slack.prompts.views import edit_view, history_view, words_view
from bot.errors import NoTrial, Unavailable
from bot.prompts import OF_ANSWER, BadPrompt, Prompt

if TYPE_CHECKING:
    from bot.channels.slack.desk import Desk
    from bot.channels.slack.errands import Errand
    from bot.channels.slack.modal import View
    from bot.channels.slack.prompts.pressed import Pressed
    from bot.channels.slack.screen import Screen
    from bot.prompts import PromptVersion
    from bot.trials import TrialPlan, TrialReport
    from bot.values import Person

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Shown:
    """What a modal shows in the end, and what is said directly where it is closed by then; empty: nothing."""

    view: View
    words: str = ""


class PromptWork:
    """Each of these may raise BadPrompt, StalePrompt or Unavailable."""

    def __init__(self, desk: Desk) -> None:
        self._ibid = desk.ibid
        self._prompts = desk.ibid.prompts
        self._wording = desk.ibid.wording
        self._proposals = Proposals(desk.ibid.clock)
        self._trials = Trials(desk.ibid.wording)

    async def do(self, errand: Errand, said: Pressed, person: Person, screen: Screen) -> Shown:
        """`screen` is for what is shown on the way."""
        match errand.act:
            case "open":
                newest = (await self._prompts.versions(said.name))[0]
                return Shown(edit_view(self._prompts.live[said.name], newest, self._wording))
            case "history":
                return Shown(history_view(await self._prompts.versions(said.name), self._wording))
            case "check":
                return Shown(await self._check(errand, said, screen))
            case "try":
                return Shown(await self._try(errand, said, person, screen))
            case "publish":
                return await self._publish(errand, said, person)
            case "roll_back":
                return await self._roll_back(errand, said, person)
        raise BadPrompt(self._wording.say("prompt_again"))  # a button of another version of Ibid

    def closed(self, errand: Errand) -> None:
        """A modal was closed that somebody would have waited in."""
        self._trials.closed(errand)

    async def became_of(self, errand: Errand, said: Pressed) -> Shown:
        """After a crash: whether it was published before. A version with these words, newer than the admin had seen, is it."""
        if errand.act == "try":
            return self._end(said, self._wording.say("prompt_trial_cut"))
        versions = await self._prompts.versions(said.name)
        wanted = next((_hash(version) for version in versions if str(version.number) == said.value), str(said.about.get("hash")))
        found = next((version for version in versions if version.number > said.over and _hash(version) == wanted), None)
        if found:
            return self._published(found)
        return self._end(said, self._wording.say("prompt_not_published", version=said.over, name=said.name))

    async def _check(self, errand: Errand, said: Pressed, screen: Screen) -> View:
        proposal = Proposal(owner=errand.user, name=said.name, over=said.over, text=said.text, reason=said.reason)
        checked = await self._checked(self._proposals.keep(proposal), proposal)
        if checked.publishable and await screen.show(checked_view(checked, self._wording)):
            checked = replace(checked, trial=await self._plan(proposal))  # it takes a moment
        return checked_view(checked, self._wording)

    async def _checked(self, number: str, proposal: Proposal, trial: TrialPlan | TrialReport | str | None = None) -> Checked:
        newest = (await self._prompts.versions(proposal.name))[0]
        remarks = self._prompts.check(proposal.name, proposal.text)
        return Checked(number=number, proposal=proposal, newest=newest, remarks=remarks, trial=trial)

    async def _plan(self, proposal: Proposal) -> TrialPlan | str:
        if self._ibid.trial is None:
            return self._wording.say("prompt_no_trial")
        try:
            return await self._ibid.trial.plan(self._prompts.live.having(proposal.name, proposal.text))
        except NoTrial as problem:
            return mrkdwn(str(problem))
        except Unavailable as problem:
            log.warning("a trial could not be planned", extra={"cause": type(problem).__name__})
            return self._wording.say("prompt_trial_failed")

    async def _try(self, errand: Errand, said: Pressed, person: Person, screen: Screen) -> View:
        self._proposals.explain(said.value, errand.user, said.reason)
        proposal, trial = self._proposals.find(said.value, errand.user), self._ibid.trial
        if proposal is None or trial is None:
            return self._end(said, self._wording.say("prompt_gone")).view
        notice = ""
        report: TrialReport | None = None
        if running := self._trials.running:
            far = {"done": running.done, "total": running.total or "…"}
            notice = self._wording.say("prompt_trying_already", who=mrkdwn(running.who), name=running.name, **far)
        else:
            try:
                report = await self._trials.run(trial, self._prompts.live, proposal, screen, person.name)
            except (NoTrial, Unavailable) as problem:
                log.warning("a trial broke off", extra={"prompt": proposal.name, "cause": type(problem).__name__})
                notice = self._wording.say("prompt_trial_failed")
        checked = await self._checked(said.value, proposal, report or await self._plan(proposal))
        return checked_view(replace(checked, notice=notice), self._wording)

    async def _publish(self, errand: Errand, said: Pressed, person: Person) -> Shown:
        number = str(said.about["draft"])
        proposal = self._proposals.find(number, errand.user)
        if proposal is None:
            return self._end(said, self._wording.say("prompt_gone"))
        version = await self._prompts.publish(proposal.name, proposal.text, author=person.name, reason=said.reason, over=proposal.over)
        self._proposals.drop(number)
        log.info("a prompt was published", extra={"by": errand.user, "prompt": version.name, "version": version.number})
        return self._published(version)

    async def _roll_back(self, errand: Errand, said: Pressed, person: Person) -> Shown:
        newest = (await self._prompts.versions(said.name))[0]
        if newest.number != said.over:
            notice = self._wording.say("prompt_newer", author=mrkdwn(newest.author), version=newest.number, name=newest.name)
        else:
            version = await self._prompts.roll_back(said.name, author=person.name, to=int(said.value))
            log.info("a prompt was rolled back", extra={"by": errand.user, "prompt": version.name, "version": version.number})
            notice = self._live(version)
        return Shown(history_view(await self._prompts.versions(said.name), self._wording, notice), notice)

    def _published(self, version: PromptVersion) -> Shown:
        """Closing it closes what lies below, which is over."""
        words = f"{self._live(version)}\n{self._wording.say('prompt_undo')}"
        view = words_view(self._wording.say("prompt_title", name=version.name), words, self._wording.say("prompt_done"))
        return Shown({**view, "clear_on_close": True}, words)

    def _live(self, version: PromptVersion) -> str:
        words = self._wording.say("prompt_published", version=version.number, name=version.name, reason=mrkdwn(version.reason))
        if version.name not in OF_ANSWER:
            return words
        return f"{words}\n{self._wording.say('prompt_answers_carry', hash=self._prompts.live.answer_hash)}"

    def _end(self, said: Pressed, words: str) -> Shown:
        return Shown(words_view(self._wording.say("prompt_title", name=said.name), words, self._wording.say("prompt_back")), words)


def _hash(version: PromptVersion) -> str:
    return Prompt(version.name, "", version.text).hash
