"""The `openai` client for one model, told everything explicitly: nothing of it comes from the environment."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from openai import AsyncAzureOpenAI, AsyncOpenAI
from openai._models import FinalRequestOptions
from openai._streaming import ServerSentEvent, SSEDecoder

if TYPE_CHECKING:
    import httpx

    from bot.models import Model

NO_KEY = "none"  # the client insists on one; a local server does not look at it

_TALKATIVE = ("openai", "httpx", "httpcore")
_ONLY_COMPLETION_TOKENS = ("api.openai.com", "openai.azure.com", "cognitiveservices.azure.com", "services.ai.azure.com")


class _ToTheEnd(SSEDecoder):
    """Leaves out the line [DONE], at which the client would close the connection: read to its end, it serves the next answer, too."""

    async def aiter_bytes(self, iterator: AsyncIterator[bytes]) -> AsyncIterator[ServerSentEvent]:
        async for event in super().aiter_bytes(iterator):
            if not event.data.startswith("[DONE]"):
                yield event


class _Careful(AsyncOpenAI):
    """Asks the address that it was given and no other, and leaves the connection fit for use."""

    def _make_sse_decoder(self) -> SSEDecoder:
        return _ToTheEnd()

    async def _prepare_options(self, options: FinalRequestOptions) -> FinalRequestOptions:
        prepared = await super()._prepare_options(options)
        prepared.follow_redirects = False  # what this model may see, another may not
        return prepared


class _CarefulAzure(_Careful, AsyncAzureOpenAI):
    pass


def connect(model: Model, http: httpx.AsyncClient | None, seconds: float) -> AsyncOpenAI:
    """Its own retries are off: there is one retry layer, and it is not this. `seconds` is the most that one read may take."""
    key = model.key or NO_KEY
    client: AsyncOpenAI
    if model.api_version:
        azure = _CarefulAzure(
            azure_endpoint=model.url,
            azure_deployment=model.name,
            api_version=model.api_version,
            api_key=key,
            timeout=seconds,
            max_retries=0,
            http_client=http,
        )
        azure._azure_ad_token = None  # noqa: SLF001  else AZURE_OPENAI_AD_TOKEN takes the key's place
        client = azure
    else:
        client = _Careful(base_url=model.url, api_key=key, timeout=seconds, max_retries=0, http_client=http)
    client.organization = client.project = client.admin_api_key = None  # found in the environment; meant for somebody else, maybe
    client._custom_headers = {}  # noqa: SLF001  the same, from OPENAI_CUSTOM_HEADERS
    for name in _TALKATIVE:  # OPENAI_LOG makes them write prompts into the log at the moment they are imported
        logger = logging.getLogger(name)
        logger.setLevel(max(logging.WARNING, logger.level))
    return client


def limit_name(model: Model) -> str:
    """What the greatest length of an answer is called there."""
    host = urlsplit(model.url).hostname or ""
    named = any(host == known or host.endswith(f".{known}") for known in _ONLY_COMPLETION_TOKENS)
    return "max_completion_tokens" if named or model.api_version else "max_tokens"


def without_login(url: str) -> str:
    """The address, without the user and password that may stand in it."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
