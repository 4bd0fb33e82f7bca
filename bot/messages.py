"""Every message that Ibid says, and the names that may stand in {braces} in it: what wording/messages.md is held to at the start."""

from __future__ import annotations

from collections.abc import Mapping

_COMPANY = frozenset({"company"})


def _of(*names: str) -> frozenset[str]:
    return frozenset(names)


MESSAGES: Mapping[str, frozenset[str]] = {
    "searching": _of(),
    "writing": _of(),
    "answer_footer": _of("as_of"),
    "answer_footer_quotes": _of("as_of"),
    "cut_off": _of(),
    "not_found": _of("readers", "looked_for"),
    "not_found_nearest": _of("title", "owner"),
    "try_alone": _of("readers"),
    "readers_alone": _COMPANY,
    "readers_members": _COMPANY,
    "readers_whole_company": _COMPANY,
    "nothing_readable": _of("readers"),
    "guest": _COMPANY,
    "own_record": _of("system"),
    "own_record_system": _of(),
    "small_talk": _of("company", "example"),
    "no_question": _of("company", "example"),
    "example_question": _of(),
    "too_long": _of("longest"),
    "not_english": _of(),
    "too_many": _of("limit"),
    "not_ready": _of(),
    "failed": _of("receipt"),
    "alone_channel_unknown": _COMPANY,
    "alone_outsiders_present": _COMPANY,
    "first_contact": _of("company", "days"),
    "feedback_thanks": _of(),
    "feedback_good": _of(),
    "feedback_bad": _of(),
    "source_line": _of("number", "place"),
    "source_effective": _of("date"),
    "source_button": _of(),
    "source_link": _of(),
    "source_owner": _of("owner"),
    "source_gone": _of(),
    "source_modal_title": _of(),
    "help": _of(),
    "unknown_command": _of("command"),
    "ask_without_question": _of("example"),
    "status": _of("documents", "edition", "published", "writer"),
    "status_quotes": _of(),
    "status_model": _of("model"),
    "status_nothing": _of(),
    "admins_only": _of(),
    "muted": _of(),
    "reindex_where": _of(),
    "reindex_started": _of(),
    "reindex_progress": _of("stage", "bar", "done", "total"),
    "reindex_running": _of("who", "progress"),
    "reindex_running_elsewhere": _of("progress"),
    "reindex_done": _of("added", "changed", "removed", "unchanged", "edition"),
    "reindex_nothing": _of("edition"),
    "reindex_unread": _of("count"),
    "reindex_unread_line": _of("path", "reason"),
    "reindex_failed": _of(),
}
