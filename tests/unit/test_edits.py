"""A sentence of the source with one small thing changed is not what the source says."""

from __future__ import annotations

import pytest

from bot.answers import Dropped, Sentence
from bot.flows.ground import check
from tests.factories import a_request

TEXT = (
    "4.1 The manager may refuse a request within five working days. The hotel limit is $310 a night in New York and $260 a night in Boston."
    " A plan may begin at any time of year and does not need a rating first. Files are deleted by the record owner before 14:00."
    " The host registers visitors in Desk. Non-exempt employees are paid 1.5 times their rate, up to £55 a month."
)
REQUEST = a_request(TEXT, question="what are the rules?")


@pytest.mark.parametrize(
    "line",
    [
        "Your manager may refuse the request within 5 working days.",
        "In Boston the hotel limit is $260 a night.",
        "A plan can begin at any time of year and doesn't need a rating first.",
        "The files are deleted by the record owner before 14:00.",
        "The host registers your visitors in Desk.",
        "If you are a non-exempt employee you are paid 1.5 times your rate, up to £55 a month.",
    ],
)
def test_the_same_rule_in_slightly_other_words_is_shown(line: str) -> None:
    assert isinstance(check(f"{line} [1]", REQUEST), Sentence)


@pytest.mark.parametrize(
    "line",
    [
        "Your manager must refuse the request within 5 working days.",
        "Your manager may not refuse the request within 5 working days.",
        "Your manager may refuse the request within 5 calendar days.",
        "Your manager may refuse the request within 5 weeks.",
        "In Boston the hotel limit is $310 a night.",
        "The hotel limit is $260 a night in New York and $310 a night in Boston.",
        "A plan may not begin at any time of year and needs a rating first.",
        "The files are deleted by the manager before 14:00.",
        "The files are deleted by the record owner after 14:00.",
        "The visitors register the host in Desk.",
        "If you are an exempt employee you are paid 1.5 times your rate, up to £55 a month.",
        "Non-exempt employees are paid 1.5 times their rate, up to £55 a week.",
        "Non-exempt employees are paid 1.5 times their rate, at least £55 a month.",
        "Non-exempt employees are paid 1.5 times their rate, up to €55 a month.",
    ],
)
def test_a_changed_one_is_dropped(line: str) -> None:
    assert isinstance(check(f"{line} [1]", REQUEST), Dropped)


def test_the_score_of_a_verbatim_line_is_one_and_of_another_is_less() -> None:
    verbatim, reworded = (
        check("The host registers visitors in Desk. [1]", REQUEST),
        check("In Desk the host gives you what registers visitors. [1]", REQUEST),
    )
    assert isinstance(verbatim, Sentence)
    assert isinstance(reworded, Sentence)
    assert verbatim.score == 1.0
    assert 0 < reworded.score <= 1.0
