"""What the figures about models count: tokens, money, who spoke and why somebody did not, and what the judge says.

Per question means: of all that were asked, also of those that no model was needed for. A follow-up's rewriting is part of its price;
what was asked earlier in its thread is not.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.flows.writing import MAY_NOT_SEE, PROVED_NOTHING
from evals.meter import Bill, money, tokens
from evals.statistics import Figure, mean, share

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.models import Spent
    from evals.figures import Reply

_NO_FAILURES = (MAY_NOT_SEE, PROVED_NOTHING)


def spending(replies: Sequence[Reply]) -> dict[str, Figure]:
    """By name in the report; what the judge says only where one was asked."""
    answered = [reply for reply in replies if reply.answered]
    reached = [reply.answer.evidence for reply in replies if reply.answer.evidence.writer]  # the writers, not only the search
    reasons = [{tried.reason for tried in evidence.tried} for evidence in reached]
    failures = Counter(reason for tried in reasons for reason in tried if reason not in _NO_FAILURES)
    wrote = [bill for reply in replies for bill in reply.bills if bill.wrote]
    return {
        **_bill(replies),
        "told_tokens": share([not bill.open for bill in wrote]),
        "remembered": share([evidence.remembered for evidence in reached]),
        **{f"answered_by_{name}": share([reply.answer.evidence.writer == name for reply in answered]) for name in _speakers(answered)},
        "may_not_see": share([MAY_NOT_SEE in tried for tried in reasons]),
        "proved_nothing": share([PROVED_NOTHING in tried for tried in reasons]),
        "model_failed": share([bool(tried.difference(_NO_FAILURES)) for tried in reasons]),
        **{f"failed_{reason.replace(' ', '_')}": share([reason in tried for tried in reasons]) for reason in sorted(failures)},
        "cut_off": share([not reply.answer.complete for reply in answered]),
        **_judged(replies),
    }


def _bill(replies: Sequence[Reply]) -> dict[str, Figure]:
    """Only of questions whose price is known: a model that does not say what it took would make the others look cheap."""
    known = [reply.bills for reply in replies if not any(bill.open for bill in reply.bills)]
    taken = [tokens(bills) for bills in known]

    def each(part: Callable[[Spent], int]) -> Figure:
        return mean([part(spent) for spent in taken])

    return {
        "prompt_tokens": each(lambda spent: spent.prompt),
        "cached_tokens": each(lambda spent: spent.cached),
        "written_tokens": each(lambda spent: spent.written),
        "money_per_1000": _money(known),
    }


def _money(known: Sequence[tuple[Bill, ...]]) -> Figure:
    each = [money(bills) for bills in known]
    return mean([1000 * one for one in each if one is not None]) if None not in each else Figure(None)


def _speakers(answered: Sequence[Reply]) -> list[str]:
    return [name for name, _ in Counter(reply.answer.evidence.writer for reply in answered).most_common()]


def _judged(replies: Sequence[Reply]) -> dict[str, Figure]:
    asked = [reply for reply in replies if reply.verdict]
    clear = [reply for reply in asked if reply.verdict != "unclear"]
    if not asked:
        return {}
    return {
        "judged_right": share([reply.verdict == "right" for reply in clear]),
        "judge_unclear": share([reply.verdict == "unclear" for reply in asked]),
        "judge_agrees": share([(reply.verdict == "right") == reply.says_all for reply in clear]),
    }
