"""The two clients of Slack's Web API, and how to read what went wrong.

`once` never sends a call again whose fate is unknown: it speaks. `again` may: what it does can be done twice without harm.
Both share one session, and log nothing of what is said.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.outside import proxy_for, tls_context

if TYPE_CHECKING:
    from slack_sdk.http_retry.request import HttpRequest
    from slack_sdk.http_retry.response import HttpResponse
    from slack_sdk.http_retry.state import RetryState

    from bot.settings import Settings

SDK_LOG = logging.getLogger("ibid.slack_sdk")
SDK_LOG.setLevel(logging.WARNING)  # below it the SDK writes whole messages, and spends its time on it

TOTAL, CONNECT = 15.0, 5.0  # seconds for one call
PATIENCE = 3  # seconds of Retry-After that a call waits for by itself
TROUBLE = (SlackApiError, aiohttp.ClientError, TimeoutError)  # everything that a call to Slack may raise


class PatientRateLimit(AsyncRateLimitErrorRetryHandler):
    """Waits for a short Retry-After; a long one is the caller's to know."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        limited = await super()._can_retry_async(state=state, request=request, response=response, error=error)
        return limited and response is not None and retry_after(response.headers) <= PATIENCE


def retry_after(headers: Any) -> float:  # noqa: ANN401  the SDK passes multidicts and dicts of lists
    """The seconds that Slack asks to wait; 1 where it does not say."""
    found = next((value for name, value in headers.items() if name.lower() == "retry-after"), "1")
    text = found[0] if isinstance(found, list) else found
    return float(text) if str(text).isdigit() else 1.0


@dataclass(frozen=True)
class Clients:
    """Both clients, and the session below them."""

    once: AsyncWebClient
    again: AsyncWebClient
    session: aiohttp.ClientSession


def open_clients(settings: Settings) -> Clients:
    """To be called in the running loop, and its session closed in the end. Raises Misconfigured."""
    tls, proxy = tls_context(settings), proxy_for(settings, settings.slack_api_url)
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=tls), proxy=proxy, timeout=aiohttp.ClientTimeout(total=TOTAL, sock_connect=CONNECT)
    )
    limited = PatientRateLimit(max_retry_count=2)
    repeating = [limited, AsyncConnectionErrorRetryHandler(max_retry_count=2), AsyncServerErrorRetryHandler(max_retry_count=1)]
    once, again = (
        AsyncWebClient(
            settings.slack_bot_token,
            base_url=settings.slack_api_url,
            session=session,
            ssl=tls,
            logger=SDK_LOG,
            retry_handlers=list(handlers),
        )
        for handlers in ([limited], repeating)
    )
    once.proxy = again.proxy = proxy  # not what the SDK finds in the environment: it would send even this machine's own addresses there
    return Clients(once, again, session)


def error_code(problem: BaseException) -> str:
    """Slack's word for what went wrong; empty where Slack did not speak."""
    if not isinstance(problem, SlackApiError):
        return ""
    answer = getattr(problem.response, "data", None)
    return str(answer.get("error") or "") if isinstance(answer, dict) else ""


def status_of(problem: BaseException) -> int:
    """The HTTP status of the answer; 0 where there was none."""
    response = problem.response if isinstance(problem, SlackApiError) else None
    return int(getattr(response, "status_code", 0) or getattr(response, "status", 0) or 0)
