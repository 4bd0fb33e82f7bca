"""Several questions in one message: each is looked for by itself, and they are answered together, in their order.

A false split costs an answer, so only what plainly is a question of its own becomes a part: a sentence that ends in a question mark, an
item of a list, or what follows an "and" that opens a question. What stands before the first question is said about all of them.
"""

from __future__ import annotations

import re

from bot.flows.words import STOP, WORD

MOST = 6  # a message with more is one long question
_ITEM = re.compile(r"^\s*(?:\(?\d{1,2}[.):]|[-*•]|\(?[a-f]\))\s+(?=\S)", re.MULTILINE)
_SENTENCE = re.compile(r"(?<=[?!.])\s+|\n+")
_OPENS = (
    r"(?:(?:what|which|who|whom|whose|when|where|why|how|wat)\b"
    r"|(?:do|does|did|can|could|is|are|am|was|were|may|should|must|will|would|have|has)"
    r" (?:i|we|you|they|he|she|it|there|this|that|these|those|the|my|our|a|an|people|employees|someone|anyone|everyone)\b)"
)
_ASKS = re.compile(rf"\W*(?:(?:and|but|or|so|also|then|ok(?:ay)?|hi|hello|hey)\b[\s,.!]*)*{_OPENS}", re.IGNORECASE)
_GOES_ON = re.compile(r"\W*(?:and|or)\W+(?:in|for|at|on|with|without|during|from|to|what about|how about)\W+\w", re.IGNORECASE)
_AND = re.compile(
    rf"(?:,|;|\s[-–—])\s*(?:and|plus)\s+(?:also\s+|if so,?\s+)?(?={_OPENS})"
    r"|\s+and\s+(?:also\s+)?(?=(?:how (?:many|much|long|do|does|soon|far)|when|who)\s+\w+)",
    re.IGNORECASE,
)


def parts_of(text: str) -> tuple[str, ...]:
    """The questions of a message, each as it was asked; one, the message itself, where it is one question."""
    parts = _items(text) or _sentences(text)
    if not 2 <= len(parts) <= MOST or any(not _says_something(part) for part in parts):
        return (text,)
    return parts


def _items(text: str) -> tuple[str, ...]:
    """The items of a list, with what leads into it before each of them that does not ask by itself."""
    begins = [match.start() for match in _ITEM.finditer(text)]
    if len(begins) < 2:
        return ()
    items = [_ITEM.sub("", text[start:end]).strip() for start, end in zip(begins, [*begins[1:], len(text)], strict=True)]
    if not all(item.endswith("?") or _ASKS.match(item) for item in items):
        return ()
    return tuple(" ".join(item.split()) for item in items)


def _sentences(text: str) -> tuple[str, ...]:
    """Sentences that ask, each with the statements that stand before it; the last statements go with the last question."""
    parts: list[str] = []
    lead: list[str] = []
    for sentence in filter(None, (piece.strip() for piece in _SENTENCE.split(text))):
        asked = [piece.strip(" ,;") for piece in _AND.split(sentence)] if _ASKS.match(sentence) else [sentence]
        if not (sentence.endswith("?") or len(asked) > 1):
            lead.append(sentence)
            continue
        parts += [" ".join((*lead, asked[0])), *asked[1:]]
        lead = []
    if lead and parts:
        parts[-1] = " ".join((parts[-1], *lead))
    return tuple(parts)


def _says_something(part: str) -> bool:
    """More than an "ok?" or "anybody?": a question's opening and a word besides, or what goes on: "and in Germany?"."""
    telling = [word for word in WORD.findall(part.lower()) if word not in STOP]
    return bool(_GOES_ON.match(part)) or (bool(telling) and bool(_ASKS.search(part) or len(telling) >= 2))
