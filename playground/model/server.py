"""The pretend model as an object: its addresses, who may ask, what was asked, and what is said."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from aiohttp import web

from playground.model.asking import Asked, PromptCache, asked_by, read_body
from playground.model.scripts import Page, Refusal, Reply, Script, says
from playground.model.sending import Said, send_stream, send_whole
from playground.model.shapes import error_json, models_json, usage_json
from playground.model.sight import look_at
from playground.model.speech import speak

KEY = "pretend"
MODELS = ("pretend-tuned", "pretend-base")
MOST_BYTES = 4 * 1024 * 1024
MOST_KEPT = 1000  # requests

Found = TypeVar("Found")


class PretendModel:
    """Answers as it was told to (`script`), else rewords its sources, or says of a picture what size and colour it is.

    `speaks` and `lies` are what the demo's page switches.
    """

    def __init__(
        self,
        *,
        key: str = KEY,
        models: tuple[str, ...] = MODELS,
        pause: float = 0.0,
        speaks: bool = True,
        told: Callable[[], None] | None = None,
    ) -> None:
        self.key = key
        self.models = models
        self.speaks = speaks
        self.lies = False
        self.url = ""
        self.requests: list[Asked] = []
        self.stalled = 0  # requests that say nothing more at this moment
        self._pause = pause
        self._told = told or (lambda: None)
        self._scripts: dict[str, deque[Script]] = {}
        self._cache = PromptCache()
        self._gate = asyncio.Event()
        self._happened = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def start(cls, *, key: str = KEY, models: tuple[str, ...] = MODELS, port: int = 0) -> "AsyncIterator[PretendModel]":
        """Serve it alone on 127.0.0.1 until the block ends; with an empty key it asks for none."""
        model = cls(key=key, models=models)
        site = web.Application(client_max_size=MOST_BYTES)
        site.add_routes(model.routes())
        runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.5, handler_cancellation=True)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", port).start()
            model.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
            yield model
        finally:
            model.release()
            await runner.cleanup()

    @property
    def azure_url(self) -> str:
        """What Azure's client calls its endpoint."""
        return self.url.removesuffix("/v1")

    def routes(self) -> list[web.RouteDef]:
        """OpenAI's addresses and Azure's, for any site."""
        return [
            web.post("/v1/chat/completions", self._complete),
            web.get("/v1/models", self._list),
            web.post("/openai/deployments/{deployment}/chat/completions", self._complete),
        ]

    def script(self, *scripts: Script | str, model: str = "") -> None:
        """What the next requests get, in order, whatever the switches say; with a model, only requests for that one."""
        self._scripts.setdefault(model, deque()).extend(says(one) if isinstance(one, str) else one for one in scripts)

    def forget(self) -> None:
        """Drop what was scripted and nobody has asked for."""
        self._scripts.clear()

    def release(self) -> None:
        """Let everything that stalls go on; what stalls from now on waits for the next release."""
        self._gate.set()
        self._gate = asyncio.Event()

    def switch(self, *, speaks: bool) -> None:
        """Let it write, or let it be as if it did not exist; it forgets that it was to lie."""
        self.speaks, self.lies = speaks, False
        self._told()

    def lie_next(self, *, lies: bool = True) -> None:
        """Put one false sentence into the next answer (or do not, after all)."""
        self.lies = lies and self.speaks
        self._told()

    async def until(self, found: Callable[[], Found | None], within: float = 10.0) -> Found:
        """Wait, without polling, until something about its requests is so; TimeoutError after `within` seconds."""
        async with asyncio.timeout(within):
            while not (value := found()):
                self._happened.clear()
                await self._happened.wait()
        return value

    async def _list(self, request: web.Request) -> web.StreamResponse:
        if not self._knows(asked_by(request)):
            return _refused(Refusal(status=401))
        return web.json_response(models_json(self.models if self.speaks else ()))

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        asked = asked_by(request)
        self.requests.append(asked)
        del self.requests[:-MOST_KEPT]
        try:
            asked.body = read_body(await request.text())
        except ValueError:
            return _refused(Refusal(status=400))
        self._happened.set()
        try:
            return await self._answer(request, asked)
        except (asyncio.CancelledError, ConnectionError):
            asked.left = True
            self._happened.set()
            raise

    async def _answer(self, request: web.Request, asked: Asked) -> web.StreamResponse:
        deployment = request.match_info.get("deployment", "")
        name = deployment or str(asked.body.get("model"))
        script = Refusal(status=401) if not self._knows(asked) else self._scripted(name) or self._missing(request, name, deployment)
        if isinstance(script, Refusal):
            return _refused(script)
        if isinstance(script, Page):
            return web.Response(status=script.status, text=script.text, content_type="text/html")
        reply = script or self._own(asked)
        said = Said(
            reply=reply,
            head={"id": f"chatcmpl-{id(asked):x}", "created": int(time.time()), "model": name},
            usage=usage_json(asked.prompt, reply, self._cache.shared(asked.prompt)),
            wants_usage=asked.wants_usage,
            azure=bool(deployment),
        )
        return await (send_stream if asked.body.get("stream") else send_whole)(request, said, self._stall)

    def _scripted(self, name: str) -> Script | None:
        waiting = self._scripts.get(name) or self._scripts.get("")
        return waiting.popleft() if waiting else None

    def _missing(self, request: web.Request, name: str, deployment: str) -> Refusal | None:
        if deployment and not request.query.get("api-version"):
            return Refusal(status=404, code="404", message="Resource not found")
        if self.speaks and name in self.models:
            return None
        message = f"The model `{name}` does not exist or you do not have access to it."
        return Refusal(status=404, code="DeploymentNotFound" if deployment else "", message=message)

    def _own(self, asked: Asked) -> Reply:
        """Its own words, one by one; a lie is used up by the first answer that has room for it."""
        if asked.pictures:
            return says(*(f"{told} " for told in map(look_at, asked.pictures)), pause=self._pause)
        speech = speak(asked.last_words, told=asked.told, lie=self.lies)
        if speech.lied:
            self.lie_next(lies=False)
        return says(*speech.words, pause=self._pause)

    async def _stall(self) -> None:
        gate = self._gate
        self.stalled += 1
        self._happened.set()
        try:
            await gate.wait()
        finally:
            self.stalled -= 1
            self._happened.set()

    def _knows(self, asked: Asked) -> bool:
        return asked.key == self.key or not self.key


def _refused(refusal: Refusal) -> web.Response:
    return web.json_response(error_json(refusal), status=refusal.status, headers=refusal.headers)
