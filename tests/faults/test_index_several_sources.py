"""What goes wrong in one of several sources stops no other, and takes nothing away that is not known to be gone."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from knowledge.connectors.folder import Folder
from knowledge.errors import BadMetadata, KnowledgeError, Unreachable
from knowledge.values import IndexOrder
from tests.corpora import write_policy
from tests.troubled import ALL, index, named, named_look, opened, said, two_folders

if TYPE_CHECKING:
    from pathlib import Path

    from knowledge.connectors import Source


class Down:
    """A source whose host does not answer."""

    name = "a"

    def look(self) -> Source:
        raise Unreachable("wiki.example does not answer")


def test_a_source_that_is_down_keeps_its_documents_while_others_go_on(tmp_path: Path) -> None:
    roots = two_folders(tmp_path)
    with opened(tmp_path) as corpus:
        index(corpus, named(roots))
        (roots["b"] / "rule-0.md").unlink()

        for order in (IndexOrder(), IndexOrder(removal_confirmed=True), IndexOrder(automatic=True)):
            report = index(corpus, [Down(), named(roots)[1]], order)
            assert [(one.path, one.reason) for one in report.warnings] == [
                ("a", "cannot be asked now: wiki.example does not answer; what is indexed from it stays as it is")
            ]
        assert len(said(corpus)) == 23
        assert "b/rule-0.md" not in said(corpus)


def test_where_over_a_tenth_of_one_source_vanishes_that_one_keeps_all_and_the_other_loses_what_is_gone(tmp_path: Path) -> None:
    roots = two_folders(tmp_path)
    with opened(tmp_path) as corpus:
        index(corpus, named(roots))
        for number in range(4):
            (roots["a"] / f"rule-{number}.md").unlink()
        (roots["b"] / "rule-0.md").unlink()

        report = index(corpus, named(roots))

        assert report.removed == ("b/rule-0.md",)
        assert [one.path for one in report.warnings] == [f"a/rule-{number}.md" for number in range(4)]
        assert "like 4 of 12 documents: too many to be sure" in report.warnings[0].reason
        assert "ibid index --confirm-removal" in report.warnings[0].reason
        assert len(said(corpus)) == 23

        confirmed = index(corpus, named(roots), IndexOrder(source="a", removal_confirmed=True))
        assert confirmed.removed == tuple(f"a/rule-{number}.md" for number in range(4))
        assert len(said(corpus)) == 19


def test_a_source_taken_out_of_the_list_keeps_its_documents_until_that_is_confirmed(tmp_path: Path) -> None:
    roots = two_folders(tmp_path)
    with opened(tmp_path) as corpus:
        index(corpus, named(roots))
        only_b = named(roots)[1:]

        report = index(corpus, only_b)
        assert len(report.warnings) == 12
        assert all("belongs to a source that is no longer set up; kept until" in one.reason for one in report.warnings)
        assert len(said(corpus)) == 24
        with pytest.raises(KnowledgeError, match="there is no source 'a'; there are: b"):
            index(corpus, only_b, IndexOrder(source="a"))

        assert len(index(corpus, only_b, IndexOrder(removal_confirmed=True)).removed) == 12
        assert {name.partition("/")[0] for name in said(corpus)} == {"b"}


def test_a_table_that_is_broken_in_one_source_stops_only_that_one_but_for_what_is_gone(tmp_path: Path) -> None:
    roots = two_folders(tmp_path)
    with opened(tmp_path) as corpus:
        index(corpus, named(roots))
        (roots["a"] / "policies.csv").write_text("file,acess\nrule-1.md,everyone\n", encoding="utf-8")
        (roots["a"] / "rule-0.md").unlink()
        write_policy(roots["a"], "rule-1.md", "Rule 1 of a, again.")
        write_policy(roots["b"], "rule-1.md", "Rule 1 of b, again.")

        report = index(corpus, named(roots))

        assert (report.changed, report.removed) == (("b/rule-1.md",), ("a/rule-0.md",))
        ((path, reason),) = [(one.path, one.reason) for one in report.warnings]
        assert path == "a"
        assert "policies.csv has a column 'acess'; did you mean 'access'?" in reason
        assert said(corpus)["a/rule-1.md"] == "Rule 1 of a."
        assert said(corpus)["b/rule-1.md"] == "Rule 1 of b, again."
        assert "a/rule-0.md" not in said(corpus)
        with pytest.raises(BadMetadata, match="did you mean 'access'"):
            index(corpus, named({"a": roots["a"]}))


def test_the_same_document_in_two_sources_is_answered_from_once_and_both_where_the_readers_differ(tmp_path: Path) -> None:
    roots = two_folders(tmp_path)
    for root in roots.values():
        write_policy(root, "leave.md", "Annual leave is 25 days.")
        (root / "badges.txt").write_text("Bring your badge to the gate.", encoding="utf-8")
    for name, access in (("a", "everyone"), ("b", "groups: hr")):
        (roots[name] / "policies.csv").write_text(f"file,access\nbadges.txt,{access}\n", encoding="utf-8")
    with opened(tmp_path) as corpus:
        report = index(corpus, named(roots))

        told = {one.path: one.reason for one in report.warnings}
        assert told.keys() == {"b/leave.md", "a/badges.txt", "b/badges.txt"}
        assert "is the same file as a/leave.md, with the same readers" in told["b/leave.md"]
        assert {name for name in said(corpus, ALL) if "rule" not in name} == {"a/leave.md", "a/badges.txt", "b/badges.txt"}

        (roots["a"] / "leave.md").unlink()
        assert index(corpus, named(roots)).moved == (("a/leave.md", "b/leave.md"),)
        assert said(corpus)["b/leave.md"] == "Annual leave is 25 days."


def test_one_of_several_that_vanishes_after_the_look_takes_nothing_away(tmp_path: Path) -> None:
    roots = two_folders(tmp_path)
    with opened(tmp_path) as corpus:
        index(corpus, named(roots))
        write_policy(roots["b"], "rule-0.md", "Rule 0 of b, again.")
        looks = [named_look(name, Folder(root)) for name, root in roots.items()]
        before = said(corpus)
        shutil.rmtree(roots["a"])

        report = index(corpus, looks)

        assert report.changed == ("b/rule-0.md",)
        assert {one.path for one in report.unread} == {f"a/rule-{number}.md" for number in range(12)}
        assert all(one.reason.endswith("index again") and not one.withheld for one in report.unread)
        assert said(corpus) == before | {"b/rule-0.md": "Rule 0 of b, again."}
