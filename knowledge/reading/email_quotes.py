"""What of an e-mail is its own: not the replies that it quotes, and not the signature."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from bs4.element import Tag

_QUOTES, _SIGNATURE = "the messages that it quotes", "its signature"
_SIGNED = re.compile(r"^-- ?$", re.MULTILINE)
_REPLY_LINE = re.compile(
    r"^[ \t]*(?:-{2,} ?(?:Original Message|Ursprüngliche Nachricht|Message d'origine) ?-{2,}|_{20,}\n+From: "
    r"|On [^\n]{5,120}(?:\n[^\n>]{0,80})?wrote:|Am [^\n]{5,120}(?:\n[^\n>]{0,80})?schrieb[^\n]{0,80}:"
    r"|Le [^\n]{5,120}(?:\n[^\n>]{0,80})?a écrit ?:"
    r"|(?:From|Von|De): [^\n]+\n(?:Sent|Date|Gesendet|Envoyé): [^\n]+\n(?:To|An|À): )",
    re.MULTILINE,
)
_QUOTED_LINE = re.compile(r"^[ \t]*>.*\n?", re.MULTILINE)
_QUOTED_HTML = "div.gmail_quote, blockquote.gmail_quote, div.gmail_extra, blockquote[type=cite], div.yahoo_quoted, div.moz-cite-prefix"
_SIGNED_HTML = "div.gmail_signature, div.moz-signature, pre.moz-signature, #Signature, #signature, #ms-outlook-mobile-signature"
_OUTLOOK_HTML = "#divRplyFwdMsg, #appendonsend, #OLK_SRC_BODY_SECTION"  # all that follows is quoted
_OUTLOOK_LINE = re.compile(r"border-top:\s*solid\s*#(?:E1E1E1|B5C4DF)", re.IGNORECASE)


def own_text(body: str) -> tuple[str, list[str]]:
    """The plain text without quotes and signature, and which of them it had."""
    left_out = []
    text = body.replace("\r\n", "\n")
    reply = _REPLY_LINE.search(text)
    unquoted = _QUOTED_LINE.sub("", text[: reply.start()] if reply and text[: reply.start()].strip() else text)
    if reply and not text[: reply.start()].strip():  # the answer stands below or between the lines that it quotes
        unquoted = _REPLY_LINE.sub("", unquoted, count=1)
    if unquoted != text:
        left_out.append(_QUOTES)
    if signed := _SIGNED.search(unquoted):
        unquoted = unquoted[: signed.start()]
        left_out.append(_SIGNATURE)
    return unquoted, left_out


def own_html(body: str) -> tuple[str, list[str]]:
    """The same for formatted text, by the marks that mail programs put around quotes and signatures."""
    soup = BeautifulSoup(body, "lxml")
    lines = [tag for tag in soup.select("div[style]") if _OUTLOOK_LINE.search(str(tag.get("style")))]
    dropped = [_drop_from(tag) for tag in [*soup.select(_OUTLOOK_HTML), *lines] if not tag.decomposed]
    dropped += [_drop(tag) for tag in soup.select(_QUOTED_HTML) if not tag.decomposed]
    signed = [_drop(tag) for tag in soup.select(_SIGNED_HTML) if not tag.decomposed]
    return str(soup), [what for what, was in ((_QUOTES, dropped), (_SIGNATURE, signed)) if any(was)]


def _drop(tag: Tag) -> bool:
    """Take the element away; whether it held any words."""
    held = bool(tag.get_text(strip=True))
    tag.decompose()
    return held


def _drop_from(tag: Tag) -> bool:
    """Take away the element and all that follows it in the message."""
    held = False
    here: Tag | None = tag
    while here is not None and here.name not in {"body", "html", "[document]"}:
        for later in list(here.next_siblings):
            held = bool(later.get_text(strip=True)) or held
            later.extract()
        above = here.parent
        if here is tag:
            held = _drop(here) or held
        here = above
    return held
