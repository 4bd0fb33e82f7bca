"""Is a message for Ibid? Decided in memory, before anything is written down."""

from __future__ import annotations

from datetime import timedelta

from bot.flows.addressed import continues, mentions, without_mention
from bot.values import LastReply
from tests.factories import NOW


def test_a_mention_is_found_with_and_without_a_label_and_no_other_is() -> None:
    assert mentions("hey <@UIBID> how many days", "UIBID")
    assert mentions("<@UIBID|ibid>?", "UIBID")
    assert not mentions("ask <@UIBIDX> or ibid", "UIBID")


def test_only_the_bots_own_mention_is_taken_out() -> None:
    assert without_mention("<@UIBID> does <@UTOM> get leave?", "UIBID") == "does <@UTOM> get leave?"


def test_the_asker_goes_on_for_thirty_minutes_and_nobody_else_does() -> None:
    last = LastReply("UPRIYA", NOW)
    assert continues("UPRIYA", last, NOW + timedelta(minutes=30))
    assert not continues("UPRIYA", last, NOW + timedelta(minutes=30, seconds=1))
    assert not continues("UTOM", last, NOW)


def test_a_muted_thread_and_a_thread_without_a_reply_are_left_alone() -> None:
    assert not continues("UPRIYA", LastReply("UPRIYA", NOW, muted=True), NOW)
    assert not continues("UPRIYA", None, NOW)
