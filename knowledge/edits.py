"""What was changed in a sentence that is otherwise the source's own: a "not" put in, a "may" made a "must", a figure moved.

The words of both are levelled first, so that "you cannot" and "employees may not" are the same. Where most of a line is one sentence of
its source, in its order, every other word that turns a rule must stand in the same place.
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from itertools import pairwise

from knowledge.words import words

OWN = 0.75  # of a line's words stand in one sentence of the source, in its order, from there on it is that sentence with changes
MOST = 120  # words of a sentence that are compared
SHORT = 4  # words that were left out between others; more is a part of the sentence that the line does not tell

_NEUTRAL = "|".join(
    """a an the your their his her its own of is are be was were per each also then normally that this it who if when where while so
    yes""".split()
)
_LEVEL = (
    (re.compile(r"\bcannot\b|\bcan['’]t\b", re.IGNORECASE), "may not"),
    (re.compile(r"n['’]t\b", re.IGNORECASE), " not"),
    (re.compile(r"\b(?:do|does) not (?:have|need) to\b|\bneed not\b|\b(?:is|are) not (?:required|obliged) to\b", re.IGNORECASE), "spared"),
    (re.compile(r"\b(?:may|must|shall|do|does|(?:is|are) not (?:allowed|permitted) to) not\b", re.IGNORECASE), "not"),
    (re.compile(r"\b(?:is|are) not (?:allowed|permitted|possible)\b", re.IGNORECASE), "not"),
    (re.compile(r"\b(?:is|are) (?:allowed|permitted|possible)\b(?! to)", re.IGNORECASE), "may"),
    (re.compile(r"\b(?:can|could|allowed to|free to)\b", re.IGNORECASE), "may"),
    (re.compile(r"\b(?:have|has|need|needs) to\b|\b(?:is|are) required to\b", re.IGNORECASE), "must"),
    (re.compile(r"\bno (?:more|longer|later|fewer|less) than\b|\bat most\b|\bnot more than\b", re.IGNORECASE), "up to"),
    (re.compile(r"\bper ?cent\b", re.IGNORECASE), "%"),
    (re.compile(r"\b(?:employees?|you|they|the holder|holders|staff)\b", re.IGNORECASE), " "),
    (re.compile(rf"\b(?:{_NEUTRAL}|to(?! \d))\b", re.IGNORECASE), " "),
)  # fmt: skip
_SPELLED = {
    word: str(number)
    for number, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
}  # fmt: skip
_LEADS = re.compile(r":\s")
_FRIENDLY = re.compile(r"\bcan\b", re.IGNORECASE)
_ANSWER = re.compile(r"^\W*(?:yes|no)\b[,.:;]?\s*", re.IGNORECASE)
_TOKEN = re.compile(r"[£€$]?\d[\d,.]*\d|[£€$]?\d|%|\w+")
_TURNS = frozenset(
    """not no never nobody none neither nor may must should shall might up least most more less over under above below before after
    within without with until unless except only if all every always any first last next same other another paid unpaid work calendar
    day week month year hour minut
    half full third quarter doubl twice onc either both second exclud includ begin start end earlier later inside outside open close
    oppos instead increas reduc gross net""".split()
)

_STRICT = frozenset("not never nobody must may should onli unless except spare".split())
_PARTS = frozenset("twice half doubl third quarter".split())


def changed(line: str, closest: str) -> str:
    """The words that make another rule of the closest sentence; empty where the line is no copy of it, or a true one."""
    said, there = _tokens(line), _tokens(closest)
    if not said or len(said) > MOST or len(there) > MOST:
        return ""
    matcher = SequenceMatcher(None, there, said, autojunk=False)
    if sum(block.size for block in matcher.get_matching_blocks()) < OWN * len(said):
        return ""
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    led = bool(_LEADS.search(closest))  # what leads to a list is said anywhere
    covered = there if led else there[blocks[0].a : blocks[-1].a + blocks[-1].size]
    for kind, begin, end, first, last in matcher.get_opcodes():
        gone, come = _turning(there[begin:end], _TURNS), _turning(said[first:last], _TURNS)
        if len(there) - len(said) > SHORT and come.keys() <= set(there):
            continue  # of a longer sentence it tells a part, and this is of that part
        if kind == "replace" and come and gone and come != gone and end - begin <= SHORT and last - first <= SHORT:
            return " ".join(come)
    added = _turning(said, _STRICT) - _turning(covered, _STRICT)
    if _FRIENDLY.search(line) and not {"may", "must"} & set(covered):
        del added["may"]  # "can" is how a friendly voice says that something is so
    lost = _turning(covered, _STRICT | _PARTS) - _turning(said, _STRICT | _PARTS)
    left_out = max((block.a - before.a - before.size for before, block in pairwise(blocks)), default=0)
    if added:
        return " ".join(added)
    return f"{' '.join(lost)} left out" if lost and left_out <= SHORT else ""


def _tokens(text: str) -> list[str]:
    text = _ANSWER.sub("", text)
    for pattern, level in _LEVEL:
        text = pattern.sub(level, text)
    found = (_SPELLED.get(token.lower(), token.lower()) for token in _TOKEN.findall(text))
    return [(words(token) or [token])[0] if token.isalpha() else token for token in found]


def _turning(tokens: list[str], turns: frozenset[str]) -> Counter[str]:
    return Counter(token for token in tokens if token in turns or (turns is _TURNS and any(character.isdigit() for character in token)))
