"""Folders of documents and judged questions are read forgivingly where they differ, and refused in one line where they are wrong."""

from __future__ import annotations

import json
from math import log2
from pathlib import Path

import pytest

from evals.data import Asked, Measured, folders_in, read_folder
from evals.data_lines import BadData
from evals.ranking import Ranked, ndcg, ranked_once, ranking_figures, recall, reciprocal_rank, refusal_auc

ROWS = (
    {"id": "d1", "title": "Leave", "text": "25 days"},
    {"id": "d2", "text": "Pay is monthly"},
    {"id": 3, "title": None, "text": "Bikes"},
)


def jsonl(*entries: object) -> str:
    return "".join(f"{json.dumps(entry)}\n" for entry in entries)


def a_folder(root: Path, *questions: object, qrels: str | None = "q1\td1\t1\n", rows: str | None = None) -> Path:
    """Rows with one question about them, unless a test says otherwise."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "corpus.jsonl").write_text(jsonl(*ROWS) if rows is None else rows, encoding="utf-8")
    (root / "queries.jsonl").write_text(jsonl(*questions or ({"id": "q1", "text": "how many days?"},)), encoding="utf-8")
    if qrels is not None:
        (root / "qrels.tsv").write_text(qrels, encoding="utf-8")
    return root


def pages(root: Path, *questions: object) -> Path:
    """A PDF in a folder below docs, and questions about its pages. Its content is not looked at here."""
    (root / "docs" / "pay").mkdir(parents=True)
    (root / "docs" / "pay" / "guide.pdf").touch()
    (root / "docs" / "leave.md").touch()
    (root / "queries.jsonl").write_text(jsonl(*questions), encoding="utf-8")
    return root


def only(measured: Measured) -> Asked:
    (question,) = measured.questions
    return question


def a_reply(*places: str, gold: dict[str, float] | None = None, answerable: bool | None = True, confidence: float = 0.5) -> Ranked:
    return Ranked(places=places, gold=gold or {}, answerable=answerable, confidence=confidence)


def test_a_place_stands_where_its_best_passage_stands() -> None:
    assert ranked_once(["b", "a", "b", "c", "a"]) == ("b", "a", "c")


def test_recall_counts_what_was_found_of_what_is_right_and_a_hit_is_any() -> None:
    figures = ranking_figures([a_reply("x", "a", "y", "b", gold={"a": 1, "b": 1, "c": 1, "d": 1})])
    assert [figures[f"recall@{k}"] for k in (1, 3, 5, 10)] == [0.0, 0.25, 0.5, 0.5]
    assert [figures[f"hit@{k}"] for k in (1, 3, 5, 10)] == [0.0, 1.0, 1.0, 1.0]
    assert recall(("a",), {"a"}, 10) == 1.0


def test_ndcg_weighs_grades_by_their_rank_against_the_best_order() -> None:
    assert ndcg(("x", "a"), {"a": 1.0}, 5) == pytest.approx(1 / log2(3))
    graded = {"a": 3.0, "b": 1.0}
    assert ndcg(("a", "b"), graded, 5) == 1.0
    assert ndcg(("b", "a"), graded, 5) == pytest.approx((1 + 3 / log2(3)) / (3 + 1 / log2(3)))


def test_equal_grades_may_stand_in_any_order() -> None:
    gold = {"a": 2.0, "b": 2.0}
    assert ndcg(("a", "b"), gold, 5) == ndcg(("b", "a"), gold, 5) == 1.0


def test_ndcg_holds_no_more_right_places_against_a_ranking_than_fit() -> None:
    gold = dict.fromkeys("abcdefgh", 1.0)
    assert ndcg(tuple("abcde"), gold, 5) == 1.0
    assert ndcg(tuple("abcde"), gold, 10) < 1.0


def test_what_stands_too_deep_is_not_found() -> None:
    figures = ranking_figures([a_reply(*"0123456789", "a", gold={"a": 1})])
    assert (figures["recall@10"], figures["ndcg@10"], figures["mrr"]) == (0.0, 0.0, round(1 / 11, 4))


def test_the_first_right_place_counts_for_the_reciprocal_rank() -> None:
    assert reciprocal_rank(("x", "y", "a", "b"), {"a", "b"}) == pytest.approx(1 / 3)
    assert reciprocal_rank(("x", "y"), {"a"}) == reciprocal_rank((), {"a"}) == 0.0


def test_means_are_over_the_answerable_questions_that_were_judged() -> None:
    found = [
        a_reply("a", gold={"a": 1}),
        a_reply("x", gold={"a": 1}),
        a_reply("x"),
        a_reply("x", answerable=False),
        a_reply("x", answerable=None),
    ]
    figures = ranking_figures(found)
    assert (figures["n"], figures["recall@1"], figures["mrr"]) == (2, 0.5, 0.5)


def test_where_nothing_was_judged_there_is_no_figure() -> None:
    figures = ranking_figures([a_reply("x", answerable=False)])
    assert figures.pop("n") == 0
    assert set(figures.values()) == {None}


def test_the_refusal_figure_counts_a_tie_half_and_needs_both_kinds() -> None:
    sure = [a_reply(confidence=0.9), a_reply(confidence=0.4)]
    unsure = [a_reply(answerable=False, confidence=0.4), a_reply(answerable=False, confidence=0.6)]
    assert refusal_auc([*sure, *unsure]) == (1 + 1 + 0.5 + 0) / 4
    assert refusal_auc(sure) is None
    assert refusal_auc(unsure) is None
    assert refusal_auc([*sure, a_reply(answerable=None)]) is None


def test_rows_and_questions_may_be_numbered_or_named(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, {"id": 7, "text": "bikes?", "set": "extra"}, qrels="7\t3\t2\n7\td1\t1\n")
    measured = read_folder(folder)
    assert only(measured) == Asked(id="7", text="bikes?", gold={"3": 2.0, "d1": 1.0}, answerable=True)
    assert [(row.id, row.title) for row in measured.rows] == [("d1", "Leave"), ("d2", ""), ("3", "")]
    assert (measured.name, measured.documents, measured.remarks) == (tmp_path.name, None, ())


@pytest.mark.parametrize(
    "qrels",
    [
        "query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td2\t2\n",
        "q1\td1\t1\nq1\td2\t2\n",
        "q1 0 d1 1\nq1 0 d2 2\n",
        "\ufeffquery\titer\tdoc\trel\r\nq1\t0\td1\t1.0\r\n\r\nq1\t0\td2\t2\r\n",
        "q1\td1\t1\nq1\td2\t1\nq1\td2\t2\nq1\t3\t0\nq1\t3\t-1\n",
    ],
)
def test_judgements_may_have_a_header_and_three_or_four_columns(tmp_path: Path, qrels: str) -> None:
    assert only(read_folder(a_folder(tmp_path, qrels=qrels))).gold == {"d1": 1.0, "d2": 2.0}


def test_marks_of_files_and_speakers_are_no_text(tmp_path: Path) -> None:
    history = [{"role": "user", "text": "|user|: one"}, {"role": "assistant", "text": "two"}]
    entry = {"id": "q1", "text": "|user|: three", "rewrite": "|user|: one and three", "history": history}
    folder = a_folder(tmp_path)
    (folder / "queries.jsonl").write_text(f"\ufeff\n{json.dumps(entry)}\r\n\n", encoding="utf-8")
    question = only(read_folder(folder))
    assert (question.text, question.turn_before, question.rewrite) == ("three", "one", "one and three")


def test_a_line_separator_inside_of_a_text_ends_no_line(tmp_path: Path) -> None:
    rows = '{"id": "d1", "text": "one\u2028two\u0085three"}\n'
    assert [row.text for row in read_folder(a_folder(tmp_path, rows=rows)).rows] == ["one\u2028two\u0085three"]


def test_half_a_character_is_replaced(tmp_path: Path) -> None:
    assert only(read_folder(a_folder(tmp_path, {"id": "q1", "text": "days \ud83d"}))).text == "days ?"


def test_ways_to_ask_are_those_that_the_folder_gives(tmp_path: Path) -> None:
    plain: dict[str, object] = {"id": "q1", "text": "how many?", "history": [], "rewrite": None}
    assert set(read_folder(a_folder(tmp_path / "plain", plain)).views()) == {"last"}
    history = [{"role": "user", "text": "zero"}, {"role": "agent", "text": "no"}, {"role": "user", "text": "bikes?"}]
    follows = {"id": "q2", "text": "how many?", "history": history, "rewrite": "how many bikes?"}
    again = {"id": "q3", "text": "how many?", "history": [*history, {"role": "user", "text": "how many?"}]}
    views = read_folder(a_folder(tmp_path / "turns", plain, follows, again)).views()
    assert {name: [(asked.id, text) for asked, text in view] for name, view in views.items()} == {
        "last": [("q1", "how many?"), ("q2", "how many?"), ("q3", "how many?")],
        "last_two": [("q1", "how many?"), ("q2", "bikes? how many?"), ("q3", "bikes? how many?")],
        "decided": [("q1", "how many?"), ("q2", "how many?"), ("q3", "how many?")],
        "rewrite": [("q2", "how many bikes?")],
    }


def test_a_question_is_answerable_when_it_says_so_or_has_an_answer(tmp_path: Path) -> None:
    questions = [
        {"id": f"q{n}", "text": "?"} | ({} if said is ... else {"answerable": said}) for n, said in enumerate((..., True, False, None))
    ]
    asked = read_folder(a_folder(tmp_path, *questions, qrels="q0\td1\t1\nq2\td1\t1\n")).questions
    assert [(one.answerable, dict(one.gold)) for one in asked] == [(True, {"d1": 1.0}), (True, {}), (False, {}), (None, {})]


def test_pages_are_named_by_file_and_number(tmp_path: Path) -> None:
    gold = ["pay/guide.pdf#page=3", "./pay/guide.pdf#page=04", "leave.md"]
    measured = read_folder(pages(tmp_path, {"id": "q1", "text": "?", "gold_pages": gold}, {"id": "q2", "text": "?", "gold_pages": []}))
    assert dict(measured.questions[0].gold) == {"pay/guide.pdf#page=3": 1.0, "pay/guide.pdf#page=4": 1.0, "leave.md": 1.0}
    assert (measured.documents, measured.rows) == (tmp_path / "docs", ())


def test_judgements_of_other_questions_are_left_out_and_said(tmp_path: Path) -> None:
    measured = read_folder(a_folder(tmp_path, qrels="q1\td1\t1\nq8\tnowhere\t1\n"))
    assert dict(only(measured).gold) == {"d1": 1.0}
    assert measured.remarks == ("qrels.tsv is also about questions that queries.jsonl does not have; left out: 1",)


def test_a_folder_of_folders_is_each_of_them(tmp_path: Path) -> None:
    one, two = a_folder(tmp_path / "one"), a_folder(tmp_path / "two")
    (tmp_path / "other").mkdir()
    assert folders_in(tmp_path) == (one, two)
    assert folders_in(one) == (one,)
    with pytest.raises(BadData, match=r"queries\.jsonl is missing"):
        folders_in(tmp_path / "other")
    with pytest.raises(BadData, match="no such folder"):
        folders_in(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("file", "content", "complaint"),
    [
        (
            "queries.jsonl",
            '{"id": "q1", "text": "?"}\n{"id": \n',
            r"queries\.jsonl, line 2: is not JSON \(.*, column 8\); expected one object a line",
        ),
        ("queries.jsonl", "[" * 100_000, "line 1: is not JSON"),
        ("queries.jsonl", "[1]", "line 1: is JSON, but no object"),
        ("queries.jsonl", "\n", "holds no question"),
        ("queries.jsonl", '{"text": "?"}', 'line 1: "id" must be text or a whole number'),
        ("queries.jsonl", '{"id": true, "text": "?"}', 'line 1: "id" must be text or a whole number'),
        ("queries.jsonl", '{"id": "q1"}', 'line 1: "text" is missing'),
        ("queries.jsonl", '{"id": "q1", "text": ["?"]}', '"text" must be text'),
        ("queries.jsonl", '{"id": "q1", "text": "?", "answerable": "no"}', '"answerable" must be true or false'),
        ("queries.jsonl", '{"id": "q1", "text": "?", "history": ["hello"]}', '"history" must be a list of objects'),
        ("queries.jsonl", '{"id": "q1", "text": "?", "gold_pages": "a.pdf#page=1"}', '"gold_pages" must be a list'),
        ("queries.jsonl", '{"id": "q2", "text": "?"}', "no answerable question has a right answer"),
        ("corpus.jsonl", '{"id": "d1"}', r'corpus\.jsonl, line 1: "text" is missing'),
        ("corpus.jsonl", "", "holds no row"),
        ("corpus.jsonl", '{"id": "d2", "text": "x"}', r"question 'q1' is answered by 'd1', which is not in corpus\.jsonl"),
        ("qrels.tsv", "q1\td1\n", r"qrels\.tsv, line 1: expected a question's id"),
        ("qrels.tsv", "q1\td1\t1\nq1\td2\tgood\n", r"qrels\.tsv, line 2: expected"),
        ("qrels.tsv", "q1\td1\tgood\n", r"qrels\.tsv, line 1: expected"),
        ("qrels.tsv", "q1\td1\tnan\n", r"qrels\.tsv, line 1: expected"),
        ("qrels.tsv", "q1\td1\t0\n", "no answerable question has a right answer"),
        ("qrels.tsv", b"q1\t\xff\t1\n", "is not UTF-8 from byte 3 on"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_what_is_expected(tmp_path: Path, file: str, content: str | bytes, complaint: str) -> None:
    folder = a_folder(tmp_path)
    (folder / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BadData, match=complaint) as said:
        read_folder(folder)
    assert "\n" not in str(said.value)


@pytest.mark.parametrize(
    ("gold", "complaint"),
    [
        (["pay/other.pdf#page=1"], "'pay/other.pdf#page=1', which is not in docs"),
        (["pay/guide.pdf"], "expected its page: pay/guide.pdf#page=1"),
        (["pay/guide.pdf#page=0"], "which is not in docs"),
        (["pay/guide.pdf#page=x"], "which is not in docs"),
        ([3], '"gold_pages" must be a list'),
    ],
)
def test_a_page_that_is_nowhere_is_refused(tmp_path: Path, gold: list[object], complaint: str) -> None:
    with pytest.raises(BadData, match=complaint):
        read_folder(pages(tmp_path, {"id": "q1", "text": "?", "gold_pages": gold}))


@pytest.mark.parametrize(
    ("file", "complaint"), [("corpus.jsonl", "neither"), ("queries.jsonl", "cannot be read"), ("qrels.tsv", "no answerable")]
)
def test_a_missing_file_is_named(tmp_path: Path, file: str, complaint: str) -> None:
    folder = a_folder(tmp_path)
    (folder / file).unlink()
    with pytest.raises(BadData, match=complaint):
        read_folder(folder)


def test_one_right_answer_that_is_nowhere_counts_as_not_found_and_spoils_no_figure(tmp_path: Path) -> None:
    there, lost = (
        {"id": "q1", "text": "?", "gold_pages": ["pay/guide.pdf#page=1"]},
        {"id": "q2", "text": "?", "gold_pages": ["gone.pdf#page=1"]},
    )
    measured = read_folder(pages(tmp_path, there, lost))
    assert [asked.id for asked in measured.questions] == ["q1", "q2"]
    assert "1 of 2 right answers are nowhere" in " ".join(measured.remarks)
