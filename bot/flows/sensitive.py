"""Is it a matter that nobody should have to tell a channel: a person's own trouble, not a question about the rules for it?

The words come from wording/sensitive.md. Some say by themselves that somebody speaks of their own trouble; others, such as the name of a
procedure, only where the asker stands in the sentence, and not in a supposed case: who asks how long a hearing takes, or what is paid
if one falls ill, asks about the rules and gets an answer like anybody else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.answers import Contact
from bot.flows.phrases import levelled, phrase_pattern

_STATED = r"i (?:am|was|feel|felt|got|have|had|suffer)"  # of oneself, as a fact; all of these are stems
_LEADS = (
    rf"(?:{_STATED}|i (?:get|keep|think|believ|know|suspect|saw|see|notic|found|witness|discov|want|need|wish|would|plan|consid|must|will"
    r"|just|might))"
)
_OTHERS = (
    r"(?:my|our|one of my|one of the) (?:\w+ )?(?:manag|boss|lead|supervisor|director|colleagu|cowork|team|teammat|custom|client|partner"
    r"|depart|compani)"
)
_SUPPOSED = re.compile(
    r"\b(?:if|when|while|whilst|onc|unless|in case|after|befor|dure|suppos|someon|somebodi|anyon|employe|peopl)(?: \w+){0,3}$"
)
_ASKS_RULE = re.compile(
    r"\b(?:how (?:mani|much|long|often|soon|far)|by when|deadlin|what is the (?:polici|rule|process|procedur|limit|definit|time)"
    r"|what (?:count|doe)|polici (?:say|on|about)|is there (?:a|ani)|do we|doe the compani|which"
    r"|who (?:decid|hear|handl|investig|approv))\b"
)


@dataclass(frozen=True)
class Topic:
    """A sensitive matter, whom to speak to about it, and the words that people say."""

    name: str
    contact: str
    on_its_own: tuple[str, ...] = ()
    of_oneself: tuple[str, ...] = ()

    @cached_property
    def own_trouble(self) -> re.Pattern[str]:
        return re.compile(rf"\b{phrase_pattern(self.on_its_own)}\b")

    @cached_property
    def stated(self) -> re.Pattern[str]:
        word = phrase_pattern(self.of_oneself)
        return re.compile(rf"\b(?:{_STATED}(?: \w+){{0,3}} {word}|my {word})\b")

    @cached_property
    def told(self) -> re.Pattern[str]:
        word = phrase_pattern(self.of_oneself)
        of_oneself = rf"{_LEADS}(?: \w+){{0,6}} {word}|my (?:\w+ ){{0,2}}{word}"
        return re.compile(rf"\b(?:{of_oneself}|{_OTHERS}(?: \w+){{0,5}} {word}|{word}(?: \w+){{0,3}} (?:me|{_OTHERS}))\b")


def contact_for(text: str, topics: Sequence[Topic]) -> Contact | None:
    """Whom to speak to first; None where nothing sensitive is told. The topic whose words stand first in the text decides."""
    said = levelled(text)
    found = [(place, number) for number, topic in enumerate(topics) if (place := _told(said, topic)) is not None]
    if not found:
        return None
    topic = topics[min(found)[1]]
    return Contact(topic.name, topic.contact)


def _told(said: str, topic: Topic) -> int | None:
    """Where the text speaks of somebody's own trouble of this kind; None where it does not."""
    patterns = (topic.own_trouble, topic.stated) if _ASKS_RULE.search(said) else (topic.own_trouble, topic.stated, topic.told)
    places = (match.start() for pattern in patterns for match in pattern.finditer(said) if not _supposed(said, match.start()))
    return min(places, default=None)


def _supposed(said: str, start: int) -> bool:
    """Whether it is a case that is only thought of, or somebody's in general: `if I am …`, `when employees …`."""
    return bool(_SUPPOSED.search(said[:start].rstrip()))
