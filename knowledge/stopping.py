"""What may be held back: a document that there is, or a topic that says something, with a sentence, up to a day that is not over."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from knowledge.errors import CannotHold
from knowledge.holding_back import meant_by
from knowledge.policy import meant_name

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from knowledge.catalog import Catalog
    from knowledge.holds import Hold

LONGEST = 500  # characters of the sentence: it is said in place of an answer


def stop(catalog: Catalog, wanted: Hold, live: Collection[str], today: date) -> Hold:
    """Keep a hold, whose number is given here. `live` are the documents of their own. Raises CannotHold."""
    sentence = " ".join(wanted.sentence.split())
    if bool(wanted.document) == bool(wanted.topic):
        raise CannotHold("document", "a hold is on a document or on a topic; name one of them")
    if not 0 < len(sentence) <= LONGEST:
        raise CannotHold("sentence", f"a hold says why in one sentence of at most {LONGEST} characters; whoever asks is told it")
    if not wanted.lasts(today):
        raise CannotHold("until", f"{wanted.until} is over; name today or a later day")
    if wanted.topic and not meant_by(wanted.topic):
        raise CannotHold("topic", f"nearly every question has the words of {wanted.topic!r}; name a topic by words of its own")
    if wanted.document:
        _check_name(catalog, wanted.document)
    return catalog.holds.add(replace(wanted, sentence=sentence), today, set(live) - {wanted.document})


def _check_name(catalog: Catalog, document: str) -> None:
    known = catalog.documents()
    if document not in known:
        meant = meant_name(document, tuple(sorted(known)))
        listed = "`ibid index --plan --json` names them all"
        raise CannotHold("document", f"no document is called {document}{meant or f'; {listed}'}")
