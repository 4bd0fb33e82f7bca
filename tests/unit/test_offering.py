"""An answer alone is offered when it goes clearly further than what the others may read, and then only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.adapters.memory import FixedClock, ListLibrary
from bot.answers import Answer, Case, Citation, Conflict, Evidence, Outcome, Sentence
from bot.flows.finding import Finding
from bot.flows.offering import CLEARLY, Offering, is_more
from bot.flows.resting import labels_shown
from bot.values import Audience, Person, Question
from knowledge.validity import Life
from knowledge.values import Findings, Hit, Scope
from knowledge.weights import THRESHOLDS
from tests.factories import HR, NOW, a_document, a_hit, a_person, a_question

SHARED = Scope(frozenset({"everyone"}), public=True)
LEAVE = a_hit()
BANDS = a_hit("Band C is paid 52,000 euros.", document=a_document("bands", rule=HR, title="Salary bands"), clause="2.1")
RUTH = a_person("ruth", "hr")
SURE = THRESHOLDS.answer_from + 0.3


def found(*hits: Hit, confidence: float = SURE) -> Findings:
    return Findings(hits=hits, confidence=confidence, edition=1)


def in_public(asker: Person = RUTH) -> Question:
    return replace(a_question(asker=asker), audience=Audience(circle="whole_company"))


def an_answer(outcome: Outcome = Outcome.NOT_FOUND, *, confidence: float = 0.0, unanswered: tuple[str, ...] = ()) -> Answer:
    evidence = Evidence(standalone="What is paid in band C?", scope=SHARED, confidence=confidence, as_of=NOW.date())
    return Answer(receipt="1", outcome=outcome, unanswered=unanswered, evidence=evidence)


async def offered(question: Question, answer: Answer, *hits: Hit, confidence: float = SURE) -> bool:
    library = ListLibrary(hits=hits, confidence=confidence)
    offering = Offering(library=library, finding=Finding(library), clock=FixedClock(NOW))
    given = await offering.goes_further(question, answer)
    assert not given or library.searched
    return given


def test_a_refusal_is_followed_by_an_offer_where_the_asker_may_read_what_answers() -> None:
    assert is_more(found(BANDS, LEAVE), SHARED, than=None)


@pytest.mark.parametrize(
    "own",
    [
        found(),
        found(LEAVE, BANDS),  # what answers best, the others may read too
        found(BANDS, confidence=THRESHOLDS.answer_from - 0.01),
    ],
)
def test_nothing_is_offered_that_would_not_answer_or_that_the_others_were_refused_too(own: Findings) -> None:
    assert not is_more(own, SHARED, than=None)


def test_beside_an_answer_only_what_is_clearly_surer_is_offered() -> None:
    assert is_more(found(BANDS), SHARED, than=SURE - CLEARLY)
    assert not is_more(found(BANDS), SHARED, than=SURE - CLEARLY + 0.001)


async def test_whoever_may_read_no_more_than_the_others_is_offered_nothing_and_nothing_is_searched_for() -> None:
    library = ListLibrary(hits=(LEAVE, BANDS))
    offering = Offering(library=library, finding=Finding(library), clock=FixedClock(NOW))
    assert not await offering.goes_further(in_public(a_person("tom")), an_answer())
    assert not await offering.goes_further(in_public(a_person("carla", "hr", membership="guest")), an_answer())
    assert library.searched == []


async def test_whoever_is_answered_alone_already_is_offered_nothing() -> None:
    assert await offered(in_public(), an_answer(), BANDS, LEAVE)
    assert not await offered(a_question(asker=RUTH), an_answer(), BANDS, LEAVE)


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.ANSWERED])
async def test_only_refusals_that_more_documents_would_end_are_followed_by_an_offer(outcome: Outcome) -> None:
    refused = outcome in (Outcome.NOT_FOUND, Outcome.NOTHING_READABLE)
    assert await offered(in_public(), an_answer(outcome), BANDS, LEAVE) == refused


async def test_an_answer_that_leaves_one_of_several_questions_open_is_a_refusal_of_that_one() -> None:
    sure_already = an_answer(Outcome.ANSWERED, confidence=SURE)
    assert not await offered(in_public(), sure_already, BANDS, LEAVE)
    assert await offered(in_public(), replace(sure_already, unanswered=("What is paid in band C?",)), BANDS, LEAVE)


def _cited(hit: Hit) -> Citation:
    return Citation(number=1, hit=hit, start=0, end=4)


@pytest.mark.parametrize(
    "answer",
    [
        replace(an_answer(Outcome.ANSWERED), sentences=(Sentence("A.", (_cited(BANDS),)),)),
        replace(an_answer(Outcome.ANSWERED), conflicts=(Conflict(_cited(LEAVE), _cited(BANDS)),)),
        replace(an_answer(), may_help=(_cited(BANDS),)),
        replace(an_answer(Outcome.ANSWERED), lives=(Life(LEAVE.document, coming=False, other=BANDS.document),)),
        replace(an_answer(), nearest_title="Salary bands", evidence=Evidence(found=(LEAVE, BANDS))),
        replace(an_answer(Outcome.ASKS_BACK), cases=(Case("plan", "Gold"),), evidence=Evidence(scope=Scope(frozenset({"groups:hr"})))),
        replace(an_answer(), nearest_title="Pay 2025", evidence=Evidence(scope=Scope(frozenset({"groups:hr"})))),
    ],
)
def test_a_reply_rests_on_all_that_it_quotes_or_names(answer: Answer) -> None:
    assert "groups:hr" in labels_shown(answer)


def test_a_reply_does_not_rest_on_what_was_searched_and_is_not_shown() -> None:
    evidence = Evidence(found=(LEAVE, BANDS), scope=Scope(frozenset({"everyone", "groups:hr"})))
    answer = replace(an_answer(Outcome.ANSWERED), sentences=(Sentence("A.", (_cited(LEAVE),)),), evidence=evidence)
    assert labels_shown(answer) == {"everyone"}
