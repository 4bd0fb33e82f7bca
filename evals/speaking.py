"""Who writes the answers of a run: quotes alone, or the models of the settings with the quotes behind them, as in production."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.adapters.quote_writer import QuoteWriter
from bot.errors import Misconfigured
from bot.openings import open_writers
from evals.meter import Meter, Metered, money, tokens

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.models import Model
    from bot.ports import Writer
    from bot.settings import Settings

QUOTE, OPENAI = "quote", "openai"


@dataclass(frozen=True, kw_only=True)
class Speakers:
    """The writers in their order, on a meter; the first model for itself, to judge; what judging takes stands on a meter of its own."""

    writers: tuple[Writer, ...]
    meter: Meter = field(default_factory=Meter)
    judge: Writer | None = None
    judging: Meter = field(default_factory=Meter)

    @property
    def total(self) -> str:
        """What the whole run took, in one sentence: earlier questions of threads and the judging are part of it."""
        bills = (*self.meter.all, *self.judging.all)
        spent, paid = tokens(bills), money(bills)
        taken = f"{spent.prompt:,} tokens of prompt, {spent.cached:,} of them cached, and {spent.written:,} written"
        return f"{len(bills):,} calls took {taken}; " + ("what that costs is not known." if paid is None else f"that is {paid:,.4g}.")


def models_of(writer: str, settings: Settings) -> tuple[Model, ...]:
    """The models that will be asked. Raises Misconfigured where they are wanted and none is set."""
    if writer == QUOTE:
        return ()
    if not settings.models:
        raise Misconfigured(
            "--writer openai needs a model: set IBID_MODEL to its name, with OPENAI_API_KEY for OpenAI's own, or with OPENAI_BASE_URL for "
            "one that answers elsewhere (Azure also needs OPENAI_API_VERSION); IBID_TUNED_MODEL names one that speaks before it."
        )
    return settings.models


@asynccontextmanager
async def speaking(writer: str, settings: Settings) -> AsyncIterator[Speakers]:
    """Open as long as the block runs."""
    models = models_of(writer, settings)
    if not models:
        yield Speakers(writers=(QuoteWriter(),))
        return
    async with AsyncExitStack() as stack:
        *asked, quotes = await open_writers(settings, stack)
        answering, judging = Meter(), Meter()
        metered = [Metered(one, model.price, answering) for one, model in zip(asked, models, strict=True)]
        judge = Metered(asked[0], models[0].price, judging)
        yield Speakers(writers=(*metered, quotes), meter=answering, judge=judge, judging=judging)
