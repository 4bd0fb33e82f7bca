"""An ablation counts every way to search, and every way to split, by the same places."""

from __future__ import annotations

import itertools
import re
from datetime import date

import pytest

from evals.ablation import ALL, Query, Seen, scores, stage_ways
from evals.ablation_report import Compared, SetReport, markdown
from evals.splitters import plain_windows, recut
from knowledge.values import Scope
from tests.corpora import a_policy, passages_of


def a_query(*gold: str, answerable: bool | None = True, any_of: bool = False) -> Query:
    return Query(text="?", scope=Scope(frozenset()), as_of=date(2026, 11, 16), gold=frozenset(gold), answerable=answerable, any_of=any_of)


def seen(*places: str, confidence: float = 0.5) -> Seen:
    """Each hit's places as letters."""
    return Seen(places=tuple(map(frozenset, places)), confidence=confidence)


def test_a_hit_that_shows_nothing_new_takes_up_no_rank() -> None:
    found = scores([a_query("b")], [seen("a", "a", "a", "b")])
    assert found["recall@1"] == 0
    assert found["recall@3"] == 1
    assert found["MRR"] == 0.5


def test_a_hit_with_two_places_finds_both_and_counts_once() -> None:
    found = scores([a_query("a", "b", "c")], [seen("ab", "d", "c")])
    assert found["recall@1"] == pytest.approx(2 / 3)
    assert (found["recall@3"], found["MRR"]) == (1.0, 1.0)


def test_where_any_right_place_is_enough_one_counts_in_full() -> None:
    assert scores([a_query("a", "b", any_of=True)], [seen("a")])["recall@1"] == 1


def test_what_is_not_answerable_counts_for_the_refusals_only() -> None:
    asked = [a_query("a"), a_query(answerable=False), a_query("a", answerable=None)]
    found = scores(asked, [seen("a", confidence=0.9), seen("x", confidence=0.1), seen("x", confidence=0.0)])
    assert found["recall@1"] == 1
    assert found["refusal AUC"] == 1
    assert scores(asked[:1], [seen("a")])["refusal AUC"] is None


def test_each_way_but_the_first_differs_from_productions_search() -> None:
    ways = stage_ways()
    assert next(iter(ways)) == ALL
    assert all(weights != ways[ALL] for name, weights in ways.items() if name != ALL)
    assert len(set(ways.values())) == len(ways)


def words(text: str) -> list[tuple[int, int]]:
    """Each word as a token."""
    return [match.span() for match in re.finditer(r"\S+", text)]


def test_plain_windows_overlap_and_hold_every_word() -> None:
    text = " ".join(map(str, range(100)))
    spans = plain_windows(20, words)(text)
    assert all(len(words(text[start:end])) <= 20 for start, end in spans)
    assert {word for start, end in spans for word in text[start:end].split()} == set(text.split())
    assert all(after[0] < before[1] for before, after in itertools.pairwise(spans))
    assert plain_windows(20, words)("") == []


def test_a_passage_of_another_splitter_holds_the_clauses_that_it_has_the_greater_part_of() -> None:
    clauses = passages_of(a_policy("leave.md"), "one two three four", "five six", "seven eight nine ten")
    other = recut(clauses, lambda text: [(0, text.index("six") + 3), (text.index("six"), len(text))])
    first, second = other.passages
    assert first.text == "1. Rules\n\none two three four\n\nfive six"
    assert other.holds[first.id] == {clauses[0].id, clauses[1].id}
    assert other.holds[second.id] == {clauses[2].id}
    assert {passage.label for passage in other.passages} == {clauses[0].label}


def test_documents_are_split_apart_from_each_other() -> None:
    leave, pay = passages_of(a_policy("leave.md"), "one"), passages_of(a_policy("pay.md"), "two")
    other = recut([*leave, *pay], lambda text: [(0, len(text))])
    assert [passage.document for passage in other.passages] == ["leave.md", "pay.md"]
    assert [other.holds[passage.id] for passage in other.passages] == [{leave[0].id}, {pay[0].id}]


def a_report(name: str, auc: float | None) -> SetReport:
    figures = {"recall@1": 0.5, "recall@3": 0.75, "recall@5": 1.0, "MRR": 0.6, "refusal AUC": auc}
    rows = tuple(Compared(name=row, scores=figures, tokens=1_234) for row in (ALL, "re-ranked although decisive"))
    return SetReport(name=name, questions=4, stages=rows, splits=rows[:1], reranked=0.75, milliseconds=87.4)


def test_the_page_has_a_row_for_each_way_and_says_how_often_nothing_is_re_ranked() -> None:
    page = markdown([a_report("golden tune", 0.8), a_report("pdfs", None)])
    assert "### golden tune\n\n|  | recall@1 | recall@3 | recall@5 | MRR | refusal AUC |" in page
    assert f"| {ALL} | 0.500 | 0.750 | 1.000 | 0.600 | 0.800 |" in page
    assert "### pdfs\n\n|  | recall@1 | recall@3 | recall@5 | MRR |\n" in page
    assert f"| {ALL} | 0.500 | 0.750 | 1.000 | 0.600 | 1,234 |" in page
    assert "golden tune: 4 questions with a right answer. 25% of all searches are decisive" in page
    assert "changes recall@3 by +0.000 and MRR by +0.000" in page
    assert "87 ms" in page
    assert not re.search(r"\b20\d\d\b", page)
