"""What is said about a document is merged, checked, and refused rather than guessed."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.errors import BadMetadata
from knowledge.policies_csv import read_table
from knowledge.policy import Defaults, describe, rule_without_reading
from knowledge.reading import Reading
from knowledge.values import AccessRule

KNOWN = Defaults(known_groups=frozenset({"hr", "managers"}), known_people=frozenset({"wendy", "greta"}))
EVERYONE = AccessRule(everyone=True)
HR = AccessRule(groups=frozenset({"hr"}))


def reading(**front_matter: object) -> Reading:
    return Reading((), front_matter, {})


def test_front_matter_becomes_the_document() -> None:
    front = reading(
        title="Leave", owner="ruth", access="everyone", effective="2026-01-01", supersedes="leave-2025", review_by="2027-01-01",
        applies_to="Employees in Germany", url="https://handbook.example/leave", language="en",
    )  # fmt: skip
    document = describe("leave/uk.md", front, None, KNOWN)

    assert (document.title, document.rule.label, document.effective) == ("Leave", "everyone", date(2026, 1, 1))
    assert (document.supersedes, document.review_by, document.url) == ("leave-2025", date(2027, 1, 1), "https://handbook.example/leave")


@pytest.mark.parametrize(
    ("access", "label"),
    [
        ("everyone", "everyone"),
        ({"groups": ["managers", "hr"]}, "groups:hr,managers"),
        ({"people": ["wendy"]}, "people:wendy"),
        ("groups: hr managers", "groups:hr,managers"),
        ("people: wendy, greta", "people:greta,wendy"),
    ],
)
def test_every_form_of_access_is_understood(access: object, label: str) -> None:
    assert describe("a.md", reading(access=access), None, KNOWN).rule.label == label


@pytest.mark.parametrize(
    ("access", "reason"),
    [
        ({"groups": ["managres"]}, "there is no group 'managres'; did you mean 'managers'"),
        ("people: nobody", "there is no person 'nobody'"),
        ("hr", "is not understood; write `everyone`"),
        (["hr"], "is not understood"),
        ({"groups": []}, "is not understood"),
        ({"groups": ["hr"], "people": ["wendy"]}, "is not understood"),
        ("groups:", "is not understood"),
        ("everyone: true", "is not understood"),
        ({"groups": ["hr,everyone"]}, "is not a name"),
    ],
)
def test_an_access_rule_that_is_not_understood_opens_nothing(access: object, reason: str) -> None:
    with pytest.raises(BadMetadata, match=reason):
        describe("a.md", reading(access=access), None, KNOWN)


def test_a_document_that_says_nothing_about_its_readers_is_not_indexed() -> None:
    with pytest.raises(BadMetadata, match="says nothing about who may read it"):
        describe("a.md", reading(title="Leave"), {"owner": "ruth"}, KNOWN)


def test_a_sources_default_stands_in_only_where_nothing_is_said() -> None:
    default = Defaults(rule=AccessRule(everyone=True))

    assert describe("a.md", reading(), None, default).rule.everyone
    assert describe("a.md", reading(access={"groups": ["hr"]}), None, default).rule == HR


def test_the_row_and_the_front_matter_may_both_speak_where_they_agree() -> None:
    document = describe("a.md", reading(access={"groups": ["hr"]}), {"access": "groups: hr", "title": "Leave"}, KNOWN)

    assert (document.rule, document.title) == (HR, "Leave")


@pytest.mark.parametrize(("key", "front", "row"), [("access", "everyone", "groups: hr"), ("effective", "2026-01-01", "2026-02-01")])
def test_where_they_disagree_both_values_are_named(key: str, front: str, row: str) -> None:
    with pytest.raises(BadMetadata, match=f"{key}: front matter says '{front}', policies.csv says '{row}'"):
        describe("a.md", Reading((), {"access": "groups: hr", key: front}, {}), {key: row}, KNOWN)


@pytest.mark.parametrize("key", ["acess", "Access", "review-by", "owners"])
def test_a_key_that_looks_like_a_slip_of_the_pen_is_refused(key: str) -> None:
    with pytest.raises(BadMetadata, match="did you mean"):
        describe("a.md", Reading((), {"access": "everyone", key: "x"}, {}), None, KNOWN)


def test_foreign_keys_are_left_alone() -> None:
    front = reading(access="everyone", permalink="/x/", tags=["a"], layout="page", subtitle="y", redirect_from=["/z"])

    assert describe("a.md", front, None, KNOWN).rule.everyone


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("effective", "1 January 2026", "'1 January 2026' is not a date; write it as 2026-01-31"),
        ("review_by", "2026-02-30", "not a day of the calendar"),
        ("effective", "20260101", "not a date"),
        ("title", ["a"], "is not a text"),
        ("url", "javascript:alert(1)", "not an address"),
        ("language", "English please", "not a language code"),
        ("supersedes", "uk", "names the document itself"),
    ],
)
def test_a_value_that_is_wrong_is_named_with_its_key(key: str, value: object, reason: str) -> None:
    with pytest.raises(BadMetadata, match=f"{key}: .*{reason}"):
        describe("leave/uk.md", Reading((), {"access": "everyone", key: value}, {}), None, KNOWN)


@pytest.mark.parametrize(
    ("properties", "title"),
    [
        ({"title": "Leave rules", "heading": "Leave"}, "Leave rules"),
        ({"title": "Microsoft Word - leave_v3.docx", "heading": "Leave"}, "Leave"),
        ({}, "Annual leave uk"),
    ],
)
def test_without_a_title_the_document_is_called_what_it_calls_itself(properties: dict[str, str], title: str) -> None:
    assert describe("x/annual-leave_uk.pdf", Reading((), {}, properties), {"access": "everyone"}, KNOWN).title == title


def test_the_table_is_read_by_file_with_empty_cells_left_out() -> None:
    table = read_table(b'\xef\xbb\xbffile,title,access,owner\r\nmoney/a.pdf,"Rates, 2026",everyone,\r\n\r\n')

    assert table.rows == {"money/a.pdf": {"title": "Rates, 2026", "access": "everyone"}}
    assert table.faults == {}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "first line"),
        (b"title,access\nx,everyone", "among them `file`"),
        (b"file,acces\na,everyone", "column 'acces'; did you mean 'access'"),
        (b"file,title,title\n", "same column twice"),
        (b"file,title\n,x", "row 2 names no file"),
        (b"title,file\nRates, 2026,a.md", "row 2 has 3 cells under 2 columns"),
        (b'file,title\na.md,"open', "does not parse"),
        (b"PK\x03\x04", "does not parse"),
    ],
)
def test_a_table_that_does_not_parse_says_where(content: bytes, reason: str) -> None:
    with pytest.raises(BadMetadata, match=reason):
        read_table(content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"file,title\na.md,x\nb.md,Kept\na.md,y", "row 4 of policies.csv is a second row for it"),
        (b"file,title\na.md,Rates, 2026\nb.md,Kept", "row 2 of policies.csv has 3 cells under 2 columns"),
        (b"file,title\na.md\nb.md,Kept", "row 2 of policies.csv has 1 cell under 2 columns"),
    ],
)
def test_a_row_that_is_wrong_is_the_trouble_of_its_own_file(content: bytes, reason: str) -> None:
    table = read_table(content)

    assert table.row("b.md") == {"title": "Kept"}
    assert table.row("c.md") is None
    with pytest.raises(BadMetadata, match=reason):
        table.row("a.md")


def test_who_may_read_a_file_is_known_before_reading_as_far_as_the_row_and_the_default_say() -> None:
    said, open_to_all = {"access": "groups: hr"}, Defaults(rule=EVERYONE, known_groups=frozenset({"hr"}))

    assert rule_without_reading("a.pdf", said, open_to_all) == HR
    assert rule_without_reading("a.md", said, open_to_all) == HR
    assert rule_without_reading("a.txt", None, open_to_all) == EVERYONE
    assert rule_without_reading("a.md", None, open_to_all) is None  # its front matter may say it
    assert rule_without_reading("a.pdf", None, open_to_all) is None  # its properties may say it
    assert rule_without_reading("a.txt", None, open_to_all, {"access": "groups: hr"}) == HR
    with pytest.raises(BadMetadata, match="says nothing about who may read it"):
        rule_without_reading("a.txt", None, Defaults())
    with pytest.raises(BadMetadata, match="no group 'bosses'"):
        rule_without_reading("a.md", {"access": "groups: bosses"}, open_to_all)
