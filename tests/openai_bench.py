"""The real writer before the pretend model: what is heard of an answer, and how long was waited before a second try."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

from bot.adapters.openai_writer import OpenAIWriter
from bot.adapters.patience import Patience
from bot.errors import WriterFailed
from bot.models import Model, Spent
from playground.model import MODELS, Line, PretendModel
from tests.factories import a_request

PROMPT = "Moonlighting in the marzipan factory: is it allowed?"
REQUEST = replace(a_request(), messages=(("system", "Answer from the sources."), ("user", PROMPT)))
ANSWER = "You get 25 days. [1]"
LONG = Patience(first=20.0, gap=20.0, whole=60.0, after=20.0)


def delta(fields: str, finish: str = "null") -> Line:
    """A piece of the stream that is more, or less, than text."""
    return Line(f'data: {{"choices": [{{"index": 0, "delta": {{{fields}}}, "finish_reason": {finish}}}]}}')


@dataclass
class Heard:
    """What one answer was."""

    pieces: list[str] = field(default_factory=list)
    spent: list[Spent] = field(default_factory=list)
    failed: WriterFailed | None = None

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    @property
    def reason(self) -> str:
        return self.failed.reason if self.failed else ""


@dataclass
class Bench:
    """One writer and the model that it asks."""

    model: PretendModel
    writer: OpenAIWriter
    http: httpx.AsyncClient
    naps: list[float]

    async def ask(self) -> Heard:
        heard = Heard()
        try:
            async with aclosing(self.writer.write(REQUEST)) as pieces:
                async for piece in pieces:
                    heard.spent.append(piece) if isinstance(piece, Spent) else heard.pieces.append(piece)
        except WriterFailed as failed:
            heard.failed = failed
        return heard

    @property
    def asked(self) -> int:
        return len(self.model.requests)

    @property
    def connections(self) -> list[str]:
        transport: Any = self.http._transport  # no public way tells what is kept open
        return [connection.info() for connection in transport._pool.connections]


@asynccontextmanager
async def a_bench(patience: Patience = LONG, **changes: Any) -> AsyncIterator[Bench]:  # noqa: ANN401  fields of Model
    naps: list[float] = []

    async def nap(seconds: float) -> None:
        naps.append(seconds)

    async with PretendModel.start() as model, httpx.AsyncClient(trust_env=False) as http:
        url = model.azure_url if "api_version" in changes else model.url
        fields = {"name": MODELS[0], "url": url, "key": model.key, **changes}
        yield Bench(model, OpenAIWriter(Model(**fields), patience, http, nap), http, naps)
