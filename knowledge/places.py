"""The countries that a text names: a rule for one country is no answer for another."""

from __future__ import annotations

import re

from knowledge.words import words

# Where companies have people. As `words` levels and stems them; cities and adjectives come from the glossary.
_NAMES = """uk usa germany german france french spain italy portugal netherlands holland belgium austria switzerland ireland poland
sweden denmark norway finland czechia hungary greece romania turkey israel canada mexico brazil argentina india china japan korea
singapore australia zealand philippines vietnam thailand ukraine estonia latvia lithuania luxembourg"""
_SAME = {"german": "germany", "french": "france", "holland": "netherlands"}
_STEMS = {stem: _SAME.get(name, name) for name in _NAMES.split() for stem in words(name)}

_SPELLED = re.compile(
    r"\b(?:(?:in|for|from) )?(?:the )?(?:united kingdom|great britain|u\.k\.|united states(?: of america)?|u\.s\.(?:a\.)?|"
    + "|".join(_NAMES.split())
    + r")\b|\b(?:in|for|from) the us\b",
    re.IGNORECASE,
)


_CODES = {
    "GB": "United Kingdom", "UK": "United Kingdom", "US": "United States", "DE": "Germany", "FR": "France", "ES": "Spain", "IT": "Italy",
    "PT": "Portugal", "NL": "Netherlands", "BE": "Belgium", "AT": "Austria", "CH": "Switzerland", "IE": "Ireland", "PL": "Poland",
    "SE": "Sweden", "DK": "Denmark", "NO": "Norway", "FI": "Finland", "CZ": "Czechia", "HU": "Hungary", "GR": "Greece", "RO": "Romania",
    "TR": "Turkey", "IL": "Israel", "CA": "Canada", "MX": "Mexico", "BR": "Brazil", "AR": "Argentina", "IN": "India", "CN": "China",
    "JP": "Japan", "KR": "Korea", "SG": "Singapore", "AU": "Australia", "NZ": "New Zealand", "PH": "Philippines", "VN": "Vietnam",
    "TH": "Thailand", "UA": "Ukraine", "EE": "Estonia", "LV": "Latvia", "LT": "Lithuania", "LU": "Luxembourg",
}  # fmt: skip


_WRITTEN = {"uk": "United Kingdom", "usa": "United States", "zealand": "New Zealand"}


def country_named(profile: object) -> str:
    """A profile's country, a code or a name, by the name that documents use; empty where it is none that is known here."""
    said = "NO" if profile is False else str(profile or "").strip()  # YAML reads a Norwegian's code as a "no"
    name = _CODES.get(said.upper(), said)
    return name if len(countries(name)) == 1 else ""


def spelled_out(country: str) -> str:
    """One of the names that `countries` gives, as it is written: uk is the United Kingdom."""
    return _WRITTEN.get(country, country.title())


def with_article(country: str) -> str:
    """As it is said in a sentence: the United States, Germany."""
    return f"the {country}" if country.partition(" ")[0] == "United" or country in ("Netherlands", "Philippines") else country


def countries(text: str) -> frozenset[str]:
    """The countries named, each by one name."""
    return frozenset(_STEMS[word] for word in words(text) if word in _STEMS)


def without_countries(text: str) -> str:
    """The text with the names of countries, and what leads to them, taken out."""
    return " ".join(_SPELLED.sub(" ", text).split())
