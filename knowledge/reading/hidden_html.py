"""What a web page holds and does not show, taken out of it and counted for its owner."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bs4 import BeautifulSoup
from bs4.element import Comment, NavigableString, Tag

from knowledge.reading.cleaning import clean, one_line
from knowledge.reading.css import NOT_SHOWN, SAME_COLOUR, Declared, Sheet, alike, background, declared_by, unseen, unseen_words
from knowledge.reading.hidden import Hidden, below

_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
_READ_ALOUD = re.compile(r"sr-only|visually-?hidden|screen-?reader", re.IGNORECASE)
_LABEL = 60  # characters: "opens in a new window", spoken to who cannot see the sign for it
_PROSE = 12  # words: less is a note of whoever built the page, a licence's name, a line about JavaScript
_COMMENTS = "in comments"


def take_out(soup: BeautifulSoup, hidden: Hidden, dropped: Sequence[str], place: str = "") -> None:
    """Take out the elements of these names, and what is not shown. An icon (aria-hidden) goes without a word.

    `place` is where the first heading of a fragment is yet to come.
    """
    sheet = Sheet(soup)
    if not sheet.is_whole:
        hidden.note("The page's style sheet is too long to tell whether all of its text is shown.")
    for tag in soup(["template", "noscript"]):
        _count_prose(str(tag.get_text()), f"inside <{tag.name}>", hidden, _place(tag) or place)
    for tag in soup(list(dropped)):
        tag.decompose()
    for comment in soup.find_all(string=lambda node: isinstance(node, Comment)):
        _count_prose(str(comment), _COMMENTS, hidden, _place(comment) or place)
    for tag in soup(True):
        if tag.decomposed:
            continue
        declared = sheet.of(tag)
        if why := _why(tag, declared):
            _count(tag, tag.get_text(), why, hidden, place)
            tag.decompose()
        elif tag.get("aria-hidden") == "true":
            tag.decompose()
        elif declared:
            _take_out_words(tag, sheet, hidden, place)


def count_comments(source: str, hidden: Hidden, where: str) -> None:
    """Count the comments in a piece of HTML."""
    for found in re.findall(r"<!--(.*?)(?:-->|\Z)", source, re.DOTALL):
        _count_prose(found, _COMMENTS, hidden, where)


def why_hidden(name: str, attributes: Mapping[str, str]) -> str:
    """Why an element is not shown, as far as it says so itself, or ""."""
    declared = declared_by(name, attributes)
    if "hidden" in attributes and attributes["hidden"] != "until-found":
        return NOT_SHOWN
    alone = SAME_COLOUR if "color" in declared and alike(declared["color"], background(declared) or "white") else ""
    return unseen(declared) or unseen_words(declared)[0] or alone


def _why(tag: Tag, declared: Declared) -> str:
    """Why the element is not seen at all, or ""."""
    return NOT_SHOWN if tag.has_attr("hidden") and tag["hidden"] != "until-found" else unseen(declared)


def _take_out_words(tag: Tag, sheet: Sheet, hidden: Hidden, place: str) -> None:
    """Words that take their look from this element; an element in it that looks otherwise is judged by itself."""
    declared = sheet.of(tag)
    why, name = unseen_words(declared)
    if not why:
        why, name = _camouflage(tag, declared, sheet), "color"
    if not why:
        return
    if not any(name in inner or (name == "color" and background(inner)) for inner in map(sheet.of, tag(True))):
        _count(tag, tag.get_text(), why, hidden, place)
        tag.decompose()
        return
    for words in [child for child in tag.children if isinstance(child, NavigableString) and not isinstance(child, Comment)]:
        _count(tag, words, why, hidden, place)
        words.extract()


def _camouflage(tag: Tag, declared: Declared, sheet: Sheet) -> str:
    """Whether the words have the colour of the ground, where both are known."""
    if "color" not in declared:
        return ""
    behind = background(declared)
    for parent in tag.parents:
        if behind:
            break
        behind = background(sheet.of(parent))
    if behind is None and sheet.is_elsewhere:
        return ""
    return SAME_COLOUR if alike(declared["color"], behind or "white") else ""


def _count(tag: Tag, words: str, why: str, hidden: Hidden, place: str) -> None:
    spoken = any(_READ_ALOUD.search(name) for name in tag.get("class") or ())
    if not (spoken and len(words.strip()) <= _LABEL):
        hidden.text(words, why, _place(tag) or place)


def _count_prose(words: str, why: str, hidden: Hidden, where: str) -> None:
    if len(re.findall(r"[^\W\d_]{2,}", words)) >= _PROSE:
        hidden.text(words, why, where)


def _place(node: Tag | NavigableString) -> str:
    heading = node.find_previous(_HEADINGS)
    return below(one_line(clean(heading.get_text()))) if isinstance(heading, Tag) else ""
