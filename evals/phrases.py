"""Whether a text says a phrase: whole words and whole figures, whatever the case, the spacing or the emphasis marks."""

from __future__ import annotations

import re
import unicodedata


def levelled(text: str) -> str:
    """The text with the spellings levelled that readers do not tell apart: case, runs of white space, hard spaces, ** and quotes."""
    plain = unicodedata.normalize("NFKC", text).replace("**", "").replace("’", "'")
    return " ".join(plain.casefold().split())


def says(text: str, phrase: str) -> bool:
    """Whether one of the phrase's alternatives ("a|b") stands in the text. "5 days" does not stand in "15 days" or in "2.5 days"."""
    inside = levelled(text)
    return any(_whole(levelled(alternative)).search(inside) for alternative in phrase.split("|"))


def _whole(phrase: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?<!\d[.,]){re.escape(phrase)}(?!\w)(?![.,]\d)")
