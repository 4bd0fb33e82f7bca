"""A hold counts in the same second and everywhere, tells whoever would have been answered, and ends by itself or when it is lifted."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from knowledge.connectors.folder import Folder
from knowledge.corpus import Corpus
from knowledge.errors import KnowledgeError
from knowledge.holds import Hold
from knowledge.policy import Defaults
from knowledge.recalling import kept
from knowledge.values import IndexOrder, Scope
from tests.corpora import EMBEDDER, write_policy
from tests.factories import NOW, TODAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from knowledge.gate import Difference, Search
    from knowledge.values import IndexReport

STAFF = Scope(frozenset({"everyone"}))
ALL = Scope(frozenset({"everyone", "groups:hr"}))
KNOWN = Defaults(known_groups=frozenset({"hr"}))
ABOUT_TRAINS = "Which trains do employees book before planes?"
SENTENCE = "The travel policy is being rewritten; ask travel@example.com."
TRAVEL = Hold(number=0, document="travel.md", sentence=SENTENCE, by="UHENRY", until=TODAY)
ITALY = Hold(number=0, topic="travel to Italy", sentence="Do not travel to Italy for now.", by="UGRETA", until=TODAY)


class Calendar:
    """Today, until it is moved."""

    def __init__(self) -> None:
        self.day = TODAY

    def __call__(self) -> date:
        return self.day


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "handbook"
    write_policy(root, "leave.md", "Annual leave is 25 days.", "Unused days of annual leave lapse in March.")
    write_policy(root, "travel.md", "Employees book trains before planes.", "Trains are booked in the second class.")
    write_policy(root, "pay.md", "Band C is paid 52,000 euros a year.", access="groups: hr")
    return root


@pytest.fixture
def corpus(tmp_path: Path, folder: Path, calendar: Calendar) -> Iterator[Corpus]:
    with closing(opened(tmp_path, calendar)) as corpus:
        run(corpus, folder)
        yield corpus


def opened(home: Path, calendar: Calendar) -> Corpus:
    return Corpus.open(home / "var", EMBEDDER, now=lambda: NOW, today=calendar)


def run(corpus: Corpus, folder: Path, order: IndexOrder | None = None, **wishes: object) -> IndexReport:
    return corpus.index(Folder(folder), KNOWN, order or IndexOrder(), **wishes)  # type: ignore[arg-type]  # by their names


def documents(corpus: Corpus, question: str = ABOUT_TRAINS, scope: Scope = STAFF) -> set[str]:
    return {hit.document.id for hit in corpus.search(question, scope, TODAY).hits}


def of_travel(corpus: Corpus) -> list[str]:
    return [hit.passage.id for hit in corpus.passages(STAFF) if hit.document.id == "travel.md"]


def is_held(corpus: Corpus) -> bool:
    return "travel.md" not in documents(corpus) and not of_travel(corpus)


# A document


def test_a_held_document_is_in_no_search_no_citation_and_no_handbook_from_the_same_second(corpus: Corpus) -> None:
    ids = of_travel(corpus)
    found = corpus.search(ABOUT_TRAINS, STAFF, TODAY)
    assert found.hits[0].document.id == "travel.md"
    assert not found.held

    hold = corpus.hold(TRAVEL)

    assert "travel.md" not in documents(corpus)
    assert corpus.search(ABOUT_TRAINS, STAFF, TODAY).held == (hold,)
    assert ids
    assert [corpus.passage(one, STAFF) for one in ids] == [None] * len(ids)
    assert {hit.document.id for hit in corpus.passages(STAFF)} == {hit.document.id for hit in corpus.passages(STAFF, TODAY)} == {"leave.md"}


def test_an_answer_in_flight_loses_what_is_held(corpus: Corpus, folder: Path) -> None:
    edition, ids = corpus.live(), of_travel(corpus)
    assert edition
    write_policy(folder, "leave.md", "Annual leave is 26 days.")
    run(corpus, folder)
    assert corpus.passage(ids[0], STAFF, edition.number)

    corpus.hold(TRAVEL)

    assert corpus.passage(ids[0], STAFF, edition.number) is None


def test_a_remembered_search_is_not_recalled_after_a_hold_nor_one_from_under_it_after_it_ended(corpus: Corpus) -> None:
    before, standing = corpus.search(ABOUT_TRAINS, STAFF, TODAY), corpus.standing()
    assert corpus.recall(kept(before), STAFF, TODAY) == before

    hold = corpus.hold(TRAVEL)
    under = corpus.search(ABOUT_TRAINS, STAFF, TODAY)

    assert corpus.recall(kept(before), STAFF, TODAY) is None
    assert corpus.recall(kept(under), STAFF, TODAY) == under
    assert corpus.standing() != standing
    corpus.lift(hold.number)
    assert corpus.recall(kept(under), STAFF, TODAY) is None
    assert corpus.standing() == standing


def test_where_what_is_held_would_have_come_first_what_is_left_is_no_answer(corpus: Corpus) -> None:
    corpus.hold(TRAVEL)

    found = corpus.search(ABOUT_TRAINS, STAFF, TODAY)

    assert (found.hits, found.confidence) == ((), 0.0)


def test_a_question_that_others_answer_is_answered_and_told_of_no_hold(corpus: Corpus) -> None:
    question = "How many days is annual leave?"
    before = corpus.search(question, STAFF, TODAY)
    corpus.hold(TRAVEL)

    found = corpus.search(question, STAFF, TODAY)

    assert found.held == ()
    assert [hit.passage.id for hit in found.hits] == [hit.passage.id for hit in before.hits if hit.document.id != "travel.md"]


def test_a_question_that_nothing_answers_is_told_of_no_hold(corpus: Corpus) -> None:
    corpus.hold(TRAVEL)

    assert corpus.search("What does the canteen charge for soup?", STAFF, TODAY).held == ()


def test_a_hold_outside_of_what_somebody_may_read_is_not_told(corpus: Corpus) -> None:
    question = "How much is band C paid a year?"
    assert documents(corpus, question, ALL) >= {"pay.md"}
    hold = corpus.hold(replace(TRAVEL, document="pay.md"))

    assert corpus.search(question, ALL, TODAY).held == (hold,)
    assert corpus.search(question, STAFF, TODAY).held == ()
    assert corpus.search(question, Scope(frozenset()), TODAY).held == ()


def test_a_held_document_keeps_its_readers_and_its_owner(corpus: Corpus) -> None:
    corpus.hold(TRAVEL)

    assert {document.id for document in corpus.documents(STAFF)} == {"leave.md", "travel.md"}


def test_the_version_before_does_not_answer_in_the_place_of_one_that_is_held(corpus: Corpus, folder: Path) -> None:
    write_policy(folder, "travel-2027.md", "Employees book trains before planes and buses.", supersedes="travel")
    run(corpus, folder)
    assert documents(corpus) & {"travel.md", "travel-2027.md"} == {"travel-2027.md"}

    corpus.hold(replace(TRAVEL, document="travel-2027.md"))

    assert not documents(corpus) & {"travel.md", "travel-2027.md"}


# Its end


def test_a_hold_ends_by_itself_after_its_last_day(corpus: Corpus, calendar: Calendar) -> None:
    corpus.hold(replace(TRAVEL, until=TODAY + timedelta(days=1)))
    standing = corpus.standing()

    calendar.day += timedelta(days=1)
    assert is_held(corpus)
    assert corpus.standing() == standing

    calendar.day += timedelta(days=1)
    assert not is_held(corpus)
    assert corpus.search(ABOUT_TRAINS, STAFF, TODAY).held == ()
    assert corpus.holds() == ()
    assert corpus.standing() != standing


def test_a_hold_that_is_lifted_ends_at_once_and_its_number_is_not_given_again(corpus: Corpus) -> None:
    first = corpus.hold(TRAVEL)
    assert corpus.holds() == (first,)

    assert corpus.lift(first.number) == first

    assert not is_held(corpus)
    assert corpus.lift(first.number) is None
    assert corpus.hold(TRAVEL).number != first.number


def test_of_two_holds_on_a_document_the_second_goes_on_when_the_first_is_lifted(corpus: Corpus) -> None:
    first, second = corpus.hold(TRAVEL), corpus.hold(replace(TRAVEL, sentence="Legal reads it."))

    corpus.lift(first.number)

    assert is_held(corpus)
    assert corpus.search(ABOUT_TRAINS, STAFF, TODAY).held == (second,)


# What does not end it


def test_a_hold_outlasts_a_restart_a_run_a_new_version_and_an_undo(
    tmp_path: Path, corpus: Corpus, folder: Path, calendar: Calendar
) -> None:
    corpus.hold(TRAVEL)
    write_policy(folder, "travel.md", "Employees book trains before all else.")
    run(corpus, folder)
    assert is_held(corpus)
    corpus.undo()
    assert is_held(corpus)
    corpus.close()

    with closing(opened(tmp_path, calendar)) as again:
        assert is_held(again)


def test_a_hold_outlasts_that_a_document_is_removed_and_brought_back(corpus: Corpus, folder: Path) -> None:
    corpus.hold(TRAVEL)
    text = (folder / "travel.md").read_text(encoding="utf-8")
    (folder / "travel.md").unlink()
    run(corpus, folder, IndexOrder(removal_confirmed=True))
    corpus.undo(["travel.md"])
    assert is_held(corpus)
    (folder / "travel.md").write_text(text, encoding="utf-8")
    run(corpus, folder)
    assert is_held(corpus)


def test_who_renames_a_held_document_does_not_free_it(corpus: Corpus, folder: Path) -> None:
    hold = corpus.hold(TRAVEL)
    (folder / "travel.md").rename(folder / "journeys.md")
    run(corpus, folder)

    assert documents(corpus) == set()
    assert corpus.search(ABOUT_TRAINS, STAFF, TODAY).held == (hold,)
    write_policy(folder, "journeys.md", "Employees book trains before all else.", title="Travel")
    run(corpus, folder)
    assert "journeys.md" not in documents(corpus)
    corpus.lift(hold.number)
    assert "journeys.md" in documents(corpus)


def test_a_document_that_was_renamed_is_held_under_the_name_that_an_undo_leads_back_to(corpus: Corpus, folder: Path) -> None:
    (folder / "travel.md").rename(folder / "journeys.md")
    run(corpus, folder)
    corpus.hold(replace(TRAVEL, document="journeys.md"))

    corpus.undo()
    assert is_held(corpus)

    (folder / "journeys.md").rename(folder / "travel.md")
    write_policy(folder, "travel.md", "Employees book trains before all else.")
    run(corpus, folder)
    assert is_held(corpus)


def test_another_document_under_a_name_that_a_held_one_had_is_not_held(corpus: Corpus, folder: Path) -> None:
    (folder / "travel.md").rename(folder / "journeys.md")
    run(corpus, folder)
    corpus.hold(replace(TRAVEL, document="journeys.md"))
    write_policy(folder, "travel.md", "Visitors book trains at the desk.")

    run(corpus, folder)

    assert of_travel(corpus)


def test_no_gate_delays_a_hold_and_none_is_waited_for(corpus: Corpus, folder: Path) -> None:
    """It is ordered while a run is at its gate, which does not let the new edition through."""
    write_policy(folder, "leave.md", "Annual leave is 26 days.")

    class Holds:
        held = False

        def objection(self, before: Search, after: Search, difference: Difference, told: Callable[[int, int], None]) -> str:
            corpus.hold(TRAVEL)
            self.held = is_held(corpus) and not {hit.document.id for hit in after(ABOUT_TRAINS, STAFF, TODAY).hits} & {"travel.md"}
            return "worse"

    gate = Holds()
    run(corpus, folder, gate=gate)

    assert gate.held
    assert is_held(corpus)


def test_an_erased_document_s_hold_harms_nobody(corpus: Corpus, folder: Path) -> None:
    hold = corpus.hold(TRAVEL)

    corpus.erase("travel.md")
    run(corpus, folder)

    assert documents(corpus, "How many days is annual leave?") == {"leave.md"}
    assert corpus.search(ABOUT_TRAINS, STAFF, TODAY).held == ()
    assert corpus.lift(hold.number) == hold


# A topic


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("May I travel to Italy next week?", True),
        ("Is travelling for work okay? To ITALY, I mean.", True),
        ("May I travel to Spain?", False),
        ("Is there an office in Italy?", False),
    ],
)
def test_a_topic_stops_questions_that_have_all_its_words_as_the_index_sees_words(corpus: Corpus, question: str, about: bool) -> None:
    hold = corpus.hold(ITALY)

    found = corpus.search(question, STAFF, TODAY)

    assert found.held == ((hold,) if about else ())
    assert not (found.hits and about)
    assert corpus.held_topics(question) == found.held


def test_a_topic_ends_with_its_day_and_when_it_is_lifted(corpus: Corpus, calendar: Calendar) -> None:
    question, hold = "May I travel to Italy?", corpus.hold(ITALY)
    other = corpus.hold(replace(ITALY, topic="Italy"))
    assert corpus.search(question, STAFF, TODAY).held == (hold, other)

    corpus.lift(hold.number)
    assert corpus.search(question, STAFF, TODAY).held == (other,)

    calendar.day += timedelta(days=1)
    assert corpus.search(question, STAFF, TODAY).held == ()
    assert corpus.held_topics(question) == ()


# What cannot be held


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (replace(TRAVEL, document="trvel.md"), "did you mean 'travel.md'"),
        (replace(TRAVEL, topic="trains"), "name one of them"),
        (replace(TRAVEL, document=""), "name one of them"),
        (replace(TRAVEL, sentence="  "), "one sentence"),
        (replace(TRAVEL, sentence="x" * 501), "one sentence"),
        (replace(TRAVEL, until=TODAY - timedelta(days=1)), "is over"),
        (replace(ITALY, topic="what is the"), "words of its own"),
    ],
)
def test_what_cannot_be_held_is_refused_with_its_reason(corpus: Corpus, wanted: Hold, reason: str) -> None:
    with pytest.raises(KnowledgeError, match=reason):
        corpus.hold(wanted)

    assert corpus.holds() == ()


def test_holds_that_have_ended_are_forgotten_when_another_is_made(corpus: Corpus, calendar: Calendar) -> None:
    corpus.hold(TRAVEL)
    calendar.day += timedelta(days=1)

    hold = corpus.hold(replace(ITALY, until=calendar.day))

    assert [one.hold for one in corpus._holdings.catalog.holds.all()] == [hold]


def test_a_copy_that_is_a_document_of_its_own_is_not_held_with_it(corpus: Corpus, folder: Path) -> None:
    write_policy(folder, "journeys.md", "Employees book trains before planes.", title="Travel", access="groups: hr")
    (folder / "a-copy.txt").write_text("Employees book trains.", encoding="utf-8")
    (folder / "the-same.txt").write_text("Employees book trains.", encoding="utf-8")
    (folder / "policies.csv").write_text("file,access\na-copy.txt,everyone\nthe-same.txt,groups: hr\n", encoding="utf-8")
    run(corpus, folder)

    corpus.hold(replace(TRAVEL, document="a-copy.txt"))

    assert {hit.document.id for hit in corpus.passages(ALL)} >= {"the-same.txt", "journeys.md"}
    assert "a-copy.txt" not in {hit.document.id for hit in corpus.passages(ALL)}
