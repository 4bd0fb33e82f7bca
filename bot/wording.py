"""The words Ibid says itself: wording/messages.md, one heading per message, {names} filled in strictly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import Misconfigured
from bot.messages import MESSAGES

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
    """Read messages.md and hold it to what the code says. Raises Misconfigured for what is missing, unknown or uses a wrong name."""
    wording = read_wording(folder)
    for key in MESSAGES.keys() | wording.messages.keys():
        if not wording.messages.get(key):
            raise Misconfigured(f"wording/messages.md has no words under `## {key}`; take them from the file that came with Ibid.")
        if key not in MESSAGES:
            raise Misconfigured(f"wording/messages.md has a heading `## {key}`, which Ibid never says; correct it, or take it out.")
        if wrong := wording.names(key) - MESSAGES[key]:
            known = ", ".join(f"{{{name}}}" for name in sorted(MESSAGES[key])) or "none"
            raise Misconfigured(f"wording/messages.md: {key} uses {{{min(wrong)}}}, which is not known there; known: {known}.")
    return wording


def read_wording(folder: Path) -> Wording:
    """Read messages.md: `## key`, then the words. Raises Misconfigured when it cannot be read or says a key twice."""
    try:
        text = (folder / "messages.md").read_text(encoding="utf-8")
    except OSError as problem:
        raise Misconfigured(f"wording/messages.md cannot be read: {problem.strerror}.") from problem
    except UnicodeDecodeError as problem:
        raise Misconfigured("wording/messages.md is not UTF-8 text; save it as that.") from problem
    messages: dict[str, str] = {}
    for part in re.split(r"^## +", text, flags=re.MULTILINE)[1:]:
        key, _, words = part.partition("\n")
        if key.strip() in messages:
            raise Misconfigured(f"wording/messages.md says {key.strip()!r} twice.")
        messages[key.strip()] = words.strip()
    return Wording(messages)
