"""What the command line is told about holds: JSON lines."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

from bot.cli.telling_index import TERMINAL
from bot.errors import IbidError
from knowledge.holds import Hold

if TYPE_CHECKING:
    from bot.bootstrap import House
    from bot.owner_socket import Line


async def tell_holds(house: House, request: Line) -> AsyncGenerator[Line, None]:
    """The hold that was made or lifted, or those that last."""
    await house.library.ready()
    holds = house.ibid.holds
    if request.get("list"):
        yield {"holds": [_hold(one) for one in await holds.current()]}
    elif number := int(request.get("lift") or 0):
        lifted = await holds.lift(number, TERMINAL)
        if lifted is None:
            raise IbidError(f"There is no hold {number}; `ibid hold --list` shows those that there are.")
        yield {"lifted": _hold(lifted)}
    else:
        yield {"held": _hold(await holds.hold(_wanted(request)))}


def _wanted(request: Line) -> Hold:
    document, topic, sentence = (str(request.get(name) or "") for name in ("document", "topic", "say"))
    until = date.fromisoformat(str(request.get("until")))
    return Hold(number=0, document=document, topic=topic, sentence=sentence, by=TERMINAL, until=until)


def _hold(hold: Hold) -> Line:
    return asdict(hold) | {"until": hold.until.isoformat()}
