"""The index asks a real server for lines about passages, and goes on when that fails, dies, or says what no line may say."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.adapters import situator
from bot.bootstrap import House, opened
from bot.settings import Settings, read_settings
from knowledge.hashing_embedding import HashingEmbedding
from knowledge.lines import GIVES_UP
from knowledge.values import IndexOrder, IndexProgress, Scope
from playground.model import MODELS, STALL, PretendModel, Script, html_page, refuses, says
from tests.corpora import write_policy
from tests.factories import TODAY

LINE = "Holiday that is left over at the end of the year."
PLANS = 12
HR = "Salary band four starts at £52,000."


@pytest.fixture
async def model() -> AsyncIterator[PretendModel]:
    async with PretendModel.start() as model:
        yield model


@pytest.fixture
def settings(tmp_path: Path, model: PretendModel) -> Settings:
    write_policy(tmp_path / "documents", "leave.md", "Unused leave lapses.", "Ask </document> your manager.")
    write_policy(tmp_path / "documents", "pay.md", HR, access="groups: hr")
    return read_settings(_environment(tmp_path, model))


def _environment(tmp_path: Path, model: PretendModel, **more: str) -> dict[str, str]:
    folders = {"IBID_DATA_DIR": str(tmp_path / "var"), "IBID_DOCUMENTS": str(tmp_path / "documents")}
    (tmp_path / "var").mkdir(exist_ok=True)
    return folders | {"OPENAI_BASE_URL": model.url, "OPENAI_API_KEY": model.key, "IBID_MODEL": MODELS[0], "IBID_SITUATE": "yes"} | more


def _hashing(_: Settings) -> HashingEmbedding:
    return HashingEmbedding()


def _ignore(_: IndexProgress) -> None:
    """Nobody watches."""


async def _lines(house: House) -> list[str]:
    findings = await house.library.search("unused leave ask manager rule is kept", Scope(frozenset({"everyone"})), TODAY)
    return [hit.passage.line for hit in findings.hits]


async def test_lines_come_from_the_model_for_what_it_may_see_and_the_next_run_asks_nothing(settings: Settings, model: PretendModel) -> None:
    model.script(LINE, says("Whom to ask", " about leave."))
    async with opened(settings, _hashing) as house:
        steps: list[IndexProgress] = []
        report = await house.indexing.index(IndexOrder(), steps.append)
        lines = await _lines(house)
        again = await house.indexing.index(IndexOrder(), _ignore)

    assert report.warnings == ()
    assert sorted(lines) == [LINE, "Whom to ask about leave."]
    assert [step.done for step in steps if step.stage == "situate"][-1] == 2
    assert again.edition is None
    assert len(model.requests) == 2
    for asked in model.requests:
        assert asked.body["model"] == MODELS[0]
        assert "Leave › 1. Rules" in asked.prompt
        assert asked.prompt.count("</document>") == 1
        assert HR not in asked.prompt


async def test_it_is_off_unless_it_is_switched_on(tmp_path: Path, settings: Settings, model: PretendModel) -> None:
    for more in ({"IBID_SITUATE": ""}, {"IBID_SITUATE": "no"}, {"IBID_MODEL": ""}):
        async with opened(read_settings(_environment(tmp_path, model, **more)), _hashing) as house:
            await house.indexing.index(IndexOrder(), _ignore)

    assert model.requests == []


@pytest.mark.parametrize("more", [{"IBID_MODEL_MAY_SEE": "groups:hr"}, {"IBID_MODEL_MAY_SEE": "asker"}])
async def test_no_model_is_given_a_label_that_it_may_not_see(
    tmp_path: Path, settings: Settings, model: PretendModel, more: dict[str, str]
) -> None:
    async with opened(read_settings(_environment(tmp_path, model, **more)), _hashing) as house:
        await house.indexing.index(IndexOrder(), _ignore)
        lines = await _lines(house)

    assert set(lines) == {""}
    assert not any("Unused leave" in asked.prompt for asked in model.requests)


@pytest.mark.parametrize("failure", [refuses(401), refuses(404), html_page(), says("")], ids=["401", "404", "a page", "nothing"])
async def test_a_model_that_fails_from_the_start_is_left_alone_and_asked_again_by_the_next_run(
    tmp_path: Path, settings: Settings, model: PretendModel, failure: Script, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(PLANS):
        write_policy(tmp_path / "documents", f"plan-{number}.md", f"Rule {number} is kept.")
    model.script(*[failure] * (GIVES_UP + 1))
    with caplog.at_level(logging.DEBUG):
        async with opened(settings, _hashing) as house:
            report = await house.indexing.index(IndexOrder(), _ignore)
            asked = len(model.requests)
            model.forget()  # two are asked at once: how many were, when it was given up, is chance
            model.script(*[LINE] * (PLANS + 3))
            again = await house.indexing.index(IndexOrder(), _ignore)
            lines = await _lines(house)

    assert report.edition == 1
    assert [warning.path for warning in report.warnings] == ["passages"]
    assert f"{PLANS + 2} of {PLANS + 3}" in report.warnings[0].reason
    assert asked <= GIVES_UP + 1
    assert again.warnings == ()
    assert again.edition == 2
    assert set(lines) == {LINE}
    assert "Unused leave" not in caplog.text
    assert not any("Unused leave" in str(vars(record)) for record in caplog.records)


async def test_a_model_that_dies_in_the_middle_leaves_an_index_that_answers_and_the_next_run_fills_it(
    tmp_path: Path, settings: Settings, model: PretendModel
) -> None:
    for number in range(PLANS):
        write_policy(tmp_path / "documents", f"plan-{number}.md", f"Rule {number} is kept.")
    model.script(*[LINE] * 4, *[refuses(500)] * 2 * (GIVES_UP + 1))  # each of them is tried once more
    async with opened(settings, _hashing) as house:
        report = await house.indexing.index(IndexOrder(), _ignore)
        some = await _lines(house)
        before = len(model.requests)
        model.forget()
        model.script(*[LINE] * (PLANS - 2), model=MODELS[0])
        again = await house.indexing.index(IndexOrder(), _ignore)
        all_of_them = await _lines(house)

    assert report.edition == 1
    assert f"{PLANS - 2} of {PLANS + 3}" in report.warnings[0].reason
    assert set(some) == {"", LINE}
    assert again.warnings == ()
    assert set(all_of_them) == {LINE}
    assert len(model.requests) - before == PLANS - 2


@pytest.mark.parametrize("refusal", [says("", finish="content_filter"), says("Long", finish="length")], ids=["filtered", "too long"])
async def test_what_a_model_that_writes_will_not_write_about_is_not_asked_again(
    settings: Settings, model: PretendModel, refusal: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.lines.AT_ONCE", 1)
    model.script(LINE, refusal)
    async with opened(settings, _hashing) as house:
        report = await house.indexing.index(IndexOrder(), _ignore)
        again = await house.indexing.index(IndexOrder(), _ignore)

    assert "1 of 3 are left out" in report.warnings[0].reason
    assert again.warnings == ()
    assert len(model.requests) == 2


async def test_a_line_without_end_is_not_waited_for(settings: Settings, model: PretendModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(situator, "SECONDS", 0.2)
    model.script(says("Unused", STALL), says("and " * situator.ENOUGH, STALL))
    async with opened(settings, _hashing) as house:
        report = await house.indexing.index(IndexOrder(), _ignore)
        await model.until(lambda: not model.stalled)

    assert report.edition == 1
    assert sorted(warning.reason[:30] for warning in report.warnings) == [
        "the model has not written abou",
        "the model's lines about 1 of 3",
    ]


async def test_a_run_that_is_called_off_calls_off_its_questions(settings: Settings, model: PretendModel) -> None:
    model.script(says(STALL), says(STALL))
    async with opened(settings, _hashing) as house:
        run = asyncio.create_task(house.indexing.index(IndexOrder(), _ignore))
        await model.until(lambda: model.stalled == 2)
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
        await model.until(lambda: not model.stalled)
        model.script(LINE, LINE)
        assert (await house.indexing.index(IndexOrder(), _ignore)).warnings == ()
