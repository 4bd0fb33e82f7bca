"""Who loses a right loses it within a minute, whatever was to tell of it: an event, a file, or nothing at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.house_rules import Grant, HouseRules, StoringApp
from bot.settings import HOME
from bot.values import Person
from knowledge.values import AccessRule
from tests.channels.conftest import BANDS, Bench, bands_hit

QUESTION = "What is paid in band C of the salary bands?"
ROOM = "@Ibid what is paid in band C of the salary bands?"
AUDITORS = AccessRule(groups=frozenset({"auditors"}))
FILE = """id,name,groups,admin
U07RUTH,ruth,auditors;hr,
U08GRETA,greta,auditors,yes
"""


@pytest.fixture
def bands(bench: Bench) -> Bench:
    """A library that holds nothing but what HR may read."""
    bench.library.hits = (bands_hit(),)
    bench.writer.lines = [f"{BANDS} [1]\n"]
    return bench


@pytest.fixture
async def audited(idle_bench: Bench, tmp_path: Path) -> tuple[Bench, Path]:
    """A document for a group that only the people file has."""
    file = tmp_path / "people.csv"
    file.write_text(FILE, encoding="utf-8")
    idle_bench.setting(people_file=file)
    idle_bench.library.hits = (bands_hit(rule=AUDITORS),)
    idle_bench.writer.lines = [f"{BANDS} [1]\n"]
    await idle_bench.connect()
    return idle_bench, file


async def may_read(bench: Bench, person: str, channel: str = "dm") -> bool:
    answer = await bench.ask(person, channel, QUESTION if channel == "dm" else ROOM)
    await bench.quiet()
    return BANDS in answer.plain


async def test_a_group_taken_away_in_slack_counts_at_once(bands: Bench) -> None:
    assert await may_read(bands, "ruth")
    bands.slack.set_group("hr", ["greta"])
    await bands.quiet()
    assert not await may_read(bands, "ruth")


@pytest.mark.parametrize(("seconds", "reads"), [(59, True), (60, False)])
async def test_a_group_taken_away_without_an_event_counts_within_a_minute(bands: Bench, seconds: int, *, reads: bool) -> None:
    assert await may_read(bands, "ruth")
    bands.slack.state.group("hr").members.remove("U07RUTH")
    bands.clock.advance(seconds=seconds)
    assert await may_read(bands, "ruth") is reads


async def test_a_membership_that_ends_without_an_event_counts_within_a_minute(bands: Bench) -> None:
    assert await may_read(bands, "ruth", "people-team")
    bands.slack.state.channel("people-team").members.append("U01PRIYA")
    bands.clock.advance(seconds=60)
    assert not await may_read(bands, "ruth", "people-team")


async def test_a_group_of_the_people_file_counts_in_slack_and_ends_with_the_file(audited: tuple[Bench, Path]) -> None:
    bench, file = audited
    assert await may_read(bench, "ruth")
    assert await may_read(bench, "ruth", "people-team")
    file.write_text(FILE.replace("auditors;hr", "hr"), encoding="utf-8")
    bench.clock.advance(seconds=60)
    assert not await may_read(bench, "ruth")
    assert not await may_read(bench, "greta", "people-team")
    assert await may_read(bench, "greta")


async def test_a_people_file_that_breaks_grants_nothing(audited: tuple[Bench, Path]) -> None:
    bench, file = audited
    file.write_text("id,name\nU07RUTH", encoding="utf-8")
    bench.clock.advance(seconds=60)
    assert not await may_read(bench, "ruth")
    assert bench.serving
    assert not (await bench.serving.desk.ibid.directory.person("U08GRETA")).admin


async def test_a_group_that_slack_has_is_who_slack_says_whatever_the_file_says(audited: tuple[Bench, Path]) -> None:
    bench, _ = audited
    bench.library.hits = (bands_hit(),)
    assert await may_read(bench, "ruth")
    bench.slack.set_group("hr", ["greta"])
    await bench.quiet()
    assert not await may_read(bench, "ruth")  # whom the file still has in hr


async def test_where_slack_has_no_groups_by_its_plan_those_of_the_file_count(audited: tuple[Bench, Path]) -> None:
    bench, _ = audited
    bench.slack.faults.refuse("usergroups.list", "paid_teams_only", times=50)
    assert await may_read(bench, "ruth")
    assert (await _person(bench, "U07RUTH")).groups_known


async def test_while_slack_does_not_tell_its_groups_none_of_the_file_count(audited: tuple[Bench, Path]) -> None:
    bench, _ = audited
    bench.slack.faults.refuse("usergroups.list", "missing_scope", times=50)
    assert not await may_read(bench, "ruth")
    assert not (await _person(bench, "U07RUTH")).groups_known


async def test_the_contract_of_the_file_is_known_of_a_person_in_slack(bench: Bench) -> None:
    assert (await _person(bench, "U02TOM")).contract == "fixed-term"
    assert (await _person(bench, "U14NILS")).contract == ""


async def test_an_app_that_an_admin_named_because_it_stores_counts_as_one_without_groups(bands: Bench) -> None:
    assert await may_read(bands, "ruth", "people-team")
    bands.rulebook.rules = HouseRules(apps_that_store=(StoringApp(app=bands.slack.bot_user_id, reason="keeps everything"),))
    assert not await may_read(bands, "ruth", "people-team")
    assert await may_read(bands, "ruth")


async def test_a_grant_widens_its_channel_until_its_day_or_its_author_ends(bands: Bench) -> None:
    grant = Grant(channel="C05MANAGERS", label="groups:hr", reason="the pay round", by="greta", until=bands.clock.today())
    assert not await may_read(bands, "greta", "managers")
    bands.rulebook.rules = HouseRules(grants=(grant,))
    assert await may_read(bands, "greta", "managers")
    assert not await may_read(bands, "sofia")  # of the channel, not of its people
    bands.rulebook.rules = HouseRules(grants=(replace(grant, by="sofia"),))
    assert not await may_read(bands, "greta", "managers")
    bands.rulebook.rules = HouseRules(grants=(grant,))
    bands.clock.advance(hours=24)
    assert not await may_read(bands, "greta", "managers")


async def test_a_grant_ends_with_its_author_s_account_although_the_file_still_names_an_admin(bands: Bench) -> None:
    grant = Grant(channel="C05MANAGERS", label="groups:hr", reason="the pay round", by="greta", until=bands.clock.today())
    bands.rulebook.rules = HouseRules(grants=(grant,))
    assert await may_read(bands, "sofia", "managers")
    bands.slack.change_person_of("greta", deactivated=True)
    await bands.quiet()
    assert not await may_read(bands, "sofia", "managers")


@pytest.mark.parametrize("how", ["guest", "shared"])
async def test_a_grant_widens_nothing_where_outsiders_read(bands: Bench, how: str) -> None:
    grant = Grant(channel="C05MANAGERS", label="groups:hr", reason="the pay round", by="greta", until=bands.clock.today())
    bands.rulebook.rules = HouseRules(grants=(grant,))
    if how == "guest":
        bands.slack.join("carla", "managers")
    else:
        bands.slack.share("managers", "T0NORTHGATE")
    await bands.quiet()
    answer = await bands.ask("sofia", "managers", ROOM)
    assert answer.only_for == "U05SOFIA"
    assert BANDS not in answer.plain


async def test_the_admins_are_those_of_the_file_as_it_is_now(idle_bench: Bench, tmp_path: Path) -> None:
    file = tmp_path / "people.yaml"
    text = (HOME / "handbook" / "workspace.yaml").read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    idle_bench.setting(people_file=file)
    await idle_bench.connect()
    assert (await _person(idle_bench, "U08GRETA")).admin
    file.write_text(text.replace(", admin: true", ""), encoding="utf-8")
    idle_bench.clock.advance(seconds=60)
    assert not (await _person(idle_bench, "U08GRETA")).admin


async def test_a_guest_is_no_admin_whoever_named_them(idle_bench: Bench) -> None:
    idle_bench.setting(admins=frozenset({"U13CARLA", "U01PRIYA"}))
    await idle_bench.connect()
    assert (await _person(idle_bench, "U01PRIYA")).admin
    assert not (await _person(idle_bench, "U13CARLA")).admin
    await idle_bench.slack.slash("carla", "dm", "/ibid prompts")
    await idle_bench.quiet()
    assert idle_bench.slack.modal("carla") is None
    assert "Only admins" in idle_bench.seen_by("carla", "dm")


async def test_with_follow_ups_off_a_thread_continues_only_with_a_mention(bench: Bench) -> None:
    asked = bench.slack.say("priya", "ask-policy", "@Ibid How many days can I carry over?")
    await bench.slack.reply_to(asked)
    await bench.quiet()
    bench.rulebook.rules = HouseRules(follow_ups=False)
    bench.slack.say("priya", "ask-policy", "And until when?", asked.ts)
    await bench.quiet()
    assert len(bench.slack.replies_to(asked)) == 1
    bench.slack.say("priya", "ask-policy", "@Ibid And until when?", asked.ts)
    await bench.quiet()
    assert len(bench.slack.replies_to(asked)) == 2


async def _person(bench: Bench, user: str) -> Person:
    assert bench.serving
    return await bench.serving.desk.ibid.directory.person(user)
