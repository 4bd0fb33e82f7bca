"""Slack's Web API over HTTP: who calls, with which fields, what goes wrong on purpose, and the answer."""

import asyncio
import json
from json import JSONDecodeError

from aiohttp import web

from playground.errors import SlackError
from playground.faults import Fault, Faults
from playground.methods import METHODS
from playground.socket_mode import SocketMode
from playground.state import Call, State
from playground.values import APP_ID, Json

BOT_TOKEN = "xoxb-playground"  # noqa: S105  a made-up token of a made-up workspace
APP_TOKEN = "xapp-playground"  # noqa: S105  the same
ALWAYS_ALLOWED = frozenset({"token", "team_id"})
STRUCTURED = frozenset({"attachments", "blocks", "chunks", "loading_messages", "metadata", "prompts", "view"})


class WebApi:
    """Answers every call under /api/; calls and what was unexpected in them stay in the state."""

    def __init__(self, state: State, sockets: SocketMode, faults: Faults, scopes: str) -> None:
        self._state = state
        self._sockets = sockets
        self._faults = faults
        self._headers = {"x-oauth-scopes": scopes, "x-accepted-oauth-scopes": "", "x-slack-req-id": "playground"}

    async def serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        try:
            fields = await _fields(request)
        except (JSONDecodeError, UnicodeDecodeError):
            return self._json({"ok": False, "error": "invalid_json"})
        fault = self._faults.next(method)
        if fault:
            spoiled = await self._spoil(request, fault)
            if spoiled is not None:
                return spoiled
        try:
            answer = {"ok": True, **self._answer(request, method, fields, fault)}
        except SlackError as refusal:
            answer = {"ok": False, "error": refusal.code}
            if refusal.messages:
                answer["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in refusal.messages]}
        self._state.record(Call(method, {name: value for name, value in fields.items() if name != "token"}, answer))
        if fault and fault.kind == "answer_lost":
            return _cut(request)
        return self._json(answer)

    def _answer(self, request: web.Request, method: str, fields: Json, fault: Fault | None) -> Json:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip() or str(fields.get("token") or "")
        if not token:
            raise SlackError("not_authed")
        wanted = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        if token != wanted:
            raise SlackError("not_allowed_token_type" if token in (APP_TOKEN, BOT_TOKEN) else "invalid_auth")
        if fault and fault.kind == "refused":
            raise SlackError(fault.error)
        if method == "apps.connections.open":
            return {"url": f"ws://{request.host}/link/?ticket={self._sockets.ticket()}&app_id={APP_ID}"}
        known = METHODS.get(method)
        if known is None:
            self._state.unexpected.append((method, ""))
            raise SlackError("unknown_method")
        self._state.unexpected += [(method, name) for name in fields if name not in known.fields | ALWAYS_ALLOWED]
        return known.answer(self._state, fields)

    async def _spoil(self, request: web.Request, fault: Fault) -> web.StreamResponse | None:
        if fault.kind == "rate_limited":
            return self._json({"ok": False, "error": "ratelimited"}, status=429, retry_after=str(int(fault.seconds)))
        if fault.kind == "server_error":
            return self._json({"ok": False, "error": "internal_error"}, status=500)
        if fault.kind == "dropped":
            return _cut(request)
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        return None

    def _json(self, answer: Json, status: int = 200, retry_after: str = "") -> web.Response:
        headers = self._headers | ({"Retry-After": retry_after} if retry_after else {})
        return web.json_response(answer, status=status, headers=headers)


async def _fields(request: web.Request) -> Json:
    """The call's fields from the address and from a JSON or form body; structures inside a form are JSON."""
    given: Json = dict(request.query)
    if request.method == "POST":
        if request.content_type == "application/json":
            body = json.loads(await request.text() or "{}")
            given |= body if isinstance(body, dict) else {}
            return given
        given |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    return {name: json.loads(value) if name in STRUCTURED and value[:1] in ("[", "{") else value for name, value in given.items()}


def _cut(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response(status=500)
