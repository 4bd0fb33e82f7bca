"""The log of looks at the check half. Every look teaches whoever tunes something about it, so there is one for each change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

HOME = Path(__file__).resolve().parent.parent
LOG = HOME / "evals" / "check_runs.jsonl"
WHAT_DECIDES = ("bot", "knowledge", "prompts", "handbook")  # a change to any of these makes other answers, or other questions
WITH_CLAIMS = (*WHAT_DECIDES, "evals/claims", "evals/clauses")
SUFFIXES = {".py", ".md", ".html", ".pdf", ".docx", ".yaml", ".csv"}


@dataclass(frozen=True)
class Look:
    """What was looked at. Quotes and a model, or two models, are measured once each: nothing in the tree is tuned between them."""

    what: Literal["golden", "claims", "trust"] = "golden"
    writer: str = "quote"
    models: tuple[str, ...] = ()  # that were asked, in their order

    @classmethod
    def of(cls, run: Mapping[str, Any]) -> Look:
        """Of a logged run; the oldest ones do not say all of it."""
        return cls(run.get("what", "golden"), run["writer"], tuple(run.get("models", ())))


GOLDEN = Look()


def tree_hash(home: Path = HOME, folders: Sequence[str] = WHAT_DECIDES) -> str:
    """12 hex digits that name exactly the code, prompts, documents and questions that the figures were measured with."""
    digest = hashlib.sha256()
    for folder in folders:
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


def looked_before(tree: str, file: Path, look: Look = GOLDEN) -> dict[str, Any] | None:
    """The latest look of this kind at exactly this tree, or None."""
    return next((run for run in reversed(runs(file)) if run["tree"] == tree and Look.of(run) == look), None)


def refusal(tree: str, look: Look, file: Path) -> str:
    """What to say where this was looked at before; empty where it was not."""
    before = looked_before(tree, file, look)
    if before is None:
        return ""
    return (
        f"The check half was looked at with exactly this tree ({tree}) on {before['at']}.\n"
        "Change something first, or give --again: the log will say that nothing had changed."
    )


def note(at: datetime, tree: str, look: Look, figures: Mapping[str, object], *, file: Path) -> None:
    """Append a run. One that repeats a look at a tree says so."""
    again = looked_before(tree, file, look) is not None
    run = {"at": at.isoformat(timespec="seconds"), "tree": tree, **asdict(look), "again": again, "figures": figures}
    with file.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(run, ensure_ascii=False) + "\n")
