"""A pretend Slack workspace: Slack's protocol over real sockets, and a page that feels like a chat workspace.

From a test:

    async with Workspace.start("handbook/workspace.yaml") as slack:
        # hand the bot slack.api_url, slack.bot_token and slack.app_token; nothing of slack_sdk or Bolt is replaced
        asked = slack.say("priya", "ask-policy", "@Ibid how many days of leave do I get?")
        answer = await slack.reply_to(asked)
        assert "25 days" in answer.plain

A pretend model is part of it at {address}/v1, and can be started alone: see playground.model.

It imports nothing of ours, so the bot cannot lean on it by accident.
"""

from playground.errors import RosterError, SlackError
from playground.model import PretendModel
from playground.roster import Roster, read_roster
from playground.values import Channel, Group, Json, Message, Person, Team
from playground.workspace import Setting, UnexpectedCalls, Workspace

__all__ = [
    "Channel",
    "Group",
    "Json",
    "Message",
    "Person",
    "PretendModel",
    "Roster",
    "RosterError",
    "Setting",
    "SlackError",
    "Team",
    "UnexpectedCalls",
    "Workspace",
    "read_roster",
]
