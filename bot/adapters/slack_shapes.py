"""Slack's accounts and channels, read: whatever is not plainly said of them is not taken for granted."""

from __future__ import annotations

from typing import Any

from bot.values import Membership, PlaceKind

SHARED = ("is_shared", "is_ext_shared", "is_org_shared", "is_pending_ext_shared", "pending_shared", "pending_connected_team_ids")
_SLACKBOT = "USLACKBOT"  # an app that Slack lists as a person
Json = dict[str, Any]


def membership(account: Json, home: str) -> Membership:
    """What kind of account this is; whatever is not plainly a full member of our own workspace is not one."""
    if account.get("deleted") is not False:
        return "deactivated" if account.get("deleted") else "outsider"
    if account.get("is_bot") or account.get("id") == _SLACKBOT:
        return "app"
    if account.get("is_stranger") or account.get("team_id") != home:
        return "outsider"
    if account.get("is_restricted") or account.get("is_ultra_restricted") or "is_restricted" not in account:
        return "guest"
    return "full"


def kind_of(shape: Json) -> PlaceKind | None:
    """What kind of conversation this is; None where Slack's answer does not say it plainly."""
    if shape.get("is_im"):
        return "direct"
    if shape.get("is_mpim"):
        return "group_direct"
    if shape.get("is_private") is True:
        return "private"
    if shape.get("is_private") is False and shape.get("is_channel"):
        return "public"
    return None
