"""Modals, as Slack takes them: a title, blocks, and what its buttons are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.channels.slack.blocks import Block

View = dict[str, Any]
TITLE = 24  # Slack's limit, for the buttons of a modal too
LABEL = 75


def modal(title: str, blocks: Sequence[Block], *, close: str = "", submit: str = "", **more: object) -> View:
    """`more` is what Slack calls it: callback_id, private_metadata, notify_on_close, clear_on_close."""
    buttons = {name: words(text, TITLE) for name, text in (("close", close), ("submit", submit)) if text}
    return {"type": "modal", "title": words(title, TITLE), "blocks": list(blocks), **buttons, **more}


def words(text: str, most: int) -> dict[str, Any]:
    """Plain text, cut where Slack would refuse it."""
    return {"type": "plain_text", "text": text if len(text) <= most else text[: most - 1] + "…", "emoji": False}


def button(act: str, label: str, value: str, **more: object) -> dict[str, Any]:
    """`more`: style, confirm."""
    return {"type": "button", "action_id": act, "text": words(label, LABEL), "value": value, **more}


def confirmation(title: str, text: str, yes: str, no: str) -> dict[str, Any]:
    """What is asked before a button counts."""
    asked = {"title": words(title, 100), "text": words(text, 300), "confirm": words(yes, 30), "deny": words(no, 30)}
    return {**asked, "style": "danger"}


def field(name: str, label: str, value: str, most: int, **more: object) -> Block:
    """An input for text; `more`: multiline, and what belongs to the block: optional, hint."""
    element: dict[str, Any] = {
        "type": "plain_text_input",
        "action_id": name,
        "max_length": most,
        "multiline": bool(more.pop("multiline", False)),
    }
    if value:  # Slack refuses an empty one
        element["initial_value"] = value
    return {"type": "input", "block_id": name, "label": words(label, 2000), "element": element, **more}
