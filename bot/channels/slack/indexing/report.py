"""What a run did, or would do, as the person who ordered it may know it, with the buttons for what comes next."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.channels.slack.blocks import Reply, context, section
from bot.channels.slack.escaping import mrkdwn
from bot.channels.slack.indexing import lists
from bot.channels.slack.indexing.next_steps import changes, next_steps
from bot.channels.slack.indexing.progress import SHORTEST, rate_text
from bot.flows.sight import Sight

if TYPE_CHECKING:
    from bot.channels.slack.blocks import Block
    from bot.channels.slack.indexing.wishes import Wish
    from bot.wording import Wording
    from knowledge.values import IndexReport

_LONGEST = 1000  # characters of why a version is held


@dataclass(frozen=True, kw_only=True)
class Around:
    """What a report is told with: for whom, and what it led to."""

    wish: Wish
    live: int  # the edition that answers now; 0: none
    sight: Sight = field(default_factory=Sight)
    admin: bool = False
    places: Collection[str] = ()
    reading: float | None = None  # documents a second; None: too few to say
    rests: int | None = None  # how many answers rest on clauses that would change; None: not known


def report_reply(report: IndexReport, around: Around, wording: Wording) -> Reply:
    """The first line, the figures, the lists, the buttons."""
    texts, hidden = lists.joined(_lists(report, around, wording), wording)
    blocks: list[Block] = [context(" · ".join(_figures(report, around, wording))), *map(section, texts)]
    if hidden:
        blocks.append(context(wording.say("reindex_hidden_where")))
    if buttons := next_steps(report, around, wording):
        blocks.append({"type": "actions", "elements": buttons})
    return Reply(text=_head(report, around, wording), tail=tuple(blocks))


def _head(report: IndexReport, around: Around, wording: Wording) -> str:
    live = around.live or "–"
    if around.wish.kind == "plan":
        return wording.say("reindex_plan" if changes(report) else "reindex_plan_nothing", edition=live)
    if report.held:
        return wording.say("reindex_held", edition=live, reason=mrkdwn(report.held)[:_LONGEST])
    if report.edition is None or not changes(report):
        return wording.say("reindex_nothing", edition=report.edition or live)
    return wording.say("reindex_done", edition=report.edition)


def _figures(report: IndexReport, around: Around, wording: Wording) -> Iterator[str]:
    yield ", ".join(_counts(report, wording))
    if around.wish.kind == "plan":
        yield wording.say("reindex_to_embed", passages=f"{report.embedded:,}")
        if report.situated:
            yield wording.say("reindex_to_situate", lines=f"{report.situated:,}")
        if report.pictured:
            yield wording.say("reindex_to_describe", pictures=f"{report.pictured:,}")
        if report.stale:
            rests = "?" if around.rests is None else f"{around.rests:,}"
            yield wording.say("reindex_rests", clauses=f"{len(report.stale):,}", answers=rests)
        return
    if report.embedded:
        yield wording.say("reindex_embedded", passages=f"{report.embedded:,}")
    if around.reading:
        yield wording.say("reindex_reading", rate=rate_text(around.reading, wording))
    if report.seconds >= SHORTEST:
        yield wording.say("reindex_took", seconds=f"{report.seconds:,.0f}")


def _counts(report: IndexReport, wording: Wording) -> list[str]:
    """What there is none of is not mentioned."""
    keys = {
        "reindex_count_added": report.added,
        "reindex_count_changed": report.changed,
        "reindex_count_moved": report.moved,
        "reindex_count_removed": report.removed,
        "reindex_count_unchanged": report.unchanged,
    }
    found = [wording.say(key, count=f"{len(named):,}") for key, named in keys.items() if named]
    return found or [wording.say("reindex_count_unchanged", count=0)]


def _lists(report: IndexReport, around: Around, wording: Wording) -> Iterator[tuple[str, lists.Listed]]:
    sight = around.sight
    for key, paths in (("reindex_added", report.added), ("reindex_changed", report.changed), ("reindex_removed", report.removed)):
        yield key, lists.documents(paths, sight, wording)
    yield "reindex_moved", lists.moves(report.moved, sight, wording)
    places = around.places if around.admin else ()
    yield "reindex_unread", lists.remarks(report.unread, sight, places, wording)
    yield "reindex_warnings", lists.remarks(report.warnings, sight, places, wording)
