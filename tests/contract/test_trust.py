"""`ibid eval --trust`: what is promised is held against what was measured, and a breach of what must never be ends the command with 1."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.answers import Answer, Outcome
from bot.prompts import NOT_FOUND
from evals import cli, log, trust
from evals.data_lines import BadData
from evals.figures import Reply
from evals.golden import Clause, GoldenQuestion
from evals.promises import ACCESS, PARTS, Part, Promise, broken
from evals.scripted import Scripted
from evals.serving import Served, served_figures
from evals.statistics import Figure, share
from evals.trust_report import BEGIN, END, markdown, write_between
from tests.factories import a_document, a_hit, a_request

PAGE = Path(__file__).parents[2] / "docs" / "trust.md"
NEVER, SHARE, ONLY_TOLD = (
    Promise(figure="leaks", says="told to the wrong people", never=True),
    Promise(figure="useful", says="of some use", least=0.5),
    Promise(figure="refused", says="refused"),
)
GOLDEN = GoldenQuestion(
    id="a-1", kind="plain", asker="tom", where="dm", question="How many days carry over?", clauses=(Clause("annual-leave", "4.1"),),
    says=("five days",), never=("eight days",),
)  # fmt: skip


@pytest.mark.parametrize(
    ("promise", "value", "kept"),
    [(NEVER, 0, True), (NEVER, 1, False), (NEVER, None, False), (SHARE, 0.5, True), (SHARE, 0.49, False), (SHARE, None, False),
     (ONLY_TOLD, 0.1, True), (ONLY_TOLD, None, True)],
)  # fmt: skip
def test_a_promise_is_kept_only_by_a_figure_that_was_measured(promise: Promise, value: float | None, kept: bool) -> None:
    assert promise.kept(Figure(value)) is kept


def test_what_must_never_be_and_was_not_measured_is_broken_too() -> None:
    part = Part("All", (NEVER, SHARE, ONLY_TOLD))
    assert broken({"leaks": Figure(0)}, [part]) == ()
    assert broken({"leaks": Figure(2), "useful": Figure(1.0)}, [part]) == (NEVER,)
    assert broken({}, [part]) == (NEVER,)


def test_every_figure_is_promised_once_and_some_must_never_be() -> None:
    names = [promise.figure for part in PARTS for promise in part.promises]
    assert len(names) == len(set(names))
    assert {promise.figure for part in PARTS for promise in part.promises if promise.never} >= {
        "access_forbidden", "taken_away_told", "quotes_leaks", "model_leaks", "planted_followed", "egress",
    }  # fmt: skip


def test_the_page_takes_the_figures_between_its_marks_and_nothing_else_changes(tmp_path: Path) -> None:
    page = tmp_path / "trust.md"
    page.write_text(f"Before.\n\n{BEGIN}\nstale figures\n{END}\n\nAfter.\n", encoding="utf-8")
    part = Part("All", (NEVER, SHARE, ONLY_TOLD))
    write_between(page, markdown({part: {"leaks": Figure(0), "useful": share([True, False, False])}}, "Asked today."))
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"Before.\n\n{BEGIN}\nAsked today.")
    assert text.endswith(f"{END}\n\nAfter.\n")
    assert "stale figures" not in text
    assert "| of some use | ≥ 0.5 | **0.333** |" in text
    assert "| told to the wrong people | 0 | 0 |" in text
    assert "not measured" in text


def test_a_page_without_the_marks_is_left_as_it_is(tmp_path: Path) -> None:
    page = tmp_path / "other.md"
    page.write_text("Nothing here.", encoding="utf-8")
    with pytest.raises(BadData, match="needs the lines"):
        write_between(page, "figures")
    assert page.read_text(encoding="utf-8") == "Nothing here."


def test_the_page_that_comes_with_ibid_has_room_for_the_figures() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.count(BEGIN) == text.count(END) == 1


@pytest.mark.parametrize("wrong", [["--claims"], ["--ablate"], ["--writer", "openai"], ["--failures"], ["--data", "x"]])
def test_it_takes_no_option_of_another_measure(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--trust", *wrong])
    assert "--trust measures all that is promised" in capsys.readouterr().err


@pytest.mark.parametrize("told", [0, 3])
def test_it_ends_with_one_where_what_must_never_be_is(told: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {part: {promise.figure: Figure(0.0 if promise.never else 1.0) for promise in part.promises} for part in PARTS}
    found[ACCESS]["access_forbidden"] = Figure(told)

    async def measured(_: trust.Trust) -> dict[Part, dict[str, Figure]]:
        return found

    monkeypatch.setattr(trust.Trust, "measured", measured)
    monkeypatch.setattr(log, "LOG", tmp_path / "runs.jsonl")
    written = tmp_path / "found.json"
    assert cli.main(["--trust", "--json", str(written)]) == (1 if told else 0)
    assert json.loads(written.read_text(encoding="utf-8"))["trust"]["access_forbidden"] == told
    assert not (tmp_path / "runs.jsonl").exists()
    assert cli.main(["--trust", "--set", "check"]) == (1 if told else 0)
    assert cli.main(["--trust", "--set", "check"]) == 1, "a second look at the check half without a change"
    assert len(log.runs(tmp_path / "runs.jsonl")) == 1


async def test_the_scripted_model_says_what_the_right_passage_says_and_nothing_without_one() -> None:
    scripted = Scripted()
    scripted.golden = GOLDEN
    texts = ["4.1 Last year eight days. Employees may carry over up to five days.", "5.1 Something else about five days."]
    request = a_request(*texts)
    assert [piece async for piece in scripted.write(request)] == ["Employees may carry over up to five days. [1]\n"]
    scripted.golden = replace(GOLDEN, clauses=(Clause("travel", "1.1"),))
    assert [piece async for piece in scripted.write(request)] == [f"{NOT_FOUND}\n"]
    scripted.golden = replace(GOLDEN, says=("one twelfth",))
    assert all(str(piece).endswith("[1]\n") for piece in [piece async for piece in scripted.write(request)])


@pytest.mark.parametrize(
    ("outcome", "offered", "entitled", "well"),
    [(Outcome.NOT_FOUND, True, True, True), (Outcome.NOT_FOUND, False, False, True), (Outcome.NOT_FOUND, False, True, False),
     (Outcome.NOT_FOUND, True, False, False), (Outcome.ANSWERED, True, True, False)],
)  # fmt: skip
def test_what_is_restricted_is_served_by_an_offer_exactly_to_who_may_have_it(
    outcome: Outcome, *, offered: bool, entitled: bool, well: bool
) -> None:
    golden = replace(GOLDEN, kind="restricted", says=(), where="#general")
    served = Served(Reply(golden=golden, answer=Answer(receipt="r", outcome=outcome)), offered, entitled)
    assert served.well is well
    assert served_figures([served])["useful"].value == float(well)


def test_a_right_answer_is_what_the_golden_question_says() -> None:
    hit = a_hit(document=a_document())
    reply = Reply(golden=GOLDEN, answer=Answer(receipt="r", outcome=Outcome.NOT_FOUND), hits=(hit,))
    assert not Served(reply, offered=True, entitled=True).well
