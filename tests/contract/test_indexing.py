"""From a folder to an edition, and what a run leaves alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from knowledge import ahead
from knowledge.connectors import Given
from knowledge.connectors.folder import Folder
from knowledge.errors import BadMetadata, EmbedderUnavailable, IndexBroken
from knowledge.hashing_embedding import HashingEmbedding
from knowledge.indexing import Outcome, Wishes, run
from knowledge.policy import Defaults
from knowledge.values import IndexOrder
from tests.corpora import ReadHere, a_publishing, some_holdings, write_policy
from tests.factories import EVERYONE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from knowledge.holdings import Holdings
    from knowledge.values import IndexProgress


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "handbook"
    write_policy(root, "leave.md", "Annual leave is 25 days.", "Carry over up to five days.")
    write_policy(root, "travel.md", "Trains come before planes.")
    write_policy(root, "pay.md", "Salary band four starts at £52,000.", access="groups: hr")
    return root


@pytest.fixture
def holdings(tmp_path: Path) -> Iterator[Holdings]:
    (tmp_path / "var").mkdir()
    made = some_holdings(tmp_path / "var")
    yield made
    made.store.close()
    made.catalog.close()


def index(
    holdings: Holdings, folder: Path, *, readers: ReadHere | None = None, defaults: Defaults | None = None, **wishes: object
) -> Outcome:
    wanted = replace(Wishes(readers=readers or ReadHere(), publishing=a_publishing()), **wishes)  # type: ignore[arg-type]  # fields by name
    return run(holdings, (Given(Folder(folder)),), defaults or Defaults(), wanted)


def texts(holdings: Holdings) -> dict[str, list[str]]:
    edition = holdings.catalog.editions.live()
    assert edition is not None
    contents = holdings.catalog.editions.contents(edition)
    found: dict[str, list[str]] = {document: [] for document in contents.documents}
    for passage in contents.passages:
        found[passage.document].append(passage.text)
    return found


def agree(holdings: Holdings) -> None:
    """Catalog, Chroma and tantivy hold the same."""
    from knowledge.entry import entry_id

    assert holdings.store.ids() == holdings.catalog.window_ids()
    assert holdings.keywords.entries() == {entry_id(passage, title) for passage, title in holdings.catalog.passages()}


def test_a_first_run_publishes_what_the_folder_holds(holdings: Holdings, folder: Path) -> None:
    outcome = index(holdings, folder)

    assert outcome.report.edition == 1
    assert outcome.report.added == ("leave.md", "pay.md", "travel.md")
    assert outcome.report.passages == 4
    assert outcome.report.embedded == 4
    assert texts(holdings)["leave.md"] == ["1.1 Annual leave is 25 days.", "1.2 Carry over up to five days."]
    agree(holdings)


def test_a_run_without_a_change_reads_nothing_and_publishes_nothing(
    holdings: Holdings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index(holdings, folder)
    readers = ReadHere()
    monkeypatch.setattr(holdings.store, "have", lambda ids: pytest.fail("Chroma was asked"))

    outcome = index(holdings, folder, readers=readers)

    assert readers.names == []
    assert outcome.live is None
    assert outcome.report.edition is None
    assert outcome.report.unchanged == ("leave.md", "pay.md", "travel.md")


def test_only_what_is_new_is_read_and_embedded(holdings: Holdings, folder: Path) -> None:
    index(holdings, folder)
    write_policy(folder, "leave.md", "Annual leave is 25 days.", "Carry over up to eight days.")
    readers = ReadHere()

    outcome = index(holdings, folder, readers=readers)

    assert readers.names == ["leave.md"]
    assert outcome.report.changed == ("leave.md",)
    assert outcome.report.unchanged == ("pay.md", "travel.md")
    assert outcome.report.embedded == 1
    assert texts(holdings)["leave.md"][1] == "1.2 Carry over up to eight days."
    agree(holdings)


def test_another_rule_is_another_version_of_the_same_text(holdings: Holdings, folder: Path) -> None:
    index(holdings, folder)
    write_policy(folder, "travel.md", "Trains come before planes.", access="groups: hr")

    outcome = index(holdings, folder)

    assert outcome.live is not None
    assert {passage.label for passage in outcome.live.contents.passages if passage.document == "travel.md"} == {"groups:hr"}


def test_a_document_that_is_gone_is_gone_from_the_edition(holdings: Holdings, folder: Path) -> None:
    index(holdings, folder)
    (folder / "travel.md").unlink()

    outcome = index(holdings, folder)

    assert outcome.report.removed == ("travel.md",)
    assert "travel.md" not in texts(holdings)


def test_when_many_are_gone_at_once_they_stay_until_it_is_confirmed(holdings: Holdings, folder: Path) -> None:
    for number in range(10):
        write_policy(folder, f"more-{number}.md", f"Rule number {number}.")
    index(holdings, folder)
    for number in range(4):
        (folder / f"more-{number}.md").unlink()

    doubtful = index(holdings, folder)
    assert doubtful.report.removed == ()
    assert [warning.path for warning in doubtful.report.warnings] == [f"more-{number}.md" for number in range(4)]
    assert "4 of 13 documents" in doubtful.report.warnings[0].reason
    assert "more-0.md" in texts(holdings)

    confirmed = index(holdings, folder, order=IndexOrder(removal_confirmed=True))
    assert confirmed.report.removed == tuple(f"more-{number}.md" for number in range(4))
    assert "more-0.md" not in texts(holdings)


def test_an_empty_folder_takes_nothing_away(holdings: Holdings, folder: Path) -> None:
    index(holdings, folder)
    for path in folder.glob("*.md"):
        path.unlink()

    outcome = index(holdings, folder)

    assert outcome.report.removed == ()
    assert len(outcome.report.warnings) == 3
    assert len(texts(holdings)) == 3


def test_a_document_that_fails_is_listed_and_its_previous_version_stays(holdings: Holdings, folder: Path) -> None:
    index(holdings, folder)
    (folder / "leave.md").write_bytes(b"\x00\x01\xff\xfe\x81")
    write_policy(folder, "travel.md", "Planes come after trains.")

    outcome = index(holdings, folder)

    assert [unread.path for unread in outcome.report.unread] == ["leave.md"]
    assert outcome.report.changed == ("travel.md",)
    assert "leave.md" not in outcome.report.unchanged
    assert texts(holdings)["leave.md"][0] == "1.1 Annual leave is 25 days."


def test_an_empty_and_an_unlabelled_file_are_listed_and_not_indexed(holdings: Holdings, folder: Path) -> None:
    (folder / "empty.md").write_bytes(b"")
    (folder / "notes.md").write_text("# Notes\n\nNobody said who may read this.", encoding="utf-8")

    outcome = index(holdings, folder)

    assert sorted(unread.path for unread in outcome.report.unread) == ["empty.md", "notes.md"]
    assert outcome.report.added == ("leave.md", "pay.md", "travel.md")


def test_a_default_rule_labels_what_says_nothing(holdings: Holdings, folder: Path) -> None:
    (folder / "notes.md").write_text("# Notes\n\nFor all to read.", encoding="utf-8")

    outcome = index(holdings, folder, defaults=Defaults(rule=EVERYONE))

    assert "notes.md" in outcome.report.added


def test_a_row_in_policies_csv_that_changes_makes_a_new_version(holdings: Holdings, folder: Path) -> None:
    (folder / "notes.txt").write_text("Bring your badge.", encoding="utf-8")
    table = folder / "policies.csv"
    table.write_text("file,title,access\nnotes.txt,Notes,everyone\nlost.pdf,Lost,everyone\n", encoding="utf-8")
    first = index(holdings, folder)
    table.write_text("file,title,access\nnotes.txt,Badges,everyone\n", encoding="utf-8")

    second = index(holdings, folder)

    assert [warning.path for warning in first.report.warnings] == ["lost.pdf"]
    assert second.report.changed == ("notes.txt",)
    assert second.report.warnings == ()


def test_a_table_that_does_not_parse_stops_the_run_and_changes_nothing(holdings: Holdings, folder: Path) -> None:
    index(holdings, folder)
    (folder / "policies.csv").write_text("name\nleave.md\n", encoding="utf-8")
    write_policy(folder, "leave.md", "Annual leave is 0 days.")

    with pytest.raises(BadMetadata):
        index(holdings, folder)

    assert texts(holdings)["leave.md"][0] == "1.1 Annual leave is 25 days."


def test_a_successor_of_nothing_is_a_warning_for_its_owner(holdings: Holdings, folder: Path) -> None:
    write_policy(folder, "travel.md", "Trains first.", supersedes="travel-2020")

    assert [(warning.path, "travel-2020" in warning.reason) for warning in index(holdings, folder).report.warnings] == [("travel.md", True)]


def test_a_plan_says_what_would_be_done_and_does_nothing(holdings: Holdings, folder: Path) -> None:
    index(holdings, folder)
    write_policy(folder, "leave.md", "Annual leave is 27 days.")
    write_policy(folder, "new.md", "A new rule.")
    (folder / "travel.md").unlink()
    readers = ReadHere()

    report = index(holdings, folder, readers=readers, order=IndexOrder(plan_only=True)).report

    assert (report.added, report.changed, report.removed, report.unchanged) == (("new.md",), ("leave.md",), ("travel.md",), ("pay.md",))
    assert report.edition is None
    assert report.embedded == 2
    assert len(report.stale) == 3  # both clauses of one document, and the one of the other
    assert sorted(readers.names) == ["leave.md", "new.md"]
    assert set(texts(holdings)) == {"leave.md", "pay.md", "travel.md"}
    assert "27 days" not in str(texts(holdings))
    assert len(holdings.catalog.version_ids()) == 3


class Fails(HashingEmbedding):
    """Embeds some windows, then no more."""

    def __init__(self, after: int) -> None:
        self.left = after

    def embed_windows(self, texts, progress=None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201  # as its base
        if self.left < len(texts):
            raise EmbedderUnavailable("the endpoint does not answer")
        self.left -= len(texts)
        return super().embed_windows(texts, progress)


def test_when_embedding_fails_the_old_edition_stays_and_the_next_run_goes_on(
    holdings: Holdings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "BATCH", 1)
    index(holdings, folder)
    write_policy(folder, "leave.md", "Annual leave is 27 days.", "Carry over up to nine days.")

    with pytest.raises(EmbedderUnavailable):
        index(replace(holdings, embedder=Fails(after=1)), folder)
    assert texts(holdings)["leave.md"][0] == "1.1 Annual leave is 25 days."

    readers = ReadHere()
    again = index(holdings, folder, readers=readers)
    assert readers.names == []
    assert again.report.embedded == 1
    assert texts(holdings)["leave.md"][0] == "1.1 Annual leave is 27 days."
    agree(holdings)


def test_an_index_that_lost_vectors_or_entries_is_mended_from_the_catalog(holdings: Holdings, folder: Path) -> None:
    first = index(holdings, folder).report
    holdings.store.remove(list(holdings.store.ids())[:2])
    holdings.keywords.remove(list(holdings.keywords.entries())[:3])

    mended = index(holdings, folder, mend=True)

    assert mended.report.edition == first.edition
    assert mended.report.embedded == 2
    agree(holdings)


def test_an_edition_that_does_not_verify_is_not_published(holdings: Holdings, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index(holdings, folder)
    write_policy(folder, "leave.md", "Annual leave is 27 days.")
    monkeypatch.setattr(holdings.keywords, "add", lambda passages: None)

    with pytest.raises(IndexBroken, match="keyword index"):
        index(holdings, folder)

    assert texts(holdings)["leave.md"][0] == "1.1 Annual leave is 25 days."


class Renamed(HashingEmbedding):
    identity = "hashing-2"


def test_another_embedder_embeds_everything_again_also_what_can_no_longer_be_read(tmp_path: Path, holdings: Holdings, folder: Path) -> None:
    index(holdings, folder)
    (folder / "leave.md").write_bytes(b"")
    from knowledge.store import Store

    store = Store(tmp_path / "var" / "chroma", "hashing-2")
    outcome = index(replace(holdings, embedder=Renamed(), store=store), folder)

    assert outcome.report.embedded == 4
    assert texts(holdings)["leave.md"] == ["1.1 Annual leave is 25 days.", "1.2 Carry over up to five days."]
    store.close()


def test_old_editions_are_collected_from_all_three_places(holdings: Holdings, folder: Path) -> None:
    for days in range(20, 28):
        write_policy(folder, "leave.md", f"Annual leave is {days} days.")
        index(holdings, folder)

    assert len(holdings.catalog.editions.all()) == 5
    assert len(holdings.store.ids()) == 5 + 2
    agree(holdings)


def test_the_same_text_in_two_documents_is_embedded_once_and_outlives_either(holdings: Holdings, folder: Path) -> None:
    for name in ("a/notice.md", "b/notice.md"):
        write_policy(folder, name, "The same words.", title="Notice", owner=name[0])
    first = index(holdings, folder).report
    (folder / "a" / "notice.md").unlink()

    second = index(holdings, folder)

    assert first.embedded == 5
    assert second.report.embedded == 0
    assert second.report.removed == ("a/notice.md",)
    agree(holdings)


def test_the_same_file_under_two_names_is_indexed_once_and_told(holdings: Holdings, folder: Path) -> None:
    for name in ("a/notice.md", "b/notice.md"):
        write_policy(folder, name, "The same words.", title="Notice")

    report = index(holdings, folder).report

    assert "a/notice.md" in report.added
    assert "b/notice.md" not in report.added
    assert [one.path for one in report.warnings] == ["b/notice.md"]
    (folder / "a" / "notice.md").unlink()
    assert index(holdings, folder).report.moved == (("a/notice.md", "b/notice.md"),)


def test_the_same_file_for_other_readers_is_indexed_twice_and_both_owners_are_told(holdings: Holdings, folder: Path) -> None:
    (folder / "one.txt").write_text("The same words.", encoding="utf-8")
    (folder / "two.txt").write_text("The same words.", encoding="utf-8")
    (folder / "policies.csv").write_text("file,access\none.txt,everyone\ntwo.txt,groups: hr\n", encoding="utf-8")

    report = index(holdings, folder).report

    assert {"one.txt", "two.txt"} <= set(report.added)
    assert [one.path for one in report.warnings] == ["one.txt", "two.txt"]
    assert not any(name in one.reason for one in report.warnings for name in ("one.txt", "two.txt"))


def test_every_stage_reports_its_progress(holdings: Holdings, folder: Path) -> None:
    heard: list[IndexProgress] = []

    index(holdings, folder, publishing=a_publishing(progress=heard.append))

    stages = list(dict.fromkeys(step.stage for step in heard))
    assert stages == ["plan", "read", "embed", "verify", "publish"]
    for stage in stages:
        done = [step.done for step in heard if step.stage == stage]
        assert done == sorted(done)
        assert done[-1] == next(step.total for step in heard if step.stage == stage)
