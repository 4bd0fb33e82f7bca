"""What a scan takes away is gone when the scan sees it, and comes back only when the source shows it again."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest

from knowledge.connectors.folder import Folder
from knowledge.corpus import Corpus
from knowledge.errors import BadMetadata, EmbedderUnavailable
from knowledge.hashing_embedding import HashingEmbedding
from knowledge.policy import Defaults
from knowledge.values import AccessRule, IndexOrder, Scope
from tests.corpora import EMBEDDER, write_policy
from tests.factories import EVERYONE, HR, NOW, TODAY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from knowledge.values import IndexReport

ALL = Scope(frozenset({"everyone", "groups:hr"}))
STAFF = Scope(frozenset({"everyone"}))
KNOWN = Defaults(known_groups=frozenset({"hr"}), known_people=frozenset({"ruth"}))
UNTIL_MENDED = "nobody is answered from it until this is mended"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "handbook"
    write_policy(root, "leave.md", "Annual leave is 25 days.")
    write_policy(root, "travel.md", "Trains come before planes.")
    (root / "badges.txt").write_text("Bring your badge to the gate.", encoding="utf-8")
    write_table(root, "badges.txt,Badges,everyone")
    return root


@pytest.fixture
def corpus(tmp_path: Path, folder: Path) -> Iterator[Corpus]:
    opened = Corpus.open(tmp_path / "var", EMBEDDER, now=lambda: NOW)
    assert len(index(opened, folder).added) == 3
    yield opened
    opened.close()


def write_table(root: Path, *rows: str) -> None:
    (root / "policies.csv").write_text("\n".join(("file,title,access", *rows)), encoding="utf-8")


def index(corpus: Corpus, folder: Path, defaults: Defaults = KNOWN, *, plan_only: bool = False) -> IndexReport:
    return corpus.index(Folder(folder), defaults, IndexOrder(plan_only=plan_only))


def answered_from(corpus: Corpus, scope: Scope = ALL) -> set[str]:
    """The documents that a search for all of them finds; what may be listed or opened is the same."""
    hits = corpus.search("annual leave days, trains before planes, badge at the gate", scope, TODAY, limit=50).hits
    found = {hit.document.id for hit in hits}
    assert {document.id for document in corpus.documents(scope)} == found
    assert all(corpus.passage(hit.passage.id, scope) for hit in hits)
    return found


class NoAnswer(HashingEmbedding):
    """The endpoint is down: every run that has something to embed fails."""

    def embed_windows(self, texts, progress=None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201  # as its base
        raise EmbedderUnavailable("the endpoint does not answer")


def failing(tmp_path: Path) -> Corpus:
    """The same data directory with an embedder that is down."""
    return Corpus.open(tmp_path / "var", NoAnswer(), now=lambda: NOW)


LEAVE = "---\n{}---\n\n# Leave\n\nAnnual leave is 25 days.\n"


@pytest.mark.parametrize(
    ("front", "row", "reason"),
    [
        ("title: [Leave\naccess: everyone\n", "", "front matter does not parse"),
        ("access: {groups: [bosses]}\n", "", "there is no group 'bosses'"),
        ("title: Leave\n", "", "says nothing about who may read it"),
        ("access: everyone\n", "leave.md,,groups: hr", "front matter says 'everyone', policies.csv says 'groups: hr'"),
        ("access: everyone\neffective: soon\n", "", "effective: 'soon' is not a date"),
        ("acess: everyone\n", "", "did you mean 'access'"),
        ("access: everyone\n", "leave.md,,everyone\nleave.md,,groups: hr", "is a second row for it"),
        ("access: everyone\n", "leave.md,Rates, 2026,everyone", "4 cells under 3 columns"),
        ("", "leave.md,,groups: bosses", "there is no group 'bosses'"),
    ],
)
def test_a_document_whose_metadata_is_not_understood_is_withheld(corpus: Corpus, folder: Path, front: str, row: str, reason: str) -> None:
    (folder / "leave.md").write_text(LEAVE.format(front), encoding="utf-8")
    if row:
        write_table(folder, "badges.txt,Badges,everyone", row)

    report = index(corpus, folder)

    (listed,) = report.unread
    assert (listed.path, listed.withheld) == ("leave.md", True)
    assert listed.reason.startswith("withheld: ")
    assert reason in listed.reason
    assert listed.reason.endswith(UNTIL_MENDED)
    assert report.edition == 2
    assert answered_from(corpus) == {"travel.md", "badges.txt"}

    again = index(corpus, folder)
    assert again.unread == report.unread
    assert again.edition is None


def test_what_was_withheld_is_back_when_it_is_mended_also_as_it_was(corpus: Corpus, folder: Path) -> None:
    was = (folder / "leave.md").read_bytes()
    (folder / "leave.md").write_text(LEAVE.format("access: soon\n"), encoding="utf-8")
    index(corpus, folder)
    assert "leave.md" not in answered_from(corpus)

    (folder / "leave.md").write_bytes(was)
    assert index(corpus, folder).added == ("leave.md",)

    assert "leave.md" in answered_from(corpus)


def test_a_withheld_document_stays_withheld_when_the_rest_of_the_run_fails_and_after_a_restart(
    tmp_path: Path, corpus: Corpus, folder: Path
) -> None:
    (folder / "leave.md").write_text(LEAVE.format("access: {groups: [bosses]}\n"), encoding="utf-8")
    write_policy(folder, "new.md", "A rule that needs a vector.")
    down = failing(tmp_path)
    with pytest.raises(EmbedderUnavailable):
        index(down, folder)

    assert answered_from(down) == {"travel.md", "badges.txt"}
    down.close()
    again = Corpus.open(tmp_path / "var", EMBEDDER)
    assert answered_from(again) == {"travel.md", "badges.txt"}
    again.close()
    assert corpus.live() is not None


def test_a_vanished_document_is_gone_at_the_scan_although_the_run_fails(tmp_path: Path, corpus: Corpus, folder: Path) -> None:
    was = (folder / "leave.md").read_bytes()
    (folder / "leave.md").unlink()
    write_policy(folder, "new.md", "A rule that needs a vector.")
    down = failing(tmp_path)
    with pytest.raises(EmbedderUnavailable):
        index(down, folder)
    assert answered_from(down) == {"travel.md", "badges.txt"}

    (folder / "new.md").unlink()
    (folder / "leave.md").write_bytes(was)
    report = index(down, folder)  # nothing to embed: as it was before

    assert report.edition is None
    assert answered_from(down) == {"leave.md", "travel.md", "badges.txt"}
    down.close()
    assert corpus.live() is not None


def test_a_vanished_document_is_gone_although_the_table_cannot_be_understood(corpus: Corpus, folder: Path) -> None:
    (folder / "leave.md").unlink()
    (folder / "policies.csv").write_text("file,acess\nbadges.txt,everyone\n", encoding="utf-8")

    with pytest.raises(BadMetadata, match="did you mean 'access'"):
        index(corpus, folder)

    assert answered_from(corpus) == {"travel.md", "badges.txt"}


@pytest.mark.parametrize("place", ["front matter", "row"])
def test_a_narrower_rule_holds_from_the_scan_on_although_the_run_fails(tmp_path: Path, corpus: Corpus, folder: Path, place: str) -> None:
    narrowed = "travel.md" if place == "front matter" else "badges.txt"
    if place == "front matter":
        write_policy(folder, "travel.md", "Trains come before planes, always.", access="groups: hr")
    else:
        write_table(folder, "badges.txt,Passes,groups: hr")
    down = failing(tmp_path)
    with pytest.raises(EmbedderUnavailable):
        index(down, folder)

    assert narrowed not in answered_from(down, STAFF)
    down.close()

    index(corpus, folder)
    assert narrowed in answered_from(corpus)
    assert narrowed not in answered_from(corpus, STAFF)


def test_a_wider_rule_takes_nothing_away_while_it_waits(tmp_path: Path, corpus: Corpus, folder: Path) -> None:
    write_policy(folder, "travel.md", "Trains come before planes.", access="groups: hr")
    index(corpus, folder)
    write_policy(folder, "travel.md", "Trains come before planes, always.")
    down = failing(tmp_path)
    with pytest.raises(EmbedderUnavailable):
        index(down, folder)

    assert "travel.md" in answered_from(down)
    assert "travel.md" not in answered_from(down, STAFF)
    down.close()


def test_a_rule_is_narrowed_before_a_slow_file_is_read(corpus: Corpus, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What policies.csv says needs no reading; live documents are read before new ones."""
    import knowledge.reading
    import knowledge.reading.child

    write_table(folder, "badges.txt,Badges,groups: hr")
    write_policy(folder, "travel.md", "Trains come before planes.", access="groups: hr")
    write_policy(folder, "a-new-one.md", "A file that is looked at last.")
    seen: dict[str, set[str]] = {}

    class Watching:
        def read(self, name: str, content: bytes) -> knowledge.reading.Reading:
            seen[name] = answered_from(corpus, STAFF)
            return knowledge.reading.read(name, content)

    monkeypatch.setattr(knowledge.reading.child, "Readers", lambda: nullcontext(Watching()))
    index(corpus, folder)

    assert list(seen) == ["badges.txt", "travel.md", "a-new-one.md"]
    assert "badges.txt" not in seen["badges.txt"]
    assert seen["a-new-one.md"] == {"leave.md"}


def test_a_search_that_began_on_the_edition_before_finds_nothing_that_was_narrowed_since(corpus: Corpus, folder: Path) -> None:
    from knowledge.allow_list import AllowList

    live = corpus._ready()  # what a search holds while it runs
    allow = AllowList.at(live, STAFF, TODAY, corpus._away.of(live))
    passage = next(passage for passage in live.contents.passages if passage.document == "travel.md")
    assert allow.allows(passage)

    write_policy(folder, "travel.md", "Trains come before planes.", access="groups: hr")
    index(corpus, folder)

    assert not allow.allows(passage)


def test_going_back_to_an_earlier_edition_brings_nothing_back(tmp_path: Path, corpus: Corpus, folder: Path) -> None:
    write_policy(folder, "travel.md", "Trains come before planes.", access="groups: hr")
    (folder / "leave.md").unlink()
    index(corpus, folder)
    corpus._holdings.catalog.editions.publish(1, NOW)  # the undo of an edition
    corpus.close()

    back = Corpus.open(tmp_path / "var", EMBEDDER)

    assert back.live() is not None
    assert answered_from(back) == {"badges.txt"}
    back.close()


@pytest.mark.parametrize("content", [b"", b"---\naccess: everyone\n---\n", b"\x00\x01\xff\xfe\x81"])
def test_a_document_that_cannot_be_read_keeps_what_it_said_before(corpus: Corpus, folder: Path, content: bytes) -> None:
    (folder / "leave.md").write_bytes(content)

    report = index(corpus, folder)

    assert [(one.path, one.withheld) for one in report.unread] == [("leave.md", False)]
    assert report.edition is None
    assert answered_from(corpus) == {"leave.md", "travel.md", "badges.txt"}


def test_a_document_that_cannot_be_read_keeps_nothing_when_its_rule_became_narrower(corpus: Corpus, folder: Path) -> None:
    (folder / "badges.txt").write_bytes(b"")
    write_table(folder, "badges.txt,Badges,groups: hr")
    (folder / "travel.md").write_bytes(b"---\naccess: {groups: [hr]}\n---\n")

    report = index(corpus, folder)

    assert [(one.path, one.withheld) for one in report.unread] == [("badges.txt", True), ("travel.md", True)]
    assert report.unread[0].reason == f"withheld: is empty, and what it said before may no longer be shown; {UNTIL_MENDED}"
    assert answered_from(corpus) == {"leave.md"}
    assert index(corpus, folder).edition is None


def test_a_file_that_may_not_be_opened_follows_its_row(corpus: Corpus, folder: Path) -> None:
    (folder / "badges.txt").unlink()
    (folder / "badges.txt").symlink_to("nowhere.txt")
    assert [(one.path, one.withheld) for one in index(corpus, folder).unread] == [("badges.txt", False)]
    assert "badges.txt" in answered_from(corpus)

    write_table(folder, "badges.txt,Badges,groups: hr")
    assert [(one.path, one.withheld) for one in index(corpus, folder).unread] == [("badges.txt", True)]
    assert "badges.txt" not in answered_from(corpus)


def test_a_default_that_is_taken_back_takes_back_what_it_opened(corpus: Corpus, folder: Path) -> None:
    write_table(folder)
    index(corpus, folder, Defaults(rule=EVERYONE))
    assert "badges.txt" in answered_from(corpus, STAFF)
    (folder / "badges.txt").write_bytes(b"")

    index(corpus, folder, Defaults(rule=HR))
    assert "badges.txt" not in answered_from(corpus)


def test_what_lies_in_a_folder_that_is_refused_has_not_vanished(corpus: Corpus, folder: Path, tmp_path: Path) -> None:
    write_policy(folder, "it/laptops.md", "Annual leave days do not apply to laptops.")
    index(corpus, folder)
    (folder / "it").rename(tmp_path / "elsewhere")
    (folder / "it").symlink_to(tmp_path / "elsewhere", target_is_directory=True)

    report = index(corpus, folder)

    assert [one.path for one in report.unread] == ["it"]
    assert report.removed == ()
    assert "it/laptops.md" in answered_from(corpus)


def test_when_the_whole_folder_is_gone_nothing_is_withheld(corpus: Corpus, folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()

    report = index(corpus, folder)

    assert len(report.warnings) == 3
    assert report.unread == ()
    assert len(answered_from(corpus)) == 3


def test_a_plan_takes_nothing_away(corpus: Corpus, folder: Path) -> None:
    (folder / "leave.md").unlink()
    write_table(folder, "badges.txt,Badges,groups: bosses")

    report = index(corpus, folder, plan_only=True)

    assert report.removed == ("badges.txt", "leave.md")
    assert [(one.path, one.withheld) for one in report.unread] == [("badges.txt", True)]
    assert len(answered_from(corpus)) == 3


def test_no_run_lifts_what_a_person_denied(corpus: Corpus, folder: Path) -> None:
    corpus.deny("leave.md", "under review")
    was = (folder / "leave.md").read_bytes()
    (folder / "leave.md").unlink()
    index(corpus, folder)
    (folder / "leave.md").write_bytes(was)

    assert index(corpus, folder).added == ("leave.md",)
    assert "leave.md" not in answered_from(corpus)


def test_when_every_document_is_withheld_a_search_finds_nothing(corpus: Corpus, folder: Path) -> None:
    for name in ("leave.md", "travel.md"):
        (folder / name).write_text("No word about who may read this.", encoding="utf-8")
    write_table(folder)

    assert len(index(corpus, folder).unread) == 3
    assert answered_from(corpus) == set()


def test_what_the_last_run_could_not_take_in_is_kept_for_who_asks_later(tmp_path: Path, corpus: Corpus, folder: Path) -> None:
    from knowledge.catalog import Catalog

    (folder / "empty.md").write_bytes(b"")
    write_table(folder)
    report = index(corpus, folder)
    corpus.close()

    catalog = Catalog(f"sqlite:///{tmp_path / 'var' / 'catalog.db'}")
    assert catalog.withdrawals.unread() == report.unread
    assert [(one.path, one.withheld) for one in report.unread] == [("badges.txt", True), ("empty.md", False)]
    catalog.close()


@pytest.mark.parametrize(
    ("rule", "other", "covers"),
    [
        (EVERYONE, HR, True),
        (HR, EVERYONE, False),
        (EVERYONE, AccessRule(people=frozenset({"greta"})), False),  # a guest who is named is not everyone
        (AccessRule(groups=frozenset({"hr", "it"})), HR, True),
        (HR, AccessRule(groups=frozenset({"hr", "it"})), False),
        (HR, AccessRule(people=frozenset({"ruth"})), False),
        (AccessRule(people=frozenset({"ruth"})), HR, False),
        (HR, HR, True),
    ],
)
def test_a_rule_covers_another_when_nobody_loses_by_it(rule: AccessRule, other: AccessRule, covers: bool) -> None:
    assert rule.covers(other) is covers


def test_what_was_withdrawn_so_long_ago_that_no_edition_has_it_is_shown_when_its_source_shows_it(corpus: Corpus, folder: Path) -> None:
    was = (folder / "leave.md").read_bytes()
    (folder / "leave.md").write_text(LEAVE.format("access: soon\n"), encoding="utf-8")
    for number in range(7):
        write_policy(folder, "travel.md", f"Trains come before planes, rule {number}.")
        index(corpus, folder)
    (folder / "leave.md").write_bytes(was)

    index(corpus, folder)

    assert "leave.md" in answered_from(corpus)


def test_the_owner_of_a_document_that_is_withheld_mends_it_without_an_admin(corpus: Corpus, folder: Path) -> None:
    write_policy(folder, "pay.md", "Pay day is the 25th.", owner="ruth")
    index(corpus, folder)
    write_policy(folder, "pay.md", "Pay day is the 25th.", owner="ruth", access="groups: nobody-knows")
    index(corpus, folder)
    assert "pay.md" not in answered_from(corpus)
    assert "pay.md" not in {document.id for document in corpus.documents(STAFF)}
    assert [document.id for document in corpus.looked_after() if document.owner == "ruth"] == ["pay.md"]

    write_policy(folder, "pay.md", "Pay day is the 25th.", owner="ruth")
    report = corpus.index(Folder(folder), KNOWN, IndexOrder(owner="ruth"))

    assert report.added == ("pay.md",)
    assert "pay.md" in answered_from(corpus)


def test_a_document_of_another_owner_that_is_withheld_is_not_taken_in_for_somebody_else(corpus: Corpus, folder: Path) -> None:
    write_policy(folder, "pay.md", "Pay day is the 25th.", owner="ruth")
    index(corpus, folder)
    write_policy(folder, "pay.md", "Pay day is the 25th.", owner="ruth", access="groups: nobody-knows")
    index(corpus, folder)
    write_policy(folder, "pay.md", "Pay day is the 25th.", owner="tom")

    report = corpus.index(Folder(folder), KNOWN, IndexOrder(owner="tom"))

    assert report.added == ()
    assert "pay.md" not in answered_from(corpus)
