"""Bytes to sections: one file per format, each parse in a child process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import PurePosixPath
from typing import cast

from knowledge.errors import CannotRead
from knowledge.reading.pictures import Picture
from knowledge.values import Section

SUFFIXES: Mapping[str, str] = {
    ".md": "knowledge.reading.markdown",
    ".markdown": "knowledge.reading.markdown",
    ".html": "knowledge.reading.html",
    ".htm": "knowledge.reading.html",
    ".pdf": "knowledge.reading.pdf",
    ".docx": "knowledge.reading.docx",
    ".pptx": "knowledge.reading.pptx",
    ".xlsx": "knowledge.reading.xlsx",
    ".csv": "knowledge.reading.csv_file",
    ".tsv": "knowledge.reading.csv_file",
    ".eml": "knowledge.reading.email",
    ".txt": "knowledge.reading.text",
}
PICTURED = frozenset({".md", ".markdown", ".html", ".htm", ".pdf", ".docx", ".pptx"})  # whose readers take pictures out too
SAYS_ITSELF = frozenset({".md", ".markdown", ".docx", ".pptx", ".xlsx", ".pdf"})  # in front matter or properties, who may read it


@dataclass(frozen=True)
class Reading:
    """What a file says: its sections, its front matter, and what its format knows about it.

    `properties` may hold "title" (the format's own title field), "heading" (the first top-level heading), and under the names of
    policy.KEYS what the file's own properties say. `remarks` are sentences for its owner: what was left out, and why. `pictures` are there
    only where they were asked for.
    """

    sections: tuple[Section, ...]
    metadata: Mapping[str, object] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()


def read(name: str, content: bytes, readers: Mapping[str, str] = SUFFIXES, *, pictures: bool = False) -> Reading:
    """Parse a file by its suffix. Runs in the child; only front matter and reasons of its own leave it as errors."""
    suffix = PurePosixPath(name).suffix.lower()
    module = readers.get(suffix)
    if module is None:
        raise CannotRead(f"has a suffix that is not read; the suffixes that are read: {', '.join(sorted(readers))}")
    if not content.strip():
        raise CannotRead("is empty")
    parse = import_module(module).read
    reading = cast("Reading", parse(content, pictures=True) if pictures and suffix in PICTURED else parse(content))
    says = any(section.blocks for section in reading.sections) or reading.pictures
    if not says and not reading.metadata:  # what it says about itself counts even so
        raise CannotRead("holds no text")
    return reading
