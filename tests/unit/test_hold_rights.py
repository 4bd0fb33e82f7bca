"""Owners hold their own documents and lift what they ordered; admins hold and lift all; nobody is shown a title that is not theirs."""

from __future__ import annotations

from dataclasses import replace

from bot.flows.holding import may_hold, may_lift, same, told_of
from bot.flows.owning import rights_of
from bot.flows.sight import Sight, sight_of
from bot.values import Person
from knowledge.holds import Hold
from tests.factories import HR, TODAY, a_document, a_person

LEAVE = a_document("leave", owner="ruth", title="Leave")
BANDS = a_document("bands", owner="ruth", title="Bands", rule=HR)
TRAVEL = a_document("travel", owner="tom", title="Travel")
ALL = (LEAVE, BANDS, TRAVEL)
RUTH, GRETA, PRIYA = a_person("ruth"), a_person("greta", "hr"), a_person("priya")
OWNER, ADMIN, NOBODY = (rights_of(person, ALL, admin=person is GRETA) for person in (RUTH, GRETA, PRIYA))
HOLD = Hold(number=1, document=LEAVE.id, sentence="It is being rewritten.", by=RUTH.id, until=TODAY)


def sight(person: Person) -> Sight:
    return sight_of(person, ((one.id, one) for one in ALL))


def test_owners_hold_their_own_documents_as_far_as_they_may_read_them_and_admins_all() -> None:
    assert may_hold(OWNER, ALL, sight(RUTH)) == (LEAVE,)
    assert may_hold(ADMIN, ALL, sight(GRETA)) == (BANDS, LEAVE, TRAVEL)
    assert may_hold(NOBODY, ALL, sight(PRIYA)) == ()


def test_whoever_left_or_came_as_a_guest_holds_nothing() -> None:
    for membership in ("guest", "deactivated"):
        gone = a_person("ruth", membership=membership)
        assert may_hold(rights_of(gone, ALL, admin=False), ALL, sight(RUTH)) == ()


def test_an_owner_lifts_what_they_ordered_and_not_what_an_admin_did() -> None:
    by_admin = replace(HOLD, by=GRETA.id)

    assert (may_lift(OWNER, HOLD), may_lift(OWNER, by_admin), may_lift(OWNER, replace(HOLD, by="the terminal"))) == (True, False, False)
    assert (may_lift(ADMIN, HOLD), may_lift(ADMIN, by_admin)) == (True, True)
    assert not may_lift(NOBODY, HOLD)


def test_a_hold_is_told_only_to_who_may_read_its_title_and_a_topic_to_admins() -> None:
    holds = (HOLD, replace(HOLD, document=BANDS.id), replace(HOLD, document="", topic="travel Italy"), replace(HOLD, document="gone.md"))

    assert told_of(OWNER, holds, sight(RUTH)) == (HOLD,)
    assert told_of(ADMIN, holds, sight(GRETA)) == holds[:3]


def test_an_order_is_the_same_only_in_all_that_it_says() -> None:
    wanted = replace(HOLD, number=0, sentence="  It is being\n rewritten. ")

    assert same(wanted, HOLD)
    for other in (replace(HOLD, by="UTOM"), replace(HOLD, document=TRAVEL.id), replace(HOLD, sentence="Else."), replace(HOLD, topic="x")):
        assert not same(wanted, other)
