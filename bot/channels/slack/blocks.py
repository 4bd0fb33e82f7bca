"""An answer as Slack shows it: the sentences with their marks, and below them the sources, the feedback and the footer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.answers import Answer, Outcome, Sentence
from bot.channels.replies import footer_text, note_texts, refusal_text, why_alone_text
from bot.channels.slack.escaping import markdown, mrkdwn
from bot.channels.slack.sources import source_blocks
from bot.values import Question
from bot.wording import Wording

Block = dict[str, Any]
MARKDOWN = 11_000  # characters; Slack takes 12,000 in a block, and about 13,000 in a message
NOTIFICATION = 3000  # characters of the text that stands in for the blocks


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One message: its body, the blocks below it, and the text for where blocks cannot be shown."""

    text: str
    body: str = ""  # standard Markdown; empty where `text` itself is the message
    tail: tuple[Block, ...] = ()
    small: bool = False  # in small print

    @property
    def blocks(self) -> list[Block]:
        if self.body:
            return [{"type": "markdown", "text": self.body}, *self.tail]
        return [context(self.text) if self.small else section(self.text), *self.tail]


def sentence_markdown(sentence: Sentence) -> str:
    """A paragraph of its own: the sentence, harmless, and the numbers of its sources."""
    marks = "".join(f"[{citation.number}]" for citation in sentence.citations)
    return f"{markdown(sentence.text)} {marks}\n\n"


def body_markdown(sentences: Sequence[Sentence]) -> str:
    """All lines; what would pass Slack's limit is left out with an ellipsis, at the end of a line."""
    lines: list[str] = []
    for sentence in sentences:
        line = sentence_markdown(sentence)
        if sum(map(len, lines)) + len(line) > MARKDOWN:
            lines.append("…\n")
            break
        lines.append(line)
    return "".join(lines)


def reply_for(answer: Answer, question: Question, wording: Wording, company: str, today: date) -> Reply:
    """The whole reply, of whatever outcome."""
    why = why_alone_text(question.audience, wording, mrkdwn(company))
    if answer.outcome is not Outcome.ANSWERED:
        text = refusal_text(answer, question, wording, company, _inserted)
        return Reply(text=text, tail=(context(why),) if why else ())
    tail: list[Block] = [context(wording.say("cut_off"))] if not answer.complete else []
    tail += [context(note) for note in note_texts(answer, wording, _inserted)]
    tail += [context(why)] if why else []
    tail += source_blocks(answer, wording)
    tail += [feedback(answer.receipt, wording), context(footer_text(answer, wording, today))]
    plain = "\n".join(mrkdwn(sentence.text) for sentence in answer.sentences)
    return Reply(text=plain[:NOTIFICATION], body=body_markdown(answer.sentences), tail=tuple(tail))


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


def _inserted(text: str) -> str:
    """What somebody wrote, inside one of our sentences: harmless and not endless."""
    return mrkdwn(" ".join(text.split())[:500])
