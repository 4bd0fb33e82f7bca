"""What in a message of Slack's would be alive: a ping, a picture, or a link to where no document of the company stands."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any
from urllib.parse import urlsplit

_PING = re.compile(r"<[!@#][^<>]*>?|@(?:channel|here|everyone)\b", re.IGNORECASE)
_LINK = re.compile(r"<([a-z][a-z0-9+.\-]*:[^<>|]*)(?:\|[^<>]*)?>", re.IGNORECASE)
_BARE = re.compile(r"\b(?:[a-z][a-z0-9+.\-]*://|www\.)[^\s<>|]+|(?<![@\w.\-])(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}(?![\w@\-])", re.IGNORECASE)
_MARKED = re.compile(r"(?<!\\)\]\(|(?<!\\)!\[")
_PICTURES = ("image", "video")


def alive(message: object, hosts: Collection[str]) -> tuple[str, ...]:
    """Everything in its texts that pings, loads or leads away. `hosts` are those of the documents."""
    found: list[str] = []
    for kind, text in _texts(message):
        if kind in _PICTURES:
            found.append(kind)
        if kind in ("mrkdwn", "markdown"):
            found += _of(text, hosts)
        if kind == "markdown":
            found += _MARKED.findall(text)
    return tuple(found)


def _of(text: str, hosts: Collection[str]) -> Iterator[str]:
    yield from _PING.findall(text)
    for link in _LINK.finditer(text):
        if urlsplit(link[1]).hostname not in hosts:
            yield link[1]
    yield from _BARE.findall(_LINK.sub("", text))


def _texts(message: object) -> Iterator[tuple[str, str]]:
    """Each text of the blocks with the way in which Slack reads it."""
    if isinstance(message, list | tuple):
        for one in message:
            yield from _texts(one)
    elif isinstance(message, dict):
        yield from _of_block(message)


def _of_block(block: dict[str, Any]) -> Iterator[tuple[str, str]]:
    kind, text = str(block.get("type", "")), block.get("text")
    if kind in _PICTURES or "image_url" in block:
        yield "image", ""
    if isinstance(text, str):
        yield kind, text
    for value in block.values():
        yield from _texts(value)
