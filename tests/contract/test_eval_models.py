"""Golden questions through models: the real client, the real flow, and a model server that is told what to say."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.flows import looking
from bot.models import Model
from bot.settings import HOME, read_settings
from evals import cli, log
from evals.desk import furnish
from evals.golden import GoldenQuestion, load_golden
from evals.meter import tokens
from evals.runner import reply_to
from evals.speaking import speaking
from knowledge.corpus import Corpus
from knowledge.hashing_embedding import HashingEmbedding
from knowledge.weights import THRESHOLDS
from playground.model import CUT, PretendModel, Script, refuses, says
from tests.corpora import write_policy

TUNED, BASE = "pretend-tuned", "pretend-base"
CARRY = "how many days of annual leave can be carried over?"
RIGHT = "You may carry over up to 5 days of annual leave. [1]\n"
PRICES = {"IBID_TUNED_PRICE": "10,5,20", "IBID_MODEL_PRICE": "1,0.5,2"}
Run = Callable[..., Any]


def a_golden(number: int = 1, question: str = CARRY, **more: object) -> dict[str, object]:
    known = {"id": f"q-{number}", "kind": "plain", "asker": "priya", "where": "#ask-policy", "question": question}
    return {**known, "clause": ["holiday#1.1"], "says": ["5 days"], "never": ["13 days"], **more}


@pytest.fixture
async def model() -> AsyncIterator[PretendModel]:
    async with PretendModel.start() as started:
        yield started


@pytest.fixture
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "documents"
    write_policy(folder, "holiday.md", "Employees may carry over up to 5 days of annual leave.", title="Annual leave")
    write_policy(folder, "secret.md", "The exceptional carry over of annual leave is 13 days.", title="Exceptions", access="groups: hr")
    (folder / "workspace.yaml").write_bytes((HOME / "handbook" / "workspace.yaml").read_bytes())
    monkeypatch.setattr(looking, "THRESHOLDS", replace(THRESHOLDS, answer_from=0.0))  # tuned for the real embedder
    monkeypatch.setenv("IBID_DOCUMENTS", str(folder))
    return folder


@pytest.fixture
def evaluate(documents: Path, model: PretendModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command on these questions, in a thread, since the model answers on this loop; gives its figures."""
    monkeypatch.setattr(cli, "open_minilm", lambda *_, **__: HashingEmbedding())
    monkeypatch.setattr(log, "LOG", tmp_path / "runs.jsonl")
    for name, value in {"OPENAI_BASE_URL": model.url, "OPENAI_API_KEY": model.key, "IBID_MODEL": BASE}.items():
        monkeypatch.setenv(name, value)

    async def run(*questions: dict[str, object], options: tuple[str, ...] = (), **environment: str) -> dict[str, Any]:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        (documents / "golden.yaml").write_text(yaml.safe_dump(list(questions)), encoding="utf-8")
        file = tmp_path / "figures.json"
        arguments = ["--writer", "openai", "--json", str(file), *options]
        assert await asyncio.to_thread(cli.main, arguments) == 0
        figures: dict[str, Any] = json.loads(file.read_text())["golden"]["check" if "check" in options else "tune"]
        return figures  # of holiday, which is in the tune half: its name decides

    return run


def prompt_tokens(*asked: Any) -> int:  # noqa: ANN401  the pretend model's requests
    return sum(-(-len(one.prompt) // 4) for one in asked)


async def test_an_answer_is_counted_with_its_tokens_and_its_money(evaluate: Run, model: PretendModel) -> None:
    model.script(says(RIGHT, cached=100))
    found = await evaluate(a_golden(), **PRICES)
    prompt, written = prompt_tokens(*model.requests), -(-len(RIGHT) // 4)
    assert (found["prompt_tokens"], found["cached_tokens"], found["written_tokens"]) == (prompt, 100, written)
    assert found["money_per_1000"] == pytest.approx(((prompt - 100) * 1 + 100 * 0.5 + written * 2) / 1000)
    assert (found[f"answered_by_{BASE}"], found["said_required"], found["model_failed"], found["cut_off"]) == (1.0, 1.0, 0.0, 0.0)
    assert [one.body["model"] for one in model.requests] == [BASE]


async def test_two_models_are_paid_each_by_its_own_price(evaluate: Run, model: PretendModel) -> None:
    model.script("Everybody gets 99 days. [1]\n", model=TUNED)
    model.script(says(RIGHT, cached=0), model=BASE)
    found = await evaluate(a_golden(), IBID_TUNED_MODEL=TUNED, **PRICES)
    tuned, base = model.requests
    money = prompt_tokens(tuned) * 10 + 7 * 20 + prompt_tokens(base) * 1 + -(-len(RIGHT) // 4) * 2
    assert found["money_per_1000"] == pytest.approx(money / 1000)
    assert (found["proved_nothing"], found[f"answered_by_{BASE}"], found["model_failed"]) == (1.0, 1.0, 0.0)


async def test_an_answers_evidence_and_its_bills_tell_the_same(documents: Path, model: PretendModel, tmp_path: Path) -> None:
    (documents / "golden.yaml").write_text(yaml.safe_dump([a_golden()]), encoding="utf-8")
    settings = read_settings()
    settings = replace(settings, models=(Model(name=TUNED, url=model.url, key=model.key), Model(name=BASE, url=model.url, key=model.key)))
    model.script("Everybody gets 99 days. [1]\n", RIGHT)
    async with speaking("openai", settings) as speakers:
        desk = await furnish(Corpus.open(tmp_path / "own", HashingEmbedding()), documents, speakers.writers, lambda _: None)
        reply = await reply_to(load_golden(documents / "golden.yaml")[0], replace(desk, meter=speakers.meter))
    assert [bill.model for bill in reply.bills] == [TUNED, BASE]
    assert reply.answer.evidence.spent == tokens(reply.bills)


async def test_without_a_price_the_money_is_not_known_and_the_tokens_are(evaluate: Run, model: PretendModel) -> None:
    model.script(RIGHT)
    found = await evaluate(a_golden())
    assert found["money_per_1000"] is None
    assert found["prompt_tokens"] > 0


async def test_the_rewriting_of_a_follow_up_is_part_of_its_price_and_the_question_before_is_not(evaluate: Run, model: PretendModel) -> None:
    model.script(RIGHT, CARRY, says(RIGHT, cached=0))
    asked = a_golden(
        kind="follow_up", before=["what is there to know about annual leave?"], question="and how much of it can be carried over?"
    )
    found = await evaluate(asked, **PRICES)
    before, rewriting, answer = model.requests
    assert found["prompt_tokens"] == prompt_tokens(rewriting, answer)
    assert before.prompt not in (rewriting.prompt, answer.prompt)


async def test_a_model_that_fails_stops_nothing_and_is_counted(
    evaluate: Run, model: PretendModel, capsys: pytest.CaptureFixture[str]
) -> None:
    model.script(refuses(401), says("You may carry over ", CUT), refuses(404))
    asked = (a_golden(1), a_golden(2, "can annual leave be carried over?"), a_golden(3, "how much annual leave may employees carry over?"))
    found = await evaluate(*asked)
    assert found["n"] == 3
    assert (found["answered_by_quotes"], found["said_required"], found["model_failed"]) == (1.0, 1.0, 1.0)
    assert found["counts"]["failed_refused"] == [1, 3]
    assert found["counts"]["failed_broke_off"] == [1, 3]
    assert found["counts"]["failed_no_such_model"] == [1, 3]
    assert "Traceback" not in capsys.readouterr().out


async def test_an_answer_that_breaks_off_after_it_was_released_is_cut_off(evaluate: Run, model: PretendModel) -> None:
    model.script(says(RIGHT, "Employees may carry over up to 5 days. [1]\n", CUT))
    found = await evaluate(a_golden(), **PRICES)
    assert (found["cut_off"], found[f"answered_by_{BASE}"]) == (1.0, 1.0)
    assert (found["told_tokens"], found["prompt_tokens"], found["money_per_1000"]) == (0.0, None, None)


async def test_what_a_model_may_not_see_it_is_not_asked(evaluate: Run, model: PretendModel) -> None:
    found = await evaluate(a_golden(where="dm"))
    assert (found["may_not_see"], found["answered_by_quotes"], found["model_failed"]) == (1.0, 1.0, 0.0)
    assert model.requests == []


async def test_the_estimate_stands_before_the_first_question_and_is_near_the_truth(
    evaluate: Run, model: PretendModel, capsys: pytest.CaptureFixture[str]
) -> None:
    model.script(RIGHT)
    await evaluate(a_golden(), a_golden(2, where="dm"), **PRICES)
    out = " ".join(capsys.readouterr().out.split())
    [asked] = model.requests
    exact = sum(len(message["content"]) for message in asked.body["messages"]) // 4
    assert f"2 questions to {BASE}: about {exact:,} tokens of prompt and 120 written, that is " in out
    assert out.index("2 questions to") < out.index("1 calls took")


async def test_a_limit_asks_so_many_and_always_the_same(evaluate: Run, model: PretendModel) -> None:
    asked = [a_golden(number, f"how many days of annual leave can be carried over, number {number}?") for number in range(5)]
    prompts = []
    for order in (asked, asked[::-1]):
        model.requests.clear()
        model.script(RIGHT, RIGHT)
        found = await evaluate(*order, options=("--limit", "2"))
        assert found["n"] == 2
        prompts.append({one.last_words for one in model.requests})
    assert len(prompts[0]) == 2
    assert prompts[0] == prompts[1]


# The judge


async def test_the_first_model_judges_what_was_answered(evaluate: Run, model: PretendModel) -> None:
    model.script(RIGHT, model=TUNED)
    model.script("RIGHT", model=TUNED)
    found = await evaluate(a_golden(), options=("--judge",), IBID_TUNED_MODEL=TUNED, **PRICES)
    answer, judging = model.requests
    assert judging.body["model"] == TUNED
    clause, said, question = "may carry over up to 5 days of annual leave", RIGHT.removesuffix(" [1]\n"), CARRY
    assert f"<answer>\n{said}\n</answer>" in judging.last_words
    assert f"<question>\n{question}\n</question>" in judging.last_words
    assert clause in judging.last_words.partition("</clause>")[0]
    assert "13 days" not in judging.prompt
    assert (found["judged_right"], found["judge_agrees"], found["judge_unclear"]) == (1.0, 1.0, 0.0)
    assert found["prompt_tokens"] == prompt_tokens(answer)


@pytest.mark.parametrize(
    ("verdict", "right", "unclear"),
    [
        ("**Right.**", 1.0, 0.0),
        ("WRONG\n", 0.0, 0.0),
        ("RIGHT, since it says so", None, 1.0),
        ("Well.", None, 1.0),
        (refuses(400), None, 1.0),
    ],
)
async def test_anything_but_one_word_is_unclear(
    evaluate: Run,
    model: PretendModel,
    verdict: Script | str,
    right: float | None,
    unclear: float,
) -> None:
    model.script(RIGHT, verdict)
    found = await evaluate(a_golden(), options=("--judge",))
    assert (found["judged_right"], found["judge_unclear"]) == (right, unclear)
    assert found["said_required"] == 1.0


async def test_what_is_refused_or_cannot_be_answered_is_not_judged(evaluate: Run, model: PretendModel) -> None:
    model.script("NOT FOUND", RIGHT)
    nowhere = {"kind": "near_miss", "clause": [], "says": [], "never": ["13 days"]}
    in_tune = next(number for number in range(2, 50) if _in_tune(number))
    found = await evaluate(a_golden(), a_golden(in_tune, "can annual leave be carried over twice?", **nowhere), options=("--judge",))
    assert len(model.requests) == 2
    assert "judged_right" not in found


async def test_a_judge_is_not_shown_what_it_may_not_see(evaluate: Run, model: PretendModel) -> None:
    found = await evaluate(a_golden(where="dm"), options=("--judge",))
    assert model.requests == []
    assert "judged_right" not in found


def _in_tune(number: int) -> bool:
    """A question without a clause is in a half by its id."""
    return GoldenQuestion(id=f"q-{number}", kind="near_miss", asker="priya", where="dm", question="?").half == "tune"


# Asked for wrongly


def test_without_a_model_one_is_told_which_settings_to_set(documents: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (documents / "golden.yaml").write_text(yaml.safe_dump([a_golden()]), encoding="utf-8")
    assert cli.main(["--writer", "openai"]) == 1
    out = capsys.readouterr().out
    for name in ("IBID_MODEL", "OPENAI_API_KEY", "OPENAI_BASE_URL", "IBID_TUNED_MODEL"):
        assert name in out


@pytest.mark.parametrize(
    "arguments", [["--judge"], ["--claims", "--writer", "openai"], ["--claims", "--limit", "3"], ["--limit", "0"], ["--limit", "-1"]]
)
def test_options_that_make_no_sense_together_are_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        cli.main(arguments)
    assert refused.value.code == 2


async def test_a_look_at_the_check_half_is_logged_with_the_models_names_and_given_once_for_them(
    evaluate: Run, model: PretendModel, documents: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_policy(documents, "leave.md", "Employees may carry over up to 5 days of annual leave.", title="Leave")
    asked, check = a_golden(clause=["leave#1.1"]), ("--set", "check")
    model.script(RIGHT)
    assert (await evaluate(asked, options=check))["n"] == 1
    [run] = log.runs(tmp_path / "runs.jsonl")
    assert (run["what"], run["writer"], run["models"], run["figures"]["n"]) == ("golden", "openai", [BASE], 1)
    assert await asyncio.to_thread(cli.main, ["--writer", "openai", *check]) == 1
    assert "exactly this tree" in capsys.readouterr().out
    assert len(model.requests) == 1
    await evaluate(asked, options=check, IBID_TUNED_MODEL=TUNED)
    assert [run["models"] for run in log.runs(tmp_path / "runs.jsonl")] == [[BASE], [TUNED, BASE]]
