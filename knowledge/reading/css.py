"""As much of CSS as it takes to see that an element's words are not shown: its own declarations and those of the page's style sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from bs4 import BeautifulSoup
from bs4.element import Tag
from PIL import ImageColor
from soupsieve.util import SelectorSyntaxError

Declared = Mapping[str, str]

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_AT_RULE = re.compile(r"@[^{};]*(?:;|\{(?:[^{}]*\{[^{}]*\})*[^{}]*\})")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_LENGTH = re.compile(r"(-?\d*\.?\d+)\s*(px|pt|em|rem|ex|ch|cm|mm|in|pc|vw|vh|%)?")
_PIXELS = {"px": 1.0, "pt": 4 / 3, "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0, "cm": 37.8, "mm": 3.78, "in": 96.0, "pc": 16.0}
_FAR = -500.0  # pixels to the left of the page or above it
_SMALLEST = 2.0  # pixels
_CLIPPED = re.compile(r"rect\(\s*(?:0|1px)|inset\(\s*(?:50|100)%")
_TRANSPARENT = re.compile(r"transparent|rgba\([^)]*,\s*0(?:\.0*)?%?\s*\)")
_ALIKE = 6  # of 255: two colours as near as this are one
_TELLING = {
    "display", "visibility", "opacity", "font-size", "color", "background", "background-color", "background-image", "text-indent",
    "position", "left", "top", "right", "bottom", "width", "height", "max-height", "max-width", "overflow", "clip", "clip-path",
    "transform", "mso-hide",
}  # fmt: skip
_OWN = {"style", "bgcolor", "color"}
_MOST_LOOKS = 1_000_000  # elements times rules

NOT_SHOWN = "that the page does not show"
OFF_SCREEN = "outside of the screen"
TINY = "too small to be read"
SAME_COLOUR = "in the colour of what is behind it"


class Sheet:
    """The declarations that hold for each element of a page. Of two the later one wins, and the element's own over the sheet's."""

    def __init__(self, soup: BeautifulSoup) -> None:
        self._given: dict[int, dict[str, str]] = {}
        self.is_elsewhere = any("stylesheet" in (link.get("rel") or ()) for link in soup("link"))  # and so not known
        rules = [rule for style in soup("style") for rule in _rules(style.get_text())]
        self.is_whole = len(rules) * len(soup(True)) <= _MOST_LOOKS if rules else True
        for selector, declared in rules if self.is_whole else ():
            if ":has(" in selector:  # looks from each element at all that follow
                continue
            try:
                chosen = soup.select(selector)
            except (SelectorSyntaxError, NotImplementedError):  # a state such as :hover: not how the page is first seen
                continue
            for tag in chosen:
                self._given.setdefault(id(tag), {}).update(declared)

    def of(self, tag: Tag) -> Declared:
        given = self._given.get(id(tag), {})
        if not given and not (tag.attrs and _OWN.intersection(tag.attrs)):
            return given
        return declared_by(tag.name, {name: str(value) for name, value in tag.attrs.items()}, given)


def declared_by(name: str, attributes: Mapping[str, str], given: Declared = MappingProxyType({})) -> dict[str, str]:
    """What an element itself declares, over what its style sheet gives it."""
    legacy = {"background-color": attributes["bgcolor"].lower()} if "bgcolor" in attributes else {}
    if name == "font" and "color" in attributes:
        legacy["color"] = attributes["color"].lower()
    return legacy | dict(given) | declarations(attributes.get("style", ""))


def declarations(source: str) -> dict[str, str]:
    """The ones that may tell whether something is shown, in small letters and without what makes them important."""
    if not source:
        return {}
    pairs = (part.partition(":") for part in _COMMENT.sub("", source).lower().split(";"))
    named = ((name.strip(), value.replace("!important", "").strip()) for name, _, value in pairs)
    return {name: value for name, value in named if name in _TELLING and value}


def unseen(declared: Declared) -> str:
    """Why an element and all that is in it is not seen, or ""."""
    if declared.get("display") == "none" or declared.get("mso-hide") == "all" or _number(declared.get("opacity")) == 0:
        return NOT_SHOWN
    if _CLIPPED.match(declared.get("clip", "")) or _CLIPPED.match(declared.get("clip-path", "")) or "scale(0" in _tight(declared):
        return NOT_SHOWN
    if "hidden" in declared.get("overflow", "") and any(
        _is_nothing(declared.get(side)) for side in ("width", "height", "max-height", "max-width")
    ):
        return NOT_SHOWN
    placed = declared.get("position") in {"absolute", "fixed"}
    sides = (_pixels(declared.get(side)) for side in ("left", "top", "right", "bottom"))
    away = placed and any(pixels is not None and pixels <= _FAR for pixels in sides)
    indent = _pixels(declared.get("text-indent"))
    return OFF_SCREEN if away or (indent is not None and indent <= _FAR) else ""


def unseen_words(declared: Declared) -> tuple[str, str]:
    """Why an element's own words are not seen, and the property which an element in it may set otherwise; or two times ""."""
    if declared.get("visibility") in {"hidden", "collapse"}:
        return NOT_SHOWN, "visibility"
    size = _pixels(declared.get("font-size"))
    if size is not None and size < _SMALLEST:
        return TINY, "font-size"
    if _TRANSPARENT.fullmatch(declared.get("color", "")):
        return NOT_SHOWN, "color"
    return "", ""


def background(declared: Declared) -> str | None:
    """What is painted behind an element, or None where it paints nothing."""
    value = declared.get("background-image") or declared.get("background-color") or declared.get("background")
    return None if value in {None, "none", "transparent", "inherit", "initial"} else value


def alike(one: str, other: str) -> bool:
    """Whether two colours are known and cannot be told apart."""
    first, second = _colour(one), _colour(other)
    return first is not None and second is not None and all(abs(a - b) <= _ALIKE for a, b in zip(first, second, strict=True))


def _rules(sheet: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Rules that hold on every screen."""
    for found in _RULE.finditer(_AT_RULE.sub("", _COMMENT.sub("", sheet))):
        if declared := declarations(found[2]):
            yield found[1].strip(), declared


def _colour(value: str) -> tuple[int, ...] | None:
    try:
        return ImageColor.getrgb(value)[:3]
    except ValueError:
        return None


def _pixels(value: str | None) -> float | None:
    found = _LENGTH.fullmatch(value or "")
    if found is None or (found[2] is None and float(found[1]) != 0):
        return None
    return float(found[1]) * (_PIXELS.get(found[2] or "px") or 16.0 / 100)


def _is_nothing(value: str | None) -> bool:
    pixels = _pixels(value)
    return pixels is not None and pixels <= 1 and not (value or "").endswith(("%", "vw", "vh"))


def _number(value: str | None) -> float | None:
    found = _LENGTH.fullmatch(value or "")
    return float(found[1]) if found else None


def _tight(declared: Declared) -> str:
    return declared.get("transform", "").replace(" ", "") + ")"
