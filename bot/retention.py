"""How long each thing is kept: the one place that the sweep, the words that employees read and docs/privacy.md take it from."""

from __future__ import annotations

from datetime import timedelta

PAYLOADS_KEPT = timedelta(hours=24)
DELIVERIES_KEPT = timedelta(days=7)  # the bare keys: long after the last time that Slack sends anything again
TURNS_KEPT = timedelta(hours=24)
QUESTIONS_KEPT = timedelta(days=30)
RECEIPTS_KEPT = timedelta(days=90)
CONTACTS_KEPT = timedelta(days=365)  # whoever comes back after a year is told again
DISCLOSURES_KEPT = timedelta(days=3 * 365)  # the trace of who got what is another's: as long as somebody may ask about it
WISHES_OPEN = timedelta(days=7)  # a second admin agrees within a week, or the first one asks again


def in_words(span: timedelta) -> str:
    """24 hours, 30 days, 3 years."""
    if span < timedelta(days=2):
        return f"{span // timedelta(hours=1)} hours"
    years, days = divmod(span.days, 365)
    if years and not days:
        return "1 year" if years == 1 else f"{years} years"
    return f"{span.days} days"
