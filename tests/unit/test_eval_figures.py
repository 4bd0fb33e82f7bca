"""What each figure counts, on replies made by hand."""

from __future__ import annotations

from typing import Any

import pytest

from bot.answers import Answer, Citation, Evidence, Outcome, Sentence
from evals.figures import Reply, as_json, figures, refused_at
from evals.golden import Clause, GoldenQuestion
from knowledge.values import Hit
from tests.factories import a_document, a_hit

GOLD = a_hit("4.1 Employees may carry over up to 5 days.", clause="4.1")
OTHER = a_hit("9.9 Nothing to do with it.", clause="9.9")
ELSEWHERE = a_hit("4.1 Last year it was 8 days.", document=a_document("annual-leave-2025"), clause="4.1")


def a_golden(kind: str = "plain", **more: Any) -> GoldenQuestion:  # noqa: ANN401  # keyword arguments of a dataclass
    known = {"clauses": (Clause("annual-leave", "4.1"),), "says": ("5 days",), "never": ("8 days",)} if kind == "plain" else {}
    return GoldenQuestion(id="a-1", kind=kind, asker="tom", where="dm", question="?", **(known | more))  # type: ignore[arg-type]  # a test passes plain strings


def a_reply(
    *cited: Hit, kind: str = "plain", hits: tuple[Hit, ...] = (), text: str = "", sure: float = 0.0, outcome: Outcome | None = None
) -> Reply:
    sentences = tuple(
        Sentence(text or hit.passage.text, (Citation(number=number, hit=hit, start=0, end=4),)) for number, hit in enumerate(cited, start=1)
    )
    ended = outcome or (Outcome.ANSWERED if cited else Outcome.NOT_FOUND)
    answer = Answer(receipt="r", outcome=ended, sentences=sentences, evidence=Evidence(confidence=sure))
    return Reply(golden=a_golden(kind), answer=answer, hits=hits)


def value(name: str, *replies: Reply) -> float | None:
    return figures(replies)[name].value


def test_the_rank_is_that_of_the_first_gold_passage_of_the_right_document() -> None:
    assert a_reply(hits=(OTHER, ELSEWHERE, GOLD)).rank == 3
    assert a_reply(hits=(OTHER, ELSEWHERE)).rank is None


def test_a_miss_counts_as_nothing_in_every_rank_figure() -> None:
    found, missed = a_reply(hits=(OTHER, GOLD)), a_reply(hits=(OTHER,))
    assert value("top1", found, missed) == 0.0
    assert value("top3", found, missed) == 0.5
    assert value("mrr", found, missed) == pytest.approx(0.25)


def test_a_false_refusal_is_no_answer_and_cites_nothing() -> None:
    answered, refused = a_reply(GOLD), a_reply(hits=(GOLD,))
    assert value("false_refusals", answered, refused) == 0.5
    assert value("gold_cited", answered, refused) == 0.5
    assert value("said_required", answered, refused) == 0.5


def test_citation_precision_counts_citations_of_answered_questions_only() -> None:
    assert value("citation_precision", a_reply(GOLD, OTHER), a_reply(ELSEWHERE), a_reply()) == pytest.approx(1 / 3)
    assert value("citation_precision", a_reply()) is None


def test_an_answer_with_the_right_and_the_forbidden_words_is_not_useful() -> None:
    reply = a_reply(GOLD, text="Employees may carry over up to 5 days, formerly 8 days.")
    assert reply.says_all
    assert reply.says_forbidden
    assert not reply.useful
    assert value("said_forbidden", reply, a_reply(GOLD)) == 0.5


def test_what_must_be_refused_is_useful_only_when_refused() -> None:
    for kind in ("unanswerable", "near_miss", "restricted"):
        assert a_reply(kind=kind).useful
        assert not a_reply(OTHER, kind=kind).useful


def test_ones_own_record_is_served_by_the_system_that_has_it_not_by_a_refusal() -> None:
    assert a_reply(kind="own_record", outcome=Outcome.OWN_RECORD).useful
    assert not a_reply(kind="own_record").useful
    assert not a_reply(OTHER, kind="own_record").useful


def test_an_answer_that_ended_in_failure_says_nothing() -> None:
    assert not a_reply(GOLD, outcome=Outcome.FAILED).says_all


def test_refused_counts_every_outcome_but_an_answer() -> None:
    replies = [a_reply(kind="near_miss"), a_reply(kind="restricted", outcome=Outcome.NOTHING_READABLE), a_reply(OTHER, kind="unanswerable")]
    assert value("refused", *replies) == pytest.approx(2 / 3)


def test_the_auc_sets_what_is_answerable_against_what_is_to_be_refused_and_leaves_own_records_out() -> None:
    replies = [a_reply(sure=0.9), a_reply(kind="near_miss", sure=0.2), a_reply(kind="own_record", sure=1.0)]
    assert value("refusal_auc", *replies) == 1.0


def test_the_threshold_refuses_at_most_the_allowed_share_of_the_answerable() -> None:
    sure = [number / 100 for number in range(100)]
    assert refused_at(0.08, sure, [0.05, 0.0799, 0.08, 0.5]).value == 0.5


def test_leaks_are_counted_in_every_kind() -> None:
    leaky = Reply(golden=a_golden("own_record"), answer=Answer(receipt="r", outcome=Outcome.OWN_RECORD), leaked=True)
    assert value("leaks", leaky, a_reply(GOLD)) == 1


def test_the_length_of_an_answer_is_taken_from_answers_only() -> None:
    assert value("median_sentences", a_reply(GOLD, OTHER, ELSEWHERE), a_reply(GOLD), a_reply()) == 2
    assert value("median_sentences", a_reply()) is None


def test_the_json_has_plain_numbers_with_intervals_and_counts_beside_them() -> None:
    told = as_json(figures([a_reply(GOLD, hits=(GOLD,), sure=0.9), a_reply(kind="near_miss", sure=0.1)]))
    assert (told["n"], told["top1"], told["leaks"], told["refusal_auc"]) == (2, 1.0, 0, 1.0)
    assert told["counts"]["top1"] == [1, 1]  # type: ignore[index]  # a mapping, as the line before says
    assert told["intervals"]["top1"][1] == 1.0  # type: ignore[index]  # the same
    needed = "n top1 top3 top5 mrr gold_cited citation_precision said_required said_forbidden useful refused false_refusals refusal_auc"
    assert {*needed.split(), "leaks", "median_sentences"} <= told.keys()
