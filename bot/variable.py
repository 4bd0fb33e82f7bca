"""What there is to say about a variable of the environment."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Variable:
    """One environment variable, as the reference and .env.example show it."""

    name: str
    meaning: str
    default: str = ""
    secret: bool = False
