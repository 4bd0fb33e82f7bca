"""What is offered to one person below a reply, as buttons: an answer alone, a case of several, and to share what was answered alone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.answers import Answer, Case, Outcome
from bot.channels.slack.blocks import Block, Reply
from bot.channels.slack.errands import OFFER, Errand
from bot.channels.slack.modal import LABEL, button, confirmation, words
from bot.values import Question
from bot.wording import Wording

PRIVATE, CASE, SHARE = "private", "case", "share"
MOST_BUTTONS, MOST_CHOICES = 5, 100
LONGEST_NAME, CHOICE_VALUE = 100, 150  # characters; Slack's own limit for the value of a choice
LONGEST_VALUE = 2000


@dataclass(frozen=True)
class Pressed:
    """What a button of ours carried."""

    receipt: str
    name: str = ""  # of a case
    labels: frozenset[str] = frozenset()  # that a private answer rests on


def private_button(receipt: str, wording: Wording) -> dict[str, Any]:
    """Answers the question of this receipt to whoever presses it, alone."""
    return button(OFFER + PRIVATE, wording.say("offer_private_button"), receipt)


def private_offer(receipt: str, wording: Wording) -> Reply:
    """That there is more for this person, and the button."""
    return Reply(text=wording.say("offer_private"), tail=(_row([private_button(receipt, wording)]),))


def share_button(receipt: str, labels: Iterable[str], wording: Wording) -> dict[str, Any]:
    """Answers the question of this receipt where it was asked alone, for all who read there."""
    value = json.dumps({"receipt": receipt, "labels": sorted(labels)})
    if len(value) > LONGEST_VALUE:
        value = json.dumps({"receipt": receipt, "labels": []})
    say = wording.say
    asked = confirmation(say("offer_share_title"), say("offer_share_confirm"), say("offer_share_yes"), say("offer_share_no"))
    return button(OFFER + SHARE, say("offer_share_button"), value, confirm={name: part for name, part in asked.items() if name != "style"})


def may_be_shared(errand: Errand, question: Question, answer: Answer) -> bool:
    """Asked alone in a place where others are, and neither about a sensitive matter nor from what is only known of the asker."""
    asked_alone = bool(errand.response_url) or (errand.alone and errand.act == PRIVATE)
    here = errand.kind not in (None, "direct") and question.audience.why_alone is None
    return asked_alone and here and answer.outcome is Outcome.ANSWERED and answer.contact is None and not answer.country


def case_offer(receipt: str, cases: Iterable[Case], wording: Wording) -> Reply:
    """One question to the asker alone: which case?"""
    return Reply(text=wording.say("asks_back_alone"), tail=(_row(case_choices(receipt, cases, wording)),))


def case_choices(receipt: str, cases: Iterable[Case], wording: Wording) -> list[dict[str, Any]]:
    """A button for each case; of many, the first as buttons and the others in a list."""
    names = list(dict.fromkeys(case.name[:LONGEST_NAME] for case in cases))
    shown: list[dict[str, Any]] = [
        button(f"{OFFER}{CASE}_{number}", name, _case(receipt, name)) for number, name in enumerate(names[:MOST_BUTTONS], start=1)
    ]
    rest = [(name, value) for name in names[MOST_BUTTONS:] if len(value := _case(receipt, name)) <= CHOICE_VALUE][:MOST_CHOICES]
    if rest:
        options = [{"text": words(name, LABEL), "value": value} for name, value in rest]
        more = words(wording.say("asks_back_more"), LABEL)
        shown.append({"type": "static_select", "action_id": f"{OFFER}{CASE}_more", "placeholder": more, "options": options})
    return shown


def read_pressed(text: str) -> Pressed | None:
    """What was pressed, from an errand's text; None when it is none of ours."""
    try:
        value = str(json.loads(text)["value"])
        if not value.startswith("{"):
            return Pressed(value) if value else None
        found = json.loads(value)
        labels = frozenset(map(str, found.get("labels") or ()))
        return Pressed(str(found["receipt"]), str(found.get("name") or "")[:LONGEST_NAME], labels)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):  # endless nesting is JSON too
        return None


def _case(receipt: str, name: str) -> str:
    return json.dumps({"receipt": receipt, "name": name}, ensure_ascii=False)


def _row(elements: list[dict[str, Any]]) -> Block:
    return {"type": "actions", "elements": elements}
