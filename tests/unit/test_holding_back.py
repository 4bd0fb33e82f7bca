"""Which holds are told: those without which there would have been an answer, to those who would have read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from knowledge.holding_back import about, held_back, meant_by
from knowledge.holds import Hold
from knowledge.values import Findings
from tests.factories import TODAY, a_document, a_hit

TRAVEL, LEAVE, PAY = (a_hit(document=a_document(stem)) for stem in ("travel", "leave", "pay"))
HOLD = Hold(number=1, document=TRAVEL.document.id, sentence="It is being rewritten.", by="UHENRY", until=TODAY)
HELD = {HOLD.document: HOLD}
SURE, UNSURE = 0.9, 0.1


def findings(*hits: object, confidence: float = SURE) -> Findings:
    return Findings(hits=hits, confidence=confidence, edition=1)  # type: ignore[arg-type]  # hits


def test_where_what_is_held_would_have_come_first_nothing_else_answers() -> None:
    found = held_back(findings(LEAVE, PAY), findings(TRAVEL, LEAVE, PAY), HELD)

    assert (found.hits, found.confidence, found.held) == ((), 0.0, (HOLD,))


def test_where_others_answer_well_the_answer_stands_without_what_is_held() -> None:
    found = findings(LEAVE, PAY)

    assert held_back(found, findings(LEAVE, TRAVEL, PAY), HELD) == found


def test_where_others_do_not_answer_a_hold_among_the_first_is_told() -> None:
    found = findings(LEAVE, PAY, confidence=UNSURE)

    assert held_back(found, findings(LEAVE, PAY, TRAVEL), HELD) == replace(found, held=(HOLD,))
    assert held_back(found, findings(LEAVE, PAY, LEAVE, TRAVEL), HELD) == found


def test_where_what_is_held_would_have_been_no_answer_nothing_is_told() -> None:
    found = findings(LEAVE, confidence=UNSURE)

    assert held_back(found, findings(TRAVEL, LEAVE, confidence=UNSURE), HELD) == found


@pytest.mark.parametrize(
    ("topic", "words"),
    [("travel to Italy", {"travel", "itali"}), ("Italy", {"itali"}), ("what is the", set()), ("  ", set()), ("sick-pay", {"sick", "pay"})],
)
def test_a_topic_is_its_telling_words_as_the_index_sees_words(topic: str, words: set[str]) -> None:
    assert meant_by(topic) == words


def test_a_topic_without_words_is_about_nothing() -> None:
    empty = replace(HOLD, document="", topic="what is the")

    assert about("What is the policy on travel?", [empty, HOLD]) == ()


@pytest.mark.parametrize(("today", "lasts"), [(date(2026, 11, 15), True), (TODAY, True), (date(2026, 11, 17), False)])
def test_a_hold_lasts_up_to_and_with_its_last_day(today: date, lasts: bool) -> None:
    assert HOLD.lasts(today) is lasts
