"""Which files of a source are documents by their names, and which its `.ibidignore` leaves out."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from fnmatch import fnmatchcase

from knowledge.reading import SUFFIXES

TABLE = "policies.csv"
IGNORE = ".ibidignore"


def is_hidden(name: str) -> bool:
    """One step of a path that people do not see either."""
    return name.startswith((".", "~$"))  # ~$ is Word's note that somebody has the document open


def read_ignored(content: bytes) -> list[str]:
    """The patterns of a `.ibidignore`."""
    lines = (line.strip() for line in content.decode("utf-8", "replace").splitlines())
    return [line.strip("/") for line in lines if line and not line.startswith("#")]


def is_ignored(name: str, patterns: Sequence[str]) -> bool:
    """A path is ignored as a whole or by its last step; what is in an ignored folder is for the caller to leave out."""
    last = name.rsplit("/", 1)[-1]
    return any(fnmatchcase(name, pattern) or fnmatchcase(last, pattern) for pattern in patterns)


def is_left_out(name: str, patterns: Sequence[str]) -> bool:
    """Hidden or ignored, itself or by a folder above it."""
    steps = name.split("/")
    return any(is_hidden(step) or is_ignored("/".join(steps[: depth + 1]), patterns) for depth, step in enumerate(steps))


def is_document(name: str) -> bool:
    """By its suffix. The table of metadata is none, wherever it lies."""
    last = name.rsplit("/", 1)[-1]
    stem, dot, suffix = last.rpartition(".")
    return bool(stem) and dot + suffix.lower() in SUFFIXES and last != TABLE


def cannot_be_shown(name: str) -> bool:
    """It holds control or bidi characters, or bytes that are no text."""
    return not name.isprintable() and any(unicodedata.category(letter).startswith("C") for letter in name)
