"""Who can see what, and why: the rules of access.py, told for one document, one person or one channel."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.flows.access import LARGEST_CHECKED, circle_of, counted, satisfies, scope_for
from bot.values import Alone, Audience, ChannelFacts, Person
from knowledge.values import AccessRule

MEMBERSHIPS = {
    "full": "employee",
    "guest": "guest",
    "outsider": "from outside the company",
    "app": "app",
    "deactivated": "deactivated account",
}

_NOTHING_SAID: Mapping[Alone, str] = {
    "channel_unknown": "who reads there is not known, so nothing is said",
    "outsiders_present": "guests or people from outside read there, so nothing is said",
}


@dataclass(frozen=True)
class Verdict:
    """Whether something may be seen, and the reason in a few words."""

    may: bool
    because: str


@dataclass(frozen=True)
class Applied:
    """Which of the four rules about channels applies, in their fixed order; 0 where nobody else reads."""

    number: int
    words: str


def rule_words(rule: AccessRule) -> str:
    """every employee; members of hr or managers; ruth and tom by name."""
    if rule.everyone:
        return "every employee"
    if rule.groups:
        return f"members of {_listed(sorted(rule.groups), 'or')}"
    return f"{_listed(sorted(rule.people), 'and')} by name"


def why(person: Person, rule: AccessRule) -> Verdict:
    """Whether this person may read what stands under this rule."""
    if not satisfies(person, rule):
        return Verdict(False, _why_not(person, rule))
    if rule.everyone:
        return Verdict(True, "everyone")
    if rule.groups:
        return Verdict(True, f"group {_listed(sorted(rule.groups & person.groups), 'and')}")
    return Verdict(True, "by name")


def _why_not(person: Person, rule: AccessRule) -> str:
    if person.membership in ("app", "deactivated"):
        return f"{_a(MEMBERSHIPS[person.membership])} reads nothing"
    if rule.people:
        return "not named"
    if person.membership != "full":
        return f"{MEMBERSHIPS[person.membership]}: only what is granted by name"
    return "in none of these groups" if person.groups_known else "Slack does not tell the groups"


def applied(channel: ChannelFacts) -> Applied:
    """The first of the rules that fits."""
    if channel.kind in ("direct", "terminal"):
        return Applied(0, "Only the asker reads it: what the asker may read is shown.")
    circle = circle_of(channel)
    if circle.why_alone == "channel_unknown":
        return Applied(1, "Who can read it is not known: nothing is said there, and whoever asks is answered alone.")
    if circle.why_alone:
        outside = [person.name for person in channel.members or () if person.membership in ("guest", "outsider")]
        who = f" ({_few(outside)})" if outside else ""
        return Applied(2, f"Guests or people from outside can read it{who}: nothing is said there, and employees are answered alone.")
    if circle.circle == "members":
        known = f"Its {len(circle.readers)} readers are known" if len(circle.readers) != 1 else "Its one reader is known"
        return Applied(4, f"{known}: shown is what everybody who reads there may read.")
    return Applied(3, f"{_why_whole(channel)}: shown is what every employee may read.")


def _why_whole(channel: ChannelFacts) -> str:
    if channel.kind == "public":
        return "It is public, so that every employee can open it"
    if sum(counted(member).membership == "full" for member in channel.members or ()) > LARGEST_CHECKED:
        return f"It has more than {LARGEST_CHECKED} members"
    return "Whose groups are whose is not known"


def shown_in(channel: ChannelFacts, rule: AccessRule) -> Verdict:
    """Whether what stands under this rule may be said in this channel to all who read there."""
    circle = circle_of(channel)
    if circle.why_alone:
        return Verdict(False, _NOTHING_SAID[circle.why_alone])
    if rule.label not in scope_for(circle, [rule]).labels:
        return Verdict(False, _in_the_way(circle, rule))
    if rule.label in circle.granted and rule.label not in scope_for(_without_grants(circle), [rule]).labels:
        return Verdict(True, "by a grant")
    return Verdict(True, "everyone" if rule.everyone else "all who read there may read it")


def _without_grants(circle: Audience) -> Audience:
    return Audience(circle=circle.circle, readers=circle.readers, closed=circle.closed)


def _in_the_way(circle: Audience, rule: AccessRule) -> str:
    if circle.circle == "whole_company":
        return "not every employee may read it"
    if not circle.readers:
        return "nobody is known to read there"
    return f"{_few([reader.name for reader in circle.readers if not satisfies(reader, rule)])} may not read it"


def _few(names: Sequence[str], most: int = 3) -> str:
    names = sorted(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more" if len(names) > most else _listed(names, "and")


def _listed(names: Collection[str], word: str) -> str:
    *others, last = names
    return f"{', '.join(others)} {word} {last}" if others else last


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def in_order(rules: Iterable[AccessRule]) -> list[AccessRule]:
    """What most may read first."""
    return sorted(rules, key=lambda rule: (not rule.everyone, not rule.groups, rule.label))
