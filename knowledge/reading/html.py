"""A web page's own content to sections: navigation, footers, scripts and hidden elements stay outside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from knowledge.errors import CannotRead
from knowledge.reading import Reading
from knowledge.reading.cleaning import clean, decoded, one_line
from knowledge.reading.hidden_html import take_out
from knowledge.reading.html_pictures import PLACE, place_pictures, tell_pictures
from knowledge.reading.html_tables import is_layout, table_rows
from knowledge.reading.numbering import at_clauses
from knowledge.reading.outline import Outline
from knowledge.reading.pictures import inline_picture

_DROPPED = ["nav", "footer", "aside", "script", "style", "noscript", "template", "iframe", "svg", "button", "select", "dialog", "object"]
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_DEEPEST = 250
_LISTS = ["ul", "ol", "menu", "dir"]
_BLOCKS = _HEADINGS | {
    "address", "article", "blockquote", "body", "center", "dd", "details", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure",
    "form", "header", "hr", "html", "li", "main", "menu", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tr", "ul",
}  # fmt: skip


def read(content: bytes, *, pictures: bool = False) -> Reading:
    """Parse a page; its title counts only where no heading names it."""
    raw = decoded(content)
    outline = Outline(pictures=pictures)
    outline.hidden.lines(raw)
    soup = _parsed(clean(raw))
    title = soup.title.get_text() if soup.title else ""
    take_out(soup, outline.hidden, _DROPPED)
    if outline.pictures.wanted:
        place_pictures(soup, _BLOCKS)
    tell_pictures(soup, _BLOCKS)
    first = soup.find("h1")
    for root in _roots(soup):
        if isinstance(first, Tag) and not any(parent is root for parent in first.parents):
            outline.heading(1, _words(first))  # the page's heading stands in the banner above its content
        first = None
        _walk(root, outline)
    properties = outline.properties("" if outline.first_heading else title)
    return Reading(outline.sections(), {}, properties, outline.hidden.remarks(), outline.pictures.all())


def read_fragment(source: str, outline: Outline) -> None:
    """Blocks of HTML inside another document."""
    soup = _parsed(source)
    take_out(soup, outline.hidden, _DROPPED, outline.place)
    if outline.pictures.wanted:
        place_pictures(soup, _BLOCKS)
    tell_pictures(soup, _BLOCKS)
    _walk(soup, outline)


def _parsed(source: str) -> BeautifulSoup:
    """The page's elements, where they are not nested so deep that looking through them would take minutes."""
    soup = BeautifulSoup(source, "lxml")
    depths = {id(soup): 0}
    for tag in soup(True):
        depths[id(tag)] = depth = depths[id(tag.parent)] + 1
        if depth > _DEEPEST:
            raise CannotRead("is nested deeper than any document should be; export it again")
    return soup


def _roots(soup: BeautifulSoup) -> list[Tag]:
    """The elements that hold the page's content: main, else the outermost articles, else all of it."""
    main = soup.find("main") or soup.find(True, attrs={"role": "main"})
    if isinstance(main, Tag):
        return [main]
    articles = [tag for tag in soup("article") if tag.find_parent("article") is None]
    if articles:
        return articles
    body = soup.body or soup
    for banner in body.find_all("header", recursive=False):
        if banner.find("h1") is None:
            banner.decompose()
    return [body]


def _walk(node: Tag, outline: Outline) -> None:
    loose: list[str] = []  # words that stand directly in a container, without a paragraph of their own
    for child in node.children:
        if isinstance(child, Tag) and _holds_blocks(child):
            _paragraph("".join(loose), outline)
            loose = []
            _block(child, outline)
        else:
            loose.append(_words(child))
    _paragraph("".join(loose), outline)


def _holds_blocks(tag: Tag) -> bool:
    return tag.name in _BLOCKS or tag.find(list(_BLOCKS)) is not None


def _block(tag: Tag, outline: Outline) -> None:
    if tag.name in _HEADINGS:
        outline.heading(int(tag.name[1]), _words(tag), _anchor(tag))
    elif tag.name in _LISTS:
        outline.block("list", "\n".join(_list_lines(tag, 0)))
    elif tag.name == "table" and not is_layout(tag):
        outline.table([[_words(cell) for cell in row] for row in table_rows(tag)])
    elif tag.name == "hr":
        outline.picture(inline_picture(str(tag.get(PLACE, ""))))
    elif tag.name == "pre":
        outline.block("paragraph", tag.get_text())
    else:
        _walk(tag, outline)


def _paragraph(words: str, outline: Outline) -> None:
    for clause in at_clauses(words.strip()):
        outline.block("paragraph", one_line(clause))


def _words(node: PageElement, leaving_out: Sequence[str] = ()) -> str:
    """The text a browser would show: source line ends are spaces, `<br>` and blocks are line ends, comments are nothing."""
    if isinstance(node, PreformattedString):
        return ""
    if isinstance(node, NavigableString):
        return re.sub(r"\s+", " ", node)
    if not isinstance(node, Tag) or node.name in leaving_out:
        return ""
    if node.name == "br":
        return "\n"
    inner = "".join(_words(child, leaving_out) for child in node.children)
    return f"\n{inner}\n" if node.name in _BLOCKS else inner


def _anchor(heading: Tag) -> str:
    for tag in (heading, heading.find(["a", "span"], attrs={"id": True}), heading.find("a", attrs={"name": True})):
        if isinstance(tag, Tag) and (tag.get("id") or tag.get("name")):
            return str(tag.get("id") or tag.get("name"))
    section = heading.parent
    if section is not None and section.name == "section" and section.find(list(_HEADINGS)) is heading:
        return str(section.get("id") or "")
    return ""


def _list_lines(node: Tag, depth: int) -> Iterator[str]:
    number = int(start) if (start := str(node.get("start", ""))).isdigit() else 1
    for item in node.find_all("li", recursive=False):
        inner = [child for child in item.find_all(_LISTS) if child.find_parent("li") is item]
        words = one_line("".join(_words(child, leaving_out=_LISTS) for child in item.children))
        if words:
            yield f"{'  ' * depth}{_mark(node, number)} {words}"
        number += 1
        for child in inner:
            yield from _list_lines(child, depth + 1)


def _mark(node: Tag, number: int) -> str:
    if node.name != "ol":
        return "-"
    if str(node.get("type")) in {"a", "A"} and number <= 26:
        return f"- ({chr(ord(str(node.get('type'))) + number - 1)})"
    return f"{number}."
