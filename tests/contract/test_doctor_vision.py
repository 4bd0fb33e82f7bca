"""`ibid doctor` shows the model that sees a picture, and says what is wrong before an index run does."""

from __future__ import annotations

import asyncio

from bot.cli.doctor_vision import vision
from bot.cli.finding import Finding
from bot.settings import read_settings
from playground.model import PretendModel, refuses


async def found(model: PretendModel, **given: str) -> Finding:
    """Asked from a thread of its own, as from a terminal."""
    usual = {"OPENAI_BASE_URL": model.url, "OPENAI_API_KEY": model.key, "IBID_VISION_MODEL": "pretend-base"}
    return await asyncio.to_thread(vision, read_settings(usual | given))


async def test_a_model_that_sees_is_shown_a_picture_and_named_with_what_it_may_see() -> None:
    async with PretendModel.start() as model:
        finding = await found(model, IBID_MODEL_MAY_SEE="everyone groups:hr")
        local = await found(model, IBID_VISION_MAY_SEE="local")

    words = "It is shown those of documents under everyone groups:hr."
    assert finding == Finding(True, "Pictures: described by pretend-base", words)
    assert local == Finding(True, "Pictures: described by pretend-base", "")
    assert [len(asked.pictures) for asked in model.requests] == [1, 1]


async def test_a_model_that_takes_no_pictures_or_is_not_there_is_a_fault() -> None:
    async with PretendModel.start() as model:
        model.script(refuses(400, code="image_url_not_supported"))
        blind = await found(model)
        missing = await found(model, IBID_VISION_MODEL="gpt-nothing")

    assert (blind.well, missing.well) == (False, False)
    assert "status 400" in blind.cure
    assert "knows no such model" in missing.cure


async def test_without_one_nothing_is_shown() -> None:
    async with PretendModel.start() as model:
        finding = await found(model, IBID_VISION_MODEL="")

    assert finding.well is None
    assert model.requests == []
