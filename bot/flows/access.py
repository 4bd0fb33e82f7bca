"""Who can open a reply, and which documents all of them may read. Unknown means no.

The order of the rules is DESIGN.md's, "Access, exactly". Two steps: `audience_of` says who reads, `scope_for` says what they may read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bot.values import Audience, ChannelFacts, Person
from knowledge.values import AccessRule, Scope

LARGEST_CHECKED = 500  # members; above it a channel is read as the whole company
_EVERYONE = AccessRule(everyone=True)


def audience_of(channel: ChannelFacts, asker: Person) -> Audience:
    """The people who can open a reply in this channel; the asker alone where nothing may be said in it."""
    if channel.kind in ("direct", "terminal"):
        return alone(asker)
    if channel.kind is None or (channel.members is None and channel.kind != "public"):
        return Audience(circle="alone", readers=(asker,), why_alone="channel_unknown")
    members = channel.members or ()
    if channel.shared or any(member.membership in ("guest", "outsider") for member in (*members, asker)):
        return Audience(circle="alone", readers=(asker,), why_alone="outsiders_present")
    readers = tuple({member.id: member for member in (*members, asker) if member.membership == "full"}.values())
    if channel.kind == "public" or len(readers) > LARGEST_CHECKED or not all(reader.groups_known for reader in readers):
        return Audience(circle="whole_company", closed=channel.kind != "public")
    return Audience(circle="members", readers=readers)


def narrowed(before: Audience, now: Audience, rules: Collection[AccessRule]) -> bool:
    """Whether something that could be shown to the readers of before must not be shown in the same place now."""
    if now.why_alone and not before.why_alone:
        return True
    return not scope_for(before, rules).labels <= scope_for(now, rules).labels


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
    """The labels that every reader satisfies. Readers that nobody named make the scope empty, not wide."""
    if audience.circle == "whole_company":
        return Scope(frozenset(rule.label for rule in rules if rule == _EVERYONE), public=not audience.closed)
    if not audience.readers:
        return Scope(frozenset())
    return Scope(frozenset(rule.label for rule in rules if all(satisfies(reader, rule) for reader in audience.readers)))
