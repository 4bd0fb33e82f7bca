"""The part of `ibid doctor` that asks who is outside: Slack, the models and the cache."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING

from bot.answers import Request
from bot.cli.finding import Finding
from bot.errors import IbidError, Misconfigured, WriterFailed
from bot.models import ALL, ASKER

if TYPE_CHECKING:
    import httpx

    from bot.channels.slack.introduction import Self
    from bot.models import Model
    from bot.settings import Settings
    from bot.values import CacheStats

_TRIED_WITH = Request("", (), (("user", "Answer with one word: yes."),), "", frozenset())  # nothing that a model might not see
_LISTED_WITHIN = 5.0  # seconds
_MOST_LISTED = 8  # models


def slack(settings: Settings) -> Finding:
    """Are the tokens taken, and may they do what the manifest asks for?"""
    if not settings.slack_bot_token and not settings.slack_app_token and not settings.slack_signing_secret:
        return Finding(None, "Slack: no tokens are set; `ibid demo` and `ibid ask` need none")
    try:
        me = asyncio.run(_introduced(settings))
    except IbidError as problem:
        return Finding(False, "Slack", str(problem))
    if me.missing:
        cure = "Update the app from deploy/slack-manifest.json, and install it again."
        return Finding(False, f"Slack: the app lacks the scopes {', '.join(me.missing)}", cure)
    nobody = "" if settings.admins or settings.people_file else "Nobody can re-index or change prompts from Slack: IBID_ADMINS is not set."
    if settings.http_mode:
        return Finding(
            True, f"Slack: the bot token is taken by the workspace {me.team}; the first request proves the signing secret", nobody
        )
    return Finding(True, f"Slack: both tokens are taken by the workspace {me.team}", nobody)


async def _introduced(settings: Settings) -> Self:
    from bot.channels.slack.clients import open_clients
    from bot.channels.slack.introduction import introduce

    clients = open_clients(settings)
    try:
        return await introduce(clients, settings)
    finally:
        await clients.session.close()


def models(settings: Settings) -> Finding:
    """Does each write, asked as for an answer? And what is it not given?"""
    if not settings.models:
        return Finding(None, "Models: none; answers are quotes", _idle(settings))
    names = ", then ".join([*(model.name for model in settings.models), "quotes"])
    try:
        troubles = asyncio.run(_troubles(settings))
    except Misconfigured as problem:
        return Finding(False, f"Models: {names}", str(problem))
    return Finding(not troubles, f"Models: {names}", "\n".join([*troubles, *_kept_from(settings.models)]))


def _idle(settings: Settings) -> str:
    """What is set and does nothing without a model."""
    named = [name for name, is_set in (("OPENAI_API_KEY", settings.model_key), ("IBID_SITUATE", settings.situate)) if is_set]
    return f"{' and '.join(named)} {'are' if len(named) > 1 else 'is'} set, but no model: name it in IBID_MODEL." if named else ""


def _kept_from(models: tuple[Model, ...]) -> list[str]:
    kept = [f"{model.name} may see {' '.join(sorted(model.may_see))}." for model in models if ALL not in model.may_see]
    if not any(model.sees({ASKER}) for model in models):
        kept.append("What is asked in private is answered in quotes; add asker to IBID_MODEL_MAY_SEE where a model may see it.")
    return kept


async def _troubles(settings: Settings) -> list[str]:
    found = await asyncio.gather(*(_trouble(settings, model) for model in settings.models))
    return [trouble for trouble in found if trouble]


async def _trouble(settings: Settings, model: Model) -> str:
    import httpx

    from bot.adapters.openai_writer import OpenAIWriter
    from bot.adapters.outside import way_out

    async with httpx.AsyncClient(**way_out(settings, model.url)) as http:
        try:
            async with aclosing(OpenAIWriter(model, http=http).write(_TRIED_WITH)) as pieces:
                async for piece in pieces:
                    if isinstance(piece, str) and piece.strip():
                        return ""  # one word is enough
        except WriterFailed as problem:
            return f"{model.name}: {await told(settings, model, problem, http)}"
    return ""


async def told(settings: Settings, model: Model, problem: WriterFailed, http: httpx.AsyncClient) -> str:
    """Why a model does not write, and what to look at."""
    from bot.adapters.openai_client import without_login

    of = "OPENAI" if model.url == settings.model_url else "IBID_TUNED"
    address = f"{of}_BASE_URL" if of == "OPENAI" else f"{of}_URL"
    key = f"{of}_API_KEY" if of == "OPENAI" else f"{of}_KEY"
    url = without_login(model.url)
    match problem.reason:
        case "unreachable":
            return f"{url} does not answer ({problem}). Check {address}, the network and HTTPS_PROXY."
        case "too slow":
            return f"{url} takes longer to its first word than an answer waits. One that has to load it first may be faster the next time."
        case "busy":
            return f"{url} takes no more requests ({problem}). Is there credit left, and is the limit high enough?"
        case "refused":
            return f"{url} refuses ({problem}). Check {key}{'' if model.key else ', which is not set'}."
        case "no such model":
            names = await _names(model, http)
            there = f"It has {names}." if names else f"Check the name{'' if model.api_version else f', and {address}: most end in /v1'}."
            return f"{url} knows no such model ({problem}). {there}"
    return f"{url} gives no whole answer ({problem}). Check that {address} is one of an OpenAI-compatible server."


async def _names(model: Model, http: httpx.AsyncClient) -> str:
    from bot.adapters.openai_models import ask_for_models

    with suppress(WriterFailed):
        names = await ask_for_models(model.url, model.key, http, _LISTED_WITHIN)
        return ", ".join(names[:_MOST_LISTED]) + (" and more" if len(names) > _MOST_LISTED else "")
    return ""


def cache(settings: Settings) -> Finding:
    """Does Redis answer, where one is named?"""
    if not settings.redis_url:
        return Finding(None, "Cache: in memory; REDIS_URL is not set")
    try:
        stats = asyncio.run(_stats(settings))
    except Misconfigured as problem:
        return Finding(False, "Cache", str(problem))
    if stats.trouble:
        return Finding(False, f"Cache: {stats.where} cannot be used", f"{stats.trouble}. Ibid works without it.")
    return Finding(True, f"Cache: {stats.entries} entries in {stats.where}")


async def _stats(settings: Settings) -> CacheStats:
    from bot.adapters.redis_cache import RedisCache
    from bot.adapters.secrecy import Secrecy

    redis = RedisCache(settings.redis_url, Secrecy(""))  # nothing is read that would have to be opened
    try:
        return await redis.stats()
    finally:
        await redis.close()
