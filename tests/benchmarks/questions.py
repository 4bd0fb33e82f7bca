"""The sample handbook's golden questions, as something to ask of any corpus."""

from __future__ import annotations

from pathlib import Path

import yaml

GOLDEN = Path(__file__).parents[2] / "handbook" / "golden.yaml"


def questions(count: int) -> list[str]:
    """So many of them, from all over the file."""
    asked = [one["question"] for one in yaml.safe_load(GOLDEN.read_text(encoding="utf-8")) if "question" in one]
    return asked[:: max(1, len(asked) // count)][:count]
