"""The prompts as an admin sees them: the list, one to edit, its history."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.channels.replies import in_words
from bot.channels.slack.blocks import Reply, context, section
from bot.channels.slack.errands import PROMPT
from bot.channels.slack.escaping import mrkdwn
from bot.channels.slack.modal import button, confirmation, field, modal, words
from bot.channels.slack.prompts.parts import INPUT, apart
from bot.flows.edit_prompt import FILE, LONGEST_REASON
from bot.prompts import INPUTS, Prompt

if TYPE_CHECKING:
    from bot.channels.slack.blocks import Block
    from bot.channels.slack.modal import View
    from bot.prompts import PromptVersion
    from bot.wording import Wording

MOST_VERSIONS = 10
REASON = "reason"
_LONGEST = 300  # characters of a purpose, a reason or a trouble
_NAME = 80


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One prompt, as it is live."""

    prompt: Prompt
    newest: PromptVersion
    trouble: str = ""


def listed(prompts: Sequence[Listed], wording: Wording) -> Reply:
    """All of them, each with its two buttons."""
    blocks: list[Block] = []
    for one in prompts:
        name, purpose = one.prompt.name, mrkdwn(one.prompt.purpose[:_LONGEST])
        text = wording.say("prompts_line", name=name, purpose=purpose, version=version_text(one.newest, wording))
        if one.trouble:
            text += "\n" + wording.say("prompt_warning", words=mrkdwn(one.trouble[:_LONGEST]))
        buttons = [button(PROMPT + act, wording.say(f"prompt_{act}"), name) for act in ("open", "history")]
        blocks += [section(text), {"type": "actions", "elements": buttons}]
    return Reply(text=wording.say("prompts_list"), tail=tuple(blocks))


def edit_view(prompt: Prompt, newest: PromptVersion, wording: Wording) -> View:
    """The text, in as many inputs as it takes."""
    inputs = sorted(INPUTS[prompt.name])
    facts = "\n".join(filter(None, (mrkdwn(prompt.purpose[:_LONGEST]), version_text(newest, wording))))
    blocks: list[Block] = [context(facts)]
    if inputs:
        blocks.append(context(wording.say("prompt_inputs", inputs=" ".join(f"`{{{{ {name} }}}}`" for name in inputs))))
    parts = apart(newest.text)
    for number, text in enumerate(parts.texts):
        several = {"part": number + 1, "parts": len(parts.texts)}
        label = wording.say("prompt_text_part", **several) if len(parts.texts) > 1 else wording.say("prompt_text")
        blocks.append(field(text_field(number), label, text, INPUT, multiline=True, optional=number > 0))
    blocks.append(reason_field("", wording, optional=True))
    about = json.dumps({"name": prompt.name, "over": newest.number, "gaps": parts.gaps})
    return modal(
        wording.say("prompt_title", name=prompt.name),
        blocks,
        close=wording.say("prompt_close"),
        submit=wording.say("prompt_check"),
        callback_id=PROMPT + "check",
        private_metadata=about,
    )


def text_field(number: int) -> str:
    """The id of the input for one part of the text."""
    return f"text-{number}"


def reason_field(reason: str, wording: Wording, *, optional: bool) -> Block:
    """One line."""
    hint = words(wording.say("prompt_reason_hint" if optional else "prompt_reason_kept"), 150)
    return field(REASON, wording.say("prompt_reason"), reason, LONGEST_REASON, optional=optional, hint=hint)


def history_view(versions: Sequence[PromptVersion], wording: Wording, notice: str = "") -> View:
    """Newest first. What has other words than are live can be made live again."""
    live = versions[0]
    blocks: list[Block] = [section(notice)] if notice else []
    for version in versions[:MOST_VERSIONS]:
        told = version_text(version, wording, hours=True)
        if version is live:
            told += f" · {wording.say('prompt_live')}"
        block = section(wording.say("prompt_history_line", version=told, reason=mrkdwn(version.reason[:_LONGEST])))
        if version.text != live.text:
            block["accessory"] = _back(version, wording)
        blocks.append(block)
    if len(versions) > MOST_VERSIONS:
        blocks.append(context(wording.say("prompt_older", count=len(versions) - MOST_VERSIONS)))
    about = json.dumps({"name": live.name, "over": live.number})
    title = wording.say("prompt_history_title", name=live.name)
    return modal(title, blocks, close=wording.say("prompt_close"), callback_id=PROMPT + "versions", private_metadata=about)


def words_view(title: str, text: str, close: str) -> View:
    """A modal that only says something."""
    return modal(title, [section(text)], close=close)


def version_text(version: PromptVersion, wording: Wording, *, hours: bool = False) -> str:
    """Version 3 by Greta Olsen, 21 November 2026 · `0f1e2d3c4b5a`."""
    by = wording.say("prompt_by_file") if version.author == FILE else wording.say("prompt_by", author=mrkdwn(version.author[:_NAME]))
    at = in_words(version.at.date()) + (f", {version.at:%H:%M} UTC" if hours else "")
    made = Prompt(version.name, "", version.text).hash
    return wording.say("prompt_version", version=version.number, by=by, at=at, hash=made)


def _back(version: PromptVersion, wording: Wording) -> dict[str, object]:
    asked = confirmation(
        wording.say("prompt_confirm_title", name=version.name),
        wording.say("prompt_confirm", version=version.number),
        wording.say("prompt_confirm_yes"),
        wording.say("prompt_confirm_no"),
    )
    return button(PROMPT + "roll_back", wording.say("prompt_roll_back"), str(version.number), confirm=asked)
