"""The first words with Slack: are the tokens right, are the scopes granted, does it answer at all?"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

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


async def introduce(clients: Clients, settings: Settings) -> Self:
    """Ask Slack once for each token. Raises Misconfigured or SlackUnavailable with what to do."""
    for name, token in (("SLACK_BOT_TOKEN", settings.slack_bot_token), ("SLACK_APP_TOKEN", settings.slack_app_token)):
        if not token:
            raise Misconfigured(f"{name} is not set. Create the Slack app from deploy/slack-manifest.json and copy its token.")
    try:
        said = await clients.again.auth_test()
        granted = {scope.strip() for scope in str(said.headers.get("x-oauth-scopes", "")).split(",")} - {""}
        missing = scopes() - granted
        if granted and missing:
            log.warning("slack scopes are missing: update the app from the manifest and reinstall it", extra={"missing": sorted(missing)})
    except TROUBLE as problem:
        raise _named(problem, "SLACK_BOT_TOKEN", "the Bot User OAuth Token (OAuth & Permissions)", settings) from problem
    try:
        await clients.again.apps_connections_open(app_token=settings.slack_app_token)
    except TROUBLE as problem:
        raise _named(problem, "SLACK_APP_TOKEN", "an app-level token with connections:write (Basic Information)", settings) from problem
    return Self(team=str(said["team_id"]), team_name=str(said.get("team") or ""), user=str(said["user_id"]), bot=str(said["bot_id"]))


def _named(problem: BaseException, variable: str, wanted: str, settings: Settings) -> Misconfigured | SlackUnavailable:
    code = error_code(problem)
    if code and status_of(problem) == 200:
        return Misconfigured(f"Slack does not accept {variable} ({code}). Copy {wanted} from api.slack.com/apps and start again.")
    return SlackUnavailable(
        f"Slack does not answer at {settings.slack_api_url} ({code or type(problem).__name__}). "
        "Check the network, a proxy, and SLACK_API_URL; then start again."
    )
