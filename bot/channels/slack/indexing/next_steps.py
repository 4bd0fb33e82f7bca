"""The buttons below a report. An owner gets none that only an admin may press."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.channels.slack.changed import changed_button
from bot.channels.slack.errands import INDEX
from bot.channels.slack.modal import button, confirmation

if TYPE_CHECKING:
    from bot.channels.slack.indexing.report import Around
    from bot.channels.slack.indexing.wishes import Wish
    from bot.wording import Wording
    from knowledge.values import IndexReport


def next_steps(report: IndexReport, around: Around, wording: Wording) -> list[dict[str, Any]]:
    """Do it, remove them, publish anyway, undo: whichever make sense now."""
    wish = replace(around.wish, kind="run", live=around.live, anyway=False)
    doubtful = sum(one.doubtful for one in report.warnings)
    steps: list[dict[str, Any]] = []
    if around.wish.kind == "plan" and changes(report):
        steps.append(button(f"{INDEX}do", wording.say("reindex_do_it"), wish.value(), style="primary"))
    if around.admin and doubtful:
        steps.append(_remove(doubtful, wish, wording))
    if around.admin and report.held:
        steps.append(_anyway(wish, wording))
    if around.admin and around.wish.kind == "run" and changes(report) and report.edition and report.edition > 1:
        undo = replace(wish, kind="undo", source="", owner="", removal=False, live=report.edition)
        steps.append(button(f"{INDEX}undo", wording.say("reindex_undo"), undo.value()))
        steps.append(changed_button(wording))
    return steps


def changes(report: IndexReport) -> bool:
    """Whether a document is another one, or would be."""
    return bool(report.added or report.changed or report.moved or report.removed)


def _remove(doubtful: int, wish: Wish, wording: Wording) -> dict[str, Any]:
    count = f"{doubtful:,}"
    asked = confirmation(
        wording.say("reindex_removal_title"),
        wording.say("reindex_removal_confirm", count=count),
        wording.say("reindex_removal_yes"),
        wording.say("reindex_leave_it"),
    )
    label = wording.say("reindex_removal", count=count)
    return button(f"{INDEX}remove", label, replace(wish, removal=True).value(), style="danger", confirm=asked)


def _anyway(wish: Wish, wording: Wording) -> dict[str, Any]:
    asked = confirmation(
        wording.say("reindex_anyway_title"),
        wording.say("reindex_anyway_confirm"),
        wording.say("reindex_anyway_yes"),
        wording.say("reindex_leave_it"),
    )
    return button(f"{INDEX}anyway", wording.say("reindex_anyway"), replace(wish, anyway=True).value(), style="danger", confirm=asked)
