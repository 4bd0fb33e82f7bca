"""Where a passage stands, in words and as an address that opens there; and who can see its document."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from bot.channels.speech import Escape
from bot.wording import Wording
from knowledge.values import AccessRule, Hit


def place_of(hit: Hit) -> str:
    """Leave policy, 4.2; without a number, the heading that it stands under."""
    where = hit.passage.clause or (hit.passage.path[-1] if hit.passage.path else "")
    return f"{hit.document.title}, {where}" if where and where != hit.document.title else hit.document.title


def address_of(hit: Hit) -> str:
    """The document's address, at the page or the heading; as it is where it points somewhere already, or is no web address."""
    url, passage = hit.document.url, hit.passage
    if urlsplit(url).scheme.lower() not in ("http", "https") or "#" in url:
        return url
    if passage.page is not None:
        return f"{url}#page={passage.page}"
    return f"{url}#{quote(passage.anchor, safe='')}" if passage.anchor else url


def seen_by_text(rule: AccessRule, wording: Wording, company: str, escape: Escape = str) -> str:
    """Who can see a document, for somebody who can."""
    if rule.everyone:
        return wording.say("seen_by_everyone", company=escape(company))
    if rule.groups:
        return wording.say("seen_by_groups", groups=", ".join(map(escape, sorted(rule.groups))))
    return wording.say("seen_by_people", count=len(rule.people) - 1) if len(rule.people) > 1 else wording.say("seen_by_you")
