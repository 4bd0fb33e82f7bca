"""A text's words as the keyword leg compares them: lower case, no accents, stemmed, numbers kept whole."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tantivy

REVISION = "1"  # raise it when a text's words become others: the keyword index is then made again
ANALYZER = "ibid_english"
TOKEN = r"\p{N}+(?:\.\p{N}+)*|[\p{L}\p{N}]+"  # "4.2" stays one word; "on-call" is two  # noqa: S105 (a pattern, not a password)

# "1,500" and "1500" are one number, "manager's" and "manager" one word.
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
POSSESSIVE = re.compile(r"['’]s\b|['’]")

# The names that questions shorten and titles spell out. "us" is a country in capitals, after "the" and in brackets only.
COUNTRIES = (
    (re.compile(r"\bunited kingdom\b|\bgreat britain\b|\bu\.k\.", re.IGNORECASE), "uk"),
    (re.compile(r"(?i:\bunited states(?: of america)?\b|\bu\.s\.(?:a\.)?|(?<=\bthe )us\b|(?<=\()us(?=\)))|\bUS\b"), "usa"),
)

# What every question has and no answer turns on. Not among them: not, no, before, after, without, under, over.
FUNCTION_WORDS = frozenset(
    """a about am an and any anyone anything are as at be been being but by can cant could did do does doing dont for from get gets
    getting go going got gotta had has have having he hello her hey hi him his how i id if ill im in into is it its ive just know
    let lets like long many may me might much must my need of on one or our ours please pls plz say says she should so some
    someone tell than thank thanks that thats the their them then there these they thing this those to too u up ur us want wanna
    was we were what whats when where which who whom whose why will with wondering would yes you your yours""".split()
)


@cache
def analyzer() -> tantivy.TextAnalyzer:
    """The one chain that both the index and the questions go through."""
    import tantivy

    lowered = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(TOKEN)).filter(tantivy.Filter.lowercase())
    return lowered.filter(tantivy.Filter.ascii_fold()).filter(tantivy.Filter.stemmer("english")).build()


def plain(text: str) -> str:
    """The text with the spellings levelled that would make two words of one."""
    for names, short in COUNTRIES:
        text = names.sub(short, text)
    return POSSESSIVE.sub("", THOUSANDS.sub("", text))


def words(text: str) -> list[str]:
    """All words of a text, stemmed, in order."""
    return analyzer().analyze(plain(text))


@lru_cache(maxsize=2048)
def stems(text: str) -> frozenset[str]:
    """Its distinct words. A source's sentences are compared with every line of a draft."""
    return frozenset(words(text))


@lru_cache(maxsize=2048)
def telling_stems(text: str) -> frozenset[str]:
    """The distinct words that a piece of text turns on."""
    return frozenset(content_words(text))


def content_words(question: str) -> list[str]:
    """The distinct words that a question turns on, in order; all of its words where only function words are there."""
    everything = plain(question).split()
    telling = [word for word in everything if re.sub(r"\W", "", word).casefold() not in FUNCTION_WORDS]
    return list(dict.fromkeys(words(" ".join(telling)) or words(question)))


def telling_spans(question: str) -> list[tuple[int, int]]:
    """Where in the question its telling words stand, in characters."""
    spans = [match.span() for match in re.finditer(r"[\w'’]+", question)]
    return [span for span in spans if re.sub(r"\W", "", question[slice(*span)]).casefold() not in FUNCTION_WORDS]
