"""Who can see what and why, in words that never differ from what is done."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flows.access import alone, audience_of, circle_of, scope_for
from bot.flows.explaining import applied, in_order, rule_words, shown_in, why
from bot.values import ChannelFacts, Person
from knowledge.values import AccessRule
from tests.factories import EVERYONE, HR, a_channel, a_person

EITHER = AccessRule(groups=frozenset({"hr", "managers"}))
BY_NAME = AccessRule(people=frozenset({"wendy", "ruth"}))
RUTH, TOM, CARLA = a_person("ruth", "hr"), a_person("tom"), a_person("carla", membership="guest")


def test_a_rule_is_told_in_words() -> None:
    assert rule_words(EVERYONE) == "every employee"
    assert rule_words(HR) == "members of hr"
    assert rule_words(EITHER) == "members of hr or managers"
    assert rule_words(BY_NAME) == "ruth and wendy by name"
    assert in_order([BY_NAME, HR, EVERYONE]) == [EVERYONE, HR, BY_NAME]


@pytest.mark.parametrize(
    ("person", "rule", "may", "because"),
    [
        (RUTH, EVERYONE, True, "everyone"),
        (RUTH, EITHER, True, "group hr"),
        (a_person("greta", "hr", "managers"), EITHER, True, "group hr and managers"),
        (RUTH, BY_NAME, True, "by name"),
        (TOM, HR, False, "in none of these groups"),
        (a_person("tom", groups_known=False), HR, False, "Slack does not tell the groups"),
        (TOM, BY_NAME, False, "not named"),
        (CARLA, EVERYONE, False, "guest: only what is granted by name"),
        (a_person("bea", membership="deactivated"), EVERYONE, False, "a deactivated account reads nothing"),
        (a_person("bot", membership="app"), EVERYONE, False, "an app reads nothing"),
    ],
)
def test_a_person_is_told_the_reason(person: Person, rule: AccessRule, *, may: bool, because: str) -> None:
    verdict = why(person, rule)
    assert (verdict.may, verdict.because) == (may, because)


@pytest.mark.parametrize(
    ("channel", "number", "words"),
    [
        (a_channel(RUTH, kind="direct"), 0, "Only the asker reads it"),
        (ChannelFacts(kind=None), 1, "not known"),
        (ChannelFacts(kind="public", members=None), 1, "not known"),
        (a_channel(RUTH, shared=True), 2, "Guests or people from outside can read it: nothing"),
        (a_channel(RUTH, CARLA), 2, "(Carla)"),
        (a_channel(RUTH, kind="public"), 3, "It is public"),
        (a_channel(*(a_person(f"p{number}") for number in range(501))), 3, "more than 500 members"),
        (a_channel(a_person("tom", groups_known=False)), 3, "Whose groups are whose"),
        (a_channel(RUTH, TOM), 4, "Its 2 readers are known"),
    ],
)
def test_the_first_rule_that_fits_a_channel_is_named(channel: ChannelFacts, number: int, words: str) -> None:
    rule = applied(channel)
    assert rule.number == number
    assert words in rule.words


def test_what_is_said_in_a_channel_is_told_with_what_stands_in_the_way() -> None:
    both = a_channel(RUTH, TOM)
    assert shown_in(both, EVERYONE).because == "everyone"
    assert shown_in(both, HR).because == "Tom may not read it"
    assert shown_in(replace(both, kind="public"), HR).because == "not every employee may read it"
    assert shown_in(a_channel(RUTH), HR).because == "all who read there may read it"
    assert shown_in(a_channel(RUTH, CARLA), EVERYONE).because == "guests or people from outside read there, so nothing is said"
    assert shown_in(ChannelFacts(kind=None), EVERYONE).because == "who reads there is not known, so nothing is said"
    granted = replace(both, granted=frozenset({HR.label}))
    assert (shown_in(granted, HR).may, shown_in(granted, HR).because) == (True, "by a grant")
    assert shown_in(replace(granted, members=(RUTH,)), HR).because == "all who read there may read it"


people = st.builds(
    a_person,
    st.sampled_from(["ruth", "wendy", "tom"]),
    st.sampled_from(["hr", "managers", "sales"]),
    membership=st.sampled_from(["full", "full", "guest", "outsider", "app", "deactivated"]),
    groups_known=st.booleans(),
)
channels = st.builds(
    ChannelFacts,
    kind=st.sampled_from(["private", "public", "group_direct", None]),
    shared=st.booleans(),
    members=st.none() | st.lists(people, max_size=4).map(tuple),
    granted=st.sets(st.sampled_from([HR.label, "groups:board"])).map(frozenset),
)


@given(people, channels, st.sampled_from([EVERYONE, HR, EITHER, BY_NAME]))
def test_what_is_told_is_what_is_done(asker: Person, channel: ChannelFacts, rule: AccessRule) -> None:
    assert why(asker, rule).may == scope_for(alone(asker), [rule]).allows(rule.label)
    assert shown_in(channel, rule).may == scope_for(circle_of(channel), [rule]).allows(rule.label)
    inside = replace(channel, members=None if channel.members is None else (*channel.members, asker))
    audience = audience_of(inside, asker)
    assert (audience.circle == "alone") == (applied(inside).number <= 2)
    if audience.circle != "alone":
        assert shown_in(inside, rule).may == scope_for(audience, [rule]).allows(rule.label)
