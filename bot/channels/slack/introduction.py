"""The first words with Slack: are the tokens right, are the scopes granted, does it answer at all?"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import ClientConnectorCertificateError

from bot.channels.slack.clients import TROUBLE, error_code, status_of
from bot.channels.slack.manifest import scopes
from bot.errors import Misconfigured, SlackUnavailable

if TYPE_CHECKING:
    from bot.channels.slack.clients import Clients
    from bot.settings import Settings

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Self:
    """Who Ibid is in this workspace."""

    team: str
    team_name: str
    user: str
    bot: str
    missing: tuple[str, ...] = ()  # scopes that the manifest asks for and the app was not given


async def introduce(clients: Clients, settings: Settings) -> Self:
    """Ask Slack once for each token that is needed. Raises Misconfigured or SlackUnavailable with what to do."""
    if not settings.slack_bot_token:
        raise Misconfigured("SLACK_BOT_TOKEN is not set. Create the Slack app from deploy/slack-manifest.json and copy its token.")
    if not settings.slack_app_token and not settings.http_mode:
        raise Misconfigured(
            "SLACK_APP_TOKEN is not set. Create the Slack app from deploy/slack-manifest.json and copy its token; "
            "or set SLACK_SIGNING_SECRET, where Slack is to send its requests to you."
        )
    try:
        said = await clients.again.auth_test()
        granted = {scope.strip() for scope in str(said.headers.get("x-oauth-scopes", "")).split(",")} - {""}
        missing = tuple(sorted(scopes() - granted)) if granted else ()
        if missing:
            log.warning("slack scopes are missing: update the app from the manifest and reinstall it", extra={"missing": missing})
    except TROUBLE as problem:
        raise _named(problem, "SLACK_BOT_TOKEN", "the Bot User OAuth Token (OAuth & Permissions)", settings) from problem
    try:
        if not settings.http_mode:
            await clients.again.apps_connections_open(app_token=settings.slack_app_token)
    except TROUBLE as problem:
        raise _named(problem, "SLACK_APP_TOKEN", "an app-level token with connections:write (Basic Information)", settings) from problem
    return Self(
        team=str(said["team_id"]),
        team_name=str(said.get("team") or ""),
        user=str(said["user_id"]),
        bot=str(said["bot_id"]),
        missing=missing,
    )


def _named(problem: BaseException, variable: str, wanted: str, settings: Settings) -> Misconfigured | SlackUnavailable:
    code = error_code(problem)
    if code and status_of(problem) == 200:
        return Misconfigured(f"Slack does not accept {variable} ({code}). Copy {wanted} from api.slack.com/apps and start again.")
    if isinstance(problem, ClientConnectorCertificateError):
        return SlackUnavailable(
            f"Whoever answers at {settings.slack_api_url} has a certificate of an authority that is not believed. Where a proxy of your "
            "company answers, name the company's own authority in IBID_CA_FILE; then start again."
        )
    return SlackUnavailable(
        f"Slack does not answer at {settings.slack_api_url} ({code or type(problem).__name__}). "
        "Check the network, a proxy, and SLACK_API_URL; then start again."
    )
