"""What is kept behind an answer: enough to prove it, and no words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.answers import Answer, Citation, Conflict, Contact, Dropped, Evidence, Outcome, Sentence, Source
from bot.flows.changed import differs, says_enough
from bot.flows.disclosing import objection
from bot.flows.ground import check
from bot.own_records import Disclosure
from bot.receipts import Behind, Receipt, behind, keeps_words, packed, rested_on, unpacked, why
from bot.retention import WISHES_OPEN
from knowledge.values import Scope
from tests.factories import NOW, TODAY, a_document, a_hit, a_request

CARRY = "Employees may carry over five zebras until March."


def mark(text: str) -> str:
    return f"#{len(text)}"


def an_answer(text: str = CARRY, *, dropped: tuple[Dropped, ...] = (), score: float = 0.91234) -> Answer:
    hit = a_hit(text, document=a_document("leave"))
    other = a_hit("Another clause.", document=a_document("travel"), clause="9")
    citation = Citation(number=1, hit=hit, start=0, end=len(text))
    sources = (Source(1, hit), Source(2, other))
    evidence = Evidence(scope=Scope(frozenset({"everyone"})), as_of=TODAY, sources=sources, dropped=dropped, confidence=0.87654)
    return Answer(
        receipt="1", outcome=Outcome.ANSWERED, sentences=(Sentence(text, (citation,), score=score, condition=True),), evidence=evidence
    )


def test_a_receipt_comes_back_as_it_was_kept() -> None:
    kept = behind(an_answer(dropped=(Dropped("Six zebras.", "says six, which is not in the cited source", (2,)),)), mark, "members")
    assert unpacked(packed(kept)) == kept
    assert (kept.circle, kept.said[0].score, kept.said[0].condition, kept.confidence) == ("members", 0.9123, True, 0.8765)
    assert [(proof.place.document, proof.start, proof.end) for proof in kept.said[0].proofs] == [("leave/leave.md", 0, len(CARRY))]


def test_no_word_of_an_answer_a_source_or_a_dropped_sentence_is_in_it() -> None:
    dropped = Dropped("Seven giraffes.", "says seven giraffes, which is not in the cited source", (1,))
    kept = packed(behind(an_answer(dropped=(dropped,)), mark))
    for word in ("zebra", "March", "giraffe", "seven", "Employees", "clause."):
        assert word not in kept
    assert '"why":"figure"' in kept


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("names no source", "no_source"),
        ("cites a source that was not in the prompt", "unknown_source"),
        ("says nothing", "nothing_said"),
        ("says 52,000, which is not in the cited source", "figure"),
        ("says 5, which stands in other sentences of the cited source", "figure"),
        ("says 5 of what the cited source says something else of", "figure"),
        ("says that something must be, which the source does not", "other"),
        ("names Acme, which the cited sentences do not", "name"),
        ("speaks of pensions, which the cited source does not", "words"),
        ("speaks to a program instead of to people", "to_a_program"),
        ("calculates 2 × 3 = 7, which is not so", "calculation"),
        ("says “before” where the source says the opposite", "other"),
        ("leaves out an “up to” of the source", "condition"),
        ("is supported too little (0.31)", "support"),
        ("claims a duty where the source has a right", "other"),
    ],
)
def test_a_reason_keeps_its_kind_and_loses_what_it_quotes(reason: str, kind: str) -> None:
    assert why(reason) == kind


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Employees may carry over up to six days until 31 March 2027. [1]", "figure"),
        ("Employees may carry over up to five days until 31 March 2027.", "no_source"),
        ("Employees may carry over up to five days until 31 March 2027. [7]", "unknown_source"),
        ("Employees must carry over up to five days until 31 March 2027. [1]", "other"),
    ],
)
def test_the_reasons_that_the_check_gives_today_are_known(line: str, kind: str) -> None:
    dropped = check(line, a_request("4.1 Employees may carry over up to five days until 31 March 2027."))
    assert isinstance(dropped, Dropped)
    assert why(dropped.reason) == kind


def test_a_receipt_of_an_earlier_release_has_nothing_behind_it() -> None:
    assert unpacked("{}") == Behind()


def test_an_erased_document_leaves_neither_its_ids_nor_marks_of_what_rested_on_it() -> None:
    kept = behind(an_answer(dropped=(Dropped("Six.", "names no source"),)), mark)
    left = kept.without("leave/leave.md", ())
    assert (left.said, left.left_out) == ((), ())
    assert [place.document for place in left.shown_to_writer] == ["leave/travel.md"]
    assert kept.without("other.md", ("leave#4.1",)).said == ()  # by its passages too: it may have had another name then
    assert kept.without("other.md", ("unknown",)) == kept


def test_what_two_documents_disagree_about_is_kept_compared_and_erased_like_a_citation() -> None:
    first, second = (
        Citation(number=n, hit=a_hit(f"{n} zebras.", document=a_document(name)), start=0, end=9) for n, name in ((1, "a"), (2, "b"))
    )
    answer = replace(an_answer(), conflicts=(Conflict(first, second),), may_help=(first,))
    kept = behind(answer, mark)

    assert unpacked(packed(kept)) == kept
    assert "zebra" not in packed(kept)
    assert rested_on(answer) == ("leave#4.1", "a#4.1", "b#4.1")
    then = Receipt(id="1", outcome=Outcome.ANSWERED, opened_at=NOW, behind=kept)
    assert differs(then, an_answer(), mark)
    left = kept.without("leave/a.md", ())
    assert (left.disputed, left.near) == ((), ())
    assert "leave/b.md" in {proof.place.document for pair in kept.without("other.md", ()).disputed for proof in pair}


def test_what_is_nobody_elses_is_not_kept_in_words() -> None:
    plain = an_answer()
    contact = Contact("harassment", "Speak to Ann.")
    assert keeps_words(plain)
    assert not keeps_words(replace(plain, contact=contact))
    assert not keeps_words(replace(plain, outcome=Outcome.CONTACT_FIRST))


def test_an_answer_has_changed_when_its_outcome_or_its_quotes_are_others() -> None:
    then = Receipt(id="1", outcome=Outcome.ANSWERED, opened_at=NOW, behind=behind(an_answer(), mark))
    assert not differs(then, an_answer(), mark)
    assert not differs(then, an_answer(score=0.5), mark)
    assert differs(then, an_answer(f"{CARRY} And ten."), mark)
    assert differs(then, replace(an_answer(), outcome=Outcome.NOT_FOUND), mark)
    assert not differs(then, replace(an_answer(), outcome=Outcome.FAILED), mark)  # that says nothing about the documents


def test_only_what_says_enough_by_itself_is_asked_again() -> None:
    assert says_enough("How many days can I carry over?")
    assert not says_enough("and in Germany?")
    assert not says_enough("Can you say that in simpler words?")


def a_wish(**changes: object) -> Disclosure:
    wish = Disclosure(number=1, user="UPRIYA", wish="export", reason="a complaint", asked_by="URUTH", asked_at=NOW)
    return replace(wish, **changes)  # type: ignore[arg-type]  # tests name what they change


def test_it_takes_another_admin_who_is_not_concerned_within_a_week_and_once() -> None:
    assert objection(a_wish(), "UGRETA", NOW) is None
    assert objection(a_wish(), "URUTH", NOW) == "same_admin"
    assert objection(a_wish(), "UPRIYA", NOW) == "their_own"
    assert objection(a_wish(), "UGRETA", NOW + WISHES_OPEN) is None
    assert objection(a_wish(), "UGRETA", NOW + WISHES_OPEN + timedelta(seconds=1)) == "over"
    assert objection(a_wish(agreed_by="UHIRO"), "UGRETA", NOW) == "done"
    assert objection(a_wish(agreed_by="UGRETA"), "UGRETA", NOW) is None  # a crash in between: it is done after all
    assert objection(a_wish(agreed_by="UGRETA", done_at=NOW), "UGRETA", NOW) == "done"
