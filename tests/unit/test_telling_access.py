"""`ibid access` understands what is meant, says why, and leaves nothing out."""

from __future__ import annotations

from contextlib import redirect_stdout
from dataclasses import dataclass, field, replace
from io import StringIO
from typing import TYPE_CHECKING, Any, cast

import pytest

from bot.adapters.file_directory import FileDirectory, read_directory
from bot.adapters.memory import FixedClock, ListLibrary
from bot.cli.access_shown import show
from bot.cli.telling_access import tell_access
from bot.errors import Misconfigured
from bot.house_rules import NO_RULES, Grant, HouseRules
from bot.settings import HOME, Settings, read_settings
from knowledge.values import AccessRule
from tests.factories import HR, NOW, TODAY, a_document, a_hit

if TYPE_CHECKING:
    from bot.bootstrap import House

LEAVE, BANDS = a_hit(), a_hit(document=a_document("bands", rule=HR, title="Salary bands"))
WENDYS = a_hit(document=a_document("managers", rule=AccessRule(people=frozenset({"wendy", "carla"})), title="Project Linden"))


@dataclass
class Shelf(ListLibrary):
    async def ready(self) -> None:
        """It is."""


@dataclass
class Standing:
    """Stands for the people file, and for the house rules."""

    content: Any

    async def now(self) -> Any:  # noqa: ANN401  # whichever of the two it is
        return self.content


@dataclass
class Small:
    """As much of a house as is asked about."""

    library: Shelf
    people: Standing
    rulebook: Standing
    settings: Settings = field(default_factory=lambda: read_settings({}))
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW))

    @property
    def ibid(self) -> Small:
        return self


async def told(about: str, rules: HouseRules = NO_RULES, granted: str = "") -> dict[str, Any]:
    people = read_directory(HOME / "handbook" / "workspace.yaml")
    if granted:
        people = _granting(people, granted)
    house = Small(Shelf(hits=(LEAVE, BANDS, WENDYS)), Standing(people), Standing(rules))
    (line,) = [line async for line in tell_access(cast("House", house), {"do": "access", "about": about})]
    with redirect_stdout(StringIO()):
        show(line["access"])  # what is told can be shown
    return cast("dict[str, Any]", line["access"])


def _granting(people: FileDirectory, channel: str) -> FileDirectory:
    found = people.channels[channel]
    granting = replace(found, facts=replace(found.facts, granted=frozenset({HR.label})))
    return replace(people, channels={**people.channels, channel: granting})


@pytest.mark.parametrize("about", ["leave/bands.md", "bands", "Salary Bands"])
async def test_a_document_says_its_rule_who_satisfies_it_and_where_it_may_be_shown(about: str) -> None:
    document = await told(about)
    assert (document["kind"], document["rule"]) == ("document", "members of hr")
    assert [(person["name"], person["because"]) for person in document["people"]] == [
        ("Ruth Adeyemi", "group hr"),
        ("Greta Lindqvist", "group hr"),
    ]
    shown = {one["channel"]: (one["shown"], one["because"]) for one in document["channels"]}
    assert shown["people-team"] == (True, "all who read there may read it")
    assert shown["ask-policy"] == (False, "not every employee may read it")
    assert shown["northgate"] == (False, "guests or people from outside read there, so nothing is said")


@pytest.mark.parametrize(
    ("about", "documents"),
    [
        ("@priya", {"Annual leave": "everyone"}),
        ("U07RUTH", {"Annual leave": "everyone", "Salary bands": "group hr"}),
        ("Wendy Osei", {"Annual leave": "everyone", "Project Linden": "by name"}),
        ("@carla", {"Project Linden": "by name"}),
        ("@bea", {}),
    ],
)
async def test_a_person_says_each_document_with_its_reason_and_counts_the_others(about: str, documents: dict[str, str]) -> None:
    person = await told(about)
    assert {row["title"]: row["because"] for row in person["documents"]} == documents
    assert person["hidden"] == 3 - len(documents)


async def test_a_person_is_told_what_a_grant_shows_them_and_where() -> None:
    sofia = await told("@sofia", granted="managers")
    assert {row["title"]: row["because"] for row in sofia["documents"]} == {
        "Annual leave": "everyone",
        "Salary bands": "in #managers by a grant",
    }
    priya = await told("@priya", granted="managers")
    assert {row["title"] for row in priya["documents"]} == {"Annual leave"}


async def test_a_channel_says_its_rule_its_readers_and_what_is_said_there() -> None:
    room = await told("#people-team")
    assert (room["kind"], room["applied"]["number"], room["recorded"]) == ("channel", 4, True)
    assert [one["name"] for one in room["readers"]] == ["Ruth Adeyemi", "Greta Lindqvist"]
    assert [(one["rule"], one["shown"], one["titles"]) for one in room["rules"]] == [
        ("every employee", True, ["Annual leave"]),
        ("members of hr", True, ["Salary bands"]),
        ("carla and wendy by name", False, ["Project Linden"]),
    ]


async def test_a_channel_says_its_grants_and_why_one_does_not_hold() -> None:
    grant = Grant(channel="C05MANAGERS", label="groups:hr", reason="the pay round", by="ruth", until=TODAY)
    room = await told("#managers", HouseRules(grants=(grant,), record_none=frozenset({"C05MANAGERS"})))
    assert [(one["holds"], one["why_not"], one["until"]) for one in room["grants"]] == [(False, "ruth is no admin", "16 November 2026")]
    assert not room["recorded"]
    room = await told("#managers", HouseRules(grants=(grant,)), granted="managers")
    assert room["grants"][0]["holds"]


@pytest.mark.parametrize(
    ("about", "complaint"),
    [
        ("managers", "names more than one thing; write one of: leave/managers.md, #managers"),
        ("anual-leave", "Did you mean annual-leave"),
        ("#nowhere", "There is no document, person or channel '#nowhere'"),
        ("@people-team", "There is no document, person or channel"),
        ("", "There is no document, person or channel"),
    ],
)
async def test_what_names_nothing_or_too_much_is_refused_with_what_to_write(about: str, complaint: str) -> None:
    with pytest.raises(Misconfigured) as refusal:
        await told(about)
    assert complaint in str(refusal.value)
