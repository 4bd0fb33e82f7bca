"""What is held back, and the form in which something is: a modal, and what its sending says."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from bot.channels.replies import in_words
from bot.channels.slack.blocks import Reply, context, section
from bot.channels.slack.errands import HOLD
from bot.channels.slack.escaping import mrkdwn
from bot.channels.slack.modal import button, field, modal, words
from knowledge.values import content_id

if TYPE_CHECKING:
    from bot.channels.slack.blocks import Block
    from bot.channels.slack.modal import View
    from bot.flows.sight import Sight
    from bot.wording import Wording
    from knowledge.holds import Hold
    from knowledge.values import Document

MAKE, LIFT = "make", "lift"
DOCUMENT, TOPIC, SENTENCE, UNTIL = "document", "topic", "sentence", "until"
MOST_DOCUMENTS = 100  # that one list takes
MOST_HOLDS = 20
LONGEST_SENTENCE, LONGEST_TOPIC, LONGEST_TITLE = 500, 80, 150
USUALLY = timedelta(days=7)
_PERSON = re.compile(r"[UW][A-Z0-9]+")


@dataclass(frozen=True, kw_only=True)
class Desired:
    """What the form came back with: the mark of a document, or a topic."""

    mark: str = ""
    topic: str = ""
    sentence: str = ""
    until: date | None = None

    def faults(self, today: date, wording: Wording) -> dict[str, str]:
        """What is wrong, by the input that it is said below; as far as it can be seen without looking anything up."""
        found = {}
        if bool(self.mark) == bool(self.topic):
            found[TOPIC if self.topic else DOCUMENT] = wording.say("hold_one_of")
        if not self.sentence:
            found[SENTENCE] = wording.say("hold_no_sentence")
        if self.until is None or self.until < today:
            found[UNTIL] = wording.say("hold_over")
        return found


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What one person is shown: the holds, those of them that they may lift, how many they are not told of, and what they may hold."""

    holds: tuple[Hold, ...]
    liftable: frozenset[int]
    hidden: int
    documents: tuple[Document, ...]
    topics: bool
    sight: Sight


def desired_in(text: str) -> Desired:
    """Of what errands.py read from the form."""
    fields: Mapping[str, Any] = json.loads(text)["fields"]
    said = {name: " ".join(str(fields.get(name) or "").split()) for name in (DOCUMENT, TOPIC, SENTENCE, UNTIL)}
    try:
        until = date.fromisoformat(said[UNTIL])
    except ValueError:
        until = None
    return Desired(mark=said[DOCUMENT], topic=said[TOPIC], sentence=said[SENTENCE], until=until)


def mark_of(document: Document) -> str:
    """Short, because an option carries little."""
    return content_id(document.id)[:16]


def form_view(listing: Listing, today: date, wording: Wording) -> View:
    """What is held back now, each with a button, and the inputs for one more."""
    say = wording.say
    blocks: list[Block] = [section(say("hold_intro"))]
    for hold in listing.holds[:MOST_HOLDS]:
        lift = {"accessory": button(HOLD + LIFT, say("hold_lift"), str(hold.number))} if hold.number in listing.liftable else {}
        blocks.append({**section(hold_line(hold, listing.sight, wording)), **lift})
    if rest := listing.hidden + max(0, len(listing.holds) - MOST_HOLDS):
        blocks.append(context(say("hold_hidden", count=rest)))
    blocks.append({"type": "divider"})
    if listing.documents:
        blocks.append(_document_input(listing.documents[:MOST_DOCUMENTS], wording, optional=listing.topics))
    if more := len(listing.documents) - MOST_DOCUMENTS:
        blocks += [context(say("hold_more", count=more))] if more > 0 else []
    if listing.topics:
        blocks.append(field(TOPIC, say("hold_topic"), "", LONGEST_TOPIC, optional=True, hint=words(say("hold_topic_hint"), 150)))
    blocks.append(field(SENTENCE, say("hold_sentence"), "", LONGEST_SENTENCE, hint=words(say("hold_sentence_hint"), 150)))
    picker = {"type": "datepicker", "action_id": UNTIL, "initial_date": (today + USUALLY).isoformat()}
    blocks.append({"type": "input", "block_id": UNTIL, "label": words(say("hold_until"), 2000), "element": picker})
    return modal(say("hold_title"), blocks, close=say("hold_close"), submit=say("hold_submit"), callback_id=HOLD + MAKE)


def words_view(text: str, wording: Wording) -> View:
    """A modal that only says something."""
    return modal(wording.say("hold_title"), [section(text)], close=wording.say("hold_close"))


def hold_line(hold: Hold, sight: Sight, wording: Wording) -> str:
    """One hold, for somebody who may know of it."""
    by = f"<@{hold.by}>" if _PERSON.fullmatch(hold.by) else mrkdwn(hold.by)
    what, sentence = what_is_held(hold, sight, wording), mrkdwn(hold.sentence)
    return wording.say("hold_line", what=what, until=in_words(hold.until), by=by, sentence=sentence)


def what_is_held(hold: Hold, sight: Sight, wording: Wording) -> str:
    """The title of its document, or its topic."""
    if hold.topic:
        return wording.say("hold_of_topic", topic=mrkdwn(hold.topic))
    return wording.say("hold_of_document", title=mrkdwn((sight.title(hold.document) or hold.document)[:LONGEST_TITLE]))


def held_reply(hold: Hold, sight: Sight, wording: Wording) -> Reply:
    """What was done, with the way back."""
    said = wording.say("hold_done", what=what_is_held(hold, sight, wording), until=in_words(hold.until), sentence=mrkdwn(hold.sentence))
    lift: Block = {"type": "actions", "elements": [button(HOLD + LIFT, wording.say("hold_lift"), str(hold.number))]}
    return Reply(text=said, tail=(lift,))


def _document_input(documents: Sequence[Document], wording: Wording, *, optional: bool) -> Block:
    options = [{"text": words(one.title or one.id, 75), "value": mark_of(one)} for one in documents]
    chooser = {"type": "static_select", "action_id": DOCUMENT, "options": options}
    label = words(wording.say("hold_document"), 2000)
    return {"type": "input", "block_id": DOCUMENT, "label": label, "element": chooser, "optional": optional}
