"""The receipts: a pseudonym, label names, ids and hashes; the question sealed; never the text of an answer or a document."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.adapters.conversation_tables import feedback, receipts
from bot.errors import ConversationUnavailable

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from bot.adapters.conversation import Conversation
    from bot.adapters.secrecy import Secrecy
    from bot.answers import Answer
    from bot.ports import Clock
    from bot.values import Person, Question

_TRIES = 5  # two receipts in four thousand million get the same number


class SqlLedger:
    """The ledger in the conversations' database."""

    def __init__(self, conversation: Conversation, secrecy: Secrecy, clock: Clock) -> None:
        self._conversation = conversation
        self._secrecy = secrecy
        self._clock = clock

    async def open(self, question: Question) -> str:
        row = {
            "asker": self._secrecy.pseudonym(question.asker.id),
            "question": self._secrecy.seal(question.text),
            "labels": "[]",
            "passages": "[]",
            "prompt_hash": "",
            "writer": "",
            "outcome": "",
            "opened_at": self._clock.now(),
        }
        for _ in range(_TRIES):
            number = secrets.token_hex(4)
            receipt = f"{number[:4]}-{number[4:]}"
            try:
                async with self._conversation.begin() as connection:
                    await connection.execute(insert(receipts).values(id=receipt, **row))
            except IntegrityError:
                continue
            return receipt
        raise ConversationUnavailable("no free receipt number was found")

    async def close(self, answer: Answer) -> None:
        evidence = answer.evidence
        passages = [citation.hit.passage.id for citation in answer.citations]
        row = {
            "labels": json.dumps(sorted(evidence.scope.labels)),
            "edition": evidence.edition,
            "passages": json.dumps(passages),
            "prompt_hash": evidence.prompt_hash,
            "writer": evidence.writer,
            "tried": json.dumps([{"writer": one.writer, "reason": one.reason} for one in evidence.tried]),
            "remembered": evidence.remembered,
            "outcome": answer.outcome.value,
            "closed_at": self._clock.now(),
        }
        if evidence.spent:
            row |= {
                "prompt_tokens": evidence.spent.prompt,
                "cached_tokens": evidence.spent.cached,
                "written_tokens": evidence.spent.written,
            }
        async with self._conversation.begin() as connection:
            await connection.execute(update(receipts).where(receipts.c.id == answer.receipt).values(row))

    async def resting_on(self, passages: Collection[str], since: datetime) -> int:
        wanted = set(passages)
        recent = select(receipts.c.passages).where(receipts.c.opened_at >= since, receipts.c.passages != "[]")
        async with self._conversation.begin() as connection:
            found = await connection.execute(recent)
        return sum(not wanted.isdisjoint(json.loads(row.passages)) for row in found)

    async def feedback(self, receipt: str, person: Person, verdict: str) -> None:
        """The last verdict of a person counts. A receipt that is no longer kept takes none."""
        who = self._secrecy.pseudonym(person.id)
        given = {"verdict": verdict, "at": self._clock.now()}
        same = (feedback.c.receipt == receipt) & (feedback.c.person == who)
        try:
            async with self._conversation.begin() as connection:
                changed = await connection.execute(update(feedback).where(same).values(given))
                if not changed.rowcount:
                    await connection.execute(insert(feedback).values(receipt=receipt, person=who, **given))
        except IntegrityError:
            return
