"""The same file under two names is indexed once for the same readers, and both owners hear of it where the readers differ."""

from __future__ import annotations

from knowledge.duplicates import Copy, duplicates


def test_the_first_of_the_same_files_stays_and_the_others_are_named() -> None:
    found = duplicates([Copy("b/x.md", "1", "everyone"), Copy("a/x.md", "1", "everyone"), Copy("a/y.md", "2", "everyone")])

    assert found.left_out == {"a/x.md"}
    assert [(one.path, "b/x.md" in one.reason) for one in found.remarks] == [("a/x.md", True)]


def test_with_other_readers_both_stay_and_neither_remark_names_the_other() -> None:
    found = duplicates([Copy("a/pay.md", "1", "groups:hr"), Copy("b/salaries.md", "1", "everyone")])

    assert found.left_out == frozenset()
    reasons = {one.path: one.reason for one in found.remarks}
    assert "more or other people may read" in reasons["a/pay.md"]
    assert "fewer or other people may read" in reasons["b/salaries.md"]
    assert "salaries" not in reasons["a/pay.md"]
    assert "pay.md" not in reasons["b/salaries.md"]


def test_a_copy_of_one_of_two_with_other_readers_is_left_out_once() -> None:
    found = duplicates([Copy("a", "1", "groups:hr"), Copy("b", "1", "everyone"), Copy("c", "1", "groups:hr"), Copy("d", "1", "groups:it")])

    assert found.left_out == {"c"}
    assert [one.path for one in found.remarks] == ["a", "b", "c", "d"]


def test_nothing_is_said_about_files_that_differ_or_are_not_known() -> None:
    found = duplicates([Copy("a", "1", "everyone"), Copy("b", "2", "everyone"), Copy("c", "", "everyone"), Copy("d", "", "everyone")])

    assert found.left_out == frozenset()
    assert found.remarks == ()
