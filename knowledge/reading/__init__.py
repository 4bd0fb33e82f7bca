"""Bytes to sections: one file per format, each parse in a child process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import PurePosixPath
from typing import cast

from knowledge.errors import CannotRead
from knowledge.values import Section

SUFFIXES: Mapping[str, str] = {
    ".md": "knowledge.reading.markdown",
    ".markdown": "knowledge.reading.markdown",
    ".html": "knowledge.reading.html",
    ".htm": "knowledge.reading.html",
    ".pdf": "knowledge.reading.pdf",
    ".docx": "knowledge.reading.docx",
    ".txt": "knowledge.reading.text",
}
WITH_FRONT_MATTER = frozenset({".md", ".markdown"})


@dataclass(frozen=True)
class Reading:
    """What a file says: its sections, its front matter, and what its format knows about it.

    `properties` may hold "title" (the format's own title field) and "heading" (the first top-level heading).
    """

    sections: tuple[Section, ...]
    metadata: Mapping[str, object] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)


def read(name: str, content: bytes, readers: Mapping[str, str] = SUFFIXES) -> Reading:
    """Parse a file by its suffix. Runs in the child; only front matter and reasons of its own leave it as errors."""
    module = readers.get(PurePosixPath(name).suffix.lower())
    if module is None:
        raise CannotRead(f"has a suffix that is not read; the suffixes that are read: {', '.join(sorted(readers))}")
    if not content.strip():
        raise CannotRead("is empty")
    reading = cast("Reading", import_module(module).read(content))
    if not any(section.blocks for section in reading.sections) and not reading.metadata:  # what it says about itself counts even so
        raise CannotRead("holds no text")
    return reading
