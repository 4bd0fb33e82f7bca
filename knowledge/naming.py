"""The names in a line: countries, days, and whatever is written with a capital inside a sentence."""

from __future__ import annotations

import re

from knowledge.figures import without_dates
from knowledge.places import countries, without_countries
from knowledge.plain_words import plain_words
from knowledge.words import content_words, stems, words

_DAY = re.compile(r"\b((?:mon|tues|wednes|thurs|fri|satur|sun)day)s?\b", re.IGNORECASE)
_CODE = re.compile(r"\b(?=\w*\d)[A-Z]\w+\b")  # F5, MATB1
_CAPITAL = re.compile(r"(?<![.!?:]\s)(?<!^)(?<![\"“(])\b[A-Z][A-Za-z]+\b")


def strange_names(line: str, near: str, whole: str) -> list[str]:
    """Countries, days and codes of the line that the sentences it speaks of do not name, and other names that stand nowhere in the source.

    Dates are figures, and not looked at here.
    """
    strange = sorted(countries(line) - countries(near))
    plain, days, there = without_dates(without_countries(line)), {day.lower() for day in _DAY.findall(near)}, set(words(whole))
    strange += [code for code in _CODE.findall(plain) if code.lower() not in near.lower()]
    strange += [day for day in _DAY.findall(plain) if day.lower() not in days]
    return strange + [name for name in _CAPITAL.findall(plain) if name != "I" and not set(words(name)) <= there]


def strange_words(line: str, *texts: str) -> list[str]:
    """The telling words of the line, stemmed, that none of the texts has. Figures and plain words are not looked at here."""
    there = frozenset[str]().union(*map(stems, texts)) | plain_words()
    return [word for word in content_words(line) if word not in there and not any(character.isdigit() for character in word)]
