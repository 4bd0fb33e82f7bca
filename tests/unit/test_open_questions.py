"""What the flow does with what is left open: contradictions are shown beside the answer, and a case named may make a refusal an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.adapters.memory import ListLibrary
from bot.adapters.quote_writer import QuoteWriter
from bot.answers import Answer, Closed, Outcome
from bot.flows.own_record import asks_own_record
from bot.flows.understand import as_of
from bot.values import Audience, Place, Question
from knowledge.values import Findings, Hit, Scope
from knowledge.weights import THRESHOLDS
from tests.factories import HR, TODAY, a_document, a_hit, a_person, a_question, an_answering

ASKED = "How much is the home-office allowance for furniture?"
ALLOWANCE = "5.2 The home-office allowance is paid once and amounts to up to £300 for furniture."
OTHERWISE = ALLOWANCE.replace("£300", "£250")
HERE = a_hit(ALLOWANCE, document=a_document("remote-work", title="Remote work"))


async def told(library: ListLibrary, question: Question) -> Answer:
    events = [event async for event in an_answering(library, QuoteWriter()).answer(question)]
    return next(event.answer for event in events if isinstance(event, Closed))


async def test_an_answer_shows_what_another_document_says_instead() -> None:
    there = a_hit(OTHERWISE, document=a_document("equipment", title="Equipment"))
    answer = await told(ListLibrary([HERE, there]), a_question(ASKED))
    assert answer.outcome is Outcome.ANSWERED
    assert {side.hit.document.stem for one in answer.conflicts for side in (one.first, one.second)} == {"remote-work", "equipment"}


async def test_what_the_readers_may_not_read_contradicts_nothing_that_they_see() -> None:
    restricted = a_hit(OTHERWISE, document=a_document("exceptions", title="Exceptions", rule=HR))
    answer = await told(ListLibrary([HERE, restricted]), a_question(ASKED))
    assert answer.outcome is Outcome.ANSWERED
    assert answer.conflicts == ()


def for_country(stem: str, country: str, days: int) -> Hit:
    document = replace(a_document(stem, title=f"Annual leave ({country})"), applies_to=f"Employees in {country}")
    return a_hit(f"2.1 Employees in {country} get {days} days of annual leave.", document=document)


class Doubtful(ListLibrary):
    """Finds for sure only what is asked for a country."""

    async def search(self, question: str, scope: Scope, as_of: date) -> Findings:
        found = await super().search(question, scope, as_of)
        named = tuple(hit for hit in found.hits if hit.document.title.partition("(")[2].rstrip(")") in question)
        return replace(found, hits=named or found.hits, confidence=0.8 if named else self.confidence)


def in_public(text: str) -> Question:
    place = Place(team="T1", channel="C1", thread=None, kind="public")
    return replace(a_question(text, asker=a_person()), place=place, audience=Audience(circle="whole_company"))


async def test_what_nothing_answers_for_sure_is_asked_back_where_every_case_has_its_answer() -> None:
    hits = [for_country("leave-uk", "United Kingdom", 25), for_country("leave-de", "Germany", 30)]
    below = (THRESHOLDS.mention_from + THRESHOLDS.answer_from) / 2
    answer = await told(Doubtful(hits, confidence=below), in_public("How many days of annual leave?"))
    assert answer.outcome is Outcome.ASKS_BACK
    assert [case.name for case in answer.cases] == ["United Kingdom", "Germany"]


async def test_what_came_nowhere_near_is_refused_and_not_asked_back() -> None:
    hits = [for_country("leave-uk", "United Kingdom", 25), for_country("leave-de", "Germany", 30)]
    answer = await told(Doubtful(hits, confidence=THRESHOLDS.mention_from / 2), in_public("How many days of annual leave?"))
    assert answer.outcome is Outcome.NOT_FOUND


def test_what_one_has_a_year_is_a_rule_and_what_one_has_left_a_record() -> None:
    assert not asks_own_record("how much holiday do i have per year")
    assert not asks_own_record("can the company give me part of my salary early")
    assert asks_own_record("how much holiday do i have left")
    assert asks_own_record("how many days have i taken")


def test_days_from_last_year_are_asked_about_today() -> None:
    assert as_of("until when do I have to use days carried over from last year", TODAY) == TODAY
    assert as_of("how many days could I carry over last year", TODAY) == date(TODAY.year - 1, 12, 31)
