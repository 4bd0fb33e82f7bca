"""/ibid note on|off, and the weekly note's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.channels.replies import in_words
from bot.channels.slack.blocks import Reply, context, section
from bot.channels.slack.escaping import link, mrkdwn
from bot.channels.slack.indexing import lists
from bot.channels.slack.indexing.rights import rights_in
from bot.flows.weekly_note import week_settled, zone

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from bot.channels.slack.desk import Desk
    from bot.channels.slack.errands import Errand
    from bot.flows.sight import Sight
    from bot.flows.weekly_note import Note
    from bot.wording import Wording
    from knowledge.values import Document

DONE, REFUSED = "done", "refused"


async def order_note(desk: Desk, errand: Errand) -> None:
    """For owners of documents and admins. Off is for everybody who once asked for it."""
    word = errand.text.split()[1:2]
    if [one.lower() for one in word] == ["off"]:
        await desk.ibid.notes.unsubscribe(errand.user)
        await desk.whisper(errand, desk.say("note_off"), DONE)
        return
    rights = await rights_in(desk, errand)
    if not rights.any:
        await desk.whisper(errand, desk.say("note_not_yours"), REFUSED)
        return
    if [one.lower() for one in word] != ["on"]:
        await desk.whisper(errand, desk.say("note_how"), DONE)
        return
    where = zone(rights.person.timezone)
    await desk.ibid.notes.subscribe(errand.user, week_settled(desk.ibid.clock.now(), where))
    await desk.whisper(errand, desk.say("note_on", zone=mrkdwn(str(where))), DONE)


def note_reply(note: Note, sight: Sight, wording: Wording) -> Reply:
    """What is overdue, what will be, what could not be read, and for an admin how much there is besides."""
    parts = (
        ("note_overdue", _documents(note.overdue, "note_overdue_line", sight, wording)),
        ("note_soon", _documents(note.soon, "note_soon_line", sight, wording)),
        ("note_unread", lists.remarks(note.unread, sight, (), wording)),
    )
    texts, _ = lists.joined(parts, wording)
    rest = note.rest
    blocks = [*map(section, texts)]
    if rest:
        blocks.append(section(wording.say("note_rest", overdue=rest.overdue, soon=rest.soon, unread=rest.unread)))
    blocks.append(context(wording.say("note_end")))
    return Reply(text=wording.say("note_head"), tail=tuple(blocks))


def _documents(documents: Collection[Document], key: str, sight: Sight, wording: Wording) -> lists.Listed:
    lines = tuple(_lines(documents, key, sight, wording))
    return lists.Listed(lines=lines, hidden=len(documents) - len(lines))


def _lines(documents: Collection[Document], key: str, sight: Sight, wording: Wording) -> Iterator[str]:
    for one in documents:
        if one.review_by and sight.sees(one.id):
            title = mrkdwn(one.title[: lists.LONGEST])
            yield wording.say(key, title=link(one.url, title) or title, date=in_words(one.review_by))
