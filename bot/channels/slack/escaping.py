"""Makes what people and documents wrote harmless in Slack: it keeps its look, pings nobody, and links nowhere.

Slack has two dialects. `markdown` blocks and streams read standard Markdown, where a backslash escapes; `mrkdwn` texts
know no escape, so that what would format is replaced by its look-alike there.
"""

from __future__ import annotations

import html
import re

_JOINER = "\u2060"  # no width, breaks no line: takes a word apart for Slack and for nobody else
# What steers how other characters stand, or is no character: it would make other words for the eye. Joined emoji keep their joiner.
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ud800-\udfff]")
_INLINE = re.compile(r"([\\`*_~\[\]|])")
_LINE_START = re.compile(r"^(\s*)([#+=\-])")
_NUMBERED = re.compile(r"^(\s*\d+)([.)])(?=\s|$)")
_SCHEME = re.compile(r"(?<=[A-Za-z]):(?=//)|(?<=mailto):", re.IGNORECASE)
_WWW = re.compile(r"\bwww(?=\.)", re.IGNORECASE)
_DOMAIN = re.compile(r"(?<![@\w.\-])(?:[a-z0-9-]{1,63}\.)+(?=[a-z]{2,24}(?![\w@\-]))", re.IGNORECASE)
_EVERYBODY = re.compile(r"@(?=(?:channel|here|everyone|group)\b)", re.IGNORECASE)
_EMOJI = re.compile(r":(?=[a-z][a-z0-9_+\-]*:)")
_ALIKE = str.maketrans({"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"})
# None of these looks past the next "<": ten thousand of them in a row would else be read ten thousand times.
_MENTION = re.compile(r"<(?:@[UW][A-Z0-9]+|![a-z^]+[^<>|]*)(?:\|([^<>]*))?>")
_LINK = re.compile(r"<(?:#[CG][A-Z0-9]+|[a-z][a-z0-9+.\-]*:[^<>|]*)\|([^<>]*)>", re.IGNORECASE)
_BARE_LINK = re.compile(r"<([a-z][a-z0-9+.\-]*:[^<>|]*)>", re.IGNORECASE)
_SHORTCODE = re.compile(r"(?<![\w:]):(?:[a-z][a-z0-9_+'\-]*|[+-]1):(?:skin-tone-\d:)?(?!\w)")


def markdown(text: str) -> str:
    """One line for a markdown block or a stream."""
    line = _entities(" ".join(_unlinked(text).split()))
    line = _INLINE.sub(r"\\\1", line)
    return _NUMBERED.sub(r"\1\\\2", _LINE_START.sub(r"\1\\\2", line))


def mrkdwn(text: str) -> str:
    """Words inside one line of Ibid's own messages."""
    return _entities(_unlinked(" ".join(text.split())).translate(_ALIKE))


def code(text: str) -> str:
    """Words between two backticks, where Slack makes no link of a name with a dot: leave.md stays as it can be typed."""
    text = " ".join(_UNSEEN.sub("", text).split())
    return _entities(_EVERYBODY.sub(_apart, _SCHEME.sub(f":{_JOINER}", text)).translate(_ALIKE))


def plain(text: str) -> str:
    """What a person typed, read back from what Slack delivers: entities decoded, links by their words, mentions and emoji left out."""
    text = text.encode("utf-8", "replace").decode()  # half an emoji is a character that no library takes
    text = _LINK.sub(lambda match: match.group(1), _MENTION.sub(lambda match: match.group(1) or "", text))
    return html.unescape(_SHORTCODE.sub("", _BARE_LINK.sub(lambda match: match.group(1), text))).strip()


def link(url: str, words: str) -> str:
    """A link in mrkdwn; empty unless the address is an http(s) one."""
    if not re.match(r"https?://[^\s]", url, re.IGNORECASE):
        return ""
    safe = re.sub(r"[<>|\s\"]", lambda match: f"%{ord(match.group()):02X}", url)
    return f"<{safe.replace('&', '&amp;')}|{words}>"


def _unlinked(text: str) -> str:
    text = _UNSEEN.sub("", text)
    text = _SCHEME.sub(f":{_JOINER}", text)
    text = _WWW.sub(_apart, _DOMAIN.sub(_each_dot, _EVERYBODY.sub(_apart, text)))
    return _EMOJI.sub(f":{_JOINER}", text)


def _each_dot(found: re.Match[str]) -> str:
    """Of a name such as evil.example, which Slack would make a link."""
    return found.group().replace(".", f".{_JOINER}")


def _apart(found: re.Match[str]) -> str:
    """What stands there, taken apart from what follows."""
    return found.group() + _JOINER


def _entities(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
