"""The commands that the README and the other pages tell people to type."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/*.md", "deploy/*.md")
FENCED = re.compile(r"^ *```[a-z]*\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
A_COMMAND = re.compile(r"(?:\$ )?(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?(?P<typed>(?:make|ibid)(?: .*)?)$")


def pages() -> list[Path]:
    return [page for pattern in PAGES for page in sorted(ROOT.glob(pattern))]


def shown() -> list[str]:
    """The lines of code blocks that begin with make or ibid: to be typed as they stand."""
    texts = [page.read_text(encoding="utf-8") for page in pages()]
    lines = [line for text in texts for block in FENCED.findall(text) for line in block.splitlines()]
    return _commands(lines + [line for text in texts for line in re.findall(r"^ {4}(\S.*)$", FENCED.sub("", text), re.MULTILINE)])


def mentioned() -> list[str]:
    """Those in backticks, which may leave something out: `ibid ask`, `make demo`."""
    texts = [FENCED.sub("", page.read_text(encoding="utf-8")) for page in pages()]
    return _commands([code for text in texts for code in re.findall(r"`([^`\n]+)`", text)])


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of a page that are written in this language, in their order."""
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def _commands(lines: list[str]) -> list[str]:
    found = [A_COMMAND.match(re.sub(r"\s+#.*$", "", line.strip())) for line in lines]
    return sorted({command["typed"] for command in found if command})
