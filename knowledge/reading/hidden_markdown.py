"""HTML in Markdown that hides the Markdown between its tags."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from knowledge.reading.cleaning import one_line
from knowledge.reading.hidden import Hidden, below
from knowledge.reading.hidden_html import count_comments, why_hidden

if TYPE_CHECKING:
    from markdown_it.token import Token

_EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_TAG = re.compile(r"<[^>]*>")
_AFTER_TAG = re.compile(r"(?<=>)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


def take_out(tokens: Iterable[Token], hidden: Hidden) -> None:
    """Empty the tokens that stand between the tags of an element that is not shown, and count their words."""
    outer = _Curtain()
    where = ""
    is_heading = False
    for token in tokens:
        if token.type == "html_block":
            if not _COMMENT.sub("", token.content).strip():
                count_comments(token.content, hidden, where)
            elif outer.why:
                token.content = outer.lifted(token.content, hidden, where)
            outer.feed(token.content)
        elif outer.why and token.type in {"inline", "fence", "code_block"}:
            _empty(token, outer.why, hidden, where)
        elif token.type == "inline":
            _take_out_inline(token, hidden, where)
            if is_heading:
                where = below(one_line("".join(child.content for child in token.children or () if child.type in {"text", "code_inline"})))
        is_heading = token.type == "heading_open"


def _take_out_inline(token: Token, hidden: Hidden, where: str) -> None:
    """The same among the words of one paragraph; a tag that is not closed there ends with it."""
    inner = _Curtain()
    kept: list[Token] = []
    for child in token.children or ():
        behind = inner.why
        if child.type == "html_inline":
            count_comments(child.content, hidden, where)
            inner.feed(child.content)
        if behind or inner.why:
            hidden.text("" if child.type == "html_inline" else child.content, behind or inner.why, where)
        else:
            kept.append(child)
    token.children = kept


def _empty(token: Token, why: str, hidden: Hidden, where: str) -> None:
    hidden.text(token.content, why, where)
    token.content, token.children = "", []


class _Curtain(HTMLParser):
    """The elements that are open, and why what follows in them is not shown."""

    def __init__(self) -> None:
        super().__init__()
        self._open: list[tuple[str, str]] = []  # each with the reason that it has, or takes over from the one around it
        self._names: Counter[str] = Counter()

    @property
    def why(self) -> str:
        return self._open[-1][1] if self._open else ""

    def lifted(self, source: str, hidden: Hidden, where: str) -> str:
        """What of a piece of HTML stands after the end of the element that hides its beginning; the rest is counted."""
        why, pieces = self.why, deque(_AFTER_TAG.split(source))
        while pieces and self.why:
            piece = pieces.popleft()
            self.feed(piece)
            hidden.text(_TAG.sub("", piece), why, where)
        return "".join(pieces)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _EMPTY:
            self._open.append((tag, self.why or (why_hidden(tag, {name: value or "" for name, value in attrs}) if attrs else "")))
            self._names[tag] += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # in HTML a stroke at the end of a tag closes nothing

    def handle_endtag(self, tag: str) -> None:
        while self._names[tag]:
            name, _ = self._open.pop()
            self._names[name] -= 1
            if name == tag:
                return
