"""Does what remains of a draft answer the question? Where lines fell and only side remarks stand, a refusal is the honest reply.

Asked only of drafts that lost something: what a writer did not say at all is its judgement, what was taken from it is ours. In doubt the
lines that are proved are shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answers import Dropped, Sentence
from bot.flows.words import ASKS_FIGURE
from knowledge.figures import figures
from knowledge.words import content_words, stems, telling_stems

_HOW_MANY = re.compile(
    r"\bhow many\s+(?:\w+\s+){0,3}?(\w+)\b"
    r"(?=\s+(?:can|do|does|may|am|are|is|will|should|must|would|i|we|a|per|of|off|to|for|in)\b|\W*$)",
    re.IGNORECASE,
)
_WHEN = re.compile(r"\b(?:when|by when|deadline|what (?:date|day|time))\b", re.IGNORECASE)
_A_TIME = re.compile(
    r"\b(?:day|week|month|year|hour|minute|date|immediately|at once|at any time|as soon as|before|after|until"
    r"|first|last|end|start|monday|tuesday"
    r"|wednesday|thursday|friday|never|always|no deadline|no time limit)s?\b",
    re.IGNORECASE,
)
_NONE = re.compile(r"\b(?:no|not|any|all)\b(?= (?:limit|cap|time|more|fixed|maximum))|\bunlimited\b|\bnever\b|\bnone\b", re.IGNORECASE)


def answers_it(question: str, sentences: Sequence[Sentence], dropped: Sequence[Dropped] = ()) -> bool:
    """False only where a line was dropped that spoke to the question and none is left that does."""
    said = [sentence.text for sentence in sentences if not sentence.condition]
    if not said or not dropped:
        return bool(said)
    lost = [line.text for line in dropped]
    if ASKS_FIGURE.search(question) and any(_has_what_is_asked(question, line) for line in lost):
        return any(_has_what_is_asked(question, line) for line in said)
    asked = frozenset(content_words(question))  # not the remembered ones: a question is kept nowhere
    return any(asked & stems(line) for line in said) or not any(asked & stems(line) for line in lost)


def _has_what_is_asked(question: str, line: str) -> bool:
    """A figure of the thing that is counted; a date or a length of time; else any figure, or a word that says that there is none."""
    if _NONE.search(line):
        return True
    found = figures(line)
    counted = _HOW_MANY.search(question)
    if counted:
        return any(figure.kind != "date" for figure in found) and bool(telling_stems(counted.group(1)) & stems(line))
    if _WHEN.search(question):
        return bool(found) or bool(_A_TIME.search(line))
    return any(figure.kind != "date" for figure in found) or (bool(found) and "how long" in question.lower())
