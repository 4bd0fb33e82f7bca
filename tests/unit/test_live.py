"""The matrix in memory: exact, masked, unchangeable."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from knowledge.live import Contents, Live, Row
from knowledge.values import Edition
from tests.corpora import ALL_LABELS, EMBEDDER, a_policy, contents_of, passages_of
from tests.factories import EVERYONE, HR

LEAVE, PAY = a_policy("leave.md"), a_policy("pay.md", rule=HR)
BOTH = {LEAVE: ["Holiday is 25 days.", "Carry over five days. " * 60], PAY: ["Salary bands are secret."]}


def a_live() -> Live:
    contents, texts = contents_of(BOTH)
    return Live(contents, EMBEDDER.embed_windows(texts))


def test_only_rows_under_a_label_in_scope_are_readable() -> None:
    live = a_live()

    rows = live.readable_rows({"everyone"}, {LEAVE.id, PAY.id})

    assert {live.contents.passages[live.contents.rows[row].passage].document for row in rows} == {LEAVE.id}


def test_only_rows_of_the_documents_given_are_readable() -> None:
    live = a_live()

    assert len(live.readable_rows(ALL_LABELS, {LEAVE.id, PAY.id})) == len(live.contents.rows)
    assert {live.contents.rows[row].passage for row in live.readable_rows(ALL_LABELS, {PAY.id})} == {2}


@pytest.mark.parametrize(("labels", "documents"), [(set(), {LEAVE.id}), ({"everyone"}, set()), ({"groups:legal"}, {LEAVE.id})])
def test_no_label_or_no_document_is_no_row(labels: set[str], documents: set[str]) -> None:
    assert len(a_live().readable_rows(labels, documents)) == 0


def test_a_passage_scores_as_its_best_window() -> None:
    live = a_live()
    vector = EMBEDDER.embed_question("carry over five days")
    rows = live.readable_rows(ALL_LABELS, {LEAVE.id, PAY.id})

    nearest = live.nearest(vector, rows, limit=10)

    cosines = live.matrix @ vector
    for found in nearest:
        own = [cosines[row] for row, window in enumerate(live.contents.rows) if window.passage == found.passage]
        assert (len(own) > 1) == (found.passage == 1)
        assert found.cosine == pytest.approx(max(own))
        assert live.best_window(vector, found.passage).row == found.row
    assert {found.passage for found in nearest} == {0, 1, 2}
    assert [found.cosine for found in nearest] == sorted((found.cosine for found in nearest), reverse=True)


def test_a_masked_search_never_leaves_its_rows() -> None:
    live = a_live()
    vector = EMBEDDER.embed_question("salary bands are secret")

    nearest = live.nearest(vector, live.readable_rows({"everyone"}, {LEAVE.id, PAY.id}), limit=10)

    assert {found.passage for found in nearest} == {0, 1}


def test_no_more_passages_than_the_limit() -> None:
    live = a_live()
    rows = live.readable_rows(ALL_LABELS, {LEAVE.id, PAY.id})

    assert len(live.nearest(EMBEDDER.embed_question("days"), rows, limit=2)) == 2


def test_the_matrix_cannot_be_changed() -> None:
    live = a_live()

    with pytest.raises(ValueError, match="read-only"):
        live.matrix[0, 0] = 2.0


def test_a_matrix_of_another_size_is_refused() -> None:
    contents, _ = contents_of(BOTH)

    with pytest.raises(ValueError, match="one row for each window"):
        Live(contents, np.zeros((1, 384), dtype=np.float32))


def a_random_live(seed: int) -> tuple[Live, np.ndarray]:
    """Up to 300 windows of few directions, so that many tie, in passages of several windows, documents and labels; and a question."""
    chance = np.random.default_rng(seed)
    count = int(chance.integers(1, 300))
    passages = [a_policy(f"d{number % 5}.md", rule=HR if number % 5 == 1 else EVERYONE) for number in range(count)]
    owners = np.unique(np.sort(chance.integers(0, max(1, count // 3), count)), return_inverse=True)[1]
    vectors = chance.standard_normal((count, 8)).astype(np.float32)
    if seed % 2:
        vectors = vectors[chance.integers(0, min(count, 9), count)]
    contents = Contents(
        edition=Edition(number=1, versions=(), embedder=EMBEDDER.identity),
        documents={document.id: document for document in passages},
        passages=tuple(passages_of(passages[owner], "A rule.")[0] for owner in range(owners.max() + 1)),
        rows=tuple(Row(str(number), int(owner), 0, 7) for number, owner in enumerate(owners)),
    )
    return Live(contents, vectors), chance.standard_normal(8).astype(np.float32)


@pytest.mark.parametrize("limit", [0, 1, 5, 50])
@pytest.mark.parametrize("seed", range(40))
def test_the_nearest_are_those_that_sorting_everything_would_give(seed: int, limit: int) -> None:
    live, vector = a_random_live(seed)
    rows = live.readable_rows({"everyone"}, {"d0.md", "d1.md", "d3.md"})
    cosines = live._cosines(vector, rows)

    best: dict[int, tuple[float, int]] = {}
    for place in sorted(range(len(rows)), key=lambda place: (-cosines[place], place)):
        best.setdefault(live.contents.rows[rows[place]].passage, (float(cosines[place]), int(rows[place])))

    nearest = live.nearest(vector, rows, limit)
    assert [(found.passage, found.cosine, found.row) for found in nearest] == [(passage, *figures) for passage, figures in best.items()][
        :limit
    ]
    assert cosines == pytest.approx(live.matrix[rows] @ vector, abs=1e-5)
    assert {live.contents.passages[found.passage].document for found in nearest} <= {"d0.md", "d3.md"}


def test_what_is_in_force_is_told_apart_by_its_date() -> None:
    now, later = a_policy("now.md"), a_policy("later.md", effective=date(2027, 1, 1))
    contents, texts = contents_of({now: ["Five days."], later: ["Six days."]})
    live = Live(contents, EMBEDDER.embed_windows(texts))

    dates = [date(2026, 12, 31), date(2027, 1, 1), *(date(2025, 1, day) for day in range(1, 20)), date(2027, 1, 1)]

    assert [len(live.in_force(day)) for day in dates] == [1, 2, *[1] * 19, 2]


def test_documents_are_found_by_the_countries_that_they_say_they_are_for() -> None:
    german, anywhere = a_policy("annual-leave-germany.md"), a_policy("annual-leave.md")
    contents, texts = contents_of({german: ["Five days."], anywhere: ["Six days."]})

    assert Live(contents, EMBEDDER.embed_windows(texts)).by_countries == {
        frozenset({"germany"}): {german.id},
        frozenset(): {anywhere.id},
    }
