"""What a sentence claims besides its words: that something must, may, should or must not be; only, always, unless, up to.

Closed classes of English words, each with the words of a source that mean the same. A line that takes a stance which its source does
not take, or loses one that the source takes, is not what the source says, however many words they share.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b", re.IGNORECASE)


_NOT = r"not|no|never|none|nobody|nothing|neither|nor|cannot|without|\w+n['’]t|refused|excluded|prohibited|forbidden|banned"
_TURNED = (
    r"only|except|unless|other than|apart from|exempt|instead|rather|stops?|ends?|loses?|lapses?|expires?|less|fewer|forfeit\w*|closed"
    r"|declined?s?|outside"
)
_MUST = r"must|have to|has to|need to|needs to|required|requires?|oblig\w+|compulsory|mandatory|shall"
_MAY = r"may|can|could|allowed|permitted|optional|free to|voluntary|entitled|possible|fine|ok(?:ay)?|might"
_SHOULD = r"should|recommend\w*|encouraged|expected|ideally|advis\w+|ought"
_ONLY = r"only|solely|exclusively|nobody else|no one else|nothing else"
_EVERY = r"always|every|any|anyone|everyone|anywhere|anytime|automatically|whatever|whoever|whenever|regardless|guaranteed|no matter|even"
_IF = (
    r"unless|except|if|provided|as long as|where|subject to|only|apart from|other than|once|when|with|after|before|until"
    r"|otherwise|but|though|although|still|instead"
)

NEGATION = _words(_NOT)
TURNED = _words(_NOT, _TURNED)
OBLIGATION, PERMISSION, ADVICE = _words(_MUST), _words(_MAY), _words(_SHOULD)
MAYBE = _words("may|might|could")  # "can" is how a friendly voice says that something is so
EXCLUSIVE = _words(_ONLY)
EXCLUSIVE_IN_OTHER_WORDS = _words(_ONLY, _NOT, r"unless|until|once|just|all they")
EVERY = _words(_EVERY)
EVERY_IN_OTHER_WORDS = _words(_EVERY, r"anything|all|in full|at once|each|without|nobody|never")
EXCEPTION = _words(r"unless|except|only|provided")
CONDITION = _words(_IF)
LIMIT = _words(r"up to")
LIMIT_IN_OTHER_WORDS = _words(r"up to|at most|no more than|maximum|not more than|most|limit\w*|within|between|less|under|below")
_ANSWERS_NO = re.compile(r"^no\b[,.]?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Grounds:
    """What a line is held against."""

    near: str  # the sentences it speaks of
    whole: str  # the whole passage, with its title and headings


Rule = Callable[[str, Grounds], bool]


def _says(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.search(text) is not None


def _loses_a_not(line: str, grounds: Grounds) -> bool:
    return _says(NEGATION, grounds.near) and not _says(TURNED, line)


def _adds_a_not(line: str, grounds: Grounds) -> bool:
    return _says(NEGATION, _ANSWERS_NO.sub("", line)) and not _says(TURNED, grounds.near)


def _makes_it_a_must(line: str, grounds: Grounds) -> bool:
    if not _says(OBLIGATION, line):
        return False
    return not _says(OBLIGATION, grounds.whole) or (_says(PERMISSION, grounds.near) and not _says(OBLIGATION, grounds.near))


def _makes_it_a_may(line: str, grounds: Grounds) -> bool:
    return _says(MAYBE, line) and not _says(PERMISSION, grounds.near)


def _makes_advice_a_must(line: str, grounds: Grounds) -> bool:
    return _says(ADVICE, grounds.near) and not _says(ADVICE, line) and _says(OBLIGATION, line)


def _makes_it_advice(line: str, grounds: Grounds) -> bool:
    return _says(ADVICE, line) and not _says(ADVICE, grounds.whole)


def _holds_for_every_case(line: str, grounds: Grounds) -> bool:
    return _says(EVERY, line) and not _says(EVERY_IN_OTHER_WORDS, grounds.near)


def _drops_a_condition(line: str, grounds: Grounds) -> bool:
    return _says(EXCEPTION, grounds.near) and not _says(CONDITION, line)


def _drops_an_only(line: str, grounds: Grounds) -> bool:
    return _says(EXCLUSIVE, grounds.near) and not _says(EXCLUSIVE_IN_OTHER_WORDS, line)


def _drops_a_limit(line: str, grounds: Grounds) -> bool:
    return _says(LIMIT, grounds.near) and not _says(LIMIT_IN_OTHER_WORDS, line) and any(character.isdigit() for character in line)


RULES: tuple[tuple[Rule, str], ...] = (
    (_drops_a_condition, "leaves out a condition or an exception of the source"),
    (_loses_a_not, "leaves out a “not” of the source"),
    (_adds_a_not, "says “not” where the source does not"),
    (_makes_it_a_must, "says that something must be, which the source does not"),
    (_makes_it_a_may, "says that something may be, which the source does not"),
    (_makes_advice_a_must, "makes a must of what the source only recommends"),
    (_makes_it_advice, "makes a recommendation of what the source does not recommend"),
    (_holds_for_every_case, "says “every”, “any” or “always” where the source does not"),
    (_drops_an_only, "leaves out an “only” of the source"),
    (_drops_a_limit, "leaves out an “up to” of the source"),
)


def objection(line: str, grounds: Grounds) -> str:
    """What the line claims and its source does not; empty where both take the same stance."""
    return next((reason for rule, reason in RULES if rule(line, grounds)), "")
