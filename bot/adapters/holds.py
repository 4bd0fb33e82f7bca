"""Holds in the documents' own catalog. They wait for no run of the index, and the operator's log says who ordered what, without words."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot.errors import CannotHold, LibraryUnavailable
from knowledge import errors

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from bot.adapters.library import CorpusLibrary
    from knowledge.corpus import Corpus
    from knowledge.holds import Hold

    Given = TypeVar("Given")

log = logging.getLogger(__name__)


class CorpusHolds:
    """The Holds port. Its calls wait behind no search: what is held back is held back in the same second."""

    def __init__(self, library: CorpusLibrary) -> None:
        self._library = library

    async def hold(self, wanted: Hold) -> Hold:
        held = await self._done(lambda corpus: corpus.hold(wanted))
        log.info("held back", extra=_facts(held) | {"by": held.by})
        return held

    async def lift(self, number: int, by: str) -> Hold | None:
        lifted = await self._done(lambda corpus: corpus.lift(number))
        if lifted:
            log.info("a hold was lifted", extra=_facts(lifted) | {"by": by})
        return lifted

    async def current(self) -> tuple[Hold, ...]:
        return await self._done(lambda corpus: corpus.holds())

    async def _done(self, order: Callable[[Corpus], Given]) -> Given:
        corpus = await self._library.corpus()
        try:
            return await asyncio.to_thread(order, corpus)
        except errors.CannotHold as problem:
            raise CannotHold(problem.why, str(problem)) from problem
        except errors.KnowledgeError as problem:
            raise LibraryUnavailable(str(problem)) from problem


def _facts(hold: Hold) -> dict[str, object]:
    """Of a topic, only that it is one: its words are somebody's text."""
    return {"number": hold.number, "document": hold.document, "topic": bool(hold.topic), "until": hold.until.isoformat()}
