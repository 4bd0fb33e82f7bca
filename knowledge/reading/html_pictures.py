"""Images of a web page as words: an image that stands alone becomes a paragraph, one inside a sentence stays a word of it."""

from __future__ import annotations

from collections.abc import Iterable

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag

from knowledge.reading.alt_text import picture_words
from knowledge.reading.html_tables import is_layout

_NOT_A_FIGURE = ["table", "pre", "blockquote", "ul", "ol"]
PLACE = "data-picture"  # of a rule that stands where a picture did
_WHOLE = ["p", "dl", "pre", "table", "ul", "ol", "menu", "dir", "figure", "h1", "h2", "h3", "h4", "h5", "h6"]  # a block, whatever is in it
_BARE = ["td", "th", "li", "h1", "h2", "h3", "h4", "h5", "h6"]  # in these an image is a word, such as a tick


def tell_pictures(soup: BeautifulSoup, blocks: frozenset[str] | set[str]) -> None:
    """Put the words of each image in its place; `blocks` are the elements that part paragraphs."""
    for figure in soup("figure"):
        images = figure("img")
        if images and figure.find(_NOT_A_FIGURE) is None:
            caption = figure.find("figcaption")
            told = picture_words("; ".join(alt for image in images if (alt := _alt(image))), caption.get_text(" ") if caption else "")
            _replace(figure, told, soup)
    for image in soup("img"):
        alt, words = _alt(image), picture_words(_alt(image))
        if not words:
            image.decompose()
        elif image.find_parent(_BARE) is None and _stands_alone(image, blocks):
            _replace(image, words, soup)
        else:
            image.replace_with(NavigableString(alt))


def place_pictures(soup: BeautifulSoup, blocks: frozenset[str] | set[str]) -> None:
    """Put a rule that carries the address of each picture in the page itself behind the block in which it stands."""
    for image in soup("img"):
        address = str(image.get("src") or "")
        if address.lstrip()[:5].lower() == "data:" and not _is_decorative(image) and image.get("alt") != "":
            below = _block_around(image, blocks)
            below.insert_after(soup.new_tag("hr", attrs={PLACE: address}))


def _block_around(image: Tag, blocks: frozenset[str] | set[str]) -> Tag:
    """The outermost element that is read as one block; else the image, with the words around it that are marked up with it."""
    whole = [parent for parent in image.parents if parent.name in _WHOLE and not (parent.name == "table" and is_layout(parent))]
    if whole:
        return whole[-1]
    node = image
    while node.parent is not None and node.parent.name not in blocks and node.parent.parent is not None:
        node = node.parent
    return node


def _alt(image: Tag) -> str:
    return "" if _is_decorative(image) else str(image.get("alt") or "").strip()


def _is_decorative(image: Tag) -> bool:
    return image.get("role") in {"presentation", "none"} or image.get("aria-hidden") == "true"


def _replace(tag: Tag, words: str, soup: BeautifulSoup) -> None:
    if not words:
        tag.decompose()
        return
    paragraph = soup.new_tag("p")
    paragraph.string = words
    tag.replace_with(paragraph)


def _stands_alone(image: Tag, blocks: frozenset[str] | set[str]) -> bool:
    """Whether no words stand beside the image, up to the next element that parts paragraphs."""
    node: Tag = image
    while node.parent is not None:
        if _words_follow(node.previous_siblings, blocks) or _words_follow(node.next_siblings, blocks):
            return False
        if node.parent.name in blocks:
            return True
        node = node.parent
    return True


def _words_follow(siblings: Iterable[PageElement], blocks: frozenset[str] | set[str]) -> bool:
    for sibling in siblings:
        if isinstance(sibling, Tag) and (sibling.name in blocks or sibling.name == "br" or sibling.find(list(blocks)) is not None):
            return False
        if sibling.get_text(strip=True):
            return True
    return False
