"""Phrases as an admin writes them, found in what people say: forms of a word are one word, and `…` stands for a few words between."""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge.words import words

_BETWEEN = 4  # words that `…` may stand for
_SHORT = (
    (re.compile(r"\b(i|you|we|they)['’]?ve\b", re.IGNORECASE), r"\1 have"),
    (re.compile(r"\bi['’]?m\b", re.IGNORECASE), "i am"),
    (re.compile(r"\b(you|we|they)['’]re\b", re.IGNORECASE), r"\1 are"),
    (re.compile(r"\b(he|she|it|that|who|what|there|boss|manager|lead|colleague|someone|somebody)['’]s\b", re.IGNORECASE), r"\1 is"),
    (re.compile(r"\bcan['’]?t\b|\bcan not\b", re.IGNORECASE), "cannot"),
    (re.compile(r"\bwon['’]?t\b", re.IGNORECASE), "will not"),
    (re.compile(r"\b(do|does|did|is|are|was|were|has|have|had|would|could|should)n['’]?t\b", re.IGNORECASE), r"\1 not"),
    (re.compile(r"\b(i|we|they|you|he|she|it)['’]ll\b", re.IGNORECASE), r"\1 will"),
    (re.compile(r"\b(i|we|they|you|he|she|it)['’]d\b", re.IGNORECASE), r"\1 would"),
)


def levelled(text: str) -> str:
    """The text's stems, one space between: what phrases are looked for in."""
    for short, long in _SHORT:
        text = short.sub(long, text)
    return " ".join(words(text))


def phrase_pattern(phrases: Iterable[str]) -> str:
    """A regular expression for any of the phrases in a levelled text; one that nothing meets where there are none."""
    found = [rf"(?: \w+){{0,{_BETWEEN}}} ".join(re.escape(part) for part in _parts(phrase)) for phrase in phrases]
    return "(?:" + "|".join(sorted(filter(None, found), key=len, reverse=True)) + ")" if any(found) else "(?!)"


def _parts(phrase: str) -> list[str]:
    return [part for part in (levelled(piece) for piece in re.split(r"…|\.\.\.", phrase)) if part]
