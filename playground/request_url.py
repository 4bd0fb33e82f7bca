"""HTTP mode: what goes to the app is posted to its request URL, signed, instead of put on a socket."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable
from urllib.parse import urlencode
from uuid import uuid4

import aiohttp

from playground.errors import SlackError
from playground.values import Json

SIGNING_SECRET = "playground-signing-secret"  # noqa: S105  a made-up secret of a made-up workspace
ANSWER_WITHIN = 3.0
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


class RequestUrl:
    """One address of the app's."""

    def __init__(self, address: str, clock: Callable[[], float]) -> None:
        self._address = address
        self._clock = clock
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_WITHIN))
        self.statuses: list[int] = []  # of every answer so far; 0 where none came

    async def verify(self) -> None:
        """Ask the address to repeat a challenge, as Slack's app page does before it takes it."""
        challenge = uuid4().hex
        answer = await self.post("events_api", {"type": "url_verification", "token": "playground", "challenge": challenge})
        if answer is None or challenge not in answer.values():
            raise SlackError("url_verification_failed")

    async def post(self, kind: str, payload: Json, attempt: int = 0) -> Json | None:
        """What the app acknowledges with; None when it does not, or not in time."""
        content_type = JSON if kind == "events_api" else FORM
        body = (urlencode(payload) if kind == "slash_commands" else _payload(kind, payload)).encode()
        retried = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": "http_error"} if attempt else {}
        headers = {"Content-Type": content_type, **signed(body, self._clock()), **retried}
        try:
            async with asyncio.timeout(ANSWER_WITHIN), self._session.post(self._address, data=body, headers=headers) as response:
                self.statuses.append(response.status)
                return _answer(response, await response.text()) if response.ok else None
        except (aiohttp.ClientError, TimeoutError):
            self.statuses.append(0)
            return None

    async def close(self) -> None:
        await self._session.close()


def signed(body: bytes, now: float, secret: str = SIGNING_SECRET) -> dict[str, str]:
    """The two headers with which Slack proves that a request is its own."""
    timestamp = str(int(now))
    made = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256)
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={made.hexdigest()}"}


def _payload(kind: str, payload: Json) -> str:
    text = json.dumps(payload)
    return text if kind == "events_api" else urlencode({"payload": text})


def _answer(response: aiohttp.ClientResponse, text: str) -> Json:
    if response.content_type == JSON and text:
        answer = json.loads(text)
        return answer if isinstance(answer, dict) else {}
    return {"text": text} if text else {}
