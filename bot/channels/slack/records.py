"""What is pressed and ordered about records: what is behind an answer, what is kept of a person, who was told otherwise."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.channels.slack import changed, data_of, my_data, receipts

if TYPE_CHECKING:
    from bot.channels.slack.desk import Desk
    from bot.channels.slack.errands import Errand

DONE = "done"


async def order_records(desk: Desk, errand: Errand, word: str) -> None:
    """What stands after /ibid."""
    match word:
        case "my-data":
            await my_data.tell_own(desk, errand)
        case "privacy":
            await my_data.tell_privacy(desk, errand)
        case "data-of":
            await data_of.order_data_of(desk, errand)
        case "changed":
            await changed.count_changed(desk, errand)


async def press_records(desk: Desk, errand: Errand) -> None:
    """A button; one that is not known any more does nothing."""
    match (errand.what, errand.act):
        case ("receipt", receipts.BEHIND):
            await receipts.show_behind(desk, errand, str(json.loads(errand.text)["value"]))
        case ("receipt", changed.CHANGED):
            await changed.count_changed(desk, errand)
        case ("receipt", changed.TELL):
            await changed.tell_changed(desk, errand)
        case ("data", my_data.EXPORT):
            await my_data.export_own(desk, errand)
        case ("data", my_data.ERASE):
            await my_data.erase_own(desk, errand)
        case ("data", data_of.AGREE):
            await data_of.agree(desk, errand)
        case _:
            await desk.done(errand, DONE)
