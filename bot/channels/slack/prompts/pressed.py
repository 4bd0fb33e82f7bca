"""What an errand of the prompts says: which prompt, over which version, with which words."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.channels.slack.prompts.parts import together
from bot.channels.slack.prompts.views import REASON, text_field
from bot.prompts import bare

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.channels.slack.errands import Errand


@dataclass(frozen=True, kw_only=True)
class Pressed:
    """`about` is what the modal carried, `fields` what was written into it, `value` the button's."""

    value: str
    about: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Of the prompt: the buttons of the list have no modal around them."""
        return str(self.about.get("name") or self.value)

    @property
    def over(self) -> int:
        return int(self.about["over"])

    @property
    def text(self) -> str:
        """As it would be kept."""
        gaps = [str(gap) for gap in self.about["gaps"]]
        return bare(together([self.fields.get(text_field(number), "") for number in range(len(gaps) + 1)], gaps))

    @property
    def reason(self) -> str:
        return " ".join(self.fields.get(REASON, "").split())


def pressed(errand: Errand) -> Pressed:
    """Of an errand that errands.py made."""
    said = json.loads(errand.text)
    return Pressed(value=said["value"], about=json.loads(said["about"] or "{}"), fields=said["fields"])
