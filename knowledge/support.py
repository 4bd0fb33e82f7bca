"""How well the sentences that a line speaks of carry it, from 0 to 1: its words, its figures and its names in one score."""

from __future__ import annotations

from knowledge.figures import unsupported
from knowledge.naming import strange_names
from knowledge.words import content_words, stems

# Chosen on the dev half of WiCE (349 claims, each against a whole web page), where by the area under the curve word coverage alone is
# .750, with words elsewhere counted half .750, with figures .772, with names .798; on its test half .711, .718, .756 and .788.
ELSEWHERE = 0.5  # what a word is worth that stands in the source, but in other sentences than those that the line speaks of
FIGURE = 0.1  # off for a figure that stands nowhere in the source
FIGURE_APART = 0.03  # off for one that stands in other sentences only
NAME = 0.1  # off for a name that stands nowhere


def support(line: str, near: str, whole: str) -> float:
    """The share of the line's telling words that are there, less what its figures and names lack. 1 for a line without any."""
    telling = content_words(line)
    close, far = stems(near), stems(whole)
    found = sum(1.0 if word in close else ELSEWHERE if word in far else 0.0 for word in telling)
    share = found / len(telling) if telling else 1.0
    missing = FIGURE * len(unsupported(line, whole)) + FIGURE_APART * len(unsupported(line, near))
    return max(0.0, share - missing - NAME * len(strange_names(line, whole, whole)))
