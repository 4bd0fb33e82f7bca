"""People, groups and channels come from one file; what it does not say grants nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.adapters.file_directory import FileDirectory, read_directory
from bot.errors import DirectoryUnavailable, Misconfigured
from bot.settings import HOME

SMALL = """
company: Small Ltd
today: 2026-11-16
team: {id: T1}
people:
  ann: {id: U1, name: Ann Lee, groups: [hr], admin: true}
  bob: {id: U2, name: Bob Ray}
  cat: {id: U3, name: Cat Oh, guest: single}
  dan: {id: U4, name: Dan Poe, team: T2}
  eve: {id: U5, name: Eve Fox, groups: [hr], deactivated: true}
groups:
  hr: {id: S1, name: People}
channels:
  all: {id: C1, kind: public, members: [ann, bob]}
  hr-only: {id: C2, kind: private, members: [ann]}
  partners: {id: C3, kind: shared, members: [ann, dan]}
"""


def _read(folder: Path, text: str = SMALL) -> FileDirectory:
    file = folder / "workspace.yaml"
    file.write_text(text, encoding="utf-8")
    return read_directory(file)


@pytest.mark.parametrize("more", ["deactivated: true", "guest: single", "team: T2"])
async def test_who_is_no_employee_is_no_admin(tmp_path: Path, more: str) -> None:
    directory = _read(tmp_path, SMALL.replace("admin: true", f"admin: true, {more}"))
    assert not (await directory.person("ann")).admin


def test_a_word_makes_nobody_an_admin(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"people\.ann: admin is true or false"):
        _read(tmp_path, SMALL.replace("admin: true", 'admin: "no"'))


@pytest.mark.parametrize("called", ["ann", "@ann", "U1"])
async def test_a_person_is_found_by_name_and_by_id(tmp_path: Path, called: str) -> None:
    ann = await _read(tmp_path).person(called)

    assert (ann.id, ann.name, ann.membership, ann.admin) == ("U1", "Ann Lee", "full", True)
    assert ann.groups == {"hr"}
    assert ann.names == {"U1", "ann"}


@pytest.mark.parametrize(("name", "membership"), [("bob", "full"), ("cat", "guest"), ("dan", "outsider"), ("eve", "deactivated")])
async def test_guests_outsiders_and_leavers_are_known_as_such(tmp_path: Path, name: str, membership: str) -> None:
    assert (await _read(tmp_path).person(name)).membership == membership


async def test_a_display_name_is_no_name_for_access(tmp_path: Path) -> None:
    directory = _read(tmp_path)

    assert "Ann Lee" not in (await directory.person("ann")).names
    with pytest.raises(DirectoryUnavailable):
        await directory.person("Ann Lee")


async def test_an_unknown_person_is_an_error_that_lists_the_known(tmp_path: Path) -> None:
    with pytest.raises(DirectoryUnavailable, match="ann, bob, cat"):
        await _read(tmp_path).person("zoe")


@pytest.mark.parametrize("called", ["hr-only", "#hr-only", "C2"])
async def test_a_channel_is_found_by_name_and_by_id(tmp_path: Path, called: str) -> None:
    facts = await _read(tmp_path).channel(called)

    assert (facts.kind, facts.shared) == ("private", False)
    assert [member.id for member in facts.members or ()] == ["U1"]


async def test_a_shared_channel_is_known_as_shared(tmp_path: Path) -> None:
    assert (await _read(tmp_path).channel("partners")).shared is True


async def test_an_unknown_channel_is_an_error_that_lists_the_known(tmp_path: Path) -> None:
    with pytest.raises(DirectoryUnavailable, match="all, hr-only, partners"):
        await _read(tmp_path).channel("#random")


def test_the_company_and_its_day_are_read(tmp_path: Path) -> None:
    directory = _read(tmp_path)

    assert (directory.company, directory.team, directory.today) == ("Small Ltd", "T1", date(2026, 11, 16))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "needs `people:`"),
        ("people: [ann]", "needs `people:`"),
        ("people: {ann: [", "not YAML"),
        ("people: {ann: {name: Ann}}", "people.ann has no id"),
        ("people: {ann: Ann}", "people.ann must be"),
        ("people: {ann: {id: U1, groups: [hr]}}", "'hr', which is not under groups"),
        ("people: {ann: {id: U1, groups: hr}}", "must be a list"),
        ("people: {ann: {id: U1}}\nchannels: {c: {id: C1}}", "channels.c has the kind ''"),
        ("people: {ann: {id: U1}}\nchannels: {c: {id: C1, kind: secret}}", "must be public, private or shared"),
        ("people: {ann: {id: U1}}\nchannels: {c: {id: C1, kind: public, members: [bob]}}", "'bob', who is not under people"),
        ("people: {ann: {id: U1}}\ntoday: soon", "YYYY-MM-DD"),
    ],
)
def test_a_wrong_file_is_refused_with_what_is_wrong(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(Misconfigured, match="IBID_PEOPLE_FILE") as refusal:
        _read(tmp_path, text)

    assert complaint in str(refusal.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="cannot be read"):
        read_directory(tmp_path / "nobody.yaml")


def test_the_sample_company_is_whole() -> None:
    directory = read_directory(HOME / "handbook" / "workspace.yaml")

    assert {person.membership for person in directory.people.values()} == {"full", "guest", "outsider", "deactivated"}
    assert any(channel.facts.shared for channel in directory.channels.values())
