"""The part of `ibid doctor` that shows a picture to the model that is to describe pictures."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING

from bot.cli.doctor_services import told
from bot.cli.finding import Finding
from bot.errors import Misconfigured, WriterFailed
from bot.models import ALL

if TYPE_CHECKING:
    from bot.models import Model
    from bot.settings import Settings


def vision(settings: Settings) -> Finding:
    """Does it say something about a picture? And whose is it not shown?"""
    model = settings.vision
    if model is None:
        return Finding(None, "Pictures: told by their alt texts and captions; IBID_VISION_MODEL is not set")
    title = f"Pictures: described by {model.name}"
    try:
        trouble = asyncio.run(_trouble(settings, model))
    except Misconfigured as problem:
        return Finding(False, title, str(problem))
    kept = "" if ALL in model.may_see else f"It is shown those of documents under {' '.join(sorted(model.may_see))}."
    return Finding(not trouble, title, trouble or kept)


async def _trouble(settings: Settings, model: Model) -> str:
    import httpx

    from bot.adapters.describer import ModelDescriber
    from bot.adapters.outside import way_out
    from bot.prompts import load_prompt
    from knowledge.reading.pictures import Picture

    async with httpx.AsyncClient(**way_out(settings, model.url)) as http:
        describer = ModelDescriber(model, load_prompt(settings.prompts, "describe"), asyncio.get_running_loop(), http)
        try:
            await describer.look_at(Picture(_square(), "png", 0, 0), "")
        except WriterFailed as problem:
            return await told(settings, model, problem, http)
    return ""


def _square() -> bytes:
    """A picture of nobody's: a dark square on white."""
    from PIL import Image

    picture, out = Image.new("RGB", (96, 96), "white"), io.BytesIO()
    picture.paste("black", (24, 24, 72, 72))
    picture.save(out, "PNG")
    return out.getvalue()
