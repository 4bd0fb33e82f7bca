"""/ibid data-of: what is kept of somebody else, for an admin, when another admin agrees. The person is told, and the trace stays."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.channels.slack.blocks import Reply
from bot.channels.slack.desk import spot_of
from bot.channels.slack.errands import DATA
from bot.channels.slack.escaping import mrkdwn
from bot.channels.slack.insist import Refused
from bot.channels.slack.modal import button
from bot.channels.slack.my_data import name_of, send_copy
from bot.channels.slack.to_admins import tell_admins
from bot.own_records import WISHES, Disclosure, Objection
from bot.retention import WISHES_OPEN

if TYPE_CHECKING:
    from bot.channels.slack.desk import Desk
    from bot.channels.slack.errands import Errand
    from bot.own_records import Wish
    from bot.values import Person

log = logging.getLogger(__name__)
AGREE = "agree"
DONE, REFUSED = "done", "refused"
LONGEST_REASON = 300
OBJECTIONS: dict[Objection, str] = {
    "unknown": "data_of_unknown_wish",
    "same_admin": "data_of_same_admin",
    "their_own": "data_of_their_own",
    "over": "data_of_over",
    "done": "data_of_already",
}


async def order_data_of(desk: Desk, errand: Errand) -> None:
    """`/ibid data-of PERSON export|erase WHY`: nothing is shown or done before another admin has agreed."""
    say = desk.ibid.wording.say
    if await desk.admin(errand) is None:
        await desk.whisper(errand, desk.say("admins_only"), REFUSED)
        return
    whom, wish, reason = _read(errand.text)
    person = await _find(desk, whom) if whom else None
    others = {user for user in await _admins(desk) if user != errand.user and (person is None or user != person.id)}
    if wish is None or not reason:
        await desk.whisper(errand, desk.say("data_of_how"), REFUSED)
    elif person is None:
        await desk.whisper(errand, desk.say("data_of_unknown", whom=mrkdwn(whom[:80])), REFUSED)
    elif person.id == errand.user:
        await desk.whisper(errand, desk.say("data_of_yourself"), REFUSED)
    elif not others:
        await desk.whisper(errand, desk.say("data_of_nobody_else"), REFUSED)
    else:
        asked = await desk.ibid.disclosures.ask(person.id, wish, reason[:LONGEST_REASON], errand.user)
        log.info("somebody else's records were asked for", extra={"number": asked.number, "by": errand.user, "wish": wish})
        await tell_admins(desk, others, f"data-of-{asked.number}", await _plea(desk, asked))
        told = say("data_of_asked", name=mrkdwn(person.name), wish=say(f"wish_{wish}"), days=WISHES_OPEN.days)
        await desk.whisper(errand, Reply(text=told), DONE)


async def agree(desk: Desk, errand: Errand) -> None:
    """The second admin's button. It is looked at again who presses, and that it is another."""
    here = replace(errand, response_url="")
    if await desk.admin(errand) is None:
        await desk.whisper(here, desk.say("admins_only"), REFUSED)
        return
    number = str(json.loads(errand.text)["value"])
    agreed = await desk.ibid.disclosures.agree(int(number), errand.user) if number.isdecimal() else "unknown"
    if not isinstance(agreed, Disclosure):
        await desk.whisper(here, desk.say(OBJECTIONS[agreed]), REFUSED)
        return
    if agreed.asked_by not in await _admins(desk):
        await desk.whisper(here, desk.say("data_of_no_admin"), REFUSED)
        return
    log.info("an admin agreed", extra={"number": agreed.number, "by": errand.user, "wish": agreed.wish})
    await _do(desk, errand, agreed)
    await desk.ibid.disclosures.done(agreed.number)
    await _tell_person(desk, errand, agreed)
    await desk.whisper(here, desk.say("data_of_done"), DONE)


async def _admins(desk: Desk) -> set[str]:
    """Those who are named and still work here: settings go on naming whoever left, or is a guest by now."""
    named = await desk.roster.admins()
    return {person.id for person in await desk.roster.everybody() if person.id in named and person.admin}


async def _do(desk: Desk, errand: Errand, agreed: Disclosure) -> None:
    values = await _values(desk, agreed)
    if agreed.wish == "export":
        copy = await desk.ibid.own.copy(agreed.user)
        await send_copy(desk, errand, copy, agreed.asked_by, desk.say("data_of_copy", **values))
        return
    await desk.ibid.own.erase(agreed.user)
    await _say(desk, errand, agreed.asked_by, desk.say("data_of_erased", **values))


async def _tell_person(desk: Desk, errand: Errand, agreed: Disclosure) -> None:
    """Whoever left the company cannot be told; the trace stays all the same."""
    await _say(desk, errand, agreed.user, desk.say("data_of_you", **await _values(desk, agreed)))


async def _say(desk: Desk, errand: Errand, user: str, reply: Reply) -> None:
    spot = replace(spot_of(errand), key=f"{errand.key}/{user}", channel=user, user=user, root="", thread="", asked="", response_url="")
    try:
        await desk.voice.post(spot, reply)
    except Refused as problem:
        log.warning("somebody could not be told about their records", extra={"cause": str(problem)})


async def _plea(desk: Desk, asked: Disclosure) -> Reply:
    agree_button = button(DATA + AGREE, desk.ibid.wording.say("data_of_agree"), str(asked.number), style="danger")
    words = desk.ibid.wording.say("data_of_plea", **await _values(desk, asked), days=WISHES_OPEN.days)
    return Reply(text=words, tail=({"type": "actions", "elements": [agree_button]},))


async def _values(desk: Desk, wish: Disclosure) -> dict[str, str]:
    return {
        "name": mrkdwn(await name_of(desk, wish.user)),
        "who": mrkdwn(await name_of(desk, wish.asked_by)),
        "other": mrkdwn(await name_of(desk, wish.agreed_by)) if wish.agreed_by else "–",
        "wish": desk.ibid.wording.say(f"wish_{wish.wish}"),
        "reason": mrkdwn(wish.reason),
    }


def _read(text: str) -> tuple[str, Wish | None, str]:
    """Whom, what, why, of what stands after /ibid."""
    words = text.split()
    whom, wanted = (words[1] if len(words) > 1 else ""), (words[2].lower() if len(words) > 2 else "")
    wish = next((known for known in WISHES if known == wanted), None)
    return whom, wish, " ".join(words[3:])


async def _find(desk: Desk, whom: str) -> Person | None:
    """By Slack id, by a mention, or by the name in the people file."""
    wanted = whom.removeprefix("<@").removesuffix(">").partition("|")[0].removeprefix("@")
    for person in await desk.roster.everybody():
        if wanted in person.names:
            return person
    return None
