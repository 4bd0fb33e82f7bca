"""A people file may be YAML, JSON or CSV, and says the same; it is strict, because rights rest on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.file_directory import FileDirectory, read_directory
from bot.adapters.house_file import read_house_rules
from bot.adapters.kept_file import KeptFile
from bot.adapters.memory import FixedClock
from bot.adapters.people import People
from bot.adapters.trust import read_trust, trusted
from bot.errors import DirectoryUnavailable, Misconfigured
from bot.house_rules import HouseRules
from bot.settings import HOME
from tests.factories import NOW

CSV = """id,name,full_name,groups,country,contract,admin,guest,deactivated
U1,ann,Ann Lee,hr; managers,DE,permanent,yes,,
U2,bob,,,GB,fixed-term,no,,
U3,cat,,hr,,,,yes,
"""
YAML = """
people:
  ann: {id: U1, name: Ann Lee, groups: [hr, managers], country: DE, contract: permanent, admin: true}
  bob: {id: U2, country: GB, contract: fixed-term}
  cat: {id: U3, groups: [hr], guest: true}
groups: {hr: {}, managers: {}}
"""
JSON = """{"people": {
  "ann": {"id": "U1", "name": "Ann Lee", "groups": ["hr", "managers"], "country": "DE", "contract": "permanent", "admin": true},
  "bob": {"id": "U2", "country": "GB", "contract": "fixed-term"},
  "cat": {"id": "U3", "groups": ["hr"], "guest": true}},
 "groups": {"hr": {}, "managers": {}}}
"""


def _read(folder: Path, text: str, ending: str = "csv") -> FileDirectory:
    file = folder / f"people.{ending}"
    file.write_text(text, encoding="utf-8")
    return read_directory(file)


@pytest.mark.parametrize(("text", "ending"), [(YAML, "yaml"), (JSON, "json"), (CSV, "csv"), ("\ufeff" + CSV, "CSV")])
async def test_all_three_forms_say_the_same(tmp_path: Path, text: str, ending: str) -> None:
    people = _read(tmp_path, text, ending)
    ann, bob, cat = [await people.person(name) for name in ("ann", "U2", "cat")]
    assert (ann.name, ann.groups, ann.country, ann.contract, ann.admin) == (
        "Ann Lee",
        frozenset({"hr", "managers"}),
        "Germany",
        "permanent",
        True,
    )
    assert (bob.name, bob.groups, bob.contract, bob.admin, bob.names) == ("bob", frozenset(), "fixed-term", False, frozenset({"U2", "bob"}))
    assert cat.membership == "guest"


def test_a_list_of_people_says_of_no_group_that_it_does_not_exist(tmp_path: Path) -> None:
    assert _read(tmp_path, CSV).known_groups is None
    assert _read(tmp_path, YAML, "yaml").known_groups == frozenset({"hr", "managers"})


@pytest.mark.parametrize(
    ("text", "ending", "complaint"),
    [
        ("name,groups\nann,hr", "csv", "no column 'id' in its first line; are its columns separated by commas?"),
        ("id;name\nU1;ann", "csv", "no column 'id'"),
        ("id,name,group\nU1,ann,hr", "csv", "a column 'group', which is not known; known: id, name"),
        ("id,name\nU1,ann,hr", "csv", "line 2 has more fields than the first line; groups are separated by ;"),
        ("id,name\nU1,", "csv", "line 2 has no name"),
        ("id,name\nU1,ann\nU2,ann", "csv", "line 3 names somebody who stands above already"),
        ("id,name\nU1,ann\nU1,bob", "csv", "line 3 names somebody who stands above already"),
        ("id,name,admin\nU1,ann,perhaps", "csv", "line 2: admin is yes or no"),
        ('id,name\nU1,"ann', "csv", "is not CSV"),
        ("", "csv", "no column 'id'"),
        ('{"people": {"ann": {"id": "U1"}, "ann": {"id": "U2"}}}', "json", "'ann' is given twice"),
        ("{", "json", "is not JSON"),
        ("[]", "json", "needs `people:`"),
        ("people:\n  ann: {id: U1}\n  ann: {id: U2}", "yaml", "'ann' is given twice"),
    ],
)
def test_a_mistake_is_named_with_what_to_do(tmp_path: Path, text: str, ending: str, complaint: str) -> None:
    with pytest.raises(Misconfigured, match="IBID_PEOPLE_FILE") as refusal:
        _read(tmp_path, text, ending)
    assert complaint in str(refusal.value)


def test_the_sample_companys_contracts_are_known() -> None:
    people = read_directory(HOME / "handbook" / "workspace.yaml").people
    assert (people["tom"].contract, people["lena"].contract, people["nils"].contract) == ("fixed-term", "permanent", "")


async def test_the_directory_of_the_file_is_the_file_as_it_is_now_with_todays_grants(tmp_path: Path) -> None:
    clock, file, house = FixedClock(NOW), tmp_path / "people.yaml", tmp_path / "house.yaml"
    file.write_text(YAML + "channels: {hr-only: {id: C2A, kind: private, members: [ann, bob]}}\n", encoding="utf-8")
    house.write_text("grants: [{channel: C2A, label: 'groups:hr', reason: r, by: ann, until: 2026-11-16}]", encoding="utf-8")
    people = People(file, frozenset(), KeptFile(house, read_house_rules, HouseRules.narrowed, clock), clock)
    assert (await people.channel("#hr-only")).granted == {"groups:hr"}
    clock.advance(hours=24)
    assert (await people.channel("#hr-only")).granted == frozenset()
    file.write_text(YAML.replace("groups: [hr, managers], ", ""), encoding="utf-8")
    clock.advance(seconds=60)
    assert (await people.person("ann")).groups == frozenset()
    file.write_text("people: [", encoding="utf-8")
    clock.advance(seconds=60)
    with pytest.raises(DirectoryUnavailable):
        await people.person("ann")
    assert set(people.read_now().people) == set()


async def test_while_the_file_cannot_be_read_nobody_is_an_admin_but_by_settings_and_nobodys_groups_are_known(tmp_path: Path) -> None:
    clock, file = FixedClock(NOW), tmp_path / "people.csv"
    file.write_text(CSV, encoding="utf-8")
    kept = trusted(file, frozenset({"U9"}), clock)
    before = await kept.now()
    assert (before.admins, before.groups_of("U1"), before.whole) == (frozenset({"U1", "U9"}), frozenset({"hr", "managers"}), True)
    assert before.signers == {"U1", "ann", "U9"}
    file.write_text("id\nU1", encoding="utf-8")
    clock.advance(seconds=60)
    broken = await kept.now()
    assert (broken.admins, broken.signers, broken.groups_of("U1"), broken.whole) == (
        frozenset({"U9"}),
        frozenset({"U9"}),
        frozenset(),
        False,
    )
    with pytest.raises(Misconfigured):
        read_trust(file, frozenset())
