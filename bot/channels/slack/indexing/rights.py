"""What the person behind an errand may order, asked anew for each errand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import NotReady
from bot.flows.owning import Rights, rights_of

if TYPE_CHECKING:
    from bot.channels.slack.desk import Desk
    from bot.channels.slack.errands import Errand
    from knowledge.values import Document


async def rights_in(desk: Desk, errand: Errand) -> Rights:
    """Raises DirectoryUnavailable, LibraryUnavailable."""
    admin = await desk.admin(errand)
    person = admin or await desk.ibid.directory.person(errand.user)
    try:
        documents = await desk.ibid.shelf.looked_after()
    except NotReady:
        documents = ()
    return rights_of(person, documents, admin=admin is not None)


async def shelved(desk: Desk) -> tuple[Document, ...]:
    """All documents; none before the first run of the index."""
    try:
        return await desk.ibid.shelf.documents()
    except NotReady:
        return ()
