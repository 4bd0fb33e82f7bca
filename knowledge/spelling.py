"""Misspelt words of a question, put right by the words of passages that its readers may read: nothing else can be guessed from it.

A correction is searched with and never said. Left alone are words that stand in those passages or that the embedder knows as a whole,
short ones, names (a capital letter that no sentence begins with) and whatever stands against a digit or a sign: numbers, addresses.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from knowledge.plain_words import plain_words
from knowledge.words import FUNCTION_WORDS, words

SHORTEST = 4  # letters; under it, almost any two words are near each other
TWO_FROM = 8  # from so many letters on, two slips are one word's
MOST = 24  # different words; a text with more that nobody knows is no question with slips, and costs a look through all words for each
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_BESIDE = re.compile(r"[\w@/\\.:-]")  # before or behind a word it makes more than a word of it
_BEGINS = re.compile(r"(?:^|[.?!:]\s+|\n\s*)\W*$")  # what stands before a sentence's first word


@dataclass(frozen=True)
class Vocabulary:
    """The words of the passages that a search may read, as written but in small letters, with how often each stands there."""

    counts: Mapping[str, int]

    def corrected(self, text: str, known: Callable[[str], bool]) -> str:
        """The text with its misspelt words put right; the same text where there are none, or nothing is near them."""
        unknown = [match for match in WORD.finditer(text) if _plain(match) and self._strange(plain_letters(match.group()), known)]
        if len({plain_letters(match.group()) for match in unknown}) > MOST:
            return text
        starts = {match.start() for match in unknown}
        return WORD.sub(lambda match: self._put_right(match.group()) if match.start() in starts else match.group(), text)

    def _strange(self, word: str, known: Callable[[str], bool]) -> bool:
        return not (self._has(word) or known(word))

    def _put_right(self, word: str) -> str:
        return self._nearest(plain_letters(word)) or word

    def _has(self, word: str) -> bool:
        return word in self.counts or word in FUNCTION_WORDS or word in plain_words() or not self._stems.isdisjoint(words(word))

    @cached_property
    def _stems(self) -> frozenset[str]:
        return frozenset(words(" ".join(self.counts)))

    @cached_property
    def _choices(self) -> list[str]:
        return [word for word in self.counts if len(word) >= SHORTEST]

    def _nearest(self, word: str) -> str | None:
        """The word with the fewest slips between; of several, one that begins alike, then the most common."""
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        most = 1 if len(word) < TWO_FROM else 2
        near = extract(word, self._choices, scorer=OSA.distance, score_cutoff=most, limit=None)
        found = min(near, key=lambda one: (one[1], one[0][0] != word[0], -self.counts[one[0]], one[0]), default=None)
        return found[0] if found else None


def found_words(text: str) -> list[str]:
    """Every word of a text, in small letters and without accents."""
    return WORD.findall(plain_letters(text))


def joined(counts: Collection[Mapping[str, int]]) -> Vocabulary:
    """One vocabulary of several."""
    whole: Counter[str] = Counter()
    for some in counts:
        whole.update(some)
    return Vocabulary(whole)


def plain_letters(text: str) -> str:
    """In small letters, without accents."""
    if text.isascii():
        return text.lower()
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(sign))


def _plain(match: re.Match[str]) -> bool:
    """Whether it is a word that somebody typed as one: no name, no part of a number or an address."""
    text, word = match.string, match.group()
    if len(word) < SHORTEST or "'" in word or "’" in word or not word[1:].islower():
        return False
    before, behind = text[: match.start()], text[match.end() : match.end() + 2]
    if (before and _BESIDE.match(before[-1])) or (behind and _BESIDE.match(behind[0]) and not re.match(r"[.:](?:\s|$)", behind)):
        return False
    return word.islower() or bool(_BEGINS.search(before))
