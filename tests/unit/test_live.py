"""The matrix in memory: exact, masked, unchangeable."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.live import Live
from tests.corpora import ALL_LABELS, EMBEDDER, a_policy, contents_of
from tests.factories import HR

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
