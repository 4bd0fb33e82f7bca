"""An answer as Slack shows it: the sentences with their marks, and below them the sources, the feedback and the footer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.answers import Answer, Outcome, Sentence
from bot.channels.replies import cases_text, contact_text, footer_text, note_texts, refusal_text, why_alone_text
from bot.channels.slack.escaping import link, markdown, mrkdwn
from bot.channels.slack.sources import conflict_blocks, may_help_blocks, source_blocks
from bot.values import Question
from bot.wording import Wording

Block = dict[str, Any]
Line = Sentence | None  # None: a sentence stood there and was taken back
MARKDOWN, ALL = 11_000, 12_500  # characters; Slack takes 12,000 in a block, and about 13,000 in a message
NOTIFICATION = 3000  # characters of the text that stands in for the blocks


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One message: its body, the blocks above and below it, and the text for where blocks cannot be shown."""

    text: str
    body: str = ""  # standard Markdown; empty where `text` itself is the message
    head: tuple[Block, ...] = ()
    tail: tuple[Block, ...] = ()
    small: bool = False  # in small print

    @property
    def blocks(self) -> list[Block]:
        if self.body:
            return [*self.head, {"type": "markdown", "text": self.body}, *self.tail]
        return [*self.head, context(self.text) if self.small else section(self.text), *self.tail]


def sentence_markdown(sentence: Sentence, wording: Wording) -> str:
    """A paragraph of its own: the sentence, harmless, and the numbers of its sources."""
    marks = "".join(f"[{citation.number}]" for citation in sentence.citations)
    opening = f"_{wording.say('condition')}_ " if sentence.condition else ""
    return f"{opening}{markdown(sentence.text)} {marks}\n\n"


def body_markdown(lines: Sequence[Line], wording: Wording, most: int = MARKDOWN) -> str:
    """All lines; what would pass Slack's limit is left out with an ellipsis, at the end of a line."""
    written: list[str] = []
    for one in lines:
        line = sentence_markdown(one, wording) if one else f"_{wording.say('withdrawn')}_\n\n"
        if sum(map(len, written)) + len(line) > most:
            written.append("…\n")
            break
        written.append(line)
    return "".join(written)


def reply_for(  # noqa: PLR0913  # the answer, and everything that decides how it is told
    answer: Answer,
    question: Question,
    wording: Wording,
    company: str,
    today: date,
    *,
    lines: Sequence[Line] | None = None,
    buttons: Sequence[dict[str, Any]] = (),
) -> Reply:
    """The whole reply, of whatever outcome. `lines`: its sentences and where some were taken back; `buttons`: what may be done with it."""
    shown = answer.sentences if lines is None else lines
    why = why_alone_text(question.audience, wording, mrkdwn(company))
    contact = contact_text(answer, wording) if answer.outcome is not Outcome.CONTACT_FIRST else ""
    head = (section(contact),) if contact else ()
    below: list[Block] = [context(why)] if why else []
    below += [{"type": "actions", "elements": list(buttons)}] if buttons else []
    between = conflict_blocks(answer, wording)
    if not answer.sentences:
        if answer.outcome is Outcome.ANSWERED and between:
            footer = [feedback(answer.receipt, wording), context(footer_text(answer, wording, today, inserted))]
            return Reply(text=between[0]["text"]["text"], head=head, tail=(*between[1:], *below, *footer))
        taken_back = any(line is None for line in shown) and answer.outcome is Outcome.FAILED
        text = wording.say("withdrawn_all") if taken_back else refusal_text(answer, question, wording, company, inserted, link)
        if answer.outcome is Outcome.ASKS_BACK and not buttons:
            text = cases_text(answer.cases, wording, inserted)
        return Reply(text=text, head=head, tail=(*between, *may_help_blocks(answer, wording), *below))
    tail: list[Block] = [context(wording.say("cut_off"))] if not answer.complete and None not in shown else []
    tail += between
    tail += [context(note) for note in note_texts(answer, wording, inserted)]
    tail += source_blocks(answer, wording)
    tail += below
    tail += [feedback(answer.receipt, wording), context(footer_text(answer, wording, today, inserted))]
    plain = "\n".join(filter(None, (contact, *(mrkdwn(sentence.text) for sentence in answer.sentences))))
    room = min(MARKDOWN, ALL - _weight([*head, *tail]))
    return Reply(text=plain[:NOTIFICATION], body=body_markdown(shown, wording, room), head=head, tail=tuple(tail))


def feedback(receipt: str, wording: Wording) -> Block:
    """Two thumbs that carry the receipt."""
    buttons = {
        side: {"text": {"type": "plain_text", "text": wording.say(key)}, "value": f"{receipt}:{verdict}"}
        for side, key, verdict in (("positive_button", "feedback_good", "up"), ("negative_button", "feedback_bad", "down"))
    }
    return {"type": "context_actions", "elements": [{"type": "feedback_buttons", "action_id": "feedback", **buttons}]}


def section(text: str) -> Block:
    """Words of our own in Slack's mrkdwn."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:3000], "verbatim": True}}


def context(text: str) -> Block:
    """The same in small print."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text[:3000], "verbatim": True}]}


def _weight(node: object) -> int:
    """The characters that Slack counts."""
    if isinstance(node, list | tuple):
        return sum(map(_weight, node))
    if isinstance(node, dict):
        return sum(len(child) if name == "text" and isinstance(child, str) else _weight(child) for name, child in node.items())
    return 0


def inserted(text: str) -> str:
    """What somebody wrote, inside one of our sentences: harmless and not endless."""
    return mrkdwn(" ".join(text.split())[:500])
