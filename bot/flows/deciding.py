"""What ends a question before anybody writes: it asks for no policy, what it found must not be told, or a case is left open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.answers import Answer, Case, Fact, Outcome
from bot.flows.again import wish_of
from bot.flows.looking import Looked
from bot.flows.own_record import Signpost, system_for
from bot.flows.policy_matter import no_policy_matter
from bot.flows.sensitive import Topic
from bot.flows.understand import Understood
from bot.flows.writing import Writing
from bot.values import Question


@dataclass(frozen=True)
class OwnWords:
    """What a company says itself: whom to speak to about sensitive matters, and where records are kept."""

    topics: tuple[Topic, ...] = ()
    signposts: tuple[Signpost, ...] = ()


def before_looking(draft: Answer, question: Question, understood: Understood, words: OwnWords) -> Answer | None:
    """Decided from the message alone; None where the documents are to be looked at."""
    if draft.contact and question.audience.circle != "alone":
        return replace(draft, outcome=Outcome.CONTACT_FIRST)
    if understood.ends is Outcome.OWN_RECORD:
        system = system_for(question.text, words.signposts)
        return replace(draft, outcome=Outcome.OWN_RECORD, system=system, looked_for=understood.standalone)
    if understood.ends:
        return replace(draft, outcome=understood.ends, looked_for=understood.standalone)
    if question.turns and not understood.wish and wish_of(question.text):
        return replace(draft, outcome=Outcome.CANNOT_RETELL)  # what the answer before rested on, not all of today's readers may read
    return None


def known_of(question: Question) -> Mapping[Fact, str]:
    """What the people file says of the asker; nothing where others read, or could look over a shoulder into a channel."""
    if question.place.kind != "direct" or question.audience.circle != "alone":
        return {}
    return {"country": question.asker.country, "contract": question.asker.contract}


def by_what_was_found(draft: Answer, text: str, looked: Looked, cases: tuple[Case, ...]) -> Answer | None:
    """Decided from what a search found; None where there is something to write, or to refuse."""
    if not looked.wish and no_policy_matter(text, looked.found.findings):
        return replace(draft, outcome=Outcome.NOT_POLICY)
    held = looked.found.findings.held
    if held:  # also where other documents would answer: who stopped the one that answers best did not mean the next best to speak
        return replace(draft, outcome=Outcome.HELD, hold=held[0])
    if cases:
        return replace(draft, outcome=Outcome.ASKS_BACK, cases=cases)
    return None


def who_may_write(looked: Looked, writing: Writing | None, labels: frozenset[str]) -> Writing | None:
    """Quotes answer what was found for sure; whether the rest answers, a model may tell that reads it, by saying nothing if not."""
    if writing is None or looked.answerable:
        return writing
    models = writing.models(labels) if looked.may_answer else None
    return replace(models, may_be_silent=True) if models else None
