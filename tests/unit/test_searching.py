"""What a search returns, and above all what it never does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from llama_index.core.base.base_retriever import BaseRetriever

from knowledge.fusing import dense_share, fuse, margin, scaled
from knowledge.hashing_embedding import HashingEmbedding
from knowledge.maxsim import EXCERPT, Excerpt, excerpt, meet
from knowledge.relevance import NOTHING, confidence
from knowledge.values import AccessRule
from knowledge.weights import Weights
from tests.corpora import ALL_LABELS, EMBEDDER, a_policy, a_shelf
from tests.factories import HR, TODAY

if TYPE_CHECKING:
    from pathlib import Path

    from tests.corpora import Shelf

LEAVE = a_policy("leave/annual-leave.md", effective=date(2026, 1, 1), supersedes="annual-leave-2025")
LAST_YEAR = a_policy("leave/annual-leave-2025.md", effective=date(2025, 1, 1))
NEXT_YEAR = a_policy("leave/annual-leave-2027.md", effective=date(2027, 1, 1), supersedes="annual-leave")
TRAVEL = a_policy("travel.md")
PAY = a_policy("pay.md", rule=HR)
NAMED = a_policy("named.md", rule=AccessRule(people=frozenset({"ruth"})))
CARRY = "Employees may carry over unused annual leave until March."


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return a_shelf(
        tmp_path_factory.mktemp("shelf"),
        {
            LEAVE: ["Annual leave is 25 days.", f"{CARRY} Five days at most."],
            LAST_YEAR: ["Annual leave is 24 days.", f"{CARRY} Eight days at most."],
            NEXT_YEAR: ["Annual leave is 27 days.", f"{CARRY} Ten days at most."],
            TRAVEL: ["Trains come before planes.", "Hotels cost up to £140 a night."],
            PAY: [f"{CARRY} The People team may allow thirteen days.", "Salary band four starts at £52,000."],
            NAMED: ["Annual leave may be bought back in the reorganisation."],
        },
    )


@pytest.fixture
def denied(shelf: Shelf) -> set[str]:
    shelf.denied.clear()
    return shelf.denied


def documents(shelf: Shelf, question: str, labels: frozenset[str] = ALL_LABELS, as_of: date = TODAY, limit: int = 50) -> set[str]:
    return {hit.document.id for hit in shelf.find(question, labels, as_of=as_of, limit=limit).findings.hits}


def test_it_is_a_llama_index_retriever(shelf: Shelf) -> None:
    retriever = shelf.retriever()

    nodes = retriever.retrieve("hotel cost")

    assert isinstance(retriever, BaseRetriever)
    assert nodes[0].node.get_content() == "Hotels cost up to £140 a night."
    assert nodes[0].node.metadata == {"document": "travel.md", "title": "Travel", "path": ["1. Rules"]}


def test_the_passage_that_answers_comes_first(shelf: Shelf) -> None:
    best = shelf.find("What may a hotel cost?").findings.hits[0]

    assert best.passage.text == "Hotels cost up to £140 a night."
    assert best.document == TRAVEL
    assert best.passage.text[best.best_start : best.best_end] == best.passage.text
    assert best.dense > 0
    assert best.keyword > 0


def test_an_empty_scope_retrieves_nothing(shelf: Shelf) -> None:
    found = shelf.find("annual leave", frozenset())

    assert found.findings.hits == ()
    assert found.findings.confidence == 0.0
    assert found.evidence == NOTHING


@pytest.mark.parametrize("question", ["", " \n", "🙂"])
def test_a_question_without_words_breaks_nothing(shelf: Shelf, question: str) -> None:
    assert len(shelf.find(question).findings.hits) <= 12


def test_a_very_long_question_is_searched(shelf: Shelf) -> None:
    assert shelf.find("hotel cost " * 1_000).findings.hits[0].document == TRAVEL


def test_a_document_outside_the_scope_is_not_returned_though_only_it_matches(shelf: Shelf) -> None:
    question = "salary band four starts at £52,000"

    assert shelf.find(question, ALL_LABELS).findings.hits[0].document == PAY
    assert PAY.id not in documents(shelf, question, frozenset({"everyone"}))


def test_a_denied_document_disappears_at_once_and_the_others_stay(shelf: Shelf, denied: set[str]) -> None:
    assert TRAVEL.id in documents(shelf, "hotel cost")

    denied.add(TRAVEL.id)

    assert TRAVEL.id not in documents(shelf, "hotel cost")
    assert LEAVE.id in documents(shelf, "annual leave")


def test_a_document_denied_while_a_search_runs_is_not_in_its_result(shelf: Shelf, denied: set[str]) -> None:
    retriever = shelf.retriever()

    denied.add(TRAVEL.id)

    assert all(hit.document != TRAVEL for hit in retriever.find("hotel cost").findings.hits)


def test_superseded_and_not_yet_effective_documents_are_absent_today(shelf: Shelf, denied: set[str]) -> None:
    today = documents(shelf, "how much annual leave carry over")

    assert LEAVE.id in today
    assert LAST_YEAR.id not in today
    assert NEXT_YEAR.id not in today


@pytest.mark.parametrize(
    ("as_of", "there", "absent"),
    [
        (date(2025, 6, 1), LAST_YEAR, {LEAVE.id, NEXT_YEAR.id}),
        (date(2025, 12, 31), LAST_YEAR, {LEAVE.id, NEXT_YEAR.id}),
        (date(2026, 1, 1), LEAVE, {LAST_YEAR.id, NEXT_YEAR.id}),
        (date(2027, 1, 1), NEXT_YEAR, {LAST_YEAR.id, LEAVE.id}),
    ],
)
def test_each_version_is_found_at_its_own_date(shelf: Shelf, denied: set[str], as_of: date, there: object, absent: set[str]) -> None:
    found = shelf.find("carry over unused annual leave until March", frozenset({"everyone"}), as_of=as_of)

    assert found.findings.hits[0].document == there
    assert not absent & {hit.document.id for hit in found.findings.hits}


def test_no_more_hits_than_the_limit(shelf: Shelf, denied: set[str]) -> None:
    assert len(shelf.find("annual leave", limit=2).findings.hits) == 2


def test_hits_are_in_the_order_of_their_score_and_the_order_is_the_same_every_time(shelf: Shelf, denied: set[str]) -> None:
    first, second = shelf.find("annual leave days").findings.hits, shelf.find("annual leave days").findings.hits

    assert [hit.score for hit in first] == sorted((hit.score for hit in first), reverse=True)
    assert first == second


def test_the_re_ranker_runs_when_it_is_close_and_not_when_it_is_clear(shelf: Shelf, denied: set[str]) -> None:
    always = shelf.retriever(weights=Weights(rerank_margin=1.1, read_closely=1)).find("hotel cost").findings.hits
    never = shelf.retriever(weights=Weights(rerank_margin=0.0, read_closely=1)).find("hotel cost").findings.hits

    assert sum(hit.maxsim is not None for hit in always) > 1
    assert [hit.maxsim is not None for hit in never].index(False) == 1
    assert {hit.passage.id for hit in always} == {hit.passage.id for hit in never}


def test_an_embedder_without_token_vectors_is_searched_without_re_ranking(
    shelf: Shelf, denied: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HashingEmbedding, "token_vectors", lambda self, texts, limit=96: [])

    hits = shelf.retriever(weights=Weights(rerank_margin=1.1)).find("hotel cost").findings.hits

    assert hits[0].document == TRAVEL
    assert hits[0].maxsim is None


def test_confidence_is_higher_for_what_is_there_than_for_what_is_not(shelf: Shelf, denied: set[str]) -> None:
    there = shelf.find("What may a hotel cost a night?").findings.confidence
    absent = shelf.find("Which dentist is covered by insurance?").findings.confidence

    assert 0 <= absent < there <= 1


def test_a_label_that_is_not_its_documents_rule_is_never_shown(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path, {PAY: ["Salary band four."]})
    mislabelled = {PAY.id: a_policy(PAY.id)}  # the document now says everyone, its passages hr
    object.__setattr__(shelf.live.contents, "documents", mislabelled)

    assert shelf.find("salary band", frozenset({"everyone", "groups:hr"})).findings.hits == ()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    labels=st.sets(st.sampled_from(sorted(ALL_LABELS))),
    withheld=st.sets(st.sampled_from([LEAVE.id, TRAVEL.id, PAY.id, NAMED.id])),
    as_of=st.dates(min_value=date(2024, 1, 1), max_value=date(2028, 1, 1)),
    question=st.sampled_from(["carry over annual leave", "salary band four", "hotel", "thirteen days", "reorganisation", "zzz"]),
    limit=st.integers(min_value=1, max_value=60),
    share=st.sampled_from([0.0, 0.5, 1.0]),
)
def test_nothing_outside_of_scope_date_and_denial_is_ever_returned(
    shelf: Shelf, denied: set[str], labels: set[str], withheld: set[str], as_of: date, question: str, limit: int, share: float
) -> None:
    denied.clear()
    denied.update(withheld)

    retriever = shelf.retriever(frozenset(labels), as_of=as_of, limit=limit, weights=Weights(dense_share=share, rerank_margin=1.1))
    hits = retriever.find(question).findings.hits

    for hit in hits:
        assert hit.passage.label in labels
        assert hit.document.id not in withheld
        assert hit.document.effective is None or hit.document.effective <= as_of
    expected = {1: [LAST_YEAR], 2: [LEAVE], 3: [NEXT_YEAR]}[1 if as_of.year < 2026 else 2 if as_of.year < 2027 else 3]
    years = {hit.document.id for hit in hits} & {LEAVE.id, LAST_YEAR.id, NEXT_YEAR.id}
    assert years <= {document.id for document in expected}


def test_fusion_takes_what_both_legs_agree_on() -> None:
    fused = fuse({1: 0.9, 2: 0.8, 3: 0.1}, {2: 10.0, 4: 5.0}, dense_share=0.5)

    assert list(fused) == [2, 1, 4, 3]
    assert fused[1] == pytest.approx(0.5)
    assert fused[3] == 0.0


def test_fusion_of_one_leg_keeps_its_order() -> None:
    assert list(fuse({1: 0.1, 2: 0.9}, {}, dense_share=0.5)) == [2, 1]
    assert list(fuse({}, {1: 1.0, 2: 3.0}, dense_share=0.5)) == [2, 1]
    assert fuse({}, {}, dense_share=0.5) == {}


def test_equal_scores_scale_to_one_and_ties_keep_their_order() -> None:
    assert scaled({3: 0.4, 1: 0.4}) == {3: 1.0, 1: 1.0}
    assert list(fuse({3: 0.4, 1: 0.4}, {}, dense_share=1.0)) == [1, 3]
    assert margin({1: 0.4}) == 1.0


@pytest.mark.parametrize(("reach", "share"), [(0.0, 0.8), (0.5, 0.8), (0.75, 0.6), (1.0, 0.4), (2.5, 0.4)])
def test_words_count_more_where_a_passage_has_nearly_all_that_was_asked(reach: float, share: float) -> None:
    weights = Weights(dense_share=0.8, dense_share_in_reach=0.4, reach_from=0.5)

    assert dense_share(reach, weights) == pytest.approx(share)


def test_a_rare_word_decides_how_well_a_question_is_met() -> None:
    excerpts = [Excerpt("", "zebra", 0), Excerpt("", "the", 0)]
    even = meet(EMBEDDER, "the zebra", excerpts, lambda _: 0.0)
    rare = meet(EMBEDDER, "the zebra", excerpts, lambda word: 4.0 if word == "zebra" else 0.0)

    assert even[0].whole() == pytest.approx(even[1].whole(), abs=0.1)
    assert rare[0].whole() == pytest.approx(1.0)
    assert rare[1].whole() < 0.1


def test_maxsim_is_one_for_the_same_words_and_less_for_others() -> None:
    same, other = meet(EMBEDDER, "hotel cost", [Excerpt("", "cost of a hotel", 0), Excerpt("", "trains", 0)], lambda _: 1.0)

    assert same.whole() == pytest.approx(1.0)
    assert other.whole() < 0.5


def test_a_sentence_is_met_by_its_own_words_only_and_not_by_its_neighbours() -> None:
    text = "Trains are booked early. The hotel cost is capped."
    (met,) = meet(EMBEDDER, "hotel cost", [Excerpt("Travel", text, 0)], lambda _: 1.0)

    assert met.part(25, len(text)) == pytest.approx(1.0)
    assert met.part(0, 24) < met.part(25, len(text))
    assert met.part(500, 600) == 0.0


def test_the_worst_met_word_of_a_question_is_known() -> None:
    (met,) = meet(EMBEDDER, "hotel zebra", [Excerpt("", "hotel cost", 0)], lambda _: 1.0)

    assert met.least([(0, 5)]) == pytest.approx(1.0)
    assert met.least([(0, 5), (6, 11)]) < 0.5


def test_the_excerpt_is_where_the_questions_words_are() -> None:
    text = "filler " * 150 + "hotel prices are capped " + "filler " * 150

    piece = excerpt("", text, 10, EMBEDDER.offsets(text), ["hotel", "cap"])

    assert "hotel prices are capped" in piece.text
    assert EMBEDDER.count(piece.text) == EXCERPT
    assert piece.text == text[piece.start - 10 :][: len(piece.text)]
    assert excerpt("", "short", 0, EMBEDDER.offsets("short"), ["hotel"]).text == "short"


def test_confidence_stays_between_nothing_and_certainty() -> None:
    assert 0 < confidence(NOTHING) < 0.1


GERMANY = replace(a_policy("leave-germany.md"), title="Holiday (Germany)")
BRITAIN = replace(a_policy("leave-britain.md"), applies_to="Employees in the United Kingdom")
ALL_OVER = a_policy("leave-everywhere.md")


@pytest.fixture(scope="module")
def abroad(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return a_shelf(
        tmp_path_factory.mktemp("abroad"),
        {
            GERMANY: ["Holiday is 30 days."],
            BRITAIN: ["Holiday is 25 days."],
            ALL_OVER: ["Holiday is asked for early.", "In Germany holiday is booked in Harbour."],
        },
    )


def test_the_rule_of_another_country_is_no_answer_however_well_it_fits(abroad: Shelf) -> None:
    assert documents(abroad, "How many days of holiday in Germany?") == {GERMANY.id, ALL_OVER.id}
    assert documents(abroad, "How many days of holiday in the UK?") == {BRITAIN.id, ALL_OVER.id}
    assert documents(abroad, "How many days of holiday in France?") == {ALL_OVER.id}


def test_a_question_that_names_no_country_finds_all_of_them(abroad: Shelf) -> None:
    assert documents(abroad, "How many days of holiday?") == {GERMANY.id, BRITAIN.id, ALL_OVER.id}


def test_a_passage_about_another_country_only_makes_the_answer_less_sure(abroad: Shelf) -> None:
    assert abroad.find("How is holiday booked in Harbour in Germany?").evidence.elsewhere == 0.0
    assert abroad.find("How is holiday booked in Harbour in France?").evidence.elsewhere == 1.0
    weaker = replace(abroad.find("holiday in Germany").evidence, elsewhere=1.0)
    assert confidence(weaker) < confidence(replace(weaker, elsewhere=0.0))
