"""The modal that shows a sentence's proof in its place: the clause, with the quoted span highlighted."""

from __future__ import annotations

import re
from typing import Any

from bot.channels.pointing import address_of, seen_by_text
from bot.channels.replies import in_words
from bot.channels.slack.blocks import Block, context, inserted, section
from bot.channels.slack.escaping import link, mrkdwn
from bot.channels.slack.sources import Shown
from bot.wording import Wording
from knowledge.values import Hit

MOST = 2800  # characters of a clause that are shown
TITLE, HEADER = 24, 150  # Slack's limits
BEFORE, AFTER = "▸ ", " ◂"
_RULE = re.compile(r"^\|[\s:|-]+\|$\n?", re.MULTILINE)
_EDGES = re.compile(r"^\|[ \t]*|[ \t]*\|$", re.MULTILINE)
_BARS = re.compile(r"(?<!\\)[ \t]+\|[ \t]+")


def loading_view(wording: Wording) -> dict[str, Any]:
    """What stands there until it is known whether this person may see the source."""
    return _modal(wording, [section(wording.say("searching"))])


def gone_view(wording: Wording) -> dict[str, Any]:
    """What everybody sees who may not read it, and who asks for what is gone: the same words."""
    return _modal(wording, [section(wording.say("source_gone"))])


def source_view(hit: Hit, shown: Shown, wording: Wording, company: str) -> dict[str, Any]:
    """Title, place, the clause with its proof, and what the document says about itself: its version, its owner, who can see it."""
    document, passage = hit.document, hit.passage
    place = [part for part in (*passage.path, passage.clause) if part]
    page = wording.say("source_page", page=passage.page) if passage.page is not None else ""
    where = " · ".join(filter(None, (mrkdwn(" › ".join(place)), page)))
    facts = [wording.say("source_version", date=in_words(document.effective))] if document.effective else []
    facts += [wording.say("source_owner", owner=mrkdwn(document.owner))] if document.owner else []
    seen_by = wording.say("source_seen_by", who=seen_by_text(document.rule, wording, company, inserted))
    below = "\n".join(filter(None, (" · ".join(facts), seen_by, link(address_of(hit), wording.say("source_link")))))
    blocks: list[Block] = [{"type": "header", "text": {"type": "plain_text", "text": _short(document.title, HEADER), "emoji": False}}]
    if where:
        blocks.append(context(where))
    blocks.append({"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": highlighted(passage.text, shown)}]})
    blocks.append(context(below))
    return _modal(wording, blocks)


def highlighted(text: str, shown: Shown) -> list[dict[str, Any]]:
    """The text as rich_text elements, which Slack reads no markup in: the proof in bold, trimmed around it where the clause is long."""
    spans = [(max(0, start), min(end, len(text))) for start, end in sorted(shown.spans) if max(0, start) < min(end, len(text))]
    first, last = (spans[0][0], max(end for _, end in spans)) if spans else (0, 0)
    room = max(0, MOST - (last - first))
    left = max(0, first - max(room // 2, room - (len(text) - last)))
    right = min(len(text), left + MOST)
    elements: list[dict[str, Any]] = []
    at = left
    for start, end in spans:
        if max(start, at) >= min(end, right):  # begins where the one before has not ended, or past what is shown
            continue
        elements.append(_text(_readable(text[at : max(start, at)])))
        elements.append({**_text(BEFORE + _readable(text[max(start, at) : min(end, right)]) + AFTER), "style": {"bold": True}})
        at = min(end, right)
    elements.append(_text(_readable(text[at:right])))
    if left:
        elements.insert(0, _text("…"))
    if right < len(text):
        elements.append(_text("…"))
    return [element for element in elements if element["text"]] or [_text(" ")]


def _readable(text: str) -> str:
    """Rows of a table without the bars that only Markdown needs; Slack has no tables in a modal."""
    without_rule = _RULE.sub("", text)
    return _BARS.sub(" · ", _EDGES.sub("", without_rule))


def _text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _modal(wording: Wording, blocks: list[Block]) -> dict[str, Any]:
    title = _short(wording.say("source_modal_title"), TITLE)
    return {"type": "modal", "title": {"type": "plain_text", "text": title}, "blocks": blocks}
