"""The log of looks at the check half. Every look teaches whoever tunes something about it, so there is one for each change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

HOME = Path(__file__).resolve().parent.parent
LOG = HOME / "evals" / "check_runs.jsonl"
WHAT_DECIDES = ("bot", "knowledge", "prompts", "handbook")  # a change to any of these makes other answers, or other questions
SUFFIXES = {".py", ".md", ".html", ".pdf", ".docx", ".yaml", ".csv"}


def tree_hash(home: Path = HOME) -> str:
    """12 hex digits that name exactly the code, prompts, documents and questions that the figures were measured with."""
    digest = hashlib.sha256()
    for folder in WHAT_DECIDES:
        for path in sorted((home / folder).rglob("*")):
            if path.suffix in SUFFIXES and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(home).as_posix()}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def runs(file: Path) -> tuple[dict[str, Any], ...]:
    """Every logged run, oldest first."""
    if not file.exists():
        return ()
    return tuple(json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip())


def looked_before(tree: str, file: Path) -> dict[str, Any] | None:
    """The latest run of exactly this tree, or None."""
    return next((run for run in reversed(runs(file)) if run["tree"] == tree), None)


def note(at: datetime, tree: str, writer: str, figures: Mapping[str, object], *, file: Path) -> None:
    """Append a run. One that repeats a tree says so."""
    run = {"at": at.isoformat(timespec="seconds"), "tree": tree, "writer": writer, "again": looked_before(tree, file) is not None}
    with file.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({**run, "figures": figures}, ensure_ascii=False) + "\n")
