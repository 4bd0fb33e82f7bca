"""What a new text of a prompt is told before it is live: remarks, what a trial takes, and what a trial found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.channels.slack.blocks import context, section
from bot.channels.slack.errands import PROMPT
from bot.channels.slack.escaping import mrkdwn
from bot.channels.slack.modal import button, modal
from bot.channels.slack.prompts.views import reason_field
from bot.trials import TrialPlan, TrialReport

if TYPE_CHECKING:
    from bot.channels.slack.blocks import Block
    from bot.channels.slack.modal import View
    from bot.channels.slack.prompts.proposals import Proposal
    from bot.prompts import PromptVersion, Remark
    from bot.trials import Compared, Verdict
    from bot.wording import Wording

QUOTES = "quotes"  # the model's name where there is none
CHARACTERS = 4  # in a token, about
CELLS = 10
CHEAP = 0.01
ORDER = ("worse", "better", "same")
_LONGEST = 500  # characters of a question or an answer


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A proposal, and all that is known about it so far."""

    number: str  # the proposal's id
    proposal: Proposal
    newest: PromptVersion
    remarks: tuple[Remark, ...]
    trial: TrialPlan | TrialReport | str | None = None  # None: not known yet; mrkdwn: why there is none
    notice: str = ""

    @property
    def newer(self) -> bool:
        """Somebody published meanwhile."""
        return self.newest.number != self.proposal.over

    @property
    def publishable(self) -> bool:
        return not self.newer and not any(remark.level == "error" for remark in self.remarks)


def checked_view(checked: Checked, wording: Wording) -> View:
    """With the button that publishes where it can be published, and the other one where it can be tried."""
    proposal = checked.proposal
    blocks = [*_remarks(checked, wording)]
    if checked.notice:
        blocks.append(section(checked.notice))
    more: dict[str, object] = {}
    if checked.publishable:
        blocks += [{"type": "divider"}, *_trial(checked, wording), {"type": "divider"}]
        blocks.append(reason_field(proposal.reason, wording, optional=False))
        about = {"draft": checked.number, "name": proposal.name, "over": proposal.over, "hash": proposal.hash}
        more = {"submit": wording.say("prompt_publish"), "private_metadata": json.dumps(about)}
    title, back = wording.say("prompt_title", name=proposal.name), wording.say("prompt_back")
    return modal(title, blocks, close=back, callback_id=PROMPT + "publish", **more)  # type: ignore[arg-type]  # submit is text


def trying_view(proposal: Proposal, done: int, total: int, wording: Wording) -> View:
    """How far it is; closing it is told, and ends the trial."""
    full = CELLS * done // max(total, 1)
    bar = "▰" * full + "▱" * (CELLS - full)
    far = wording.say("prompt_trying", bar=bar, done=done, total=total) if total else wording.say("prompt_trying_begins")
    blocks = [section(far), context(wording.say("prompt_trying_note"))]
    title, close = wording.say("prompt_title", name=proposal.name), wording.say("prompt_end_trial")
    return modal(title, blocks, close=close, callback_id=PROMPT + "trying", notify_on_close=True)


def _remarks(checked: Checked, wording: Wording) -> Iterator[Block]:
    for remark in checked.remarks:
        yield section(wording.say(f"prompt_{remark.level}", words=mrkdwn(remark.words)))
    if checked.newer:
        newest = checked.newest
        yield section(wording.say("prompt_newer", author=mrkdwn(newest.author), version=newest.number, name=newest.name))
    elif not checked.publishable:
        yield section(wording.say("prompt_bad"))
    else:
        yield section(wording.say("prompt_doubtful" if checked.remarks else "prompt_good"))
    size, before = len(checked.proposal.text), len(checked.newest.text)
    yield context(wording.say("prompt_size", characters=f"{size:,}", tokens=f"{-(-size // CHARACTERS):,}", before=f"{before:,}"))


def _trial(checked: Checked, wording: Wording) -> Iterator[Block]:
    trial = checked.trial
    if trial is None:
        yield context(wording.say("prompt_planning"))
    elif isinstance(trial, str):
        yield context(trial)
    elif isinstance(trial, TrialPlan):
        yield section(plan_text(trial, wording))
        if trial.model != QUOTES:
            yield _try_button(checked, wording.say("prompt_try"))
    else:
        yield from report_blocks(trial, wording)
        yield _try_button(checked, wording.say("prompt_try_again"))


def _try_button(checked: Checked, label: str) -> Block:
    return {"type": "actions", "elements": [button(PROMPT + "try", label, checked.number)]}


def plan_text(plan: TrialPlan, wording: Wording) -> str:
    """What it will take, in one sentence."""
    if plan.model == QUOTES:
        return wording.say("prompt_plan_quotes")
    if plan.money is None:
        money = wording.say("prompt_plan_unpriced")
    elif plan.money < CHEAP:
        money = wording.say("prompt_plan_cheap", money=CHEAP)
    else:
        money = wording.say("prompt_plan_money", money=f"{plan.money:,.2f}")
    seconds = max(1, round(plan.seconds))
    return wording.say("prompt_plan", questions=plan.questions, seconds=seconds, money=money, model=mrkdwn(plan.model))


def report_blocks(report: TrialReport, wording: Wording) -> Iterator[Block]:
    """The counts, and each question whose answer is another one: what got worse comes first."""
    other = [one for one in report.questions if one.said_before != one.said_after or one.before != one.after]
    counts = {"better": report.better, "worse": report.worse, "same": len(report.questions) - report.better - report.worse}
    reworded = sum(_change(one) == "same" for one in other)
    told = wording.say("prompt_tried", questions=len(report.questions), model=mrkdwn(report.model), **counts)
    yield section(f"{told} {wording.say('prompt_tried_reworded', count=reworded)}" if reworded else told)
    if report.worse > report.better:
        yield section(wording.say("prompt_warning", words=wording.say("prompt_tried_worse")))
    before, after = (sum(verdict == "failed" for verdict in verdicts) for verdicts in _verdicts(report))
    if before or after:
        yield section(wording.say("prompt_warning", words=wording.say("prompt_tried_failed", before=before, after=after)))
    tokens = report.spent.prompt + report.spent.written
    yield context(wording.say("prompt_tried_cost", seconds=max(1, round(report.seconds)), tokens=f"{tokens:,}"))
    for one in sorted(other, key=lambda one: ORDER.index(_change(one))):
        yield from _difference(one, wording)


def _difference(one: Compared, wording: Wording) -> Iterator[Block]:
    yield section(wording.say(f"prompt_changed_{_change(one)}", question=mrkdwn(_cut(one.question))))
    yield context(wording.say("prompt_said_before", verdict=_verdict(one.before, wording), said=_said(one.said_before, wording)))
    yield context(wording.say("prompt_said_after", verdict=_verdict(one.after, wording), said=_said(one.said_after, wording)))


def _verdicts(report: TrialReport) -> tuple[list[Verdict], list[Verdict]]:
    return [one.before for one in report.questions], [one.after for one in report.questions]


def _change(one: Compared) -> Literal["worse", "better", "same"]:
    if one.before == "right" != one.after:
        return "worse"
    return "better" if one.after == "right" != one.before else "same"


def _verdict(verdict: Verdict, wording: Wording) -> str:
    return wording.say(f"verdict_{verdict}")


def _said(said: str, wording: Wording) -> str:
    return "\n".join(mrkdwn(line) for line in _cut(said).splitlines()) or wording.say("prompt_said_nothing")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
