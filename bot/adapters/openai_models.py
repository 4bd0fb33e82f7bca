"""Which models answer at an OpenAI-compatible address: how the demo and the doctor find a model without loading its client."""

from __future__ import annotations

import asyncio

import httpx

from bot.adapters.openai_failures import reason_for
from bot.errors import WriterFailed

SHORTLY = 0.5  # seconds: on this machine nothing takes longer


async def list_models(url: str, key: str = "", http: httpx.AsyncClient | None = None) -> tuple[str, ...]:
    """Their names; none where nothing answers at once, or something that is no model server."""
    try:
        return await ask_for_models(url, key, http)
    except WriterFailed:
        return ()


async def ask_for_models(url: str, key: str = "", http: httpx.AsyncClient | None = None, within: float = SHORTLY) -> tuple[str, ...]:
    """Their names. Raises WriterFailed with the reason why nobody says them; Azure does not, at the address where its models write."""
    failed: WriterFailed
    try:
        async with asyncio.timeout(within):
            return await (_asked(url, key, http) if http else _asked_directly(url, key))
    except (TimeoutError, httpx.TimeoutException):
        failed = WriterFailed("too slow")
    except (httpx.HTTPError, httpx.InvalidURL) as problem:
        failed = WriterFailed("unreachable", type(problem).__name__)
    except (ValueError, RecursionError, KeyError, TypeError) as problem:  # it is not JSON, or JSON of another kind
        failed = WriterFailed("not an answer", type(problem).__name__)
    raise failed


async def _asked_directly(url: str, key: str) -> tuple[str, ...]:
    async with httpx.AsyncClient(trust_env=False) as http:
        return await _asked(url, key, http)


async def _asked(url: str, key: str, http: httpx.AsyncClient) -> tuple[str, ...]:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    response = await http.get(f"{url.rstrip('/')}/models", headers=headers, follow_redirects=False)
    if not response.is_success:
        raise WriterFailed(reason_for(response.status_code), f"status {response.status_code}")
    return tuple(str(model["id"]) for model in response.json()["data"])
