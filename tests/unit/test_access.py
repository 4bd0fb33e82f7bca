"""Who can open a reply, and what all of them may read."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.flows.access import LARGEST_CHECKED, audience_of, narrowed, outgrown, satisfies, scope_for
from bot.values import Audience, ChannelFacts
from knowledge.values import AccessRule, Scope
from tests.factories import EVERYONE, HR, a_channel, a_person

WENDY_ONLY = AccessRule(people=frozenset({"wendy"}))
MANAGERS = AccessRule(groups=frozenset({"managers"}))
ALL_RULES = (EVERYONE, HR, MANAGERS, WENDY_ONLY)


def scope_in(channel: ChannelFacts, asker: str = "priya", *groups: str) -> frozenset[str]:
    return scope_for(audience_of(channel, a_person(asker, *groups)), ALL_RULES).labels


def test_in_a_direct_message_the_asker_reads_what_the_asker_may_read() -> None:
    assert scope_in(a_channel(kind="direct"), "ruth", "hr") == {"everyone", "groups:hr"}


def test_in_a_public_channel_only_what_everyone_may_read_is_shown_even_to_hr() -> None:
    ruth = a_person("ruth", "hr")
    assert scope_in(a_channel(ruth, kind="public"), "ruth", "hr") == {"everyone"}


def test_in_a_private_channel_a_document_needs_every_member() -> None:
    both = a_channel(a_person("ruth", "hr"), a_person("greta", "hr", "managers"))
    assert scope_in(both, "ruth", "hr") == {"everyone", "groups:hr"}


def test_one_member_without_the_group_closes_the_document_for_the_channel() -> None:
    mixed = a_channel(a_person("ruth", "hr"), a_person("tom"))
    assert scope_in(mixed, "ruth", "hr") == {"everyone"}


def test_members_satisfy_a_rule_each_by_a_group_of_their_own() -> None:
    either = AccessRule(groups=frozenset({"hr", "managers"}))
    audience = Audience(circle="members", readers=(a_person("ruth", "hr"), a_person("sofia", "managers")))
    assert scope_for(audience, (either,)).labels == {"groups:hr,managers"}


def test_an_unknown_channel_answers_the_asker_alone() -> None:
    for channel in (ChannelFacts(kind=None), *(ChannelFacts(kind=kind, members=None) for kind in ("private", "public", "group_direct"))):
        audience = audience_of(channel, a_person("ruth", "hr"))
        assert (audience.circle, audience.why_alone) == ("alone", "channel_unknown")


def test_a_shared_channel_and_a_guest_in_the_channel_answer_the_asker_alone() -> None:
    guest, outsider = a_person("carla", membership="guest"), a_person("nils", membership="outsider")
    for channel in (a_channel(kind="public", shared=True), a_channel(guest), a_channel(outsider, kind="public")):
        audience = audience_of(channel, a_person())
        assert (audience.circle, audience.why_alone) == ("alone", "outsiders_present")
        assert [reader.id for reader in audience.readers] == ["UPRIYA"]


def test_unknown_groups_and_large_channels_read_as_the_whole_company() -> None:
    unknown = a_channel(a_person("ruth", "hr"), a_person("tom", groups_known=False))
    large = a_channel(*(a_person(f"p{number}", "hr") for number in range(LARGEST_CHECKED + 1)))
    assert scope_in(unknown, "ruth", "hr") == {"everyone"}
    assert scope_in(large, "ruth", "hr") == {"everyone"}


def test_a_private_channel_stays_one_also_where_its_readers_are_taken_for_the_whole_company() -> None:
    unknown = a_channel(a_person("ruth", "hr"), a_person("tom", groups_known=False))
    assert audience_of(unknown, a_person()).closed
    assert not audience_of(a_channel(a_person(), kind="public"), a_person()).closed


def test_apps_and_deactivated_accounts_do_not_count_as_readers() -> None:
    channel = a_channel(a_person("ruth", "hr"), a_person("bea", membership="deactivated"), a_person("bot", membership="app"))
    assert scope_in(channel, "ruth", "hr") == {"everyone", "groups:hr"}


def test_the_asker_counts_even_when_the_member_list_forgot_them() -> None:
    assert scope_in(a_channel(a_person("ruth", "hr")), "tom") == {"everyone"}


def test_guests_outsiders_apps_and_leavers_satisfy_nothing_but_a_grant_by_name() -> None:
    for membership in ("guest", "outsider"):
        person = a_person("wendy", "hr", membership=membership)
        assert not satisfies(person, EVERYONE)
        assert not satisfies(person, HR)
        assert satisfies(person, WENDY_ONLY)
    for membership in ("app", "deactivated"):
        assert not any(satisfies(a_person("wendy", "hr", membership=membership), rule) for rule in ALL_RULES)


def test_nobody_reads_nothing() -> None:
    assert scope_for(Audience(circle="members", readers=()), ALL_RULES) == Scope(frozenset())


def test_an_answer_for_some_readers_is_not_for_others_who_may_read_less_or_from_outside() -> None:
    ruth, greta, tom = a_person("ruth", "hr"), a_person("greta", "hr", "managers"), a_person("tom")
    both = audience_of(a_channel(ruth, greta), ruth)
    assert not narrowed(both, audience_of(a_channel(ruth), ruth), ALL_RULES)
    assert not narrowed(both, both, ALL_RULES)
    assert narrowed(both, audience_of(a_channel(ruth, greta, tom), ruth), ALL_RULES)
    assert narrowed(both, audience_of(a_channel(ruth, greta, kind="public"), ruth), ALL_RULES)
    assert narrowed(both, audience_of(a_channel(ruth, shared=True), ruth), ALL_RULES)
    assert narrowed(both, audience_of(ChannelFacts(kind=None), ruth), ALL_RULES)


def test_an_app_that_stores_messages_counts_as_a_person_with_no_groups() -> None:
    archive = replace(a_person("archive", "hr", membership="app"), stores=True)
    ruth = a_person("ruth", "hr")
    assert scope_in(a_channel(ruth, archive), "ruth", "hr") == {"everyone"}
    assert scope_in(a_channel(ruth, replace(archive, stores=False)), "ruth", "hr") == {"everyone", "groups:hr"}


def test_a_grant_adds_its_label_where_all_readers_are_known_and_nowhere_else() -> None:
    ruth, tom, guest = a_person("ruth", "hr"), a_person("tom"), a_person("carla", membership="guest")
    granted = frozenset({"groups:hr"})

    def shown(channel: ChannelFacts) -> frozenset[str]:
        return scope_for(audience_of(replace(channel, granted=granted), tom), ALL_RULES).labels

    assert shown(a_channel(ruth, tom)) == {"everyone", "groups:hr"}
    assert shown(a_channel(ruth, tom, kind="public")) == {"everyone", "groups:hr"}
    for closed in (a_channel(ruth, tom, shared=True), a_channel(ruth, tom, guest), ChannelFacts(kind=None, members=(ruth, tom))):
        assert shown(closed) == {"everyone"}
    assert shown(a_channel(kind="direct")) == {"everyone"}
    assert scope_for(Audience(circle="alone", readers=(tom,), granted=granted), ALL_RULES).labels == {"everyone"}
    guests_own = audience_of(replace(a_channel(ruth, guest), granted=granted), guest)
    assert scope_for(guests_own, ALL_RULES).labels == frozenset()


def test_a_grant_of_what_no_document_has_adds_nothing_and_its_end_narrows() -> None:
    channel = a_channel(a_person("ruth", "hr"), a_person("tom"))
    granted = audience_of(replace(channel, granted=frozenset({"groups:hr", "groups:board"})), a_person("tom"))
    assert scope_for(granted, ALL_RULES).labels == {"everyone", "groups:hr"}
    assert narrowed(granted, audience_of(channel, a_person("tom")), ALL_RULES)


def test_a_standing_reply_is_outgrown_when_one_who_can_read_it_may_not() -> None:
    ruth, tom, guest = a_person("ruth", "hr"), a_person("tom"), a_person("carla", membership="guest")
    hr, everyone = {"groups:hr", "everyone"}, {"everyone"}
    assert not outgrown(hr, a_channel(ruth))
    assert outgrown(hr, a_channel(ruth, tom))
    assert not outgrown(everyone, a_channel(ruth, tom))
    assert outgrown(everyone, a_channel(ruth, guest))
    assert outgrown(everyone, a_channel(ruth, shared=True))
    assert outgrown(hr, a_channel(ruth, kind="public"))
    assert not outgrown(hr, replace(a_channel(ruth, tom), granted=frozenset({"groups:hr"})))
    assert not outgrown((), a_channel(ruth, guest))
    unknown = replace(ruth, groups=frozenset(), groups_known=False)
    assert outgrown(hr, a_channel(unknown))
    assert not outgrown(hr, a_channel(unknown), for_sure=True)
    assert outgrown(hr, a_channel(unknown, guest), for_sure=True)
    assert outgrown(hr, a_channel(ruth, tom), for_sure=True)
    assert not outgrown((), a_channel(unknown, guest), for_sure=True)


@given(st.lists(st.sampled_from(["hr", "managers", "finance", ""]), min_size=1, max_size=6))
def test_another_reader_never_widens_a_scope(groups: list[str]) -> None:
    people = [a_person(f"p{index}", *filter(None, [group])) for index, group in enumerate(groups)]
    scopes = [scope_for(Audience(circle="members", readers=tuple(people[: size + 1])), ALL_RULES).labels for size in range(len(people))]
    assert all(later <= earlier for earlier, later in pairwise(scopes))
