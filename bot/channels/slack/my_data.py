"""/ibid my-data and /ibid privacy: what is kept of a person, a copy of it, and its end."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.channels.slack.blocks import Reply
from bot.channels.slack.desk import UNDELIVERABLE, spot_of
from bot.channels.slack.errands import DATA
from bot.channels.slack.escaping import mrkdwn
from bot.channels.slack.insist import Refused
from bot.channels.slack.modal import button, confirmation
from bot.channels.slack.own_copy import copy_messages, counted_text
from bot.errors import DirectoryUnavailable, NotReady
from bot.flows.access import alone, scope_for
from bot.retention import DELIVERIES_KEPT, DISCLOSURES_KEPT, PAYLOADS_KEPT, QUESTIONS_KEPT, RECEIPTS_KEPT, TURNS_KEPT, in_words

if TYPE_CHECKING:
    from bot.channels.slack.desk import Desk
    from bot.channels.slack.errands import Errand
    from bot.own_records import OwnCopy

log = logging.getLogger(__name__)
EXPORT, ERASE = "export", "erase"
DONE, REFUSED = "done", "refused"


async def tell_privacy(desk: Desk, errand: Errand) -> None:
    """What is kept, for how long, and who can see it: the figures are those that the sweep goes by."""
    told = desk.ibid.wording.say(
        "privacy",
        company=mrkdwn(desk.ibid.company),
        questions=in_words(QUESTIONS_KEPT),
        receipts=in_words(RECEIPTS_KEPT),
        turns=in_words(TURNS_KEPT),
        payloads=in_words(PAYLOADS_KEPT),
        deliveries=in_words(DELIVERIES_KEPT),
        disclosures=in_words(DISCLOSURES_KEPT),
    )
    await desk.whisper(errand, Reply(text=told + await not_recorded_here(desk, errand)), DONE)


async def not_recorded_here(desk: Desk, errand: Errand) -> str:
    """A line that says so, where an admin wants nothing to be recorded; else nothing."""
    rules = await desk.ibid.rulebook.now()
    return "" if rules.records(errand.channel) else f"\n{desk.ibid.wording.say('privacy_not_here')}"


async def tell_own(desk: Desk, errand: Errand) -> None:
    """How much there is, with a button for a copy and one to end it."""
    copy, wording = await desk.ibid.own.copy(errand.user), desk.ibid.wording
    say = wording.say
    asked = confirmation(say("my_data_erase_title"), say("my_data_erase_confirm"), say("my_data_erase_yes"), say("reindex_leave_it"))
    copied = confirmation(say("my_data_export_title"), say("my_data_export_confirm"), say("my_data_export_yes"), say("reindex_leave_it"))
    copied.pop("style")
    buttons = [
        button(DATA + EXPORT, say("my_data_export"), errand.user, confirm=copied),
        button(DATA + ERASE, say("my_data_erase"), errand.user, style="danger", confirm=asked),
    ]
    await desk.whisper(errand, Reply(text=counted_text(copy, wording), tail=({"type": "actions", "elements": buttons},)), DONE)


async def export_own(desk: Desk, errand: Errand) -> None:
    """Into the direct messages of whoever pressed. It is always about that person, whatever the button carried."""
    outcome = await send_copy(desk, errand, await desk.ibid.own.copy(errand.user), errand.user)
    log.info("own records exported")
    await desk.whisper(replace(errand, response_url=""), desk.say("my_data_exported"), outcome)


async def erase_own(desk: Desk, errand: Errand) -> None:
    """Of whoever pressed."""
    gone = await desk.ibid.own.erase(errand.user)
    log.info("own records erased", extra={"count": gone})
    await desk.whisper(replace(errand, response_url=""), desk.say("my_data_erased", count=f"{gone:,}"), DONE)


async def send_copy(desk: Desk, errand: Errand, copy: OwnCopy, reader: str, head: Reply | None = None) -> str:
    """To one reader, directly: documents are named only where this reader may read them now."""
    ibid = desk.ibid
    person = await ibid.directory.person(reader)
    try:
        scope = scope_for(alone(person), await ibid.library.rules())
        titles = {document.id: document.title for document in await ibid.library.readable(scope)}
    except NotReady:
        titles = {}
    admins = {admin for wish in copy.disclosures for admin in (wish.asked_by, wish.agreed_by) if admin}
    messages = copy_messages(copy, titles, {admin: await name_of(desk, admin) for admin in admins}, ibid.wording)
    spot = replace(spot_of(errand), channel=await desk.voice.direct(reader), user=reader, root="", thread="", asked="", response_url="")
    try:
        for number, reply in enumerate([*([head] if head else []), *messages]):
            await desk.voice.post(replace(spot, key=f"{errand.key}/copy/{number}"), reply)
    except Refused as problem:
        log.warning("slack refused a copy of somebody's records", extra={"cause": str(problem)})
        return UNDELIVERABLE
    return DONE


async def name_of(desk: Desk, user: str) -> str:
    """As colleagues know this person; the id where nobody does any more."""
    try:
        return (await desk.ibid.directory.person(user)).name
    except DirectoryUnavailable:
        return user
