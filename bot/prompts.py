"""The words we say to the model: strict Markdown files with a purpose and named inputs, identified by their hash."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.errors import Misconfigured

_INPUT = re.compile(r"\{\{ *([a-z_]+) *\}\}")
_KEYS = {"purpose", "inputs"}


@dataclass(frozen=True)
class Prompt:
    """One file of prompts/. `text` holds {{ inputs }}."""

    name: str
    purpose: str
    inputs: frozenset[str]
    text: str

    @property
    def hash(self) -> str:
        """12 hex digits that name exactly these words on every answer."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    def fill(self, values: Mapping[str, str]) -> str:
        """Put the inputs in. Raises Misconfigured when one is missing or unknown. What is put in is never read as a template again."""
        if values.keys() != self.inputs:
            wrong = min(self.inputs ^ values.keys())
            raise Misconfigured(f"prompts/{self.name}.md: the input {wrong!r} is {'missing' if wrong in self.inputs else 'unknown'}.")
        return _INPUT.sub(lambda match: values[match.group(1)], self.text)


def load_prompt(folder: Path, name: str) -> Prompt:
    """Read prompts/NAME.md. Unknown front-matter keys, and inputs that are declared but not used or used but not declared, are errors."""
    place = f"prompts/{name}.md"
    try:
        raw = (folder / f"{name}.md").read_text(encoding="utf-8")
    except OSError as problem:
        raise Misconfigured(f"{place} cannot be read: {problem.strerror}.") from problem
    except UnicodeDecodeError as problem:
        raise Misconfigured(f"{place} is not UTF-8 text; save it as that.") from problem
    match = re.fullmatch(r"---\n(.*?)\n---\n(.*)", raw, flags=re.DOTALL)
    if not match:
        raise Misconfigured(f"{place} must begin with front matter between two lines of ---.")
    try:
        front = yaml.safe_load(match.group(1))
    except yaml.YAMLError as problem:
        raise Misconfigured(f"{place}: the front matter is not YAML.") from problem
    if not isinstance(front, dict) or front.keys() != _KEYS or not isinstance(front["inputs"], list):
        raise Misconfigured(f"{place}: the front matter needs exactly {' and '.join(sorted(_KEYS))}; inputs is a list.")
    text = match.group(2).strip()
    declared, used = frozenset(map(str, front["inputs"])), frozenset(_INPUT.findall(text))
    if declared != used:
        wrong = min(declared ^ used)
        raise Misconfigured(f"{place}: the input {wrong!r} is {'declared but not used' if wrong in declared else 'used but not declared'}.")
    return Prompt(name, str(front["purpose"]), declared, text)
