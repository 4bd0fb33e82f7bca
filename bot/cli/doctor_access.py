"""The part of `ibid doctor` that says what admins have granted, and what else the house rules say."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from bot.cli.finding import Finding
from bot.errors import Misconfigured

if TYPE_CHECKING:
    from bot.house_rules import Grant, HouseRules
    from bot.settings import Settings


def house_rules(settings: Settings) -> Finding:
    """Can they be read, what do they widen, and until when?"""
    from bot.adapters.clock import SystemClock
    from bot.adapters.house_file import read_house_rules
    from bot.adapters.people import admins_of, read_or_nobody
    from bot.bootstrap import people_file

    if settings.house_rules is None:
        return Finding(None, "House rules: none; IBID_HOUSE_RULES is not set, and nothing is granted")
    try:
        rules = read_house_rules(settings.house_rules)
        people = read_or_nobody(people_file(settings))
    except Misconfigured as problem:
        return Finding(False, "House rules", str(problem))
    today, admins = SystemClock(settings.today or people.today).today(), admins_of(people, settings.admins)
    holding = [grant for grant in rules.grants if grant.holds(today, admins)]
    lapsed = [grant for grant in rules.grants if grant not in holding]
    told = [f"In {grant.channel} {grant.label} is granted by {grant.by} until {grant.until}: {grant.reason}" for grant in holding]
    told += [_lapsed(grant, today) for grant in lapsed]
    return Finding(not lapsed, f"House rules: {_counts(rules, len(holding))}", "\n".join(told))


def _lapsed(grant: Grant, today: date) -> str:
    """What to do about it."""
    where = f"The grant of {grant.label} in {grant.channel}"
    if today > grant.until:
        return f"{where} ended on {grant.until}; take it out, or give it a new day and reason."
    return f"{where} does not hold: {grant.by} is no admin; an admin has to give it (IBID_ADMINS, or admin in the people file)."


def _counts(rules: HouseRules, holding: int) -> str:
    counts = (
        (holding, "grant", "grants"),
        (len(rules.apps_that_store), "app that stores messages", "apps that store messages"),
        (len(rules.record_none), "channel not recorded", "channels not recorded"),
    )
    told = [f"{count} {one if count == 1 else more}" for count, one, more in counts]
    return ", ".join([*told, *([] if rules.follow_ups else ["follow-ups are off"])])
