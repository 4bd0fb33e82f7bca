"""The sources below an answer: one line each, and the button that shows the sentence in its clause."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from bot.answers import Answer, Citation
from bot.channels.replies import in_words
from bot.channels.slack.escaping import link, mrkdwn
from bot.wording import Wording

SECTION = 3000  # characters that Slack takes in a section
TITLE = 200  # characters of a title that are shown


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


def source_blocks(answer: Answer, wording: Wording) -> list[dict[str, Any]]:
    """Source 1: Leave policy, 4.2 · effective 1 January 2026 · [link]   (Show)."""
    return [_block(citation, answer.spans(citation.number), wording) for citation in answer.citations]


def _block(citation: Citation, spans: tuple[tuple[int, int], ...], wording: Wording) -> dict[str, Any]:
    document, passage = citation.hit.document, citation.hit.passage
    title = document.title if len(document.title) <= TITLE else document.title[: TITLE - 1] + "…"
    parts = [wording.say("source_line", number=citation.number, place=mrkdwn(f"{title}, {passage.clause}" if passage.clause else title))]
    if document.effective:
        parts.append(wording.say("source_effective", date=in_words(document.effective)))
    parts.append(link(document.url, wording.say("source_link")))
    return {
        "type": "section",
        "block_id": f"source-{citation.number}",
        "text": {"type": "mrkdwn", "text": " · ".join(filter(None, parts))[:SECTION], "verbatim": True},
        "accessory": {
            "type": "button",
            "action_id": "source",
            "text": {"type": "plain_text", "text": wording.say("source_button")},
            "value": Shown(passage.id, spans).value(),
        },
    }
