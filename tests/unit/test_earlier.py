"""Earlier turns of a thread are used only as far as today's readers may read what they rest on."""

from __future__ import annotations

import pytest

from bot.adapters.memory import ListLibrary
from bot.flows.earlier import readable_turns, usable
from bot.values import Turn
from knowledge.values import Scope
from tests.factories import HR, a_document, a_hit

LEAVE, BANDS, NOTHING = Turn("How many days?", ("leave",)), Turn("What is band C paid?", ("leave", "bands")), Turn("Where is the gym?")


@pytest.mark.parametrize(
    ("turns", "readable", "used"),
    [
        ((LEAVE, BANDS), {"leave", "bands"}, (LEAVE, BANDS)),
        ((BANDS, LEAVE), {"leave"}, (LEAVE,)),
        ((LEAVE, BANDS), {"leave"}, ()),  # what is gone on from is not what was asked before that
        ((BANDS, NOTHING), {"leave"}, (NOTHING,)),
        ((LEAVE, BANDS, LEAVE), {"leave"}, (LEAVE,)),
        ((LEAVE,), set(), ()),
        ((), {"leave"}, ()),
    ],
)
def test_turns_are_used_back_to_one_that_not_everyone_may_read(turns: tuple[Turn, ...], readable: set[str], used: tuple[Turn, ...]) -> None:
    assert readable_turns(turns, readable) == used


async def test_what_is_readable_is_what_the_library_tells_these_readers() -> None:
    open_to_all, bands = a_hit(clause="4.1"), a_hit("Band C", clause="2.1", document=a_document("bands", rule=HR))
    library = ListLibrary(hits=(open_to_all, bands))
    turn = Turn("What is band C paid?", (open_to_all.passage.id, bands.passage.id))
    assert await usable((turn,), library, Scope(frozenset({"everyone", "groups:hr"}))) == (turn,)
    assert await usable((turn,), library, Scope(frozenset({"everyone"}))) == ()
    library.hits = (open_to_all,)  # taken away since
    assert await usable((turn,), library, Scope(frozenset({"everyone", "groups:hr"}))) == ()
