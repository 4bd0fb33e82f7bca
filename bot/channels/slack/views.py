"""The modal that shows a sentence's proof in its place: the clause, with the quoted span highlighted."""

from __future__ import annotations

from typing import Any

from bot.channels.replies import in_words
from bot.channels.slack.blocks import Block, context, section
from bot.channels.slack.escaping import link, mrkdwn
from bot.channels.slack.sources import Shown
from bot.wording import Wording
from knowledge.values import Hit

MOST = 2800  # characters of a clause that are shown
TITLE, HEADER = 24, 150  # Slack's limits
BEFORE, AFTER = "▸ ", " ◂"


def loading_view(wording: Wording) -> dict[str, Any]:
    """What stands there until it is known whether this person may see the source."""
    return _modal(wording, [section(wording.say("searching"))])


def gone_view(wording: Wording) -> dict[str, Any]:
    """What everybody sees who may not read it, and who asks for what is gone: the same words."""
    return _modal(wording, [section(wording.say("source_gone"))])


def source_view(hit: Hit, shown: Shown, wording: Wording) -> dict[str, Any]:
    """Title, place, the clause with its proof, and what the document says about itself."""
    document, passage = hit.document, hit.passage
    place = " › ".join(part for part in (*passage.path, passage.clause) if part)
    facts = [wording.say("source_effective", date=in_words(document.effective))] if document.effective else []
    facts += [wording.say("source_owner", owner=mrkdwn(document.owner))] if document.owner else []
    facts += [found] if (found := link(document.url, wording.say("source_link"))) else []
    blocks: list[Block] = [{"type": "header", "text": {"type": "plain_text", "text": _short(document.title, HEADER), "emoji": False}}]
    if place:
        blocks.append(context(mrkdwn(place)))
    blocks.append({"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": highlighted(passage.text, shown)}]})
    if facts:
        blocks.append(context(" · ".join(facts)))
    return _modal(wording, blocks)


def highlighted(text: str, shown: Shown) -> list[dict[str, Any]]:
    """The text as rich_text elements, which Slack reads no markup in: before, the span in bold, after; trimmed around the span."""
    start, end = max(0, min(shown.start, len(text))), max(0, min(shown.end, len(text)))
    if start >= end:
        return [_text(_short(text, MOST) or " ")]
    end = min(end, start + MOST)
    room = MOST - (end - start)
    left = max(0, start - max(room // 2, room - (len(text) - end)))
    right = min(len(text), end + room - (start - left))
    before = ("…" if left else "") + text[left:start]
    after = text[end:right] + ("…" if right < len(text) else "")
    span = {**_text(BEFORE + text[start:end] + AFTER), "style": {"bold": True}}
    return [*([_text(before)] if before else []), span, *([_text(after)] if after else [])]


def _text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _modal(wording: Wording, blocks: list[Block]) -> dict[str, Any]:
    title = _short(wording.say("source_modal_title"), TITLE)
    return {"type": "modal", "title": {"type": "plain_text", "text": title}, "blocks": blocks}
