"""/ibid prompts: for admins only, who are asked for again at every click. What is done stands in work.py; here, where it is said."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.channels.slack.blocks import Reply
from bot.channels.slack.desk import spot_of
from bot.channels.slack.escaping import mrkdwn
from bot.channels.slack.prompts.pressed import pressed
from bot.channels.slack.prompts.views import REASON, Listed, listed, text_field, words_view
from bot.channels.slack.prompts.work import PromptWork, Shown
from bot.channels.slack.screen import Screen, pushed_by
from bot.errors import NoTrial, SlackUnavailable, StalePrompt, Unavailable
from bot.prompts import INPUTS, BadPrompt, remarks_on

if TYPE_CHECKING:
    from bot.channels.slack.desk import Desk
    from bot.channels.slack.errands import Errand
    from bot.channels.slack.prompts.pressed import Pressed

log = logging.getLogger(__name__)
DONE, FAILED, REFUSED = "done", "failed", "refused"
SENT = ("check", "publish")  # modals that were sent; another one comes on top of them
OPENING = ("open", "history")  # buttons of the list


class Prompting:
    """The list, the modals, and who may see them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._say = desk.ibid.wording.say
        self._work = PromptWork(desk)

    async def order(self, errand: Errand) -> None:
        """List all prompts, to the admin alone."""
        desk, prompts = self._desk, self._desk.ibid.prompts
        if await desk.admin(errand) is None:
            await desk.whisper(errand, desk.say("admins_only"), REFUSED)
            return
        live, troubles = prompts.live.prompts, prompts.troubles
        shown = [Listed(prompt=live[name], newest=(await prompts.versions(name))[0], trouble=troubles.get(name, "")) for name in live]
        await desk.whisper(errand, listed(shown, desk.ibid.wording), DONE)

    def acknowledgement(self, errand: Errand) -> dict[str, Any]:
        """What Slack is told at once about a modal that was sent: what is wrong in it, or what comes on top of it."""
        said = pressed(errand)
        if slips := self._slips(errand, said):
            return {"response_action": "errors", "errors": slips}
        waiting = self._words(errand, said, self._say("prompt_loading"))
        return {"response_action": "push", "view": {**waiting.view, "external_id": pushed_by(errand)}}

    async def do(self, errand: Errand) -> None:
        """A click, a modal that was sent, or one that was closed."""
        said = pressed(errand)
        if errand.act == "closed":
            self._work.closed(errand)
        if errand.act == "closed" or self._slips(errand, said):
            await self._desk.done(errand, DONE)
            return
        screen = self._screen(errand)
        if errand.act in OPENING and not await screen.open(errand, self._words(errand, said, self._say("prompt_loading")).view):
            await self._directly(errand, self._say("prompt_again"), REFUSED)
            return
        await self._answer(errand, said, screen, again=False)

    async def take_up(self, errand: Errand) -> None:
        """After a crash. What costs money or makes something live is not done again: it is said what became of it."""
        said = pressed(errand)
        if errand.act == "closed":
            await self._desk.done(errand, DONE)
        elif errand.act in OPENING:  # its permission to open something is long over
            await self._directly(errand, self._say("prompt_again"), REFUSED)
        else:
            await self._answer(errand, said, self._screen(errand), again=True)

    async def _answer(self, errand: Errand, said: Pressed, screen: Screen, *, again: bool) -> None:
        """In the modal; where that is closed by then and it matters, directly."""
        shown, outcome = await self._made(errand, said, screen, again=again)
        try:
            drawn = await screen.show(shown.view)
        except SlackUnavailable as problem:
            log.warning("a modal could not be drawn", extra={"cause": str(problem)})
            drawn = False
        if drawn or not shown.words:
            await self._desk.done(errand, outcome)
        else:
            await self._directly(errand, shown.words, outcome)

    async def _made(self, errand: Errand, said: Pressed, screen: Screen, *, again: bool) -> tuple[Shown, str]:
        try:
            person = await self._desk.admin(errand)
            if person is None:
                return self._words(errand, said, self._say("admins_only")), REFUSED
            if again and errand.act != "check":
                return await self._work.became_of(errand, said), DONE
            return await self._work.do(errand, said, person, screen), DONE
        except (BadPrompt, StalePrompt, NoTrial) as problem:
            return self._words(errand, said, mrkdwn(str(problem))), REFUSED
        except Unavailable as problem:
            log.warning("a prompt could not be worked on", extra={"act": errand.act, "cause": type(problem).__name__})
            return self._words(errand, said, self._desk.failed(errand).text), FAILED

    def _slips(self, errand: Errand, said: Pressed) -> dict[str, str]:
        """What is wrong in a modal that was sent, by the input below which it is shown."""
        if errand.act == "publish" and not said.reason:
            return {REASON: self._say("prompt_reason_missing")}
        if errand.act == "check" and said.name in INPUTS:
            errors = [remark.words for remark in remarks_on(said.name, said.text) if remark.level == "error"]
            return {text_field(0): " ".join(errors)} if errors else {}
        return {}

    def _screen(self, errand: Errand) -> Screen:
        if errand.act in SENT:
            return Screen(self._desk.voice, pushed=pushed_by(errand))
        return Screen(self._desk.voice, view=errand.view)

    def _words(self, errand: Errand, said: Pressed, words: str) -> Shown:
        """A modal that says only this."""
        close = self._say("prompt_close" if errand.act in (*OPENING, "roll_back") else "prompt_back")
        return Shown(words_view(self._say("prompt_title", name=said.name), words, close), words)

    async def _directly(self, errand: Errand, words: str, outcome: str) -> None:
        """Where the click was, or as a direct message."""
        if errand.channel:
            await self._desk.whisper(errand, Reply(text=words), outcome)
            return
        try:
            await self._desk.voice.post(spot_of(replace(errand, channel=errand.user)), Reply(text=words))
        except SlackUnavailable as problem:
            log.warning("an admin could not be told", extra={"cause": str(problem)})
            self._desk.unsaid.add(errand.key)
        else:
            await self._desk.done(errand, outcome)
