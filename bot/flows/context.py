"""The numbered sources and the messages that a writer gets: the stable part first, the question last."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.answers import Messages, Request, Source
from bot.models import ASKER
from bot.prompts import PromptSet
from bot.values import Audience
from knowledge.planted import masked
from knowledge.values import Hit

MOST_SOURCES = 12  # on golden's `tune` half the clause that answers is among the first 6 for 93.7 %, among 12 for 95.5 %, then for no more
FOR_ANOTHER = 2  # sources more for each further question of a message
CHARACTERS = 3.5  # of a token, at the least: policies have 4 to 5
_FENCE = re.compile(r"<(?=\s*(?:/\s*)?(?:sources?|question|earlier|clause|answer|document|passages?)\b)", re.IGNORECASE)


def sources_from(hits: Sequence[Hit], questions: int = 1) -> tuple[Source, ...]:
    """The best hits, numbered from 1 in the order of the search."""
    most = MOST_SOURCES + FOR_ANOTHER * (questions - 1)
    return tuple(Source(number, for_people(hit)) for number, hit in enumerate(hits[:most], start=1))


def whole_from(hits: Sequence[Hit], most_tokens: int) -> tuple[Source, ...]:
    """Everything, numbered in the documents' own order, which no question changes; nothing where that is more than so many tokens."""
    sources = tuple(Source(number, for_people(hit)) for number, hit in enumerate(hits, start=1))
    room = most_tokens * CHARACTERS
    for source in sources:
        room -= len(_source(source))
        if room < 0:
            return ()
    return sources


def part_of(question: str, hits: Sequence[Hit], sources: Sequence[Source]) -> tuple[str, tuple[Source, ...]]:
    """One of several questions, with those of the sources that it found itself, and its own figures of them."""
    numbers = {source.hit.passage.id: source.number for source in sources}
    return question, tuple(Source(numbers[hit.passage.id], for_people(hit)) for hit in hits if hit.passage.id in numbers)


def for_people(hit: Hit) -> Hit:
    """What a document says to a program is no source: blanks stand there, and every other character where it stood.

    Documents are read without such words. This holds for what was read before they were looked for.
    """
    text = masked(hit.passage.text)
    return hit if text == hit.passage.text else replace(hit, passage=replace(hit.passage, text=text))


def request_for(question: str, sources: Sequence[Source], audience: Audience, *, prompts: PromptSet, company: str, today: date) -> Request:
    """Documents and questions are data: nothing in them can close the fence that they stand in."""
    text = prompts["answer"].fill(
        {
            "voice": prompts["voice"].text,
            "exemplars": prompts["exemplars"].text,
            "company": company,
            "today": f"{today.day} {today:%B %Y}",
            "sources": "\n\n".join(_source(source) for source in sources),
            "question": fenced(question),
        }
    )
    head, _, rest = text.partition("<sources>")
    messages: Messages = (("system", head.strip()), ("user", f"<sources>{rest}"))
    return Request(question, tuple(sources), messages, prompts.answer_hash, labels_of(audience, sources), company)


def labels_of(audience: Audience, sources: Sequence[Source] = ()) -> frozenset[str]:
    """What whoever reads the request must be allowed to see: the sources' labels, and what is asked where not everyone can listen."""
    asked = frozenset() if audience.circle == "whole_company" and not audience.closed else frozenset({ASKER})
    return asked.union(*({source.hit.document.rule.label, source.hit.passage.label} for source in sources))


def _source(source: Source) -> str:
    document, passage = source.hit.document, source.hit.passage
    place = " › ".join((document.title, *passage.path))
    dated = f" (effective {document.effective.isoformat()})" if document.effective else ""
    return fenced(f"[{source.number}] {place}{dated}\n{passage.text}")


def fenced(text: str) -> str:
    """The text, unable to close or open a fence."""
    return _FENCE.sub("‹", text)
