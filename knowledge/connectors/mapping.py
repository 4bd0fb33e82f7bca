"""What a source says about a file: its own defaults, what it knows of the file itself, and the rules for some paths, in that order."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Protocol
from urllib.parse import quote


class Rule(Protocol):
    """What holds for the files that a pattern fits."""

    @property
    def path(self) -> str: ...

    def says(self) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class Says:
    """A source's voice. Later rules overrule earlier ones, matter by matter."""

    always: Mapping[str, str]
    rules: tuple[Rule, ...] = ()
    url: str = ""  # with {path} in it

    def about(self, file: str, native: Mapping[str, str]) -> dict[str, str]:
        """By policy.KEYS. What the source itself calls access is left out: who may read a document is said in sources.yaml, or by it."""
        said = dict(self.always)
        if self.url:
            said["url"] = self.url.replace("{path}", quote(file))
        said |= {key: value for key, value in native.items() if key != "access" and value}
        for rule in self.rules:
            if fits(rule.path, file):
                said |= rule.says()
        return said

    def idle(self, files: Collection[str]) -> tuple[str, ...]:
        """The patterns that fit no file at all: perhaps written wrongly, and then what they were to restrict is not."""
        return tuple(rule.path for rule in self.rules if not any(fits(rule.path, file) for file in files))


def fits(pattern: str, file: str) -> bool:
    """Whether the pattern names the file or a folder above it: anywhere where it has no slash, else from the top of the source."""
    wanted = unicodedata.normalize("NFC", pattern.strip("/"))
    if "/" not in pattern.rstrip("/"):
        return any(fnmatchcase(step, wanted) for step in file.split("/"))
    return any(fnmatchcase(step, wanted) for step in (file, *map(str, PurePosixPath(file).parents)))
