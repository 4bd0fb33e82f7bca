"""What a sentence claims besides its words: that something must, may, should or must not be; only, always, unless, up to.

Closed classes of English words, each with the words of a source that mean the same. A line that takes a stance which its source does
not take, or loses one that the source takes, is not what the source says, however many words they share.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from knowledge.brought import claimed_of_the_source
from knowledge.figures import Figure, figures
from knowledge.words import content_words, stems, telling_stems


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
DENIED = _words(_NOT, "only|except|unless|other than|apart from|rather|instead|exempt")
OBLIGATION, PERMISSION, ADVICE = _words(_MUST), _words(_MAY), _words(_SHOULD)
MAYBE = _words("may|might|could")  # "can" is how a friendly voice says that something is so
EXCLUSIVE = _words(_ONLY)
EXCLUSIVE_IN_OTHER_WORDS = _words(_ONLY, _NOT, r"unless|until|once|just|all they")
EVERY = _words(_EVERY)
EVERY_IN_OTHER_WORDS = _words(_EVERY, r"anything|all|in full|at once|each|without|nobody|never")
EXCEPTION = _words(r"unless|except|only|provided")
CONDITION = _words(_IF)
LIMIT_IN_OTHER_WORDS = _words(r"up to|at most|no more than|maximum|not more than|most|limit\w*|within|between|less than|under|below|cap\w*")
MEANT = 0.5  # of a negated piece's words a line has from there on when it speaks of it
REACH = 2  # telling words behind a “not” that say what it denies
_PIECE = re.compile(r"[,;:()|·]\s|\s[–—-]\s|\s(?=(?:and|but|or|while|whereas|without)\s)|[.!?]\s|\n", re.IGNORECASE)
_SUPPOSED = re.compile(r"\s(?=(?:if|when|because|unless)\s)", re.IGNORECASE)
NEAR_IT = 6  # words on either side of a figure
_A_FIGURE = re.compile(
    r"[£€$]?\d[\d,.]*(?:\s?%|\sper\s?cent)?|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|twenty)\b", re.IGNORECASE
)
_LONE = re.compile(r"\b(?:and|but|is|are|was|were|be|therefore|also|then)\b", re.IGNORECASE)
_UP_TO = re.compile(r"\bup to\s(?:\S+\s?){1,3}", re.IGNORECASE)
_RESTRICTED = _words("unless|except|only|other than|apart from|without|until|before|more than")
_FORBIDDEN = re.compile(r"\b(?:may|can|must)(?:\s?not|n['’]t)\s(\w{3,})", re.IGNORECASE)
_SPARED = _words("need not|needn['’]t|(?:do|does)(?: not|n['’]t) (?:have|need) to|no need|not (?:required|compulsory|necessary|mandatory)")
_MUST_NOT = re.compile(r"\bmust(?: not|n['’]t)\b", re.IGNORECASE)
_MAY_BE = re.compile(r"\bmay be (\w+(?:ed|en|ld|ght))\b", re.IGNORECASE)
_ANSWERS_NO = re.compile(r"^no\b[,.]?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Grounds:
    """What a line is held against."""

    near: str  # the sentences it speaks of
    whole: str  # the whole passage, with its title and headings
    question: str = ""  # whose figures are the asker's own


Rule = Callable[[str, Grounds], bool]


def _says(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.search(text) is not None


def _loses_a_not(line: str, grounds: Grounds) -> bool:
    """The line says straight what a piece of its sentences denies."""
    return any(_means(piece, line) and (not _says(TURNED, line) or _straight(piece, line)) for piece in _denials(grounds.near))


def _adds_a_not(line: str, grounds: Grounds) -> bool:
    """The line denies what its sentences say straight."""
    line = _ANSWERS_NO.sub("", line)
    if _says(NEGATION, line) and not _says(TURNED, grounds.near):
        return True
    return any(_straight(piece, grounds.near) for piece in _denials(line))


def _forbids_what_may_be(line: str, grounds: Grounds) -> bool:
    """ "May not refuse" where the source has "may refuse", and the like."""
    if _says(_RESTRICTED, line):
        return False
    return any(
        re.search(rf"\b(?:may|can|must)\s(?:also\s|then\s)?{verb}\b", grounds.near, re.IGNORECASE)
        and not re.search(rf"\bnot\s(?:\w+\s)?{verb}\b", grounds.near, re.IGNORECASE)
        for verb in _FORBIDDEN.findall(line)
    )


def _spares_a_must(line: str, grounds: Grounds) -> bool:
    """ "Need not" where the source has "must"."""
    return _says(_SPARED, line) and _says(OBLIGATION, grounds.near) and not _says(NEGATION, grounds.near)


def _makes_sure_what_may_be(line: str, grounds: Grounds) -> bool:
    """ "Is deducted" where the source has "may be deducted"."""
    return any(
        re.search(rf"\b(?:is|are|gets?)\s(?:then\s|always\s)?{done}\b", line, re.IGNORECASE) and not _says(PERMISSION, line)
        for done in _MAY_BE.findall(grounds.near)
        if not re.search(rf"\b(?:is|are|must be)\s{done}\b", grounds.near, re.IGNORECASE)
    )


def _denials(text: str) -> list[str]:
    """The pieces between commas and conjunctions that hold a “not”: it reaches no further, but for one that says nothing else."""
    there = _pieces(text)
    found = []
    for place, piece in enumerate(there):
        if _says(NEGATION, piece):
            alone = place and not _LONE.sub("", NEGATION.sub("", piece)).strip(" .;,")
            found.append(" ".join(there[max(0, place - REACH) : place + 1]) if alone else piece)
    return found


def _means(piece: str, line: str) -> bool:
    telling = telling_stems(NEGATION.sub(" ", piece))
    return len(telling & telling_stems(line)) >= MEANT * len(telling)


def _straight(piece: str, text: str) -> bool:
    """Whether the text says without any “not” what stands behind the one of this piece."""
    denied = NEGATION.search(piece)
    behind = list(dict.fromkeys(content_words(piece[denied.end() :])))[:REACH] if denied and piece[denied.end() :].strip() else []
    if denied and len(behind) < REACH and piece[: denied.start()].strip():
        behind = [*content_words(piece[: denied.start()])[-REACH:], *behind]
    there = (part for other in _pieces(text) for part in _SUPPOSED.split(other))
    saying = [other for other in there if behind and stems(other).issuperset(behind)]
    return len(behind) >= REACH and bool(saying) and not any(_says(DENIED, other) for other in saying)


def _pieces(text: str) -> list[str]:
    return [piece for piece in _PIECE.split(text) if piece.strip()]


def _makes_it_a_must(line: str, grounds: Grounds) -> bool:
    line = _MUST_NOT.sub("not", line) if _says(NEGATION, grounds.near) else line  # a "not" of the source is a "must not"
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
    return not _says(CONDITION, line) and any(_bears_on(piece, rest, line) for piece, rest in _holding(EXCEPTION, grounds.near))


def _drops_an_only(line: str, grounds: Grounds) -> bool:
    there = _holding(EXCLUSIVE, grounds.near)
    return not _says(EXCLUSIVE_IN_OTHER_WORDS, line) and any(_bears_on(piece, rest, line) for piece, rest in there)


def _holding(pattern: re.Pattern[str], text: str) -> list[tuple[str, str]]:
    """The pieces of a text that hold it, each with the rest of the text; one that begins with it belongs to the piece before."""
    there = _pieces(text)
    found = []
    for place, piece in enumerate(there):
        match = pattern.search(piece)
        if match:
            first = place - 1 if place and len(piece[: match.start()].split()) <= 1 else place
            found.append((" ".join(there[first : place + 1]), " ".join((*there[:first], *there[place + 1 :]))))
    return found


def _bears_on(piece: str, rest: str, line: str) -> bool:
    """Whether the line speaks of what this piece of a sentence alone is about."""
    own = telling_stems(piece) - stems(rest)
    return bool(own & stems(line)) or not own


def _drops_a_limit(line: str, grounds: Grounds) -> bool:
    """The line has the figure, and nothing near it that says that it is the most."""
    limited = frozenset[Figure]().union(*(figures(match.group()) for match in _UP_TO.finditer(grounds.near)))
    free = frozenset[Figure]().union(*(figures(piece) for piece in _UP_TO.split(grounds.near)))
    bare, told = set[Figure](), set[Figure]()
    for match in _A_FIGURE.finditer(line):
        around = f"{' '.join(line[: match.start()].split()[-NEAR_IT:])} {' '.join(line[match.end() :].split()[:NEAR_IT])}"
        (told if _says(LIMIT_IN_OTHER_WORDS, around) else bare).update(figures(match.group()) & limited - free)
    own = figures(grounds.question)
    return bool(claimed_of_the_source(line, (bare - told) & own) | (bare - told - own))


RULES: tuple[tuple[Rule, str], ...] = (
    (_drops_a_condition, "leaves out a condition or an exception of the source"),
    (_loses_a_not, "leaves out a “not” of the source"),
    (_adds_a_not, "says “not” where the source does not"),
    (_forbids_what_may_be, "forbids what the source allows"),
    (_spares_a_must, "says that something need not be, which must be by the source"),
    (_makes_sure_what_may_be, "makes sure what by the source only may be"),
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
