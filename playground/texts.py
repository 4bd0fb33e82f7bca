"""Turns what a person types into what Slack sends: mentions become ids, angle brackets become entities."""

import re

from playground.values import Channel, Json, Person

_TOKEN = re.compile(r"<(?:@[UW][A-Z0-9]+|#C[A-Z0-9]+(?:\|[^>]*)?|https?://[^>\s]+|!(?:here|channel|everyone))>")
_TYPED = re.compile(r"(?<![\w@])@([\w.-]+(?: [A-Z][\w-]+)?)|(?<![\w#&])#([\w-]+)")
_MENTION = re.compile(r"(<@[UW][A-Z0-9]+>)")


def as_sent(text: str, people: list[Person], channels: list[Channel]) -> str:
    """Escape the text, keeping mentions that are already ids and turning typed @names and #channels into them."""
    parts, position = [], 0
    for token in _TOKEN.finditer(text):
        parts += [_typed(text[position : token.start()], people, channels), token.group()]
        position = token.end()
    return "".join([*parts, _typed(text[position:], people, channels)])


def _typed(text: str, people: list[Person], channels: list[Channel]) -> str:
    names = {name.lower(): person.id for person in people for name in (person.key, person.name)}
    rooms = {channel.key: channel.id for channel in channels if channel.kind not in ("im", "mpim")}

    def linked(match: re.Match[str]) -> str:
        name, room = match.group(1), match.group(2)
        if room:
            return f"<#{rooms[room]}|{room}>" if room in rooms else match.group()
        if name.lower() in names:
            return f"<@{names[name.lower()]}>"
        first, _, rest = name.partition(" ")
        stem = first.rstrip(".-")
        return f"<@{names[stem.lower()]}>{first[len(stem) :]}{' ' + rest if rest else ''}" if stem.lower() in names else match.group()

    return _TYPED.sub(linked, text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def as_rich_text(text: str) -> list[Json]:
    """The rich_text block that Slack adds to what a person typed."""
    plain = [part for part in _MENTION.split(text) if part]
    elements = [
        {"type": "user", "user_id": part[2:-1]}
        if _MENTION.fullmatch(part)
        else {"type": "text", "text": part.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")}
        for part in plain
    ]
    return [{"type": "rich_text", "block_id": "typed", "elements": [{"type": "rich_text_section", "elements": elements}]}]
