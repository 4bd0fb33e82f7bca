"""What a new edition is tried with before it is published: golden questions, asked by the package evals, loaded when a run begins."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.settings import Settings
    from knowledge.gate import Gate


def open_gate(settings: Settings) -> Gate | None:
    """The golden questions beside the documents; None where there are none. Called in the run's thread. Raises KnowledgeError."""
    if not (settings.documents / "golden.yaml").is_file():
        return None
    from evals.gate import open_golden_gate

    return open_golden_gate(settings.documents, settings.today or datetime.now(UTC).date())
