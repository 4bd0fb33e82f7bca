"""The access matrix in Slack: whoever asks, joins, presses or looks, nobody ever sees a planted fact that is not for them.

After every scene everything that each person of the workspace can open is read: every message of every channel they see, what was
whispered to them, their direct messages and the modal before them. Who may read what is worked out by evals.leaks, not by the bot.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest
import yaml

from evals.access_rooms import READERS
from evals.leaks import may_read
from evals.planted import RULES, Fact, planted
from evals.planted_desk import PEOPLE, PlantedDesk, planted_desk
from knowledge.values import IndexReport
from playground import Message
from playground.workspace import Setting
from tests.channels.conftest import Bench, a_bench

FACTS = tuple(next(fact for fact in planted() if fact.rule == rule) for rule in RULES)  # one under each rule
BY_LABEL = {fact.rule.label: fact for fact in FACTS}
EVERYONES, HRS, MANAGERS, FINANCES = (BY_LABEL[name] for name in ("everyone", "groups:hr", "groups:managers", "groups:finance"))
EMPLOYEES = ("priya", "marcus", "ruth", "daniel")
WORKSPACE = yaml.safe_load(PEOPLE.read_text(encoding="utf-8"))


def may(person: str, fact: Fact) -> bool:
    return may_read(WORKSPACE, person, "dm", fact.rule)


@dataclass
class Scene:
    """The workspace with Ibid in it, over the planted facts."""

    bench: Bench
    desk: PlantedDesk

    def open_to(self, person: str) -> str:
        """All that this person can open at this moment, of what they did not write."""
        slack = self.bench.slack
        rooms = [room.id for room in slack.state.channels.values()]
        seen = [str(message.blocks) + message.plain for room in rooms for message in slack.messages(person, room) if message.by_bot]
        return "\n".join([*seen, str(slack.modal(person) or "")])

    def check(self) -> None:
        """Nobody sees what is not for them."""
        wrong = []
        for person in WORKSPACE["people"]:
            seen = self.open_to(person)
            wrong += [f"{person}: {fact.file}" for fact in FACTS if not may(person, fact) and (fact.number in seen or fact.title in seen)]
        assert wrong == []

    async def asked(self, person: str, channel: str, *facts: Fact, thread: str | None = None) -> list[Message]:
        """Each of these facts, asked for; the questions."""
        questions = []
        for fact in facts:
            questions.append(self.bench.slack.say(person, channel, f"@Ibid {fact.question}", thread))
            await self.bench.quiet()
        return questions

    def told(self, person: str, channel: str, fact: Fact) -> bool:
        return fact.number in self.bench.seen_by(person, channel)

    def buttons(self, person: str, action: str) -> list[tuple[Message, str]]:
        """Every such button that this person can press, with what it carries."""
        found = []
        for room in list(self.bench.slack.state.channels):
            for message in self.bench.slack.messages(person, room):
                for block in message.blocks:
                    elements = [*block.get("elements", ()), block.get("accessory") or {}]
                    found += [(message, one.get("value", "")) for one in elements if one.get("action_id") == action]
        return found

    async def press(self, person: str, action: str) -> int:
        """Every one of them; how many there were."""
        buttons = self.buttons(person, action)
        for message, value in buttons:
            await self.bench.slack.click(person, message, action, value=value or None)
            await self.bench.quiet()
        return len(buttons)


@asynccontextmanager
async def a_scene() -> AsyncIterator[Scene]:
    async with a_bench(Setting(redeliver_after=(0.2,))) as bench, planted_desk(clock=bench.clock, facts=FACTS) as desk:
        bench.ibid = replace(bench.ibid, answering=replace(desk.answering, ledger=bench.ledger), library=desk.library, shelf=desk.library)
        bench.setting(questions_per_minute=1000)
        await bench.connect()
        yield Scene(bench, desk)


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with a_scene() as opened:
        yield opened


async def test_in_public_channels_whoever_asks_and_whoever_looks_in_reads_what_everyone_may_read(scene: Scene) -> None:
    for person in EMPLOYEES:
        await scene.asked(person, "general", *FACTS)
    scene.check()
    assert all(scene.told("jonas", "general", fact) is (fact is EVERYONES) for fact in FACTS)
    await scene.asked("priya", "engineering", *FACTS)  # where the others have not joined, and can look in
    assert scene.told("ruth", "engineering", EVERYONES)
    scene.check()


@pytest.mark.parametrize(("person", "channel"), [("ruth", "people-team"), ("daniel", "managers"), ("hiro", "finance"), ("lena", "berlin")])
async def test_a_private_channel_is_told_what_all_its_members_may_read(scene: Scene, person: str, channel: str) -> None:
    await scene.asked(person, channel, *FACTS)
    scene.check()
    members = WORKSPACE["channels"][channel]["members"]
    for fact in FACTS:
        assert scene.told(person, channel, fact) is all(may(member, fact) for member in members)


async def test_a_newcomer_reads_neither_what_was_said_before_nor_what_is_said_again(scene: Scene) -> None:
    first, *_ = await scene.asked("ruth", "people-team", HRS, EVERYONES)
    assert scene.told("greta", "people-team", HRS)
    scene.bench.slack.join("priya", "people-team")
    await scene.bench.quiet()
    scene.check()
    assert scene.told("priya", "people-team", EVERYONES)
    for text in ("@Ibid in one sentence, please", f"@Ibid {HRS.question}", "@Ibid and where does it say that?"):
        scene.bench.slack.say("ruth", "people-team", text, first.thread)
        await scene.bench.quiet()
        scene.check()
    assert await scene.press("priya", "offer_private")
    scene.check()
    assert await scene.press("ruth", "offer_private")
    assert scene.told("ruth", "people-team", HRS)
    scene.check()


async def test_in_a_group_direct_message_everybody_in_it_counts(scene: Scene) -> None:
    state = scene.bench.slack.state
    mixed, both = state.direct_message("ruth", "priya"), state.direct_message("ruth", "greta")
    await scene.asked("ruth", mixed.id, *FACTS)
    await scene.asked("ruth", both.id, *FACTS)
    scene.check()
    assert [fact for fact in FACTS if scene.told("ruth", mixed.id, fact)] == [EVERYONES]
    assert all(scene.told("ruth", both.id, fact) is (may("ruth", fact) and may("greta", fact)) for fact in FACTS)


@pytest.mark.parametrize("person", READERS.values(), ids=READERS.keys())
async def test_in_a_direct_message_each_reads_exactly_their_own(scene: Scene, person: str) -> None:
    await scene.asked(person, "dm", *FACTS)
    scene.check()
    assert all(scene.told(person, "dm", fact) is may(person, fact) for fact in FACTS)


@pytest.mark.parametrize("person", EMPLOYEES)
async def test_what_is_whispered_in_a_channel_is_the_askers_alone(scene: Scene, person: str) -> None:
    for fact in FACTS:
        await scene.bench.slack.slash(person, "general", f"/ibid ask {fact.question}")
        await scene.bench.quiet()
    scene.check()
    assert all(scene.told(person, "general", fact) is may(person, fact) for fact in FACTS)
    assert not any(scene.told("jonas", "general", fact) for fact in FACTS)


@pytest.mark.parametrize(("channel", "askers"), [("northgate", ("priya", "daniel", "nils")), ("redesign", ("priya", "sofia", "carla"))])
async def test_where_outsiders_or_guests_read_nothing_is_said_to_all(scene: Scene, channel: str, askers: tuple[str, ...]) -> None:
    for person in askers:
        await scene.asked(person, channel, *FACTS)
    scene.check()
    spoken = [message.plain for message in scene.bench.slack.messages(askers[0], channel) if message.by_bot and not message.only_for]
    assert not any(fact.number in text for text in spoken for fact in FACTS)
    assert scene.told(askers[0], channel, EVERYONES)


async def test_a_thread_and_a_direct_message_feed_no_channel(scene: Scene) -> None:
    await scene.asked("ruth", "dm", HRS)
    scene.bench.slack.say("ruth", "general", "@Ibid in one sentence, please")
    asked, *_ = await scene.asked("ruth", "general", HRS)
    for text in ("@Ibid in one sentence, please", "and how much is that a month?", "@Ibid which source says that?"):
        scene.bench.slack.say("ruth", "general", text, asked.thread)
        await scene.bench.quiet()
    scene.check()
    assert not scene.told("ruth", "general", HRS)


async def test_a_cache_filled_by_who_may_read_it_all_feeds_nobody_else(scene: Scene) -> None:
    slack = scene.bench.slack
    for fact in FACTS:
        for person in ("greta", "amelia", *READERS.values()):  # at the same moment
            slack.say(person, "dm", f"@Ibid {fact.question}")
        slack.say("ruth", "people-team", f"@Ibid {fact.question}")
        slack.say("ruth", "general", f"@Ibid {fact.question}")
        await scene.bench.quiet()
    await asyncio.gather(*(scene.asked(person, "dm", *FACTS) for person in READERS.values()))
    scene.check()
    assert all(scene.told(person, "dm", fact) is may(person, fact) for person in READERS.values() for fact in FACTS)


async def test_sharing_with_the_channel_shows_what_all_its_readers_may_read(scene: Scene) -> None:
    for fact in (HRS, EVERYONES):
        await scene.bench.slack.slash("ruth", "general", f"/ibid ask {fact.question}")
        await scene.bench.quiet()
    assert await scene.press("ruth", "offer_share")
    scene.check()
    assert scene.told("priya", "general", EVERYONES)
    assert not scene.told("priya", "general", HRS)


async def test_an_offer_in_a_channel_is_answered_to_who_may_read_it_and_to_nobody_else(scene: Scene) -> None:
    await scene.asked("ruth", "general", HRS, FINANCES)
    scene.check()
    offers = scene.buttons("ruth", "offer_private")
    assert len(offers) == 1
    message, value = offers[0]
    scene.bench.slack.set_group("hr", ["greta"])
    await scene.bench.quiet()
    await scene.bench.slack.click("ruth", message, "offer_private", value=value)
    await scene.bench.quiet()
    assert not scene.told("ruth", "general", HRS)
    scene.bench.slack.set_group("hr", ["ruth", "greta"])
    await scene.bench.quiet()
    await scene.bench.slack.click("ruth", message, "offer_private", value=value)
    await scene.bench.quiet()
    assert scene.told("ruth", "general", HRS)
    scene.check()


async def test_feedback_and_what_is_behind_an_answer_tell_nobody_a_fact(scene: Scene) -> None:
    await scene.asked("ruth", "people-team", *FACTS)
    scene.bench.slack.join("priya", "people-team")
    await scene.bench.quiet()
    for person in ("greta", "priya", "ruth"):
        for message, _ in scene.buttons(person, "feedback"):
            await scene.bench.slack.click(person, message, "feedback")
            await scene.bench.quiet()
        await scene.press(person, "receipt_behind")
        scene.check()


async def test_a_source_opens_for_who_may_read_it_whoever_pressed_it_first(scene: Scene) -> None:
    await scene.asked("greta", "dm", *FACTS)
    known = scene.buttons("greta", "source")
    assert known
    for person in ("priya", "ruth", "daniel", "carla"):
        await scene.asked(person, "dm", EVERYONES, BY_LABEL["people:carla,marcus"])
        (own, _), *_ = scene.buttons(person, "source")
        button = next(block["accessory"] for block in own.blocks if block.get("accessory"))
        for _, value in known:  # as if the button that another person was shown were theirs
            button["value"] = value
            await scene.bench.slack.click(person, own, "source")
            await scene.bench.quiet()
            scene.check()


async def test_the_report_of_a_run_names_to_its_reader_only_what_that_reader_may_read(scene: Scene) -> None:
    described = {document.id: document for document in await scene.desk.library.documents()}
    scene.bench.indexing.report = IndexReport(edition=1, added=tuple(described), described=described)
    for admin in ("jonas", "greta"):
        await scene.bench.slack.slash(admin, "general", "/ibid reindex")
        await scene.bench.quiet()
        scene.check()
    for person in EMPLOYEES:
        await scene.bench.slack.slash(person, "general", "/ibid status")
        await scene.bench.quiet()
    scene.check()
