"""Another re-ranker decides a close search, sees nothing that it may not, and whatever fails the built-in one takes its place."""

from __future__ import annotations

import logging
import math
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from knowledge.allow_list import AllowList
from knowledge.cross_encoding import MISSING, CrossEncoding
from knowledge.diversity import diverse
from knowledge.errors import RerankerFailed
from knowledge.fusing import blended, supported
from knowledge.reranking import ASKER, OFF, Judge, Reranker, judged
from knowledge.searching import Means, PassageRetriever
from knowledge.values import Scope
from knowledge.weights import WEIGHTS, Stages
from tests.corpora import ALL_LABELS, EMBEDDER, a_policy, a_shelf
from tests.factories import HR, TODAY

if TYPE_CHECKING:
    from pathlib import Path

    from tests.corpora import Shelf

CLOSE = replace(WEIGHTS, rerank_margin=2.0)  # every search is
QUESTION = "how many days may I carry over"
WORDS = [f"Employees may carry over {days} days of leave." for days in ("three", "five", "eight")]


class LastFirst:
    """Ranks by how far down a text mentions eight, and remembers what it was given."""

    name = "last-first"

    def __init__(self, may_see: Collection[str] = (*ALL_LABELS, ASKER), failing: Sequence[float] | None = None) -> None:
        self.given: list[str] = []
        self._may_see = frozenset(may_see)
        self._failing = failing

    def sees(self, labels: Collection[str]) -> bool:
        return self._may_see.issuperset(labels)

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:  # the port's signature
        self.given += texts
        if self._failing is not None:
            return self._failing
        return [float("eight" in text) for text in texts]


class Broken(LastFirst):
    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        super().scores(question, texts)
        raise RerankerFailed("HTTP 503")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return a_shelf(tmp_path_factory.mktemp("shelf"), {a_policy("leave.md"): WORDS, a_policy("pay.md", rule=HR): ["Carry over eight days."]})


def found(shelf: Shelf, reranker: Reranker | None, labels: Collection[str] = ("everyone",), *, public: bool = False) -> list[str]:
    allow = AllowList.at(shelf.live, Scope(frozenset(labels), public=public), TODAY, frozenset)
    means = Means(keywords=shelf.keywords, embedder=EMBEDDER, weights=CLOSE, reranker=reranker)
    return [hit.passage.text for hit in PassageRetriever(allow, means).find(QUESTION).findings.hits]


def test_what_it_prefers_comes_first(shelf: Shelf) -> None:
    assert found(shelf, LastFirst())[0] == WORDS[2]
    assert found(shelf, None)[0] != WORDS[2]


def test_it_reads_each_passage_with_the_line_that_says_where_it_sits(shelf: Shelf) -> None:
    reranker = LastFirst()
    found(shelf, reranker)
    assert sorted(reranker.given) == sorted(f"Leave › 1. Rules\n{words}" for words in WORDS)


def test_a_passage_under_a_label_that_it_may_not_see_is_never_sent_and_the_built_in_one_ranks_all(shelf: Shelf) -> None:
    reranker = LastFirst(may_see={"everyone", ASKER})
    both = ("everyone", HR.label)
    assert found(shelf, reranker, both) == found(shelf, None, both)
    assert reranker.given == []


def test_a_question_that_was_not_asked_in_public_is_sent_only_to_what_may_see_the_askers(shelf: Shelf) -> None:
    reranker = LastFirst(may_see={"everyone"})
    assert found(shelf, reranker) == found(shelf, None)
    assert reranker.given == []
    assert found(shelf, reranker, public=True)[0] == WORDS[2]


@pytest.mark.parametrize(
    "failing",
    [Broken(), LastFirst(failing=[1.0]), LastFirst(failing=[math.nan, 1.0, 2.0]), LastFirst(failing=[math.inf, 1.0, 2.0])],
    ids=["no answer", "too few", "no number", "endless"],
)
def test_where_it_fails_the_built_in_one_ranks_and_the_log_says_so(
    shelf: Shelf, failing: LastFirst, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="knowledge.reranking"):
        assert found(shelf, failing) == found(shelf, None)
    assert [record.getMessage() for record in caplog.records] == ["reranker failed"]
    assert not any(QUESTION in str(vars(record)) or "carry over" in str(vars(record)) for record in caplog.records)


def test_what_is_denied_while_a_search_runs_is_not_sent(shelf: Shelf) -> None:
    reranker = LastFirst()
    denials = iter([frozenset[str]()])
    allow = AllowList.at(shelf.live, Scope(frozenset({"everyone"})), TODAY, lambda: next(denials, frozenset({"leave.md"})))
    weights = replace(CLOSE, stages=Stages(keyword=False))  # the words' leg looks at the allow-list itself
    PassageRetriever(allow, Means(keywords=shelf.keywords, embedder=EMBEDDER, weights=weights, reranker=reranker)).find(QUESTION)
    assert reranker.given == []


def test_none_leaves_the_order_to_meaning_and_words(shelf: Shelf) -> None:
    unranked = shelf.retriever(frozenset({"everyone"}), weights=replace(CLOSE, stages=Stages(rerank=False))).find(QUESTION)
    assert found(shelf, OFF) == [hit.passage.text for hit in unranked.findings.hits]


def test_a_decisive_search_does_not_ask_it(shelf: Shelf) -> None:
    reranker = LastFirst()
    allow = AllowList.at(shelf.live, Scope(frozenset({"everyone"})), TODAY, frozenset)
    means = Means(keywords=shelf.keywords, embedder=EMBEDDER, weights=replace(WEIGHTS, rerank_margin=0.0), reranker=reranker)
    PassageRetriever(allow, means).find(QUESTION)
    assert reranker.given == []


def test_the_model_as_judge_is_asked_through_whoever_holds_it() -> None:
    judge = Judge("m", lambda labels: "everyone" in labels, lambda _, texts: [float(len(text)) for text in texts])
    assert judged(judge, {"everyone"}, "q", ["a", "bcd"]) == [1.0, 3.0]
    assert judged(judge, {"groups:hr"}, "q", ["a", "bcd"]) == ()
    assert judge.name == "judge:m"


def test_a_long_question_and_long_passages_are_sent_up_to_a_length() -> None:
    sent: list[int] = []

    def ask(question: str, texts: Sequence[str]) -> Sequence[float]:
        sent.extend((len(question), len(texts[0])))
        return [0.0]

    assert judged(Judge("m", lambda _: True, ask), (), "q" * 9_000, ["t" * 9_000]) == [0.0]
    assert sent == [2_000, 2_000]


def test_without_its_package_a_cross_encoder_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.cross_encoding.find_spec", lambda _: None)
    with pytest.raises(RerankerFailed, match="pip install sentence-transformers"):
        CrossEncoding("cross-encoder/ms-marco-MiniLM-L6-v2")
    assert "sentence-transformers" in MISSING


class Pairs:
    """As a cross-encoder of sentence-transformers is called."""

    def predict(self, pairs: Sequence[tuple[str, str]]) -> Sequence[float]:
        return [float(len(text) - len(question)) for question, text in pairs]


def test_a_cross_encoder_reads_question_and_passage_together_and_is_loaded_once() -> None:
    loaded: list[str] = []

    def load(name: str) -> Pairs:
        loaded.append(name)
        return Pairs()

    encoder = CrossEncoding("ms-marco", load)
    assert loaded == []
    assert encoder.scores("ab", ["abc", "a"]) == encoder.scores("ab", ["abc", "a"]) == [1.0, -1.0]
    assert loaded == ["ms-marco"]
    assert encoder.sees({"groups:hr", ASKER})


def test_a_clause_is_found_by_what_the_clauses_beside_it_say_as_well() -> None:
    fused = {0: 0.6, 1: 0.6, 2: 0.5}
    keyword = {0: 2.0, 1: 2.0, 9: 2.0}  # 9 is no candidate, and stands in the section of 1
    with_sections = supported(fused, keyword, {0: 0, 1: 1, 2: 2, 9: 1}.__getitem__, 0.25)
    assert list(with_sections) == [1, 0, 2]
    assert with_sections[1] == pytest.approx(0.75 * 0.6 + 0.25)
    assert with_sections[0] == pytest.approx(0.75 * 0.6 + 0.25 * 2 / 3)  # each passage of a section counts half of the one before
    assert with_sections[2] == pytest.approx(0.75 * 0.5)


def test_what_the_second_ranking_has_not_looked_at_has_nothing_from_it() -> None:
    assert blended({0: 1.0, 1: 0.8, 2: 0.7}, {1: 5.0, 0: 3.0}, 0.5) == pytest.approx({1: 0.9, 0: 0.5, 2: 0.35})


def test_the_same_words_again_give_way_to_others_and_nothing_is_lost() -> None:
    same, other = np.array([1, 0], dtype=np.float32), np.array([0, 1], dtype=np.float32)
    scores = {0: 1.0, 1: 0.95, 2: 0.9}
    assert diverse(scores, {0: same, 1: same, 2: other}) == [0, 2, 1]
    assert diverse(scores, dict.fromkeys(scores, same)) == [0, 1, 2]


@pytest.mark.parametrize("stage", ["dense", "keyword", "glossary", "countries", "titles", "sections", "rerank"])
def test_a_search_goes_on_without_any_one_of_its_stages(shelf: Shelf, stage: str) -> None:
    weights = replace(WEIGHTS, stages=replace(Stages(), **{stage: False}))
    hits = shelf.retriever(frozenset({"everyone"}), weights=weights).find(QUESTION).findings.hits
    assert {hit.passage.text for hit in hits} == set(WORDS)


def test_without_a_leg_its_ranking_counts_nothing(tmp_path: Path) -> None:
    shelf = a_shelf(tmp_path, {a_policy("leave.md"): ["Annual leave is 25 days.", "Trains come before planes."]})
    by_words = shelf.retriever(weights=replace(WEIGHTS, stages=Stages(dense=False))).find("trains").findings.hits
    assert [hit.passage.text for hit in by_words] == ["Trains come before planes."]
    by_meaning = shelf.retriever(weights=replace(WEIGHTS, stages=Stages(keyword=False))).find("trains").findings.hits
    assert len(by_meaning) == 2
    assert all(hit.keyword == 0 for hit in by_meaning)
