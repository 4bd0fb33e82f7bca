"""What a search says of holds: which topics a question is about, and which held documents would have answered it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from knowledge.weights import THRESHOLDS
from knowledge.words import content_words, telling_spans, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from knowledge.glossary import Sought
    from knowledge.holds import Hold
    from knowledge.values import Findings

FIRST = 3  # a held document that stands behind these would not have been what answers


def meant_by(topic: str) -> frozenset[str]:
    """The words that a question must all have, as the index sees words; none where nothing but words that any question has is named."""
    return frozenset(content_words(topic)) if telling_spans(topic) else frozenset()


def about(question: str, holds: Iterable[Hold], *also: Sought) -> tuple[Hold, ...]:
    """The topics that a question is about, in its own words, as they were put right, or in those that documents use for them."""
    told = [hold for hold in holds if hold.topic]
    if not told:
        return ()
    asked = frozenset(words(" ".join((question, *(sought.text for sought in also)))))
    return tuple(hold for hold in told if (wanted := meant_by(hold.topic)) and wanted <= asked)


def held_back(found: Findings, whole: Findings, held: Mapping[str, Hold]) -> Findings:
    """What was found without the held documents, and the holds that keep an answer back: where there are any, nothing else answers.

    `whole` is what would have been found with them, by the same readers. Where it would have been no answer, nothing is kept back; where
    a held document would have come first, what is left is no answer either.
    """
    if whole.confidence < THRESHOLDS.answer_from:
        return found
    first = tuple(dict.fromkeys(held[hit.document.id] for hit in whole.hits[:FIRST] if hit.document.id in held))
    if first and whole.hits[0].document.id in held:
        return replace(found, hits=(), confidence=0.0, held=first)
    return replace(found, held=first) if found.confidence < THRESHOLDS.answer_from else found
