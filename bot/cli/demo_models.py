"""Who may write in the demo: the pretend model, and a real one that is found here and asked for by name."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.errors import Misconfigured
from bot.model_settings import OPENAI
from bot.models import ALL, Model

if TYPE_CHECKING:
    from bot.settings import Settings

OLLAMA = "http://127.0.0.1:11434/v1"
# The sample company has no secrets. Nothing is remembered: a switch of the writer, or a lie, is to be seen in the very next answer.
PRETEND = Model(name="pretend-tuned", url="", key="pretend", may_see=frozenset({ALL}), remember=False)
_SHOWN = 5  # names


async def found_models(settings: Settings) -> tuple[Model, ...]:
    """Models that answer here: Ollama's on this machine, and those of OPENAI_BASE_URL where that was set or a key was given."""
    import httpx

    from bot.adapters.openai_models import list_models
    from bot.adapters.outside import way_out

    addresses = {OLLAMA: ""}
    if settings.model_key or settings.model_url != OPENAI:
        addresses[settings.model_url] = settings.model_key

    async def models(url: str, key: str) -> list[Model]:
        async with httpx.AsyncClient(**way_out(settings, url)) as http:
            names = await list_models(url, key, http)
        return [Model(name=name, url=url, key=key, may_see=frozenset({ALL})) for name in names]

    return tuple(model for some in await asyncio.gather(*(models(url, key) for url, key in addresses.items())) for model in some)


def writing_in(address: str, wanted: str, found: tuple[Model, ...]) -> tuple[Model, ...]:
    """The model that was asked for, else the pretend one at this address. Raises Misconfigured where no such model is here."""
    pretend = replace(PRETEND, url=f"{address}/v1")
    if not wanted:
        return (pretend,)
    chosen = next((model for model in found if model.name == wanted), None)
    if chosen is None:
        here = ", ".join(model.name for model in found[:_SHOWN]) or "none"
        raise Misconfigured(
            f"No model called {wanted} answers here (found: {here}). Start Ollama, or set OPENAI_BASE_URL and OPENAI_API_KEY."
        )
    return (chosen,)


def offer(found: tuple[Model, ...], wanted: str) -> str:
    """One sentence for the terminal: what could write, or what does."""
    if wanted:
        return f"{wanted} writes the answers."
    if not found:
        return ""
    names = ", ".join(model.name for model in found[:_SHOWN])
    return f"Found here: {names}. `ibid demo --model {found[0].name}` lets it write."
