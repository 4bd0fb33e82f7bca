"""What the Slack app may hear and do: exactly what the code uses, as deploy/slack-manifest.json declares it.

`python -m bot.channels.slack.manifest` prints the file; with --http https://ibid.example, the one for HTTP mode at that address.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any
from urllib.parse import urlsplit

COMMAND = "/ibid"
PATH = "/slack/events"  # where HTTP mode takes events, commands and clicks alike
EVENTS: dict[str, tuple[str, ...]] = {  # subscription: the scopes it needs
    "app_mention": ("app_mentions:read",),
    "channel_shared": ("channels:read", "groups:read"),
    "channel_unshared": ("channels:read", "groups:read"),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "reaction_added": ("reactions:read",),
    "subteam_created": ("usergroups:read",),
    "subteam_members_changed": ("usergroups:read",),
    "subteam_updated": ("usergroups:read",),
    "user_change": ("users:read",),
}
METHODS: dict[str, tuple[str, ...]] = {  # Web API method: the scopes it needs; the app-level token's are not among them
    "apps.connections.open": (),
    "assistant.threads.setStatus": ("chat:write",),
    "auth.test": (),
    "chat.appendStream": ("chat:write",),
    "chat.delete": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.startStream": ("chat:write",),
    "chat.stopStream": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.info": ("channels:read", "groups:read", "im:read", "mpim:read"),
    "conversations.members": ("channels:read", "groups:read", "im:read", "mpim:read"),
    "conversations.open": ("im:write",),
    "conversations.replies": ("channels:history", "groups:history", "im:history", "mpim:history"),
    "usergroups.list": ("usergroups:read",),
    "users.info": ("users:read",),
    "users.list": ("users:read",),
    "views.open": (),
    "views.update": (),
}
FEATURES: dict[str, tuple[str, ...]] = {"agent_view": ("assistant:write",), "slash_commands": ("commands",)}


def scopes() -> frozenset[str]:
    """Every bot scope that something here needs."""
    return frozenset(scope for needs in (EVENTS, METHODS, FEATURES) for wanted in needs.values() for scope in wanted)


def manifest(http: str = "") -> dict[str, Any]:
    """The manifest, as Slack's app page takes it: for Socket Mode, or for HTTP mode at this address."""
    requests = {"request_url": http.rstrip("/") + PATH} if http else {}
    return {
        "display_information": {
            "name": "Ibid",
            "description": "Answers policy questions and shows the passage that proves each sentence.",
            "background_color": "#1f2a37",
        },
        "features": {
            "agent_view": {
                "agent_description": "Ask about a policy: each sentence of the answer cites the passage that proves it.",
                "suggested_prompts": [
                    {"title": "Carrying leave over", "message": "How many days of leave can I carry over?"},
                    {"title": "Expenses", "message": "By when do I have to claim my expenses?"},
                ],
            },
            "app_home": {"home_tab_enabled": False, "messages_tab_enabled": True, "messages_tab_read_only_enabled": False},
            "bot_user": {"display_name": "Ibid", "always_online": True},
            "slash_commands": [
                {
                    "command": COMMAND,
                    **({"url": requests["request_url"]} if http else {}),
                    "description": "Ask about a policy, alone; or see what Ibid knows.",
                    "usage_hint": "ask your question | status | reindex [source] [plan|undo] | hold"
                    " | note on|off | prompts | privacy | my-data | help",
                    "should_escape": False,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": sorted(scopes())}},
        "settings": {
            "event_subscriptions": {**requests, "bot_events": sorted(EVENTS)},
            "interactivity": {"is_enabled": True, **requests},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not http,
            "token_rotation_enabled": False,
        },
    }


def _https(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise argparse.ArgumentTypeError(f"{text!r} is no address such as https://ibid.example; Slack sends its requests over https only")
    return text


def main(arguments: list[str] | None = None) -> None:
    """Print the manifest."""
    parser = argparse.ArgumentParser(prog="python -m bot.channels.slack.manifest", description="Print the manifest of the Slack app.")
    parser.add_argument("--http", type=_https, metavar="ADDRESS", help="for HTTP mode: where Slack reaches Ibid")
    sys.stdout.write(json.dumps(manifest(parser.parse_args(arguments).http or ""), indent=2) + "\n")


if __name__ == "__main__":
    main()
