"""The records of a real conversation: over the database, the documents, the pretend model and Slack's protocol."""

from __future__ import annotations

import json
from pathlib import Path

from bot.channels.slack.blocks import Reply
from bot.channels.slack.receipts import behind_button
from bot.channels.slack.voice import Spot
from knowledge.values import IndexOrder
from playground import Message
from tests.office import QUESTION, Office, an_office, hashing

LEAVE = Path("documents/leave/annual-leave-uk.md")
RULES = """grants: []
record_none: [C02GENERAL]
"""


def seen(office: Office, person: str, channel: str) -> str:
    return "\n".join(message.plain for message in office.slack.messages(person, channel) if message.by_bot)


def last(office: Office, person: str, channel: str, words: str) -> Message:
    return [one for one in office.slack.messages(person, channel) if one.by_bot and words in one.plain][-1]


async def command(office: Office, person: str, line: str, channel: str = "general") -> None:
    await office.slack.slash(person, channel, f"/ibid {line}")
    await office.quiet()


async def behind(office: Office, person: str) -> str:
    """Of this person's last answer."""
    copy = await office.house.ibid.own.copy(office.slack.state.person(person).id)
    receipt = copy.answers[-1].receipt.id
    desk, room = office.serving.desk, office.slack.channel(person, "dm").id
    button = behind_button(receipt, desk.ibid.wording)
    spot = Spot(key=receipt, team=desk.me.team, user=person, channel=room)
    await desk.voice.post(spot, Reply(text="the button", tail=({"type": "actions", "elements": [button]},)))
    await office.slack.click(person, last(office, person, "dm", "the button"), "receipt_behind")
    await office.quiet()
    return json.dumps(office.slack.modal(person), ensure_ascii=False)


async def test_a_changed_clause_is_told_of_once_and_answered_again_at_a_click(tmp_path: Path) -> None:
    async with an_office(tmp_path, hashing) as office:
        await office.ask("priya", "ask-policy", f"@Ibid {QUESTION}")
        modal = await behind(office, "priya")
        assert "*Sentence 1*" in modal
        assert "Annual leave" in modal

        file = tmp_path / LEAVE
        text = file.read_text(encoding="utf-8")
        assert "5 days" in text
        file.write_text(text.replace("5 days", "11 days"), encoding="utf-8")
        await office.house.indexing.index(IndexOrder(), lambda _: None)
        await command(office, "greta", "changed")
        assert "another one today: 1*" in seen(office, "greta", "dm")
        await office.slack.click("greta", last(office, "greta", "dm", "another one today"), "receipt_tell")
        await office.quiet()

        digest = last(office, "priya", "dm", "has another answer now")
        assert QUESTION in digest.plain
        await office.slack.click("priya", digest, "offer_private")
        await office.quiet()
        assert "11 days" in seen(office, "priya", "dm")
        await command(office, "greta", "changed")
        assert "Nobody got an answer that would be another one today" in seen(office, "greta", "dm")


async def test_where_nothing_is_recorded_an_answer_leaves_nothing_of_its_asker(tmp_path: Path) -> None:
    rules = tmp_path / "house.yaml"
    rules.write_text(RULES, encoding="utf-8")
    async with an_office(tmp_path, hashing, IBID_HOUSE_RULES=str(rules)) as office:
        reply = await office.ask("priya", "general", f"@Ibid {QUESTION}")
        assert "5 days" in reply.plain
        assert await office.house.ibid.own.copy("U01PRIYA") == await office.house.ibid.own.copy("UNOBODY")
        await office.ask("priya", "ask-policy", f"@Ibid {QUESTION}")
        assert (await office.house.ibid.own.copy("U01PRIYA")).questions == 1
        await command(office, "priya", "my-data")
        await office.slack.click("priya", last(office, "priya", "general", "What I keep of you"), "data_erase")
        await office.quiet()
        assert await office.house.ibid.own.copy("U01PRIYA") == await office.house.ibid.own.copy("UNOBODY")
