"""What a message finds: each of its questions, the asker's own country in private, and honestly nothing where a day's version is gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from bot.adapters.memory import ListLibrary
from bot.adapters.quote_writer import QuoteWriter
from bot.answers import Answer, Closed, Outcome
from bot.channels.replies import note_texts, refusal_text
from bot.settings import HOME
from bot.values import Audience, Place, PlaceKind, Question, Turn
from bot.wording import load_wording
from knowledge.holds import Hold
from knowledge.validity import current
from knowledge.values import Findings, Hit, Scope
from tests.factories import HR, TODAY, a_document, a_hit, a_person, a_question, an_answering

WORDING = load_wording(HOME / "wording")


@dataclass
class Topics(ListLibrary):
    """Finds a passage when the question holds its word; what does not hold on the day is not found."""

    topics: Mapping[str, Sequence[Hit]] = field(default_factory=dict)
    asked: list[tuple[str, date]] = field(default_factory=list)
    stopped: Mapping[str, Hold] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.hits = tuple(hit for hits in self.topics.values() for hit in hits)

    async def search(self, question: str, scope: Scope, as_of: date) -> Findings:
        self.asked.append((question, as_of))
        holding = current([hit.document for hit in self.hits], as_of)
        found = [hit for word, hits in self.topics.items() if word in question.lower() for hit in hits]
        found = [hit for hit in found if hit.document.id in holding and scope.allows(hit.passage.label)]
        held = tuple(hold for word, hold in self.stopped.items() if word in question.lower())
        return Findings(hits=tuple(found), confidence=0.9 if found else 0.1, edition=1, held=held)


def _about(stem: str, text: str, **said: object) -> Hit:
    document = replace(a_document(stem, title=stem.replace("-", " ").capitalize()), effective=None, **said)  # type: ignore[arg-type]  # by name
    return a_hit(text, document=document, clause="1.1")


LEAVE = _about("leave", "1.1 Employees get 25 days of annual leave.")
CARRY = _about("carrying", "1.1 Up to five days may be carried over.")
SECRET = _about("reorganisation", "1.1 Twelve roles are cut.", rule=HR)


async def _answer(question: Question, library: Topics) -> Answer:
    events = [event async for event in an_answering(library, QuoteWriter()).answer(question)]
    assert isinstance(events[-1], Closed)
    return events[-1].answer


def _in(kind: PlaceKind, text: str, **person: str) -> Question:
    asked = a_question(text, asker=replace(a_person(), **person))  # type: ignore[arg-type]  # by name
    circle = "alone" if kind == "direct" else "whole_company"
    return replace(
        asked,
        place=Place(team="T1", channel="C1", thread=None, kind=kind),
        audience=Audience(circle=circle, readers=(asked.asker,) if circle == "alone" else ()),  # type: ignore[arg-type]  # one of the two
    )


# Several questions


async def test_each_question_of_a_message_is_looked_for_and_answered_in_its_order() -> None:
    library = Topics(topics={"carry": [CARRY], "leave": [LEAVE]})
    answer = await _answer(a_question("How many days of leave are there? Can I carry any over?"), library)
    assert [sentence.citations[0].hit for sentence in answer.sentences] == [LEAVE, CARRY]
    assert answer.unanswered == ()


async def test_a_part_that_is_not_found_is_named_and_the_other_is_answered() -> None:
    library = Topics(topics={"leave": [LEAVE]})
    answer = await _answer(a_question("How many days of leave are there? Who repairs my bicycle?"), library)
    assert answer.outcome is Outcome.ANSWERED
    assert answer.unanswered == ("Who repairs my bicycle?",)
    assert "Who repairs my bicycle?" in note_texts(answer, WORDING)[0]
    assert "bicycle" not in answer.evidence.standalone  # no writer is asked for it


async def test_a_part_that_is_held_back_has_its_owners_sentence_and_the_other_is_answered() -> None:
    hold = Hold(number=1, document="travel.md", sentence="We are rewriting this.", by="hiro", until=date(2026, 12, 1))
    library = Topics(topics={"leave": [LEAVE]}, stopped={"taxi": hold})
    answer = await _answer(a_question("How many days of leave are there? When may I take a taxi?"), library)
    assert answer.outcome is Outcome.ANSWERED
    assert answer.hold == hold
    assert answer.unanswered == ()
    assert any("We are rewriting this." in note for note in note_texts(answer, WORDING))
    alone = await _answer(a_question("When may I take a taxi?"), library)
    assert alone.outcome is Outcome.HELD


async def test_where_no_part_is_found_the_message_is_one_question_that_is_refused() -> None:
    answer = await _answer(a_question("Who repairs my bicycle? Where is the pump?"), Topics(topics={"leave": [LEAVE]}))
    assert (answer.outcome, answer.unanswered) == (Outcome.NOT_FOUND, ())


async def test_a_part_finds_nothing_that_its_readers_may_not_see() -> None:
    library = Topics(topics={"leave": [LEAVE], "cut": [SECRET]})
    answer = await _answer(_in("public", "How many days of leave are there? How many roles are cut?"), library)
    assert {citation.hit.document.id for citation in answer.citations} == {LEAVE.document.id}
    assert answer.unanswered == ("How many roles are cut?",)


# The asker's country

UK = _about("leave-uk", "1.1 Employees in the United Kingdom get 25 days of annual leave.", applies_to="Employees in the United Kingdom")
DE = _about("leave-de", "1.1 Employees in Germany get 30 days of annual leave.", applies_to="Employees in Germany")


def _countries() -> Topics:
    return Topics(topics={"united kingdom": [UK], "germany": [DE], "leave": [UK, DE]})


async def test_in_a_direct_message_the_country_of_the_profile_counts_and_the_reply_says_so() -> None:
    library = _countries()
    answer = await _answer(_in("direct", "How many days of leave?", country="Germany"), library)
    assert library.asked[-1][0] == "How many days of leave? (Germany)"
    assert answer.country == "Germany"
    assert "For Germany, from your profile" in " ".join(note_texts(answer, WORDING))
    british = await _answer(_in("direct", "How many days of leave?", country="United Kingdom"), _countries())
    assert "For the United Kingdom, from your profile" in " ".join(note_texts(british, WORDING))


@pytest.mark.parametrize("kind", ["public", "private", "group_direct"])
async def test_anywhere_else_it_is_neither_used_nor_said(kind: PlaceKind) -> None:
    library = _countries()
    answer = await _answer(_in(kind, "How many days of leave?", country="Germany"), library)
    assert answer.outcome is Outcome.ASKS_BACK
    assert [case.name for case in answer.cases] == ["United Kingdom", "Germany"]
    assert answer.country == ""
    stranger = _countries()
    await _answer(_in(kind, "How many days of leave?"), stranger)
    assert stranger.asked == library.asked


async def test_a_country_that_the_question_names_goes_before_the_profiles() -> None:
    library = _countries()
    answer = await _answer(_in("direct", "How many days of leave in the United Kingdom?", country="Germany"), library)
    assert [asked for asked, _ in library.asked] == ["How many days of leave in the United Kingdom?"]
    assert answer.country == ""


async def test_where_no_document_is_about_another_country_the_profile_changes_nothing() -> None:
    library = Topics(topics={"leave": [LEAVE]})
    answer = await _answer(_in("direct", "How many days of leave?", country="Germany"), library)
    assert len(library.asked) == 1
    assert answer.country == ""


# Versions

OLD = _about("pay-2025", "1.1 Pay day is the 25th.")
OLD = replace(OLD, document=replace(OLD.document, effective=date(2025, 1, 1)))
NOW = _about("pay", "1.1 Pay day is the 26th.", supersedes="pay-2025")
NOW = replace(NOW, document=replace(NOW.document, effective=date(2026, 1, 1)))
NEXT = _about("pay-2027", "1.1 Pay day is the 28th.", supersedes="pay")
NEXT = replace(NEXT, document=replace(NEXT.document, effective=date(2027, 1, 1)))


async def test_what_takes_effect_later_is_answered_from_the_new_version_and_says_so() -> None:
    answer = await _answer(a_question("Which day is pay day in 2027?"), Topics(topics={"pay": [OLD, NOW, NEXT]}))
    assert [citation.hit for citation in answer.citations] == [NEXT]
    assert note_texts(answer, WORDING) == ("*Pay 2027* takes effect on 1 January 2027; until then *Pay* holds.",)


async def test_what_held_before_is_answered_from_the_old_version_and_says_when_it_was_replaced() -> None:
    answer = await _answer(a_question("Which day was pay day in 2025?"), Topics(topics={"pay": [OLD, NOW, NEXT]}))
    assert [citation.hit for citation in answer.citations] == [OLD]
    assert note_texts(answer, WORDING) == ("*Pay 2025* is an earlier version; it was replaced on 1 January 2026 by *Pay*.",)


async def test_what_holds_today_needs_no_note() -> None:
    answer = await _answer(a_question("Which day is pay day?"), Topics(topics={"pay": [OLD, NOW, NEXT]}))
    assert [citation.hit for citation in answer.citations] == [NOW]
    assert note_texts(answer, WORDING) == ()


async def test_a_successor_that_the_readers_may_not_see_is_not_named() -> None:
    closed = replace(NOW, document=replace(NOW.document, rule=HR), passage=replace(NOW.passage, label=HR.label))
    answer = await _answer(a_question("Which day was pay day in 2025?"), Topics(topics={"pay": [OLD, closed]}))
    assert note_texts(answer, WORDING) == ("*Pay 2025* is an earlier version and no longer holds.",)


async def test_a_day_of_which_no_version_is_left_is_told_so_instead_of_todays_rule() -> None:
    question = a_question("Which day was pay day in 2024?")
    answer = await _answer(question, Topics(topics={"pay": [replace(NOW, document=replace(NOW.document, supersedes=None))]}))
    assert answer.outcome is Outcome.NO_VERSION
    assert answer.sentences == ()
    words = refusal_text(answer, question, WORDING, "Fernhill")
    assert "since 1 January 2026" in words
    assert "26th" not in words


async def test_an_old_version_answers_although_todays_best_is_a_younger_document_without_one() -> None:
    young = _about("pay-cards", "1.1 Pay cards are paid out on the 3rd.")
    young = replace(young, document=replace(young.document, effective=date(2026, 3, 1)))

    class Unsure(Topics):
        async def search(self, question: str, scope: Scope, as_of: date) -> Findings:
            found = await super().search(question, scope, as_of)
            return found if as_of == TODAY else replace(found, confidence=0.5)

    answer = await _answer(a_question("Which day was pay day in 2025?"), Unsure(topics={"day": [young, NOW], "pay": [OLD]}))
    assert [citation.hit for citation in answer.citations] == [OLD]


async def test_of_a_chain_of_versions_the_first_that_is_left_is_named() -> None:
    question = a_question("Which day was pay day in 2024?")
    words = refusal_text(await _answer(question, Topics(topics={"pay": [OLD, NOW]})), question, WORDING, "Fernhill")
    assert "since 1 January 2025 (*Pay 2025*)" in words


async def test_that_is_not_told_of_a_document_that_the_readers_may_not_see() -> None:
    closed = replace(NOW, document=replace(NOW.document, rule=HR, supersedes=None), passage=replace(NOW.passage, label=HR.label))
    question = a_question("Which day was pay day in 2024?")
    answer = await _answer(question, Topics(topics={"pay": [closed], "leave": [LEAVE]}))
    assert answer.outcome is Outcome.NOT_FOUND
    assert "Pay" not in refusal_text(answer, question, WORDING, "Fernhill").replace("pay day", "")


async def test_a_long_message_is_not_said_back_whole() -> None:
    question = a_question("Who repairs my bicycle?\n" + "It squeaks. " * 300)
    words = refusal_text(await _answer(question, Topics(topics={"leave": [LEAVE]})), question, WORDING, "Fernhill")
    assert "Who repairs my bicycle? It squeaks." in words
    assert len(words) < 500


# The answer before, told again


@pytest.mark.parametrize("text", ["shorter please", "translate to German"])
async def test_without_a_model_a_wish_for_other_words_is_told_what_can_be_done_and_nothing_is_searched(text: str) -> None:
    library = Topics(topics={"leave": [LEAVE]})
    question = a_question(text, turns=(Turn("How many days of leave?", (LEAVE.passage.id,)),))
    answer = await _answer(question, library)
    assert answer.outcome is Outcome.CANNOT_RETELL
    assert library.asked == []
    assert ("English only" in refusal_text(answer, question, WORDING, "Fernhill")) == ("German" in text)


async def test_who_asks_for_the_source_gets_the_same_passages_again() -> None:
    library = Topics(topics={"leave": [LEAVE], "carry": [CARRY]})
    answer = await _answer(a_question("thanks, and the source?", turns=(Turn("How many days of leave?", (LEAVE.passage.id,)),)), library)
    assert [citation.hit for citation in answer.citations] == [LEAVE]
    assert answer.evidence.standalone == "How many days of leave?"
    assert library.asked == []


async def test_what_may_no_longer_be_read_is_not_told_again() -> None:
    library = Topics(topics={"cut": [SECRET], "leave": [LEAVE]})
    asked = replace(_in("public", "the source?"), turns=(Turn("How many roles are cut?", (SECRET.passage.id,)),))
    answer = await _answer(asked, library)
    assert answer.outcome is Outcome.CANNOT_RETELL
    assert answer.evidence.sources == ()
    assert "no answer before" in refusal_text(answer, asked, WORDING, "Fernhill")


async def test_the_first_message_of_a_thread_wishes_nothing_of_an_answer_before() -> None:
    library = Topics(topics={"leave": [LEAVE]})
    assert (await _answer(a_question("shorter leave"), library)).outcome is Outcome.ANSWERED
    assert library.asked[0][1] == TODAY
