"""The one choice about documents without a rule: what is asked, and what is then written down."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.choosing import Unruled, choices, rules_for, table_with, write_table
from knowledge.errors import BadMetadata, CannotRead
from knowledge.policies_csv import read_table
from knowledge.values import AccessRule

EVERYONE = AccessRule(everyone=True)
HR = AccessRule(groups=frozenset({"hr", "managers"}))
PAPERS = ("a.pdf", "pay/b.pdf", "pay/uk/c.pdf", "it/d.pdf")


def test_the_folders_without_a_rule_are_counted_by_their_first_step() -> None:
    assert choices(PAPERS) == (Unruled("", 1), Unruled("it", 1), Unruled("pay", 2))
    assert choices(()) == ()


def test_what_is_not_restricted_is_for_everyone_and_the_inner_folder_counts() -> None:
    finance = AccessRule(groups=frozenset({"finance"}))

    assert rules_for(PAPERS, {}) == dict.fromkeys(PAPERS, EVERYONE)
    assert rules_for(PAPERS, {"pay": HR, "pay/uk": finance}) == {
        "a.pdf": EVERYONE,
        "pay/b.pdf": HR,
        "pay/uk/c.pdf": finance,
        "it/d.pdf": EVERYONE,
    }
    assert rules_for(PAPERS, {"": HR})["a.pdf"] == HR
    assert rules_for(PAPERS, {"": HR})["pay/b.pdf"] == EVERYONE


def test_a_folder_that_is_not_there_restricts_nothing_and_is_refused() -> None:
    with pytest.raises(BadMetadata, match=r"'?Pay'?; the folders are: the top folder, it, pay"):
        rules_for(PAPERS, {"Pay": HR})


def test_a_new_table_is_understood_as_it_was_meant() -> None:
    table = read_table(table_with(None, rules_for(PAPERS, {"pay": HR})))

    assert table.faults == {}
    assert table.rows["pay/b.pdf"] == {"access": "groups: hr managers"}
    assert table.rows["a.pdf"] == {"access": "everyone"}


def test_rows_and_columns_stay_letter_by_letter() -> None:
    existing = b'owner,file,access,title\r\nruth,"a.pdf",,"Pay, and\r\nmore"\r\n,,,\r\nhiro,old.pdf,groups: it,Old\r\n'

    written = table_with(existing, {"a.pdf": EVERYONE, "old.pdf": EVERYONE, "new, b.pdf": HR})

    assert written == (
        b'owner,file,access,title\r\nruth,a.pdf,everyone,"Pay, and\r\nmore"\r\n,,,\r\nhiro,old.pdf,groups: it,Old\r\n'
        b',"new, b.pdf",groups: hr managers,\r\n'
    )


def test_a_missing_column_is_added_behind_the_others() -> None:
    assert table_with(b"\xef\xbb\xbffile,title\na.pdf,Pay", {"a.pdf": EVERYONE, "b.pdf": HR}) == (
        b"\xef\xbb\xbffile,title,access\na.pdf,Pay,everyone\nb.pdf,,groups: hr managers\n"
    )


@pytest.mark.parametrize("existing", [b"name,access\na.pdf,\n", b'file\n"a', b"file,title\na.pdf,x,y\n", b"file\na.pdf\na.pdf\n"])
def test_a_table_that_is_wrong_is_not_written_over(existing: bytes, tmp_path: Path) -> None:
    (tmp_path / "policies.csv").write_bytes(existing)

    with pytest.raises(BadMetadata):
        write_table(tmp_path, {"a.pdf": EVERYONE})
    assert (tmp_path / "policies.csv").read_bytes() == existing


def test_the_table_is_written_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    write_table(tmp_path, {"a.pdf": HR})
    assert (tmp_path / "policies.csv").stat().st_mode & 0o777 == 0o644
    (tmp_path / "policies.csv").chmod(0o640)
    write_table(tmp_path, {"a.pdf": EVERYONE, "b.pdf": EVERYONE})

    assert [path.name for path in tmp_path.iterdir()] == ["policies.csv"]
    assert (tmp_path / "policies.csv").stat().st_mode & 0o777 == 0o640
    rows = read_table((tmp_path / "policies.csv").read_bytes()).rows
    assert rows == {"a.pdf": {"access": "groups: hr managers"}, "b.pdf": {"access": "everyone"}}


def test_a_linked_table_and_a_folder_that_is_gone_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("file\n")
    (tmp_path / "policies.csv").symlink_to(tmp_path / "other.csv")

    with pytest.raises(CannotRead, match="is a link"):
        write_table(tmp_path, {"a.pdf": EVERYONE})
    with pytest.raises(CannotRead, match="cannot be written"):
        write_table(tmp_path / "nowhere", {"a.pdf": EVERYONE})
    assert (tmp_path / "other.csv").read_text() == "file\n"
