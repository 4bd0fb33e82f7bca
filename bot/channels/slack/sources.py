"""The sources below an answer: one line each, and the button that shows the sentence in its clause. Also of what only may help."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from bot.answers import Answer, Citation, Outcome
from bot.channels.pointing import address_of, place_of
from bot.channels.replies import in_words
from bot.channels.slack.escaping import link, mrkdwn
from bot.channels.speech import in_one_line
from bot.wording import Wording
from knowledge.values import Hit

Block = dict[str, Any]
SECTION = 3000  # characters that Slack takes in a section
PLACE = 300  # characters of a title and a heading that are shown
QUOTE = 400  # characters of a quote that stands outside the answer


@dataclass(frozen=True)
class Shown:
    """What a source button carries: which passage, and which runs of its characters prove what the answer says."""

    passage: str
    spans: tuple[tuple[int, int], ...]

    def value(self) -> str:
        return json.dumps({"p": self.passage, "s": self.spans})


def read_value(value: str) -> Shown | None:
    """A button's value; None when it is none of ours."""
    try:
        found = json.loads(value)
        return Shown(str(found["p"]), tuple((int(start), int(end)) for start, end in found["s"]))
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):  # endless numbers and endless nesting are JSON too
        return None


def source_blocks(answer: Answer, wording: Wording) -> list[Block]:
    """Source 1: Leave policy, 4.2 · effective 1 January 2026 · [link]   (Show)."""
    return [
        _block(
            f"source-{citation.number}",
            wording.say("source_line", number=citation.number, place=_place(citation.hit, wording)),
            Shown(citation.hit.passage.id, answer.spans(citation.number)),
            wording,
        )
        for citation in answer.citations
    ]


def may_help_blocks(answer: Answer, wording: Wording) -> list[Block]:
    """What came nearest to a question and does not answer it: quoted, and said to be that."""
    if not answer.may_help or answer.outcome is not Outcome.NOT_FOUND:
        return []
    head = {"type": "section", "text": {"type": "mrkdwn", "text": wording.say("may_help")}}
    lines = [_quoted("may_help_line", citation, wording) for citation in answer.may_help]
    found = zip(lines, answer.may_help, strict=True)
    return [head, *(_block(f"near-{number}", line, _span(citation), wording) for number, (line, citation) in enumerate(found, 1))]


def conflict_blocks(answer: Answer, wording: Wording) -> list[Block]:
    """Both sides of each contradiction, side by side, with whom to ask; nobody is said to be right."""
    blocks: list[Block] = []
    for number, conflict in enumerate(answer.conflicts, start=1):
        blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": wording.say("conflict")}})
        for side, citation in (("a", conflict.first), ("b", conflict.second)):
            blocks.append(_block(f"conflict-{number}{side}", _quoted("conflict_side", citation, wording), _span(citation), wording))
    return blocks


def _block(name: str, line: str, shown: Shown, wording: Wording) -> Block:
    return {
        "type": "section",
        "block_id": name,
        "text": {"type": "mrkdwn", "text": line[:SECTION], "verbatim": True},
        "accessory": {
            "type": "button",
            "action_id": "source",
            "text": {"type": "plain_text", "text": wording.say("source_button")},
            "value": shown.value(),
        },
    }


def _place(hit: Hit, wording: Wording) -> str:
    """Leave policy, 4.2 · effective 1 January 2026 · [link]."""
    parts = [mrkdwn(in_one_line(place_of(hit), PLACE))]
    if hit.document.effective:
        parts.append(wording.say("source_effective", date=in_words(hit.document.effective)))
    parts.append(link(address_of(hit), wording.say("source_link")))
    return " · ".join(filter(None, parts))


def _quoted(key: str, citation: Citation, wording: Wording) -> str:
    """Words that are no part of the answer, their place, and whom to ask about them."""
    owner = citation.hit.document.owner
    owned = f" · {wording.say('source_owner', owner=mrkdwn(owner))}" if owner else ""
    return wording.say(key, quote=_quote(citation), place=_place(citation.hit, wording), owner=owned)


def _quote(citation: Citation) -> str:
    return mrkdwn(in_one_line(citation.quote, QUOTE))


def _span(citation: Citation) -> Shown:
    return Shown(citation.hit.passage.id, ((citation.start, citation.end),))
