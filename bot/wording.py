"""The words Ibid says itself: wording/messages.md, one heading per message, {names} filled in strictly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import Misconfigured

_NAME = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Wording:
    """Messages by key. A missing key or a missing name is an error with its name, never a half-filled sentence."""

    messages: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """Raises Misconfigured for an unknown key, or a name in the message that is not given."""
        if key not in self.messages:
            raise Misconfigured(f"wording/messages.md has no message {key!r}.")
        missing = self.names(key) - values.keys()
        if missing:
            raise Misconfigured(f"wording/messages.md: {key} uses {{{min(missing)}}}, which is not known there.")
        return _NAME.sub(lambda match: str(values[match.group(1)]), self.messages[key])

    def names(self, key: str) -> set[str]:
        """The {names} that a message uses."""
        return set(_NAME.findall(self.messages[key]))


def load_wording(folder: Path) -> Wording:
    """Read messages.md: `## key`, then the words. Raises Misconfigured when it cannot be read or says a key twice."""
    try:
        text = (folder / "messages.md").read_text(encoding="utf-8")
    except OSError as problem:
        raise Misconfigured(f"wording/messages.md cannot be read: {problem.strerror}.") from problem
    messages: dict[str, str] = {}
    for part in re.split(r"^## +", text, flags=re.MULTILINE)[1:]:
        key, _, words = part.partition("\n")
        if key.strip() in messages:
            raise Misconfigured(f"wording/messages.md says {key.strip()!r} twice.")
        messages[key.strip()] = words.strip()
    return Wording(messages)
