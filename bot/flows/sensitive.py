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
# Measured on 20 messages in words that the lists do not have: by the lists alone 3 are heard, with their likeness 15; of the 344 golden
# questions of `tune` 3 are taken for one, of 80 harmless ones that sound alike none. From .35 on it is 4 and more for the same 15.
LIKE = 0.4  # cosine, from which on a message is like an example
AS_EVERYDAY = 0.05  # and not more than this nearer to an everyday one

_PEOPLE = re.compile(
    r"\b(?:i|i'm|im|i've|i'd|my|me|mine|we|we're|we've|us|our|someone|somebody|he|she|they|colleague|coworker|boss|manager|lead|supervisor)\b",
    re.IGNORECASE,
)
_A_QUESTION = re.compile(
    r"\W*(?:(?:hi|hey|hello|quick (?:q|question)|so|and|ok)\b\W*)?(?:how (?:many|much|long|often|soon|far|do|does|can)|what|which|when"
    r"|where|who|whose|is|are|does|do|can|could|may|has|have|am|will|would|should|up to|by when|until|in the|if|to)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Topic:
    """A sensitive matter, whom to speak to about it, and the words that people say."""

    name: str
    contact: str  # empty: what is no such matter, and told to keep it apart from them
    on_its_own: tuple[str, ...] = ()
    of_oneself: tuple[str, ...] = ()
    like: tuple[str, ...] = ()  # whole sentences

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
    found = [(place, number) for number, topic in enumerate(topics) if topic.contact and (place := _told(said, topic)) is not None]
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


def may_be_personal(text: str) -> bool:
    """Whether somebody speaks of people and asks for no rule: only then what it is like says anything."""
    return bool(_PEOPLE.search(text)) and not (_A_QUESTION.match(text.strip()) or _ASKS_RULE.search(levelled(text)))


def nearest(topics: Sequence[Topic], near: Sequence[float]) -> Contact | None:
    """`near` says of each example of each topic, in turn, how near the message is to it, from -1 to 1."""
    best = dict[str, float]()
    begin = 0
    for topic in topics:
        best[topic.name] = max(near[begin : begin + len(topic.like)], default=-1.0)
        begin += len(topic.like)
    everyday = max((best[topic.name] for topic in topics if not topic.contact), default=-1.0)
    whose = max((topic for topic in topics if topic.contact), key=lambda topic: best[topic.name], default=None)
    if whose is None or best[whose.name] < max(LIKE, everyday - AS_EVERYDAY):
        return None
    return Contact(whose.name, whose.contact)
