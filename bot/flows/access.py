"""Who can open a reply, and which documents all of them may read. Unknown means no.

The order of the rules is DESIGN.md's, "Access, exactly". Two steps: `audience_of` says who reads, `scope_for` says what they may read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from bot.values import Audience, ChannelFacts, Person
from knowledge.values import AccessRule, Scope

LARGEST_CHECKED = 500  # members; above it a channel is read as the whole company
_EVERYONE = AccessRule(everyone=True)


def audience_of(channel: ChannelFacts, asker: Person) -> Audience:
    """The people who can open a reply in this channel; the asker alone where nothing may be said in it."""
    if channel.kind in ("direct", "terminal"):
        return alone(asker)
    circle = circle_of(channel, asker)
    return replace(circle, readers=(asker,)) if circle.why_alone else circle


def circle_of(channel: ChannelFacts, *besides: Person) -> Audience:
    """The people who can read in a channel, its members and those besides. Where nothing may be said in it, that is nobody known."""
    if channel.kind is None or channel.members is None:
        return Audience(circle="alone", why_alone="channel_unknown")
    present = (*map(counted, channel.members), *besides)
    if channel.shared or any(person.membership in ("guest", "outsider") for person in present):
        return Audience(circle="alone", why_alone="outsiders_present")
    readers = tuple({person.id: person for person in present if person.membership == "full"}.values())
    if channel.kind == "public" or len(readers) > LARGEST_CHECKED or not all(reader.groups_known for reader in readers):
        return Audience(circle="whole_company", closed=channel.kind != "public", granted=channel.granted)
    return Audience(circle="members", readers=readers, granted=channel.granted)


def counted(member: Person) -> Person:
    """Apps do not count, but for one that keeps what it reads: it counts as a person with no groups."""
    if member.membership == "app" and member.stores:
        return replace(member, membership="full", groups=frozenset(), groups_known=True)
    return member


def narrowed(before: Audience, now: Audience, rules: Collection[AccessRule]) -> bool:
    """Whether something that could be shown to the readers of before must not be shown in the same place now."""
    if now.why_alone and not before.why_alone:
        return True
    return not scope_for(before, rules).labels <= scope_for(now, rules).labels


def outgrown(labels: Collection[str], channel: ChannelFacts, *, for_sure: bool = False) -> bool:
    """Whether a reply that rests on these labels stands where not everyone who can read it by now may read them.

    `for_sure`: not where it is merely unknown whose groups are whose. Then what every employee may read says whether others came.
    """
    unknown = for_sure and not all(member.groups_known for member in channel.members or () if member.membership == "full")
    rested_on = {_EVERYONE.label} if unknown and labels else set(labels)
    return not rested_on <= scope_for(circle_of(channel), map(AccessRule.from_label, rested_on)).labels


def alone(asker: Person) -> Audience:
    """A direct message, an ephemeral reply, a terminal: nobody else can open it."""
    return Audience(circle="alone", readers=(asker,))


def satisfies(person: Person, rule: AccessRule) -> bool:
    """Guests and people from outside satisfy no rule but a grant by name."""
    if person.membership in ("app", "deactivated"):
        return False
    if rule.people:
        return bool(rule.people & person.names)
    if person.membership != "full":
        return False
    return rule.everyone or bool(rule.groups & person.groups)


def scope_for(audience: Audience, rules: Iterable[AccessRule]) -> Scope:
    """The labels that every reader satisfies, and those granted. Readers that nobody named make the scope empty, not wide."""
    held = frozenset(rules)
    if audience.circle == "whole_company":
        open_to_all = frozenset(rule.label for rule in held if rule == _EVERYONE)
        return Scope(open_to_all | _granted(audience, held), public=not audience.closed)
    if not audience.readers:
        return Scope(frozenset())
    satisfied = frozenset(rule.label for rule in held if all(satisfies(reader, rule) for reader in audience.readers))
    return Scope(satisfied | _granted(audience, held))


def _granted(audience: Audience, rules: Iterable[AccessRule]) -> frozenset[str]:
    """A grant is for a channel whose readers are known: who is answered alone has none."""
    return frozenset() if audience.circle == "alone" else audience.granted & {rule.label for rule in rules}
