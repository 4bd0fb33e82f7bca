"""Where a repository announces a push: POST /hooks/reindex, or /hooks/reindex/SOURCE for one source, with a proof that it may."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import time
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from aiohttp import web
from aiohttp.http import HttpProcessingError

if TYPE_CHECKING:
    from multidict import CIMultiDictProxy

log = logging.getLogger(__name__)

PATH = "/hooks/reindex"
TAKEN, NOT_PROVED, NOT_KNOWN, TOO_LARGE = 202, 401, 404, 413
BODY_WITHIN = 5.0  # seconds
_BETWEEN_REPORTS = 60.0
_PROOFS = ("X-Hub-Signature-256", "X-Gitlab-Token", "Authorization")
_EVENTS = ("X-GitHub-Event", "X-Gitlab-Event", "X-Gitea-Event")


class Hooks:
    """Takes announcements. What is in them does not count: the sources are asked themselves."""

    def __init__(
        self,
        secret: str,
        sources: Callable[[], Collection[str]],
        pushed: Callable[[str], None],
        answered: Callable[[int], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`pushed` hears a source's name, or "" for all, and returns at once."""
        self._secret = secret
        self._sources = sources
        self._pushed = pushed
        self._answered = answered
        self._clock = clock
        self._refused = 0
        self._reported: float | None = None

    @property
    def routes(self) -> tuple[web.RouteDef, ...]:
        """None without a secret: there is nothing there then."""
        return (web.post(PATH, self.take), web.post(PATH + "/{source}", self.take)) if self._secret else ()

    async def take(self, request: web.Request) -> web.Response:
        """202, and the run follows; 401 without a reason for what is not proved; 404 for a source that there is not."""
        status = await self._taken(request)
        self._answered(status)
        return web.Response(status=status)

    async def _taken(self, request: web.Request) -> int:
        try:
            async with asyncio.timeout(BODY_WITHIN):
                raw = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return TOO_LARGE
        except (web.RequestPayloadError, HttpProcessingError, TimeoutError):
            return NOT_PROVED
        if not is_proved(request.headers, raw, self._secret):
            self._note_refusal()
            return NOT_PROVED
        source = request.match_info.get("source", "")
        if source and source not in self._sources():
            return NOT_KNOWN
        if _is_push(request.headers):
            self._pushed(source)
        return TAKEN

    def _note_refusal(self) -> None:
        """Once a minute at most, and nothing of the request: strangers decide how many come."""
        self._refused += 1
        now = self._clock()
        if self._reported is None or now - self._reported >= _BETWEEN_REPORTS:
            log.warning("announcements of pushes were refused: is IBID_HOOK_SECRET the same there?", extra={"count": self._refused})
            self._reported, self._refused = now, 0


def is_proved(headers: CIMultiDictProxy[str], raw: bytes, secret: str) -> bool:
    """By exactly one of GitHub's signature over the bytes as they came, GitLab's token, and a bearer token."""
    given = [(name, value) for name in _PROOFS for value in headers.getall(name, [])]
    if len(given) != 1 or not secret:
        return False
    name, value = given[0]
    expected = {
        "X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest(),
        "X-Gitlab-Token": secret,
        "Authorization": f"Bearer {secret}",
    }[name]
    return hmac.compare_digest(expected.encode(), value.encode("utf-8", "surrogateescape"))


def _is_push(headers: CIMultiDictProxy[str]) -> bool:
    """Whoever says what happened may also tell of comments and stars; whoever does not means a push."""
    events = [headers[name].lower() for name in _EVENTS if name in headers]
    return not events or any("push" in event for event in events)
