"""Every change can be seen before and undone after; what is taken away stays away; what is erased leaves no byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from knowledge.connectors.folder import Folder
from knowledge.corpus import Corpus
from knowledge.policy import Defaults
from knowledge.values import IndexOrder, Scope
from tests.corpora import EMBEDDER, write_policy
from tests.factories import NOW, TODAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from knowledge.gate import Difference, Search
    from knowledge.values import IndexReport

ALL = Scope(frozenset({"everyone", "groups:hr"}))
STAFF = Scope(frozenset({"everyone"}))
KNOWN = Defaults(known_groups=frozenset({"hr"}))
BY_CLOCK = IndexOrder(by="the schedule", automatic=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "handbook"
    write_policy(root, "leave.md", "Annual leave is 25 days.", "Leave is asked for in the portal.")
    write_policy(root, "travel.md", "Trains come before planes.")
    return root


@pytest.fixture
def corpus(tmp_path: Path, folder: Path) -> Iterator[Corpus]:
    opened = Corpus.open(tmp_path / "var", EMBEDDER, now=lambda: NOW)
    run(opened, folder)
    yield opened
    opened.close()


def run(corpus: Corpus, folder: Path, order: IndexOrder | None = None, gate: Gatekeeper | None = None) -> IndexReport:
    return corpus.index(Folder(folder), KNOWN, order or IndexOrder(), gate=gate)


def said(corpus: Corpus, question: str = "annual leave days, trains before planes", scope: Scope = ALL) -> str:
    return " ".join(hit.passage.text for hit in corpus.search(question, scope, TODAY).hits)


def kept(data_dir: Path) -> dict[Path, bytes]:
    """Every file but Chroma's, which tidies its own when it is opened."""
    return {path: path.read_bytes() for path in data_dir.rglob("*") if path.is_file() and "chroma" not in path.parts}


class Gatekeeper:
    """Objects to every edition, for a reason."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        self.touched: list[set[str]] = []
        self.gone: list[set[str]] = []
        self.before = self.after = ""

    def objection(self, before: Search, after: Search, difference: Difference, told: Callable[[int, int], None]) -> str:
        told(0, 1)
        self.gone.append(set(difference.gone))
        self.touched.append(set(difference.touched))
        self.before, self.after = (
            " ".join(hit.passage.text for hit in search("annual leave days", STAFF, TODAY).hits) for search in (before, after)
        )
        return self.reason


def test_an_edition_that_fares_worse_is_held_and_the_live_one_goes_on(corpus: Corpus, folder: Path) -> None:
    write_policy(folder, "leave.md", "Annual leave is 27 days.")
    gate = Gatekeeper("3 golden questions fare worse")

    report = run(corpus, folder, gate=gate)

    assert (report.edition, report.held, report.changed) == (None, "3 golden questions fare worse", ("leave.md",))
    assert gate.touched == [{"leave.md"}]
    assert "25 days" in gate.before
    assert "27 days" not in gate.before
    assert "27 days" in gate.after
    assert "25 days" in said(corpus)


def test_a_held_edition_is_not_made_and_tried_again_until_something_changes(corpus: Corpus, folder: Path) -> None:
    write_policy(folder, "leave.md", "Annual leave is 27 days.")
    gate = Gatekeeper("worse")
    run(corpus, folder, gate=gate)

    again = run(corpus, folder, BY_CLOCK, gate)

    assert again.held == "worse"
    assert len(gate.touched) == 1


def test_a_held_edition_is_published_when_a_person_says_so_and_nothing_is_embedded_again(corpus: Corpus, folder: Path) -> None:
    write_policy(folder, "leave.md", "Annual leave is 27 days.")
    run(corpus, folder, gate=Gatekeeper("worse"))

    report = run(corpus, folder, IndexOrder(anyway=True), Gatekeeper("worse"))

    assert report.edition is not None
    assert (report.held, report.embedded) == ("", 0)
    assert "27 days" in said(corpus)


def test_what_a_gate_holds_back_still_takes_away_at_once(corpus: Corpus, folder: Path) -> None:
    (folder / "travel.md").unlink()
    write_policy(folder, "leave.md", "Annual leave is 27 days.", access="groups: hr")

    run(corpus, folder, gate=Gatekeeper("worse"))

    assert said(corpus) == ""
    assert corpus.documents(STAFF) == ()


def test_an_undo_answers_from_the_edition_before(corpus: Corpus, folder: Path) -> None:
    write_policy(folder, "leave.md", "Annual leave is 27 days.")
    run(corpus, folder)
    assert "27 days" in said(corpus)

    report = corpus.undo()

    assert report is not None
    assert (report.edition, report.undone, report.changed) == (1, 2, ("leave.md",))
    assert "25 days" in said(corpus)
    assert "27 days" not in said(corpus)


def test_what_an_undo_would_do_is_told_without_doing_it(corpus: Corpus, folder: Path) -> None:
    write_policy(folder, "leave.md", "Annual leave is 27 days.")
    run(corpus, folder)

    report = corpus.undo(plan_only=True)

    assert report is not None
    assert report.changed == ("leave.md",)
    assert "27 days" in said(corpus)


def test_there_is_nothing_to_undo_before_the_second_edition(corpus: Corpus) -> None:
    assert corpus.undo() is None


def test_two_undos_go_back_two_editions_and_a_new_one_is_undone_to_where_it_was(corpus: Corpus, folder: Path) -> None:
    for days in (26, 27):
        write_policy(folder, "leave.md", f"Annual leave is {days} days.")
        run(corpus, folder)

    corpus.undo()
    assert "26 days" in said(corpus)
    corpus.undo()
    assert "25 days" in said(corpus)
    run(corpus, folder)
    assert "27 days" in said(corpus)
    corpus.undo()
    assert "25 days" in said(corpus)


def test_an_undo_outlasts_a_restart_and_the_schedule_but_not_a_person(tmp_path: Path, corpus: Corpus, folder: Path) -> None:
    write_policy(folder, "leave.md", "Annual leave is 27 days.")
    run(corpus, folder)
    corpus.undo()
    corpus.close()

    again = Corpus.open(tmp_path / "var", EMBEDDER, now=lambda: NOW)
    assert "25 days" in said(again)
    write_policy(folder, "new.md", "Bicycles may be leased.")
    report = run(again, folder, BY_CLOCK)
    assert report.added == ("new.md",)
    assert [one.path for one in report.warnings] == ["leave.md"]
    assert "25 days" in said(again)

    run(again, folder)
    assert "27 days" in said(again)
    again.close()


def test_an_undo_never_lifts_a_narrowing(corpus: Corpus, folder: Path) -> None:
    write_policy(folder, "leave.md", "Annual leave is 27 days.", access="groups: hr")
    run(corpus, folder)

    report = corpus.undo(["leave.md"])

    assert report is not None
    assert (report.withheld, report.removed, report.brought_back) == (1, (), ())
    assert "leave" not in said(corpus)
    run(corpus, folder, BY_CLOCK)
    assert "25 days" not in said(corpus)
    assert "27 days" not in said(corpus, scope=STAFF)


def test_an_undo_brings_a_removed_document_back_only_when_it_is_named(corpus: Corpus, folder: Path) -> None:
    (folder / "travel.md").unlink()
    run(corpus, folder)

    plan = corpus.undo(plan_only=True)
    assert plan is not None
    assert [document.title for document in plan.removed] == ["Travel"]
    corpus.undo()
    assert "Trains" not in said(corpus)


def test_a_document_that_was_brought_back_stays_until_its_removal_is_confirmed(corpus: Corpus, folder: Path) -> None:
    (folder / "travel.md").unlink()
    run(corpus, folder)

    report = corpus.undo(["travel.md"])

    assert report is not None
    assert report.brought_back == ("travel.md",)
    assert "Trains" in said(corpus)
    for order in (BY_CLOCK, IndexOrder()):
        later = run(corpus, folder, order)
        assert any(one.path == "travel.md" and "its title was confirmed" in one.reason for one in later.warnings)
        assert "Trains" in said(corpus)
    run(corpus, folder, IndexOrder(removal_confirmed=True))
    assert "Trains" not in said(corpus)


def test_what_was_denied_comes_back_by_no_undo(corpus: Corpus, folder: Path) -> None:
    write_policy(folder, "leave.md", "Annual leave is 27 days.")
    run(corpus, folder)
    corpus.deny("travel.md", "held by its owner")

    report = corpus.undo(["travel.md"])

    assert report is not None
    assert (report.withheld, report.removed) == (1, ())
    assert "Trains" not in said(corpus)


def test_the_last_five_editions_can_be_gone_back_to_and_no_more(corpus: Corpus, folder: Path) -> None:
    for days in range(26, 33):
        write_policy(folder, "leave.md", f"Annual leave is {days} days.")
        run(corpus, folder)

    for days in (31, 30, 29, 28):
        assert corpus.undo() is not None
        assert f"{days} days" in said(corpus)
    assert corpus.undo() is None


def test_an_answer_ends_with_the_edition_that_it_began_with(corpus: Corpus, folder: Path) -> None:
    (hit,) = [hit for hit in corpus.search("annual leave days", STAFF, TODAY).hits if "25 days" in hit.passage.text]
    write_policy(folder, "leave.md", "Annual leave is 27 days.")
    run(corpus, folder)

    assert corpus.passage(hit.passage.id, STAFF) is None
    assert corpus.passage(hit.passage.id, STAFF, edition=1) is not None
    assert corpus.passage(hit.passage.id, Scope(frozenset({"groups:hr"})), edition=1) is None
    corpus.deny("leave.md", "held")
    assert corpus.passage(hit.passage.id, STAFF, edition=1) is None


def test_a_document_that_moves_is_told_as_moved_embeds_nothing_and_is_never_away(corpus: Corpus, folder: Path) -> None:
    (folder / "people").mkdir()
    (folder / "leave.md").rename(folder / "people" / "leave.md")

    plan = run(corpus, folder, IndexOrder(plan_only=True))
    assert "25 days" in said(corpus)
    report = run(corpus, folder)

    for one in (plan, report):
        assert one.moved == (("leave.md", "people/leave.md"),)
        assert (one.added, one.removed, one.changed, one.embedded) == ((), (), (), 0)
    assert plan.stale == frozenset()
    assert {document.id for document in corpus.documents(ALL)} == {"people/leave.md", "travel.md"}


def test_a_case_only_rename_is_a_move(corpus: Corpus, folder: Path) -> None:
    (folder / "leave.md").rename(folder / "Leave.md")

    assert run(corpus, folder).moved == (("leave.md", "Leave.md"),)


def test_a_plan_says_which_passages_would_be_gone_or_other_and_writes_nothing(tmp_path: Path, corpus: Corpus, folder: Path) -> None:
    before = {hit.passage.text: hit.passage.id for hit in corpus.passages(ALL)}
    write_policy(folder, "leave.md", "Annual leave is 27 days.", "Leave is asked for in the portal.")
    (folder / "travel.md").unlink()
    bytes_before = kept(tmp_path / "var")

    report = run(corpus, folder, IndexOrder(plan_only=True))

    assert report.stale == {before["1.1 Annual leave is 25 days."], before["1.1 Trains come before planes."]}
    assert (report.changed, report.removed, report.embedded) == (("leave.md",), ("travel.md",), 1)
    assert "Trains" in said(corpus)
    assert kept(tmp_path / "var") == bytes_before
    corpus.check()


def test_an_owner_runs_only_their_own_documents(corpus: Corpus, folder: Path) -> None:
    write_policy(folder, "pay.md", "Pay day is the 25th.", owner="ruth")
    run(corpus, folder)
    write_policy(folder, "pay.md", "Pay day is the 28th.", owner="ruth")
    write_policy(folder, "leave.md", "Annual leave is 27 days.")
    (folder / "travel.md").unlink()

    report = run(corpus, folder, IndexOrder(owner="ruth"))

    assert (report.changed, report.removed, report.added) == (("pay.md",), (), ())
    assert "28th" in said(corpus, "pay day")
    assert "25 days" in said(corpus)
    assert "Trains" in said(corpus)


def test_an_erased_document_leaves_no_byte_of_its_text_or_vectors(tmp_path: Path, corpus: Corpus, folder: Path) -> None:
    words = "Zeppelins are moored at the quay."
    write_policy(folder, "zeppelins.md", words)
    run(corpus, folder)
    write_policy(folder, "zeppelins.md", f"{words} Twice.")
    run(corpus, folder)
    vectors = [EMBEDDER.embed_windows([text])[0].tobytes() for text in _embedded(corpus, "zeppelins.md")]
    everything = b"".join(path.read_bytes() for path in (tmp_path / "var").rglob("*") if path.is_file())
    assert words.encode() in everything
    assert any(vector in everything for vector in vectors)

    report = corpus.erase("zeppelins.md")

    assert (report.versions, report.editions) == (2, (2, 3))
    assert any("backups" in sentence for sentence in report.elsewhere)
    files = {path: path.read_bytes() for path in (tmp_path / "var").rglob("*") if path.is_file()}
    assert [path for path, content in files.items() if b"eppelins are moored" in content] == []
    assert [path for path, content in files.items() if any(vector in content for vector in vectors)] == []
    assert "25 days" in said(corpus)
    assert "Zeppelins" not in said(corpus, "where are zeppelins moored?")
    corpus.check()


def _embedded(corpus: Corpus, document: str) -> list[str]:
    """What the embedder reads of a document."""
    from tests.corpora import windows_of

    return [window.text for hit in corpus.passages(ALL) if hit.document.id == document for window in windows_of(hit.passage)]


def test_an_erased_document_is_read_again_neither_by_its_name_nor_by_its_bytes(corpus: Corpus, folder: Path) -> None:
    corpus.erase("travel.md")
    (folder / "copy.md").write_bytes((folder / "travel.md").read_bytes())

    report = run(corpus, folder)

    assert {(one.path, "erased" in one.reason) for one in report.unread} == {("travel.md", True), ("copy.md", True)}
    assert "Trains" not in said(corpus)
    assert corpus.undo() is None or "Trains" not in said(corpus)


def test_an_erasure_that_was_killed_is_ended_at_the_next_start(tmp_path: Path, corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("knowledge.store.Store.remake", killed)
    with pytest.raises(KeyboardInterrupt):
        corpus.erase("travel.md")
    assert "Trains" not in said(corpus)
    corpus.close()
    monkeypatch.undo()

    again = Corpus.open(tmp_path / "var", EMBEDDER, now=lambda: NOW)

    assert [path for path in (tmp_path / "var").rglob("*") if path.is_file() and b"Trains come" in path.read_bytes()] == []
    assert "25 days" in said(again)
    again.close()


@pytest.mark.parametrize("then", ["removed", "narrowed", "denied", "erased"])
def test_what_is_taken_away_is_taken_away_under_the_names_that_it_had_before(
    tmp_path: Path, corpus: Corpus, folder: Path, then: str
) -> None:
    (folder / "leave.md").rename(folder / "holidays.md")
    assert run(corpus, folder).moved == (("leave.md", "holidays.md"),)
    if then == "removed":
        (folder / "holidays.md").unlink()
        run(corpus, folder)
    elif then == "narrowed":
        write_policy(folder, "holidays.md", "Annual leave is 25 days.", access="groups: hr")
        run(corpus, folder)
    elif then == "denied":
        corpus.deny("holidays.md", "under review")
    else:
        corpus.erase("holidays.md")
        assert b"nual leave is 25 days" not in b"".join(path.read_bytes() for path in (tmp_path / "var").rglob("*") if path.is_file())

    while corpus.undo() is not None:
        assert "25 days" not in said(corpus, scope=STAFF)
    assert "Trains" in said(corpus)


def test_a_document_that_is_held_stays_held_when_its_file_is_renamed(corpus: Corpus, folder: Path) -> None:
    corpus.deny("leave.md", "under review")
    (folder / "leave.md").rename(folder / "Leave.md")

    assert run(corpus, folder).moved == (("leave.md", "Leave.md"),)

    assert "25 days" not in said(corpus)


@pytest.mark.parametrize("left_out", ["leave.md", "copy.md"])
def test_without_a_person_the_undo_of_a_move_or_of_a_copy_loses_no_document(corpus: Corpus, folder: Path, left_out: str) -> None:
    (folder / "copy.md").write_bytes((folder / "leave.md").read_bytes())
    (folder / left_out).unlink()
    run(corpus, folder)
    corpus.undo()

    for _ in range(2):
        run(corpus, folder, BY_CLOCK)
        assert "25 days" in said(corpus)


def test_a_plan_names_what_a_narrower_rule_would_take_away_also_of_a_file_that_cannot_be_read(corpus: Corpus, folder: Path) -> None:
    (folder / "badges.txt").write_text("Bring your badge.", encoding="utf-8")
    (folder / "policies.csv").write_text("file,access\nbadges.txt,everyone\n", encoding="utf-8")
    run(corpus, folder)
    (folder / "badges.txt").write_bytes(b"")
    (folder / "policies.csv").write_text("file,access\nbadges.txt,groups: hr\n", encoding="utf-8")

    plan = run(corpus, folder, IndexOrder(plan_only=True))

    assert plan.removed == run(corpus, folder).removed == ("badges.txt",)


def test_answers_in_flight_do_not_show_what_was_withdrawn_from_an_edition_that_is_forgotten(corpus: Corpus, folder: Path) -> None:
    (hit,) = [hit for hit in corpus.search("trains before planes", STAFF, TODAY).hits if "Trains" in hit.passage.text]
    for days in range(26, 30):
        write_policy(folder, "leave.md", f"Annual leave is {days} days.")
        run(corpus, folder)
    for _ in range(4):
        corpus.undo()
    write_policy(folder, "travel.md", "Trains come before planes.", access="groups: hr")

    run(corpus, folder)

    assert corpus.passage(hit.passage.id, STAFF, edition=1) is None
