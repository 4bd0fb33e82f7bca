"""Whether a request over HTTP is Slack's, and what it says. Decided before Bolt or the log gets to see any of it."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from typing import Any, Literal
from urllib.parse import parse_qsl

FRESH = 300  # seconds: what is older, or comes from the future, may be a recording
MOST_FIELDS = 100  # of a form

Whose = Literal["slack", "late", "stranger"]
Body = dict[str, Any]  # JSON, of which only what `_is_whole` looks at is known

_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
_PARTS = ("user", "team", "channel", "container", "view", "message")  # objects, where a click or a modal has them


def whose(raw: bytes, timestamps: Sequence[str], signatures: Sequence[str], secret: str, now: float) -> Whose:
    """By the headers X-Slack-Request-Timestamp and X-Slack-Signature, each of which has to be there once.

    The SDK's SignatureVerifier raises on a timestamp that is no number, on a signature beyond ASCII and on a body that is not UTF-8;
    this is its sum, over the bytes as they came.
    """
    if len(timestamps) != 1 or len(signatures) != 1:
        return "stranger"
    timestamp, signature = timestamps[0], signatures[0]
    if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
        return "stranger"
    signed = b"v0:" + timestamp.encode() + b":" + raw
    expected = "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, signature):
        return "stranger"
    return "slack" if abs(now - int(timestamp)) <= FRESH else "late"


def spoken(raw: bytes, content_type: str) -> Body | None:
    """What the body says; None when it is not what Slack sends.

    Bolt would take a command whose text has the word "payload" in it for an empty form; it is read here, and Bolt gets it read.
    """
    try:
        text = raw.decode()
        if content_type == "application/json":
            body = json.loads(text)
        elif content_type == "application/x-www-form-urlencoded":
            body = _form(text)
        else:
            return None
    except (ValueError, RecursionError):  # also what is not UTF-8, and a number with thousands of digits
        return None
    return body if isinstance(body, dict) and _is_whole(body) else None


def _form(text: str) -> object:
    """A command's fields, or the JSON in a click's one field."""
    fields = dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=MOST_FIELDS))
    return json.loads(fields["payload"]) if "payload" in fields else fields


def _is_whole(body: Body) -> bool:
    """It has what the listeners, and Bolt before them, take for granted. What the manifest does not ask for is not known here."""
    if body.get("ssl_check") == "1":
        return True
    if "command" in body:
        return all(isinstance(value, str) for value in body.values()) and _has(body, "trigger_id", "team_id", "user_id", "channel_id")
    event = body.get("event", {})
    match body.get("type"):
        case "url_verification":
            return _has(body, "challenge")
        case "event_callback":
            item = event.get("item") if isinstance(event, dict) else None
            return isinstance(event, dict) and _has(event, "type") and _has(body, "team_id", "event_id") and isinstance(item, dict | None)
        case "block_actions":
            actions = body.get("actions")
            pressed = actions if isinstance(actions, list) else []
            return bool(pressed) and all(isinstance(one, dict) and _has(one, "action_id") for one in pressed) and _is_a_doing(body)
        case "view_submission":
            return _has(body, "trigger_id") and _is_a_modal(body.get("view")) and _is_a_doing(body)
        case "view_closed":
            return _is_a_modal(body.get("view")) and _is_a_doing(body)
    return False


def _is_a_doing(body: Body) -> bool:
    """Somebody did something in a message or a modal."""
    parts = [body.get(name) for name in _PARTS]
    whole = isinstance(body.get("user"), dict) and "event" not in body and all(isinstance(part, dict | None) for part in parts)
    return whole and _is_filled_in(body.get("view") or {})


def _is_a_modal(view: object) -> bool:
    return isinstance(view, dict) and view.get("type") == "modal" and isinstance(view.get("callback_id", ""), str)


def _is_filled_in(view: Body) -> bool:
    """What was written into a modal stands in its state, by block and by element."""
    state = view.get("state") or {}
    values = state.get("values") or {} if isinstance(state, dict) else None
    blocks = values.values() if isinstance(values, dict) else [None]
    return all(isinstance(block, dict) and all(isinstance(element, dict) for element in block.values()) for block in blocks)


def _has(node: Body, *names: str) -> bool:
    return all(isinstance(node.get(name), str) and node[name] for name in names)
