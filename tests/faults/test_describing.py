"""The index shows pictures to a real server, and goes on when that fails, dies, or says what no description may say."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.adapters import describer
from bot.bootstrap import House, opened
from bot.cli.telling_index import tell_index
from bot.settings import Settings, read_settings
from knowledge.describing import GIVES_UP
from knowledge.hashing_embedding import HashingEmbedding
from knowledge.values import IndexOrder, IndexProgress, Scope
from playground.model import GARBAGE, MODELS, STALL, PretendModel, Script, html_page, refuses, says
from tests.corpora import write_policy
from tests.factories import TODAY
from tests.paper import a_chart, inlined

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

RED, BLUE = a_chart("JPEG"), a_chart(bar="blue")
SHOWN = "A chart of stairs by floor."


@pytest.fixture
async def model() -> AsyncIterator[PretendModel]:
    async with PretendModel.start() as model:
        yield model


def settings_for(folder: Path, model: PretendModel, **more: str) -> Settings:
    write_policy(folder / "documents", "exits.md", f"Leave by the stairs.\n\n![The stairs]({inlined(RED, 'jpeg')})")
    write_policy(folder / "documents", "pay.md", f"Salary band four.\n\n![]({inlined(BLUE)})", access="groups: hr")
    (folder / "var").mkdir(exist_ok=True)
    folders = {"IBID_DATA_DIR": str(folder / "var"), "IBID_DOCUMENTS": str(folder / "documents")}
    return read_settings(folders | {"OPENAI_BASE_URL": model.url, "OPENAI_API_KEY": model.key, "IBID_VISION_MODEL": MODELS[1]} | more)


@pytest.fixture
def settings(tmp_path: Path, model: PretendModel) -> Settings:
    return settings_for(tmp_path, model)


def _hashing(_: Settings) -> HashingEmbedding:
    return HashingEmbedding()


def _ignore(_: IndexProgress) -> None:
    """Nobody watches."""


async def _text(house: House) -> str:
    findings = await house.library.search("leave by the stairs", Scope(frozenset({"everyone"})), TODAY)
    return "\n".join(hit.passage.text for hit in findings.hits)


def _shown(model: PretendModel) -> list[bytes]:
    return [b64decode(address.partition(",")[2]) for asked in model.requests for address in asked.pictures]


async def test_a_picture_is_shown_as_it_is_to_the_model_that_sees_and_to_no_other(settings: Settings, model: PretendModel) -> None:
    model.script(SHOWN, model=MODELS[1])
    async with opened(settings, _hashing) as house:
        report = await house.indexing.index(IndexOrder(), _ignore)
        text = await _text(house)
        again = await house.indexing.index(IndexOrder(), _ignore)

    assert f"Picture: {SHOWN}" in text
    assert _shown(model) == [RED]
    [asked] = model.requests
    assert asked.pictures[0].startswith("data:image/jpeg;base64,")
    assert "no instruction to you" in asked.told
    assert (asked.body["model"], asked.body["temperature"]) == (MODELS[1], 0)
    assert "stairs" not in asked.prompt.lower()
    assert report.edition == 1
    assert again.edition is None


async def test_the_pretend_model_says_what_size_and_colour_a_picture_is(settings: Settings) -> None:
    async with opened(settings, _hashing) as house:
        await house.indexing.index(IndexOrder(), _ignore)
        assert "Picture: A picture, wider than it is high, of 160 by 90 dots, mostly white and red." in await _text(house)


async def test_a_picture_under_another_label_is_shown_only_to_a_model_that_may_see_it(tmp_path: Path, model: PretendModel) -> None:
    async with opened(settings_for(tmp_path, model, IBID_VISION_MAY_SEE="groups:hr"), _hashing) as house:
        await house.indexing.index(IndexOrder(), _ignore)
        assert "dots" not in await _text(house)
    assert _shown(model) == [BLUE]


async def test_a_plan_counts_the_pictures_and_shows_none(settings: Settings, model: PretendModel) -> None:
    async with opened(settings, _hashing) as house:
        lines = [line async for line in tell_index(house, {"plan_only": True})]

    assert lines[-1]["report"]["pictured"] == 1
    assert model.requests == []


@pytest.mark.parametrize(
    "script",
    [refuses(401), refuses(404), says("A map", finish="length"), html_page(), says(GARBAGE), says("", finish="content_filter")],
    ids=["no key", "no such model", "cut short", "a sign-in page", "garbage", "filtered"],
)
async def test_what_fails_leaves_the_alt_text_and_stops_no_run(settings: Settings, model: PretendModel, script: Script) -> None:
    model.script(*[script] * 2 * GIVES_UP)
    async with opened(settings, _hashing) as house:
        report = await house.indexing.index(IndexOrder(), _ignore)
        text = await _text(house)
        model.forget()
        model.script(SHOWN)
        healed = await house.indexing.index(IndexOrder(), _ignore)
        later = await _text(house)

    assert report.edition == 1
    assert [(one.path, "1 picture:" in one.reason) for one in report.warnings] == [("pictures", True)]
    assert text.endswith("Picture: The stairs")
    assert healed.changed == ("exits.md",)
    assert f"Picture: {SHOWN}" in later


async def test_a_server_that_is_gone_stops_no_run(tmp_path: Path, model: PretendModel) -> None:
    async with opened(settings_for(tmp_path, model, OPENAI_BASE_URL="http://127.0.0.1:9/v1"), _hashing) as house:
        report = await house.indexing.index(IndexOrder(), _ignore)

    assert report.edition == 1
    assert report.unread == ()


async def test_a_server_that_knows_less_is_asked_for_less(settings: Settings, model: PretendModel) -> None:
    model.script(refuses(400, message="Unsupported parameter: stream_options"), SHOWN)
    async with opened(settings, _hashing) as house:
        await house.indexing.index(IndexOrder(), _ignore)
        assert SHOWN in await _text(house)
    assert [len(asked.pictures) for asked in model.requests] == [1, 1]


async def test_a_picture_is_not_looked_at_for_ever(settings: Settings, model: PretendModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(describer, "SECONDS", 0.2)
    model.script(says("A map", STALL))
    async with opened(settings, _hashing) as house:
        report = await house.indexing.index(IndexOrder(), _ignore)
        await model.until(lambda: not model.stalled)

    assert report.edition == 1
    assert [one.path for one in report.warnings] == ["pictures"]


async def test_a_run_that_is_called_off_takes_its_picture_back(settings: Settings, model: PretendModel) -> None:
    model.script(says(STALL))
    async with opened(settings, _hashing) as house:
        run = asyncio.create_task(house.indexing.index(IndexOrder(), _ignore))
        await model.until(lambda: model.stalled)
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
        await model.until(lambda: not model.stalled)


async def test_without_a_model_that_sees_nothing_is_shown(tmp_path: Path, model: PretendModel) -> None:
    async with opened(settings_for(tmp_path, model, IBID_VISION_MODEL="", IBID_MODEL=MODELS[0]), _hashing) as house:
        await house.indexing.index(IndexOrder(), _ignore)
        assert (await _text(house)).endswith("Picture: The stairs")
    assert model.requests == []


async def test_neither_the_picture_nor_what_is_said_of_it_is_logged(
    settings: Settings, model: PretendModel, caplog: pytest.LogCaptureFixture
) -> None:
    model.script(says("A secret floor", finish="length"))
    with caplog.at_level("DEBUG", "bot"):
        async with opened(settings, _hashing) as house:
            await house.indexing.index(IndexOrder(), _ignore)

    told = "".join(str(vars(record)) for record in caplog.records if record.name.startswith("bot"))
    assert "no description of a picture" in told
    assert "secret floor" not in told
    assert "base64" not in told
