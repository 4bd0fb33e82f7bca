"""What is being asked: is it a question about policy, does it stand alone, and for which day is the answer wanted?

Without a model these are decided from the words. Joining turns was measured to help the questions that need it and to hurt all
others, so a question that seems to stand alone is searched alone first; the joined one is what to fall back on when that finds little.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.answers import Outcome
from bot.flows.again import Wish, wish_of
from bot.flows.own_record import asks_own_record
from bot.flows.parts import parts_of
from bot.flows.standing import stands_alone
from bot.flows.words import ENGLISH, MONTHS, OTHER, SMALL_TALK, WORD
from bot.values import Turn
from knowledge.places import countries, without_countries

LONGEST = 4000  # characters

_YEAR = re.compile(r"\b(20[0-4]\d)\b|\b(?:in|during|before|of) (19[5-9]\d)\b")
_IN_YEAR = re.compile(r"\s*\b(?:in|for|during|of)\s+(?:the year\s+)?20[0-4]\d\b", re.IGNORECASE)
_NOW = re.compile(r"\b(?:now|nowadays|these days|today|still|any ?more|this (?:year|month)|current(?:ly)?)\b", re.IGNORECASE)
_OWN_PAST = re.compile(  # when somebody came is no day for which a rule is wanted
    r"\b(?:joined|started|hired|employed|born|been here|worked here|working here|came|moved|since|bought|ordered|received|signed"
    r"|my (?:\w+ ){1,3}(?:was|were))\b[^.?!,;]{0,40}?\b(?:19[5-9]|20[0-4])\d\b"
)


@dataclass(frozen=True)
class Understood:
    """Either an outcome that ends the conversation here, or a standalone question and the day it is asked for."""

    standalone: str
    as_of: date
    ends: Outcome | None = None
    joined: str = ""  # with the turn before it; empty where there is none
    leans: bool = False  # it says too little alone: `standalone` is the joined one
    wish: Wish | None = None  # it asks for the answer before in another form, and nothing new
    parts: tuple[Understood, ...] = ()  # where the message is several questions, each of them


def understand(text: str, turns: Sequence[Turn], today: date) -> Understood:
    """Decide from the text, the same person's earlier turns in this thread (oldest first), and today's date."""
    words = WORD.findall(text)
    if not any(character.isalpha() for character in text):
        return Understood(text, today, Outcome.NO_QUESTION)
    if len(text) > LONGEST:
        return Understood("", today, Outcome.TOO_LONG)
    if SMALL_TALK.fullmatch(" ".join(words)):
        return Understood(text, today, Outcome.SMALL_TALK)
    if not _english(text, words):
        return Understood(text, today, Outcome.NOT_ENGLISH)
    if asks_own_record(text):
        return Understood(text, today, Outcome.OWN_RECORD)
    wish = wish_of(text) if turns else None
    if wish:
        return Understood(turns[-1].question, as_of(turns[-1].question, today), wish=wish)
    return replace(_in_turn(text, turns, today), parts=_parts(text, turns, today))


def _in_turn(text: str, turns: Sequence[Turn], today: date) -> Understood:
    day = as_of(text, today)
    if not turns:
        return Understood(text, day)
    before = turns[-1].question
    joined = _join(before, text)
    if stands_alone(text):
        return Understood(_with_country(before, text), day, joined=joined)
    return Understood(joined, _day(text, before, today), joined=joined, leans=True)


def _parts(text: str, turns: Sequence[Turn], today: date) -> tuple[Understood, ...]:
    """Each question of the message; the later ones as if the first had been asked before, where they lean on it.

    One that stands alone and finds too little is not joined with the first: it would be answered with what that one finds.
    """
    parts = parts_of(text)
    if len(parts) < 2:
        return ()
    first = _in_turn(parts[0], turns, today)
    later = (_in_turn(part, (Turn(first.standalone),), today) for part in parts[1:])
    return (first, *(part if part.leans else replace(part, joined="") for part in later))


def _day(text: str, before: str, today: date) -> date:
    """Who asked about another day goes on about it, until one is named."""
    day = as_of(text, today)
    return day if day != today or _YEAR.search(text) or _NOW.search(text) else as_of(before, today)


def _join(before: str, text: str) -> str:
    """A country, or a year, that the new question names takes the place of those named before."""
    before = without_countries(before) if countries(text) else before
    return f"{_IN_YEAR.sub('', before) if _YEAR.search(text) else before} {text}"


def _with_country(before: str, text: str) -> str:
    """Who asked about one country goes on about it, until another is named."""
    meant = countries(before)
    return f"{text} ({', '.join(sorted(meant))})" if meant and not countries(text) else text


def as_of(text: str, today: date) -> date:
    """The day for which the answer is wanted: a year or a coming month that the question names, else today."""
    lower = _OWN_PAST.sub(" ", text.lower())
    if re.search(r"\bnext year\b", lower):
        return date(today.year + 1, 1, 1)
    if re.search(r"(?<!from )\blast year\b", lower) and not _NOW.search(lower):
        return date(today.year - 1, 12, 31)
    earlier = re.search(rf"\b(?:before|until|up to) ({'|'.join(MONTHS)}) this year\b", lower)
    if earlier:
        return date(today.year, MONTHS.index(earlier.group(1)) + 1, 1) - timedelta(days=1)
    month = _coming_month(lower, today) or _month_named(lower, today)
    if month:
        return month
    years = {int("".join(year)) for year in _YEAR.findall(lower)}
    if len(years) == 1 and (year := years.pop()) != today.year:
        return date(year, 12, 31) if year < today.year else date(year, 1, 1)
    return today


def _coming_month(lower: str, today: date) -> date | None:
    month_year = rf"({'|'.join(MONTHS)})\b(?:\s+(20\d\d))?"
    match = re.search(rf"\b(?:chang\w+|new|as of|come|coming)\b[^.?!]*\b{month_year}", lower)
    match = match or re.search(rf"\bfrom {month_year}(?! (?:to|until|till|and)\b)", lower)
    if not match:
        return None
    month = MONTHS.index(match.group(1)) + 1
    year = int(match.group(2)) if match.group(2) else today.year + (month <= today.month)
    asked = date(year, month, 1)
    return asked if asked > today else None


def _month_named(lower: str, today: date) -> date | None:
    """The last day of a month that is over, the first of one to come; without a year, only where it is asked how something was."""
    if re.search(r"\bnext month\b", lower):
        return date(today.year + today.month // 12, today.month % 12 + 1, 1)
    named = rf"\bin ({'|'.join(MONTHS)})"
    match = re.search(rf"{named} (20[0-4]\d)\b", lower) or re.search(rf"\b(?:was|were|did|used to)\b[^.?!]*{named}\b(?! 20\d\d)", lower)
    if not match:
        return None
    month = MONTHS.index(match.group(1)) + 1
    year = int(match.group(2)) if match.re.groups == 2 else today.year - (month >= today.month)
    if (year, month) == (today.year, today.month):
        return None
    begins, after = date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
    return begins if begins > today else after - timedelta(days=1)


def _english(text: str, words: Sequence[str]) -> bool:
    letters = [character for character in text if character.isalpha()]
    if sum(character.isascii() for character in letters) < len(letters) / 2:
        return False
    lower = [word.lower() for word in words]
    foreign = sum(word in OTHER for word in lower)
    return foreign < 2 or foreign <= sum(word in ENGLISH for word in lower)
