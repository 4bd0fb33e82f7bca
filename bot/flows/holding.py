"""Who may hold what back: owners their own documents, admins every document and every topic; and who may lift it again."""

from __future__ import annotations

from collections.abc import Iterable

from bot.flows.owning import Rights, owned
from bot.flows.sight import Sight
from knowledge.holds import Hold
from knowledge.values import Document


def may_hold(rights: Rights, documents: Iterable[Document], sight: Sight) -> tuple[Document, ...]:
    """The documents that somebody may hold, by title: of these nobody is offered one whose title is not theirs to read."""
    among = documents if rights.admin else owned(rights.person, documents)
    return tuple(sorted((one for one in among if sight.sees(one.id)), key=lambda one: (one.title.casefold(), one.id)))


def may_lift(rights: Rights, hold: Hold) -> bool:
    """An admin every hold; an owner those that they ordered themselves: what an admin stopped, no owner sets going again."""
    return rights.admin or hold.by in rights.person.names


def told_of(rights: Rights, holds: Iterable[Hold], sight: Sight) -> tuple[Hold, ...]:
    """The holds that somebody is shown: on documents whose title they may read, and for admins those on topics."""
    return tuple(hold for hold in holds if (rights.admin if hold.topic else sight.sees(hold.document)))


def same(wanted: Hold, hold: Hold) -> bool:
    """Whether this is what was ordered: an order that is done again after a crash makes no second one."""
    words = (wanted.document, wanted.topic, " ".join(wanted.sentence.split()), wanted.by, wanted.until)
    return words == (hold.document, hold.topic, hold.sentence, hold.by, hold.until)
