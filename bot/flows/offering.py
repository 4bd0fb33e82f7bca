"""When an asker is offered an answer alone: others read the reply, and what this person may read goes clearly further.

The reply that the others read is posted before this is decided and is the same either way, so that nobody learns from it that there
is more.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.answers import Answer, Outcome
from bot.flows.access import alone, scope_for
from bot.flows.finding import Finding
from bot.ports import Clock, Library
from bot.values import Question
from knowledge.values import Findings, Scope
from knowledge.weights import THRESHOLDS

REFUSED = (Outcome.NOT_FOUND, Outcome.NOTHING_READABLE)
# Of confidence, which says from 0 to 1 how sure it is that the passages answer. On the tuning half of the sample handbook's questions,
# asked in a public channel by somebody of every group: of 42 that a restricted document answers, 24 are followed by an offer (eight of
# the others find nothing sure enough even alone), and none of 214 others; at 0.2 it is 22. Without this comparison it is 27, and one.
CLEARLY = 0.05


@dataclass(frozen=True, kw_only=True)
class Offering:
    """Looks, where others read the reply, at what its asker alone may read."""

    library: Library
    finding: Finding
    clock: Clock

    async def goes_further(self, question: Question, answer: Answer) -> bool:
        """Raises what a search raises."""
        if question.audience.circle == "alone" or answer.outcome not in (*REFUSED, Outcome.ANSWERED):
            return False
        shared, own = answer.evidence.scope, scope_for(alone(question.asker), await self.library.rules())
        if own.labels <= shared.labels:
            return False
        as_of = answer.evidence.as_of or self.clock.today()
        for part in answer.unanswered:
            if is_more((await self.finding.find(part, own, as_of)).findings, shared, than=None):
                return True
        asked = answer.evidence.standalone or question.text
        than = answer.evidence.confidence if answer.outcome is Outcome.ANSWERED else None
        return is_more((await self.finding.find(asked, own, as_of)).findings, shared, than=than)


def is_more(own: Findings, shared: Scope, *, than: float | None) -> bool:
    """Whether what one person finds answers, rests on what the others may not read, and is clearly better than what they were told."""
    best = own.hits[0] if own.hits else None
    if best is None or own.confidence < THRESHOLDS.answer_from:
        return False
    if shared.allows(best.passage.label) and shared.allows(best.document.rule.label):
        return False
    return than is None or own.confidence >= than + CLEARLY
