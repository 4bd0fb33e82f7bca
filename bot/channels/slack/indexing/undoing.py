"""Going back to the version before: what that does is shown first, and what was removed since comes back by its title only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.channels.slack.blocks import Reply, context, section
from bot.channels.slack.errands import INDEX
from bot.channels.slack.indexing import lists
from bot.channels.slack.modal import field, modal, words
from bot.flows.sight import Sight, sight_of
from knowledge.values import content_id

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.bootstrap import Ibid
    from bot.channels.slack.blocks import Block
    from bot.channels.slack.modal import View
    from bot.values import Person
    from bot.wording import Wording
    from knowledge.values import Document, UndoReport

GO_BACK = "go_back"
MOST_TITLES = 15  # inputs in the modal; more than that is work for the terminal
_LONGEST = 300  # characters that may be typed


@dataclass(frozen=True, kw_only=True)
class GoingBack:
    """What going back from the edition `live` would do, or did, as one admin may know it."""

    live: int
    report: UndoReport
    sight: Sight

    @property
    def told(self) -> tuple[Document, ...]:
        """The removed documents whose titles this admin may read, as many as there is room for."""
        return tuple(one for one in self.report.removed if one.title and self.sight.sees(one.id))[:MOST_TITLES]


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What the modal came back with: from which edition, and each title as it was typed, by its input."""

    live: int
    asked: Mapping[str, tuple[str, str]]  # input: the marks of the document and of its title
    titles: Mapping[str, str]

    @property
    def confirmed(self) -> tuple[str, ...]:
        """The marks of the documents whose titles were typed."""
        return tuple(self.asked[name][0] for name in self.titles if self._right(name))

    @property
    def wrong(self) -> tuple[str, ...]:
        """The inputs in which something else stands."""
        return tuple(name for name, title in self.titles.items() if title.strip() and not self._right(name))

    def _right(self, name: str) -> bool:
        return name in self.asked and self.asked[name][1] == title_mark(self.titles[name])


async def planned(ibid: Ibid, person: Person) -> GoingBack:
    """Raises NothingToUndo, Unavailable, AlreadyIndexing."""
    live, documents = await ibid.shelf.live(), await ibid.shelf.documents()
    report = await ibid.indexing.undo(plan_only=True)
    sight = sight_of(person, (*((one.id, one) for one in documents), *((one.id, one) for one in report.removed)))
    return GoingBack(live=live.number if live else 0, report=report, sight=sight)


async def go_back(ibid: Ibid, person: Person, confirmed: Collection[str]) -> GoingBack:
    """Do it. Of the removed documents come back those whose marks are confirmed, and that this admin may read at this moment."""
    before = await planned(ibid, person)
    back = [one.id for one in before.told if document_mark(one.id) in confirmed]
    return replace(before, report=await ibid.indexing.undo(bring_back=back))


def plan_view(going: GoingBack, wording: Wording) -> View:
    """Sending it is the confirmation."""
    say, report = wording.say, going.report
    blocks: list[Block] = [section(say("undo_plan", before=report.edition, now=going.live))]
    texts, hidden = lists.joined([("undo_changed", lists.documents(report.changed, going.sight, wording))], wording)
    blocks += map(section, texts)
    asked: dict[str, tuple[str, str]] = {}
    if report.removed:
        blocks.append(section(say("undo_removed", count=len(report.removed))))
    for number, one in enumerate(going.told):
        name = f"back-{number}"
        asked[name] = (document_mark(one.id), title_mark(one.title))
        hint = words(say("undo_title_hint"), 150)
        blocks.append(field(name, one.title, "", _LONGEST, optional=True, hint=hint))
    if others := len(report.removed) - len(going.told):
        blocks.append(context(say("undo_restricted", count=others)))
    if report.withheld:
        blocks.append(context(say("undo_withheld", count=report.withheld)))
    if hidden:
        blocks.append(context(say("reindex_hidden_where")))
    about = json.dumps({"live": going.live, "asked": asked})
    return modal(
        say("undo_title"),
        blocks,
        close=say("reindex_leave_it"),
        submit=say("reindex_undo"),
        callback_id=INDEX + GO_BACK,
        private_metadata=about,
    )


def undone_reply(going: GoingBack, wording: Wording) -> Reply:
    """What was done, for the admin who did it."""
    say, report = wording.say, going.report
    as_before = [path for path in report.changed if path not in report.brought_back]
    parts = [
        ("undo_as_before", lists.documents(as_before, going.sight, wording)),
        ("undo_brought_back", lists.documents(report.brought_back, going.sight, wording)),
    ]
    texts, _ = lists.joined(parts, wording)
    still = len([one for one in report.removed if one.id not in report.brought_back])
    small = [say("undo_still_removed", count=still)] if still else []
    small += [say("undo_withheld", count=report.withheld)] if report.withheld else []
    blocks = [*map(section, texts), *([context("\n".join(small))] if small else [])]
    return Reply(text=say("undo_done", edition=report.edition, undone=report.undone), tail=tuple(blocks))


def typed_in(said: Mapping[str, Any]) -> Typed | None:
    """Of what errands.py read from the modal; None for one of another version of Ibid."""
    try:
        about = json.loads(said["about"])
        asked = {str(name): (str(document), str(title)) for name, (document, title) in about["asked"].items()}
        return Typed(live=int(about["live"]), asked=asked, titles=said["fields"])
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def words_view(text: str, wording: Wording) -> View:
    """A modal that only says something."""
    return modal(wording.say("undo_title"), [section(text)], close=wording.say("undo_close"))


def document_mark(document: str) -> str:
    """Short, because a modal carries little."""
    return content_id(document)[:12]


def title_mark(title: str) -> str:
    """Capitals and spaces do not matter."""
    return content_id(" ".join(title.split()).casefold())[:12]
