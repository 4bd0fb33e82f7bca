"""The countries that a text names: a rule for one country is no answer for another."""

from __future__ import annotations

import re

from knowledge.words import words

# Where companies have people. As `words` levels and stems them; cities and adjectives come from the glossary.
_NAMES = """uk usa germany german france french spain italy portugal netherlands holland belgium austria switzerland ireland poland
sweden denmark norway finland czechia hungary greece romania turkey israel canada mexico brazil argentina india china japan korea
singapore australia zealand philippines vietnam thailand ukraine estonia latvia lithuania luxembourg"""
_SAME = {"german": "germany", "french": "france", "holland": "netherlands"}
_STEMS = {stem: _SAME.get(name, name) for name in _NAMES.split() for stem in words(name)}

_SPELLED = re.compile(
    r"\b(?:(?:in|for|from) )?(?:the )?(?:united kingdom|great britain|u\.k\.|united states(?: of america)?|u\.s\.(?:a\.)?|"
    + "|".join(_NAMES.split())
    + r")\b|\b(?:in|for|from) the us\b",
    re.IGNORECASE,
)


def countries(text: str) -> frozenset[str]:
    """The countries named, each by one name."""
    return frozenset(_STEMS[word] for word in words(text) if word in _STEMS)


def without_countries(text: str) -> str:
    """The text with the names of countries, and what leads to them, taken out."""
    return " ".join(_SPELLED.sub(" ", text).split())
