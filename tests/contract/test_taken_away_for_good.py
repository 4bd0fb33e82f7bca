"""What is taken away stays away in every place that could tell of it, and nothing else goes with it."""

from __future__ import annotations

import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from knowledge.connectors import Given, SourceFile
from knowledge.connectors.assembly import Surroundings, connectors
from knowledge.connectors.folder import Folder
from knowledge.connectors.mapping import Says
from knowledge.connectors.named import Named
from knowledge.connectors.sources_file import parse_sources
from knowledge.corpus import Corpus
from knowledge.errors import KnowledgeError
from knowledge.hashing_embedding import HashingEmbedding
from knowledge.lexicon import Lexicon
from knowledge.policy import Defaults
from knowledge.values import IndexOrder, Scope, Unread
from tests.corpora import EMBEDDER, windows_of, write_policy
from tests.factories import HR, NOW, TODAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from knowledge.gate import Difference, Search
    from knowledge.values import IndexProgress, IndexReport

ALL = Scope(frozenset({"everyone", "groups:hr"}))
STAFF = Scope(frozenset({"everyone"}))
KNOWN = Defaults(known_groups=frozenset({"hr"}))
CONFIRMED = IndexOrder(removal_confirmed=True)
ONE_SOURCE = "sources:\n  - {name: site, kind: folder, path: handbook, access: everyone}\n"


class OtherEmbedding(HashingEmbedding):
    """The same vectors under another name."""

    identity = "another embedder"


class Objects:
    """A gate that holds every edition."""

    def objection(self, before: Search, after: Search, difference: Difference, told: Callable[[int, int], None]) -> str:
        return "worse"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "handbook"
    write_policy(root, "leave.md", "Annual leave is 25 days.")
    write_policy(root, "travel.md", "Trains come before planes.")
    return root


@pytest.fixture
def corpus(tmp_path: Path, folder: Path) -> Iterator[Corpus]:
    opened = Corpus.open(tmp_path / "var", EMBEDDER, now=lambda: NOW)
    run(opened, folder)
    yield opened
    opened.close()


def run(corpus: Corpus, folder: Path, order: IndexOrder | None = None, **wishes: object) -> IndexReport:
    return corpus.index(Folder(folder), KNOWN, order or IndexOrder(), **wishes)  # type: ignore[arg-type]  # by their names


def said(corpus: Corpus, scope: Scope = ALL) -> str:
    return " ".join(hit.passage.text for hit in corpus.search("annual leave days, trains before planes, badges", scope, TODAY).hits)


def holding(root: Path, *pieces: bytes) -> list[str]:
    """The files below a folder that hold one of these."""
    files = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    return sorted(str(path.relative_to(root)) for path, content in files.items() if any(piece in content for piece in pieces))


# Sources


def test_a_page_that_cannot_be_had_now_keeps_standing_by_the_rule_of_its_source(tmp_path: Path, folder: Path) -> None:
    """Its rule is what sources.yaml says of all files: it has not become unknown because the file is out of sight."""
    (folder / "badges.html").write_text("<html><body><h1>Badges</h1><p>Badges are worn.</p></body></html>", encoding="utf-8")
    places = connectors(parse_sources(ONE_SOURCE), Surroundings(base=tmp_path, data_dir=tmp_path / "var"))
    with closing(Corpus.open(tmp_path / "var", EMBEDDER, now=lambda: NOW)) as corpus:
        corpus.index(places, KNOWN)
        assert "Badges" in said(corpus, STAFF)
        (folder / "badges.html").unlink()
        (folder / "badges.html").symlink_to("/etc/hostname")

        report = corpus.index(places, KNOWN)

        assert [one.path for one in report.unread] == ["site/badges.html"]
        assert not report.unread[0].withheld
        assert "Badges" in said(corpus, STAFF)


class Wiki:
    """Pages that anybody at the company may write, as a reader of a wiki gives them."""

    def __init__(self, text: str, *, trusted: bool = False) -> None:
        self.page = SourceFile("page.md", len(text), trusted=trusted)
        self.text = text.encode()

    def files(self) -> tuple[SourceFile, ...]:
        return (self.page,)

    def refused(self) -> tuple[Unread, ...]:
        return ()

    def remarks(self) -> tuple[Unread, ...]:
        return ()

    def said(self, document: str) -> Mapping[str, str]:
        return {}

    def table(self) -> bytes | None:
        return None

    def content(self, file: SourceFile) -> bytes:
        return self.text


@pytest.mark.parametrize(("of_source", "label"), [({"access": "groups: hr"}, "groups:hr"), ({}, None)])
def test_whoever_writes_a_page_of_a_wiki_does_not_decide_who_reads_it(tmp_path: Path, of_source: dict[str, str], label: str | None) -> None:
    with closing(Corpus.open(tmp_path / "var", EMBEDDER, now=lambda: NOW)) as corpus:
        for trusted in (True, False):  # it is read again when its source is another
            wiki = Wiki("---\naccess: everyone\n---\n# Badges\n\nBadges are worn.\n", trusted=trusted)
            report = corpus.index((Named("wiki", Given(wiki).look, Says(of_source)),), KNOWN)
            assert {rule.label for rule in corpus.rules()} == ({"everyone"} if trusted else {label} - {None})

        assert bool(report.unread) is (label is None)
        assert "Badges" not in said(corpus, STAFF)


def test_a_page_of_a_wiki_puts_no_policy_out_of_force(tmp_path: Path, folder: Path) -> None:
    wiki = Wiki("---\nsupersedes: leave\n---\n# Leave\n\nAnnual leave is 99 days.\n")
    policies = Named("site", lambda: Folder(folder), Says({}))
    with closing(Corpus.open(tmp_path / "var", EMBEDDER, now=lambda: NOW)) as corpus:
        corpus.index((policies, Named("wiki", Given(wiki).look, Says({"access": "everyone"}))), KNOWN)

        assert "25 days" in said(corpus, STAFF)


# Narrowing


def test_a_document_that_is_perhaps_gone_follows_its_row(corpus: Corpus, folder: Path) -> None:
    for number in range(5):
        (folder / f"badge-{number}.txt").write_text(f"Badges of kind {number} are worn.", encoding="utf-8")
    rows = [f"badge-{number}.txt,everyone" for number in range(5)]
    (folder / "policies.csv").write_text("\n".join(("file,access", *rows)), encoding="utf-8")
    run(corpus, folder)
    assert "Badges of kind 1" in said(corpus, STAFF)
    for number in range(5):
        (folder / f"badge-{number}.txt").unlink()
    (folder / "policies.csv").write_text("\n".join(("file,access", *rows)).replace("everyone", "groups: hr"), encoding="utf-8")

    report = run(corpus, folder)

    assert all(one.doubtful for one in report.warnings if "too many" in one.reason)
    assert "Badges" not in said(corpus, STAFF)


def test_a_document_that_moved_and_cannot_be_read_follows_its_new_row(
    corpus: Corpus, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "badges.txt").write_text("Badges are worn.", encoding="utf-8")
    (folder / "policies.csv").write_text("file,access\nbadges.txt,everyone\n", encoding="utf-8")
    run(corpus, folder)
    assert "Badges" in said(corpus, STAFF)
    (folder / "hr").mkdir()
    (folder / "badges.txt").rename(folder / "hr" / "badges.txt")
    (folder / "policies.csv").write_text("file,access\nhr/badges.txt,groups: hr\n", encoding="utf-8")
    monkeypatch.setattr("knowledge.reading.child.Readers.read", _fails)

    run(corpus, folder)

    assert "Badges" not in said(corpus, STAFF)


def _fails(*_: object) -> None:
    from knowledge.errors import CannotRead

    raise CannotRead("took longer than 30 seconds to read")


def test_what_came_back_narrower_and_cannot_be_read_comes_back_by_no_undo(corpus: Corpus, folder: Path) -> None:
    (folder / "badges.txt").write_text("Badges are worn.", encoding="utf-8")
    (folder / "policies.csv").write_text("file,access\nbadges.txt,everyone\n", encoding="utf-8")
    run(corpus, folder)
    (folder / "badges.txt").unlink()
    run(corpus, folder, CONFIRMED)
    (folder / "badges.txt").write_bytes(b"")
    (folder / "policies.csv").write_text("file,access\nbadges.txt,groups: hr\n", encoding="utf-8")
    run(corpus, folder)

    corpus.undo(["badges.txt"])

    assert "Badges" not in said(corpus, STAFF)


# Reports


def test_what_became_narrower_and_cannot_be_read_is_told_of_by_its_new_rule(corpus: Corpus, folder: Path) -> None:
    (folder / "badges.txt").write_text("Badges are worn.", encoding="utf-8")
    (folder / "policies.csv").write_text("file,access\nbadges.txt,everyone\n", encoding="utf-8")
    run(corpus, folder)
    (folder / "badges.txt").write_bytes(b"")
    (folder / "policies.csv").write_text("file,access\nbadges.txt,groups: hr\n", encoding="utf-8")

    report = run(corpus, folder)

    assert [one.path for one in report.unread] == ["badges.txt"]
    assert report.described["badges.txt"].rule == HR


def test_an_owner_is_told_nothing_about_documents_of_others(corpus: Corpus, folder: Path) -> None:
    """Neither how many there are, nor that one of them is also kept where fewer may read it."""
    write_policy(folder, "pay.md", "Pay day is the 25th.", owner="ruth")
    (folder / "badges.txt").write_text("Badges are worn.", encoding="utf-8")
    (folder / "secret.txt").write_text("Badges are worn.", encoding="utf-8")
    (folder / "policies.csv").write_text("file,access\nbadges.txt,everyone\nsecret.txt,groups: hr\n", encoding="utf-8")
    assert any(one.path == "badges.txt" and "same file" in one.reason for one in run(corpus, folder).warnings)

    for plan_only in (True, False):
        report = run(corpus, folder, IndexOrder(owner="ruth", plan_only=plan_only))

        assert (report.unchanged, report.warnings, set(report.described)) == (("pay.md",), (), set())


# Publishing


@pytest.mark.parametrize("stage", ["plan", "read", "embed", "verify", "publish"])
def test_wherever_a_run_is_ended_what_answers_is_what_the_catalog_calls_live(corpus: Corpus, folder: Path, stage: str) -> None:
    write_policy(folder, "leave.md", "Annual leave is 27 days.")

    def ended(step: IndexProgress) -> None:
        if step.stage == stage and step.done == step.total:
            raise KnowledgeError("cancelled")

    with pytest.raises(KnowledgeError, match="cancelled"):
        run(corpus, folder, progress=ended)
    run(corpus, folder)

    assert "27 days" in said(corpus)


def test_an_edition_answers_from_its_publishing_on_although_the_cleaning_up_fails(
    corpus: Corpus, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_policy(folder, "leave.md", "Annual leave is 27 days.")

    def full(*_: object) -> None:
        raise KnowledgeError("the disk is full")

    monkeypatch.setattr("knowledge.publishing.take_out", full)
    with pytest.raises(KnowledgeError, match="disk is full"):
        run(corpus, folder)

    assert "27 days" in said(corpus)


def test_a_denial_is_not_forgotten_by_a_run_that_looked_just_before(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    withdrawals = corpus._holdings.catalog.withdrawals  # where the two threads meet
    looked, go_on, usual = threading.Event(), threading.Event(), withdrawals.versions

    def slowly() -> frozenset[str]:
        if threading.current_thread() is runs:
            looked.set()
            go_on.wait(5)
        return usual()

    monkeypatch.setattr(withdrawals, "versions", slowly)
    runs = threading.Thread(target=corpus._away.look)  # as a run does
    runs.start()
    assert looked.wait(5)
    denies = threading.Thread(target=corpus.deny, args=("travel.md", "under review"))
    denies.start()
    denies.join(0.5)
    go_on.set()
    runs.join(5)
    denies.join(5)

    assert "Trains" not in said(corpus)


def test_two_editions_that_are_asked_in_turn_are_each_read_through_once(
    corpus: Corpus, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    usual = Lexicon._read_through  # what takes seconds in a large edition

    def counted(lexicon: Lexicon) -> None:
        if not lexicon._counts:
            read.append(lexicon.contents.edition.number)
        usual(lexicon)

    class Asks:
        def objection(self, before: Search, after: Search, difference: Difference, told: Callable[[int, int], None]) -> str:
            for search in (before, after) * 3:
                search("annual leave days", STAFF, TODAY)
                said(corpus)
            return "worse"

    monkeypatch.setattr(Lexicon, "_read_through", counted)
    write_policy(folder, "leave.md", "Annual leave is 27 days.")
    run(corpus, folder, gate=Asks())

    assert sorted(read) == [1, 2]


def test_no_automatic_run_brings_back_what_was_undone_when_another_embedder_is_set(tmp_path: Path, folder: Path) -> None:
    with closing(Corpus.open(tmp_path / "var", EMBEDDER, now=lambda: NOW)) as corpus:
        run(corpus, folder)
        write_policy(folder, "leave.md", "Annual leave is 99 days.")
        run(corpus, folder)
        corpus.undo()

    with closing(Corpus.open(tmp_path / "var", OtherEmbedding(), now=lambda: NOW)) as corpus:
        run(corpus, folder, IndexOrder(by="the schedule", automatic=True))
        assert "25 days" in said(corpus)
        assert "Trains" in said(corpus)
        assert "99 days" not in said(corpus)
        run(corpus, folder)
        assert "99 days" in said(corpus)


# Erasing


def test_an_erasure_leaves_no_vector_although_another_embedder_is_set(tmp_path: Path, folder: Path) -> None:
    with closing(Corpus.open(tmp_path / "var", EMBEDDER, now=lambda: NOW)) as corpus:
        run(corpus, folder)
        vectors = _vectors(corpus, "travel.md")
    assert holding(tmp_path / "var", *vectors)

    with closing(Corpus.open(tmp_path / "var", OtherEmbedding(), now=lambda: NOW)) as corpus:
        corpus.erase("travel.md")

    assert holding(tmp_path / "var", *vectors, b"Trains come") == []


def test_an_erasure_that_is_killed_before_its_last_step_leaves_no_vector(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with closing(Corpus.open(tmp_path / "var", EMBEDDER, now=lambda: NOW)) as corpus:
        run(corpus, folder)
        vectors = _vectors(corpus, "travel.md")
        (tmp_path / "var" / "live.unfinished.npz").write_bytes((tmp_path / "var" / "live.npz").read_bytes())
        monkeypatch.setattr("knowledge.mirror.save", killed)
        with pytest.raises(KeyboardInterrupt):
            corpus.erase("travel.md")
    monkeypatch.undo()

    Corpus.open(tmp_path / "var", EMBEDDER, now=lambda: NOW).close()

    assert holding(tmp_path / "var", *vectors) == []


def test_an_erasure_reaches_the_keyword_index_of_an_earlier_release(tmp_path: Path, corpus: Corpus) -> None:
    earlier = tmp_path / "var" / "keywords" / "0"
    earlier.mkdir()
    (earlier / "segment").write_bytes(b"Trains come before planes.")

    corpus.erase("travel.md")

    assert holding(tmp_path / "var", b"Trains come") == []


def test_an_erasure_reaches_what_was_said_about_a_file_that_could_not_be_read(tmp_path: Path, corpus: Corpus, folder: Path) -> None:
    write_policy(folder, "travel.md", "Trains come before planes.", effective="once Falcon has landed")
    run(corpus, folder)
    assert holding(tmp_path / "var", b"Falcon has landed")

    corpus.erase("travel.md")

    assert holding(tmp_path / "var", b"Falcon has landed") == []


def test_a_document_that_was_never_published_can_be_erased_and_denied(tmp_path: Path, corpus: Corpus, folder: Path) -> None:
    write_policy(folder, "badges.md", "Badges are worn.")
    write_policy(folder, "gates.md", "Gates are locked.")
    run(corpus, folder, gate=Objects())
    assert holding(tmp_path / "var", b"Badges are worn")

    corpus.erase("badges.md")
    corpus.deny("gates.md", "under review")

    assert holding(tmp_path / "var", b"Badges are worn") == []
    run(corpus, folder, IndexOrder(anyway=True))
    assert "Gates" not in said(corpus)


def _vectors(corpus: Corpus, document: str) -> list[bytes]:
    """As the embedder gives them, and as they came back from Chroma: the last bit may be another."""
    live = corpus._live  # its rows are what is written beside Chroma
    assert live is not None
    of_document = [row for row in live.contents.rows if live.contents.passages[row.passage].document == document]
    texts = [window.text for row in of_document for window in windows_of(live.contents.passages[row.passage])]
    rows = [live.matrix[place] for place, row in enumerate(live.contents.rows) if row in of_document]
    return [vector.tobytes() for vector in (*EMBEDDER.embed_windows(texts), *rows)]
