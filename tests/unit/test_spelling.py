"""A misspelt word is put right by the words that the readers may read, and by no other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pytest

from knowledge.glossary import Entry, Glossary
from knowledge.hashing_embedding import HashingEmbedding
from knowledge.lexicon import Lexicon, Lexicons
from knowledge.spelling import MOST, found_words, joined
from knowledge.values import Scope
from tests.corpora import a_policy, contents_of
from tests.factories import HR

EVERYONE = Scope(frozenset({"everyone"}))
WITH_HR = Scope(frozenset({"everyone", "groups:hr"}))
WORDS = joined(
    [Counter(found_words("Employees may carry over annual leave. Parental leave and bereavement leave are paid. The manager approves."))]
)


def nothing_known(word: str) -> bool:
    return False


@dataclass
class Pieces(HashingEmbedding):
    """Knows no word as a whole."""

    def offsets(self, text: str) -> list[tuple[int, int]]:
        return [(0, 1), (1, len(text))]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("how much anual leave", "how much annual leave"),
        ("parnetal leave?", "parental leave?"),
        ("beraevment leave", "bereavement leave"),
        ("wich manger approves", "wich manager approves"),
        ("Anual leave", "annual leave"),
    ],
)
def test_a_slip_of_a_letter_or_two_is_put_right(typed: str, meant: str) -> None:
    assert WORDS.corrected(typed, nothing_known) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "how much annual leave",
        "employee's leave",
        "ask Anula about leave",  # a name
        "is ANUAL a form",
        "the anual2026 file, anual.pdf, anual@example.com",
        "may I lave early",  # under a slip is another word of theirs only where it is not known
    ],
)
def test_right_words_names_numbers_and_addresses_stay(typed: str) -> None:
    assert WORDS.corrected(typed, lambda word: word == "lave") == typed


def test_a_word_of_the_same_stem_is_no_mistake() -> None:
    assert WORDS.corrected("is it approved by managers", nothing_known) == "is it approved by managers"


def test_what_is_near_nothing_stays() -> None:
    assert WORDS.corrected("snowboarding xylophone", nothing_known) == "snowboarding xylophone"


def _lexicon() -> Lexicon:
    open_to_all = a_policy("leave.md")
    closed = a_policy("reorganisation.md", rule=HR)
    contents, _ = contents_of(
        {open_to_all: ["Employees carry over leave. Paid Time Off (PTO) accrues."], closed: ["Redundancies in Works Council Area (WCA)."]}
    )
    return Lexicon(contents)


def test_a_word_that_only_others_may_read_is_never_used() -> None:
    lexicon = _lexicon()
    assert lexicon.read("redundansies", EVERYONE, Glossary(), Pieces())[1] == "redundansies"
    assert lexicon.read("redundansies", WITH_HR, Glossary(), Pieces())[1] == "redundancies"


def _also(question: str, scope: Scope, given: Glossary | None = None) -> tuple[str, ...]:
    return _lexicon().read(question, scope, given or Glossary(), Pieces())[0].sought(question).also


def test_an_abbreviation_that_only_others_may_read_is_not_known() -> None:
    assert _also("PTO and WCA", EVERYONE) == ("paid time off",)
    assert set(_also("PTO and WCA", WITH_HR)) == {"paid time off", "works council area"}


def test_what_a_person_wrote_about_an_abbreviation_goes_before_what_documents_explain() -> None:
    given = Glossary((Entry((("pto",),), ("purchase to order",)),))
    assert _also("PTO", EVERYONE, given) == ("purchase to order",)


def test_words_of_the_glossary_are_no_mistakes_and_may_have_been_meant() -> None:
    given = Glossary((Entry((("vacay",),), ("leave",), ("vacay",)),))
    assert _lexicon().read("my vacay", EVERYONE, given, Pieces())[1] == "my vacay"
    assert _lexicon().read("my vacya", EVERYONE, given, Pieces())[1] == "my vacay"


def test_a_document_that_was_taken_away_teaches_nothing_any_more() -> None:
    there, gone = a_policy("leave.md"), a_policy("reorganisation.md")
    contents, _ = contents_of({there: ["Employees carry over leave."], gone: ["Redundancies in Works Council Area (WCA)."]})
    kept = Lexicons()
    assert kept.of(contents).read("redundansies", EVERYONE, Glossary(), Pieces())[1] == "redundancies"
    glossary, spelled = kept.of(contents, frozenset({gone.id})).read("redundansies WCA", EVERYONE, Glossary(), Pieces())
    assert (spelled, glossary.sought(spelled).also) == ("redundansies WCA", ())


def test_a_page_of_words_that_nobody_knows_is_left_as_it_is() -> None:
    slips = [f"{chr(97 + number)}parental" for number in range(MOST)]
    assert WORDS.corrected(" ".join(slips), nothing_known) == " ".join(["parental"] * MOST)
    assert WORDS.corrected(" ".join((*slips, "parnetal")), nothing_known) == " ".join((*slips, "parnetal"))


def test_an_empty_scope_corrects_nothing() -> None:
    assert _lexicon().read("emploees", Scope(frozenset()), Glossary(), Pieces())[1] == "emploees"


def test_another_edition_has_another_lexicon() -> None:
    kept = Lexicons()
    one, _ = contents_of({a_policy("leave.md"): ["Leave."]})
    two, _ = contents_of({a_policy("leave.md"): ["Travel."]})
    assert kept.of(one) is kept.of(one)
    assert kept.of(two).contents is two
