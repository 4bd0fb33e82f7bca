"""Which earlier turns of a thread may be used: those whose sources everyone may read who can open today's reply."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.ports import Library
from bot.values import Turn
from knowledge.values import Scope


async def usable(turns: Sequence[Turn], library: Library, scope: Scope) -> tuple[Turn, ...]:
    """As far as the library still tells their passages to these readers. Raises LibraryUnavailable or NotReady."""
    named = {passage for turn in turns for passage in turn.passages}
    found = [await library.passage(passage, scope) for passage in sorted(named)]
    hits = [hit for hit in found if hit and scope.allows(hit.passage.label) and scope.allows(hit.document.rule.label)]
    return readable_turns(turns, {hit.passage.id for hit in hits})


def readable_turns(turns: Sequence[Turn], readable: Collection[str]) -> tuple[Turn, ...]:
    """The last turns, back to one that rests on what these readers may not read: what came before that is not what is gone on from."""
    kept: list[Turn] = []
    for turn in reversed(turns):
        if not set(turn.passages) <= set(readable):
            break
        kept.append(turn)
    return tuple(reversed(kept))
