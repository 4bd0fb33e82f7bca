"""Socket Mode: envelopes to one of the connected sockets, acknowledged in time or sent again."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal
from uuid import uuid4

from aiohttp import WSMsgType, web

from playground.request_url import RequestUrl
from playground.values import APP_ID, Json

Pause = Callable[[float], Awaitable[None]]
EnvelopeKind = Literal["events_api", "slash_commands", "interactive"]
REDELIVER_AFTER = (3.0, 60.0, 300.0)
ACK_WITHIN = 3.0


@dataclass(slots=True)
class Delivery:
    """One envelope put on a socket (or lost because there was none)."""

    kind: EnvelopeKind
    payload: Json
    envelope_id: str
    attempt: int
    acked: bool = False
    answer: Json | None = None


class SocketMode:
    """The server's end of every socket that the bot holds open."""

    def __init__(self, pause: Pause = asyncio.sleep, redeliver_after: tuple[float, ...] = REDELIVER_AFTER) -> None:
        self._pause = pause
        self._redeliver_after = redeliver_after
        self._sockets: list[web.WebSocketResponse] = []
        self._tickets: set[str] = set()
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._turn = 0
        self.deliveries: list[Delivery] = []
        self.request_url: RequestUrl | None = None  # where it all goes instead, once the app has one

    @property
    def connected(self) -> int:
        return len(self._sockets)

    def ticket(self) -> str:
        """What apps.connections.open hands out: good for one connection."""
        name = uuid4().hex
        self._tickets.add(name)
        return name

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hold one socket of the bot until either side closes it."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=404, text="unknown ticket")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.append(socket)
        connection: Json = {"type": "hello", "num_connections": len(self._sockets), "connection_info": {"app_id": APP_ID}}
        await socket.send_json(connection | {"debug_info": {"host": "playground", "approximate_connection_time": 18060}})
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._acknowledge(frame.data)
        finally:
            self._forget(socket)
        return socket

    def send_event(self, payload: Json) -> None:
        """Deliver an event in the background, again and again until it is acknowledged or given up."""
        self.run(self._deliver_event(payload))

    async def ask(self, kind: EnvelopeKind, payload: Json, *, response: bool = True) -> Json | None:
        """Deliver a command or a click once; its acknowledgement's payload, or None when none came in time."""
        delivery = Delivery(kind, payload, str(uuid4()), attempt=0)
        return await self._attempt(delivery, ACK_WITHIN, {"accepts_response_payload": response})

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell every socket to come back on a new one, as Slack does every few hours."""
        for socket in list(self._sockets):
            self._forget(socket)
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "playground"}})

    async def cut(self) -> None:
        """Close every socket without a word."""
        for socket in list(self._sockets):
            self._forget(socket)
            await socket.close()

    async def settled(self) -> None:
        """Wait until every event is acknowledged or given up."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for future in self._waiting.values():
            future.cancel()
        await self.cut()
        if self.request_url:
            await self.request_url.close()

    def run(self, work: Coroutine[object, object, None]) -> None:
        """Keep a background task alive until it ends."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver_event(self, payload: Json) -> None:
        envelope = str(uuid4())
        for attempt, patience in enumerate((*self._redeliver_after, ACK_WITHIN)):
            retry: Json = {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else "", "accepts_response_payload": False}
            delivery = Delivery("events_api", payload, envelope, attempt)
            if await self._attempt(delivery, patience, retry) is not None or attempt == len(self._redeliver_after):
                return
            if self.request_url:  # a refusal comes at once
                await self._pause(patience)

    async def _attempt(self, delivery: Delivery, patience: float, extra: Json) -> Json | None:
        self.deliveries.append(delivery)
        if self.request_url:
            delivery.answer = await self.request_url.post(delivery.kind, delivery.payload, delivery.attempt)
            delivery.acked = delivery.answer is not None
            return delivery.answer
        acknowledged: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[delivery.envelope_id] = acknowledged
        envelope = {"type": delivery.kind, "envelope_id": delivery.envelope_id, "payload": delivery.payload, **extra}
        sent = await self._put(json.dumps(envelope))
        if not sent and delivery.kind != "events_api":
            return None
        timer: asyncio.Future[None] = asyncio.ensure_future(self._pause(patience))
        timer.add_done_callback(lambda _: acknowledged.cancel())
        try:
            await asyncio.wait([acknowledged])
        finally:
            timer.cancel()
            self._waiting.pop(delivery.envelope_id, None)
        if acknowledged.cancelled():
            return None
        delivery.acked, delivery.answer = True, acknowledged.result()
        return delivery.answer

    async def _put(self, text: str) -> bool:
        while self._sockets:
            self._turn += 1
            socket = self._sockets[self._turn % len(self._sockets)]
            with suppress(ConnectionError, RuntimeError):
                await socket.send_str(text)
                return True
            self._forget(socket)
        return False

    def _acknowledge(self, text: str) -> None:
        reply = json.loads(text)
        waiting = self._waiting.get(reply.get("envelope_id", ""))
        if waiting and not waiting.done():
            payload = reply.get("payload")
            waiting.set_result(payload if isinstance(payload, dict) else {})

    def _forget(self, socket: web.WebSocketResponse) -> None:
        if socket in self._sockets:
            self._sockets.remove(socket)
