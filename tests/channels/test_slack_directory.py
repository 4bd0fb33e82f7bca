"""Who can read a channel: asked over real sockets, kept for a minute, and not guessed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters import slack_directory
from bot.adapters.file_directory import read_directory
from bot.adapters.house_file import read_house_rules
from bot.adapters.kept_file import KeptFile
from bot.adapters.memory import FixedClock
from bot.adapters.slack_directory import SlackDirectory
from bot.adapters.slack_shapes import kind_of, membership
from bot.adapters.trust import Trust, read_trust, trusted
from bot.cli.company import SlackCompany
from bot.errors import DirectoryUnavailable, Misconfigured
from bot.house_rules import HouseRules
from bot.settings import HOME
from bot.values import ChannelFacts
from playground import Workspace
from tests.factories import NOW

WORKSPACE = HOME / "handbook" / "workspace.yaml"


@dataclass
class Office:
    slack: Workspace
    directory: SlackDirectory
    clock: FixedClock

    def calls(self, method: str) -> int:
        return sum(call.method == method for call in self.slack.calls)


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with Workspace.start(WORKSPACE) as slack, aiohttp.ClientSession() as session:
        clock = FixedClock(NOW)
        client = AsyncWebClient(slack.bot_token, base_url=slack.api_url, session=session, retry_handlers=[])
        client.proxy = None
        trust, no_rules = trusted(WORKSPACE, frozenset({"U02TOM"}), clock), KeptFile(None, read_house_rules, HouseRules.narrowed, clock)
        yield Office(slack, SlackDirectory(client, "T0FERNHILL", clock, trust, no_rules), clock)


async def test_a_person_has_groups_names_and_the_admins_are_those_the_company_names(office: Office) -> None:
    ruth, tom, jonas = [await office.directory.person(user) for user in ("U07RUTH", "U02TOM", "U11JONAS")]
    assert ruth.groups == {"hr"}
    assert ruth.names == {"U07RUTH", "ruth"}
    assert ruth.membership == "full"
    assert not ruth.admin
    assert tom.admin
    assert jonas.admin


@pytest.mark.parametrize(
    ("user", "kind"), [("U13CARLA", "guest"), ("U14NILS", "outsider"), ("U15BEA", "deactivated"), ("U0IBID", "app"), ("U01PRIYA", "full")]
)
async def test_guests_outsiders_apps_and_those_who_left_are_told_apart(office: Office, user: str, kind: str) -> None:
    assert (await office.directory.person(user)).membership == kind


async def test_somebody_whom_slack_does_not_know_is_not_guessed(office: Office) -> None:
    with pytest.raises(DirectoryUnavailable):
        await office.directory.person("U99NOBODY")


@pytest.mark.parametrize(
    ("channel", "kind", "shared"), [("C01ASK", "public", False), ("C04PEOPLE", "private", False), ("C09NORTHGATE", "public", True)]
)
async def test_a_channel_has_its_kind_its_members_and_whether_it_is_shared(office: Office, channel: str, kind: str, shared: bool) -> None:
    facts = await office.directory.channel(channel)
    assert facts.kind == kind
    assert facts.shared is shared
    assert facts.members is not None
    assert {person.id for person in facts.members} == set(office.slack.state.channels[channel].members)


async def test_a_group_direct_message_is_known_as_such(office: Office) -> None:
    group = office.slack.state.direct_message("U01PRIYA", "U02TOM")
    assert (await office.directory.channel(group.id)).kind == "group_direct"
    assert (await office.directory.channel(office.slack.state.direct_message("U01PRIYA").id)).kind == "direct"


async def test_without_the_list_of_groups_nobodys_groups_are_known(office: Office) -> None:
    office.slack.faults.refuse("usergroups.list", "missing_scope")
    ruth = await office.directory.person("U07RUTH")
    assert not ruth.groups_known
    assert ruth.groups == frozenset()


async def test_a_group_that_was_disabled_in_slack_is_nobodys_whatever_the_people_file_says(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = office.directory._client
    listing = client.usergroups_list

    async def disabled(**fields: Any) -> dict[str, Any]:  # noqa: ANN401  as the SDK has them
        assert fields["include_disabled"]  # else Slack leaves it out, and it looks like a group that only the file has
        groups = (await listing(**fields))["usergroups"]
        return {"usergroups": [{**group, "date_delete": int(group["handle"] == "hr")} for group in groups]}

    assert "hr" in (await office.directory.person("U07RUTH")).groups
    office.directory.forget({"type": "subteam_updated"})
    monkeypatch.setattr(client, "usergroups_list", disabled)
    assert "hr" not in (await office.directory.person("U07RUTH")).groups


async def test_groups_that_slack_does_not_tell_are_asked_for_once_a_channel_and_not_once_a_member(office: Office) -> None:
    office.slack.faults.refuse("usergroups.list", "missing_scope", times=50)
    facts = await office.directory.channel("C02GENERAL")
    assert facts.members is not None
    assert not any(person.groups_known for person in facts.members)
    assert office.calls("usergroups.list") == 1


@pytest.mark.parametrize("method", ["conversations.members", "users.list"])
async def test_without_the_members_the_channel_is_unknown(office: Office, method: str) -> None:
    office.slack.faults.refuse(method, "fatal_error", times=50)
    assert (await office.directory.channel("C04PEOPLE")).kind is None


async def test_without_the_channel_the_directory_says_that_it_is_unavailable(office: Office) -> None:
    office.slack.faults.drop("conversations.info", times=5)
    with pytest.raises(DirectoryUnavailable):
        await office.directory.channel("C04PEOPLE")


async def test_what_is_known_is_asked_once_a_minute(office: Office) -> None:
    await office.directory.channel("C01ASK")
    await office.directory.channel("C01ASK")
    methods = ("users.list", "usergroups.list", "conversations.info", "conversations.members")
    assert [office.calls(method) for method in methods] == [1, 1, 1, 1]
    office.clock.advance(seconds=60)
    await office.directory.channel("C01ASK")
    assert [office.calls(method) for method in methods] == [2, 2, 2, 2]


async def test_a_private_channel_that_becomes_public_is_seen_within_seconds_although_no_event_tells(office: Office) -> None:
    assert (await office.directory.channel("C04PEOPLE")).kind == "private"
    room = office.slack.state.channels["C04PEOPLE"]
    room.private, room.kind = False, "public"
    office.clock.advance(seconds=5)
    assert (await office.directory.channel("C04PEOPLE")).kind == "public"
    assert office.calls("conversations.members") == 1


async def test_a_failure_is_not_kept(office: Office) -> None:
    office.slack.faults.refuse("conversations.info", "fatal_error")
    with pytest.raises(DirectoryUnavailable):
        await office.directory.channel("C01ASK")
    assert (await office.directory.channel("C01ASK")).kind == "public"


async def test_what_an_event_says_has_changed_is_asked_again_at_once(office: Office) -> None:
    assert (await office.directory.person("U07RUTH")).groups == {"hr"}
    office.slack.set_group("hr", ["greta"])
    office.directory.forget({"type": "subteam_members_changed"})
    assert (await office.directory.person("U07RUTH")).groups == frozenset()
    assert office.calls("users.list") == 1
    office.slack.change_person_of("ruth", guest="multi")
    office.directory.forget({"type": "user_change", "user": {"id": "U07RUTH"}})
    assert (await office.directory.person("U07RUTH")).membership == "guest"
    await office.directory.channel("C04PEOPLE")
    office.slack.join("priya", "people-team")
    office.slack.share("people-team", "T0NORTHGATE")
    office.directory.forget({"type": "member_joined_channel", "channel": "C04PEOPLE"})
    facts = await office.directory.channel("C04PEOPLE")
    assert facts.shared
    assert facts.members is not None
    assert "U01PRIYA" in {person.id for person in facts.members}


async def test_everybody_is_known_as_each_of_them_is(office: Office) -> None:
    everybody = {person.id: person for person in await office.directory.everybody()}
    assert everybody["U07RUTH"] == await office.directory.person("U07RUTH")
    assert {person.membership for person in everybody.values()} == {"full", "guest", "app", "deactivated"}


async def test_a_company_that_is_asked_in_slack_is_found_by_name_and_id_and_is_as_slack_says(office: Office) -> None:
    company = SlackCompany(office.directory, read_directory(WORKSPACE))
    for word in ("ruth", "U07RUTH", "Ruth Adeyemi", "ruth adeyemi"):
        found = await company.find_person(word)
        assert found
        assert found.id == "U07RUTH"
    assert await company.find_person("Ruth") is None
    office.slack.set_group("hr", [])
    office.directory.forget({"type": "subteam_members_changed"})
    ruth = await company.find_person("ruth")
    assert ruth
    assert ruth.groups == frozenset()
    for word in ("people-team", "C04PEOPLE"):
        channel = await company.find_channel(word)
        assert channel
        assert (channel.id, channel.name, channel.facts.kind) == ("C04PEOPLE", "people-team", "private")
    assert await company.find_channel("C99NOWHERE") is None
    assert await company.find_channel("nowhere") is None
    assert len(await company.channels()) == 9


async def test_a_channel_of_the_file_that_slack_does_not_tell_of_is_unknown(office: Office) -> None:
    company = SlackCompany(office.directory, read_directory(WORKSPACE))
    office.slack.faults.refuse("conversations.info", "channel_not_found")
    channel = await company.find_channel("people-team")
    assert channel
    assert channel.facts == ChannelFacts(kind=None)


async def test_all_pages_are_read(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slack_directory, "PAGE", 2)
    facts = await office.directory.channel("C02GENERAL")
    assert facts.members is not None
    assert len(facts.members) == 13
    assert (await office.directory.person("U12WENDY")).membership == "full"


@pytest.mark.parametrize(
    ("account", "kind"),
    [
        ({"id": "U1", "team_id": "T1", "deleted": False, "is_restricted": False}, "full"),
        ({"id": "U1", "team_id": "T1", "deleted": False}, "guest"),
        ({"id": "U1", "team_id": "T1", "is_restricted": False}, "outsider"),
        ({"id": "U1", "team_id": "T2", "deleted": False, "is_restricted": False}, "outsider"),
        ({"id": "U1", "deleted": False, "is_restricted": False}, "outsider"),
        ({"id": "U1", "team_id": "T1", "deleted": False, "is_restricted": False, "is_stranger": True}, "outsider"),
        ({"id": "USLACKBOT", "team_id": "T1", "deleted": False, "is_restricted": False}, "app"),
        ({}, "outsider"),
    ],
)
def test_only_what_is_plainly_a_full_member_is_one(account: dict[str, object], kind: str) -> None:
    assert membership(account, "T1") == kind


@pytest.mark.parametrize("shape", [{}, {"is_channel": True}, {"is_private": False}, {"is_private": None, "is_channel": True}])
def test_a_channel_that_slack_describes_only_in_part_is_unknown(shape: dict[str, object]) -> None:
    assert kind_of(shape) is None


def test_without_a_people_file_only_ids_are_names(tmp_path: Path) -> None:
    assert read_trust(None, frozenset({"U1"})) == Trust(admins=frozenset({"U1"}), signers=frozenset({"U1"}))
    for content in ("people: [a]", "people: {ruth: {name: Ruth}}", "{", "[]", ""):
        (tmp_path / "people.yaml").write_text(content, encoding="utf-8")
        with pytest.raises(Misconfigured, match="IBID_PEOPLE_FILE"):
            read_trust(tmp_path / "people.yaml", frozenset())
    with pytest.raises(Misconfigured, match="cannot be read"):
        read_trust(tmp_path / "missing.yaml", frozenset())
