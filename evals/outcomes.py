"""How questions end that were written for one promise each: asked back, contact first, no policy matter; through the whole flow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.answers import Answer, Closed, Outcome
from bot.flows.access import audience_of
from bot.values import ChannelFacts, Place, Question
from evals.set_pieces import Piece
from evals.statistics import Figure, share

if TYPE_CHECKING:
    from evals.desk import Desk

Replies = Sequence[tuple[Piece, Answer]]
_ASKED_AT = datetime(2026, 11, 16, 9, tzinfo=UTC)


async def ask_pieces(pieces: Sequence[Piece], desk: Desk, told: Callable[[int, int], None]) -> Replies:
    """One after the other, each by its asker in its place, in a thread of its own."""
    replies = []
    for done, piece in enumerate(pieces, start=1):
        replies.append((piece, await _ask(piece, desk)))
        told(done, len(pieces))
    return replies


def outcome_figures(replies: Replies) -> dict[str, Figure]:
    """The figures of the three sets, as far as they were asked."""
    ended = [(piece, answer.outcome) for piece, answer in replies]
    return {
        "asked_back": share([outcome is Outcome.ASKS_BACK for piece, outcome in ended if piece.kind == "open"]),
        "cases_named": share(
            [_names_all(piece, answer) for piece, answer in replies if answer.outcome is Outcome.ASKS_BACK and piece.named]
        ),
        "falsely_asked_back": share([outcome is Outcome.ASKS_BACK for piece, outcome in ended if piece.kind == "closed"]),
        "contact_first": share([outcome is Outcome.CONTACT_FIRST for piece, outcome in ended if piece.kind == "told"]),
        "right_contact": share([_right_contact(piece, answer) for piece, answer in replies if piece.kind == "told"]),
        "rules_answered": share([outcome is Outcome.ANSWERED for piece, outcome in ended if piece.answered]),
        "rules_without_contact": share([answer.contact is None for piece, answer in replies if piece.kind == "asked"]),
        "told_no_policy": share([outcome is Outcome.NOT_POLICY for piece, outcome in ended if piece.kind == "no_policy"]),
        "policy_told_none": share([outcome is Outcome.NOT_POLICY for piece, outcome in ended if piece.kind == "policy"]),
    }


def _names_all(piece: Piece, answer: Answer) -> bool:
    return piece.named <= {case.name for case in answer.cases}


def _right_contact(piece: Piece, answer: Answer) -> bool:
    return answer.contact is not None and answer.contact.topic == piece.topic


async def _ask(piece: Piece, desk: Desk) -> Answer:
    asker = await desk.directory.person(piece.asker)
    if not piece.profile:
        asker = replace(asker, country="", contract="")
    facts = ChannelFacts(kind="direct") if piece.where == "dm" else await desk.directory.channel(piece.where)
    question = Question(
        text=piece.text,
        asker=asker,
        audience=audience_of(facts, asker),
        place=Place(team=desk.directory.team, channel=piece.where, thread=piece.id, kind=facts.kind or "private"),
        asked_at=_ASKED_AT,
    )
    async for event in desk.answering.answer(question):
        if isinstance(event, Closed):
            return event.answer
    raise RuntimeError("the flow ended without Closed")  # it promises exactly one
