"""A question in a thread made one that stands alone, by a model where one may be asked. What it adds of its own is not believed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from bot.answers import Request
from bot.errors import Unavailable
from bot.flows.context import fenced
from bot.flows.drafts import Drafts
from bot.flows.standing import GOES_ON
from bot.ports import Writer
from bot.prompts import PromptSet
from bot.values import Turn
from knowledge.figures import unsupported
from knowledge.places import countries
from knowledge.stance import NEGATION
from knowledge.words import content_words

log = logging.getLogger(__name__)

LONGEST = 300  # characters
SECONDS = 4.0  # after which the words alone decide
MOST_TURNS = 4
OWN_WORDS = 4  # that the model may bring itself, and never more than were said: "policy", "entitled"


@dataclass(frozen=True, kw_only=True)
class Rewriting:
    """Asks the first writer that may see the question."""

    writers: tuple[Writer, ...]  # models only
    drafts: Drafts
    prompts: Callable[[], PromptSet]

    async def standalone(self, question: str, turns: Sequence[Turn], labels: frozenset[str]) -> str | None:
        """One line; None when no model may see it, none answers in time, or its answer says what nobody asked."""
        writer = next((writer for writer in self.writers if writer.sees(labels)), None)
        if writer is None or not turns:
            return None
        earlier = [turn.question for turn in turns[-MOST_TURNS:]]
        prompt = self.prompts()["rewrite"]
        text = prompt.fill({"earlier": "\n".join(fenced(turn) for turn in earlier), "question": fenced(question)})
        head, _, rest = text.partition("<earlier>")
        request = Request(question, (), (("system", head.strip()), ("user", f"<earlier>{rest}")), prompt.hash, labels)
        try:
            until = asyncio.get_running_loop().time() + SECONDS
            async with self.drafts.reading(writer, request) as draft, aclosing(draft.pieces(until)) as pieces:
                async for _ in pieces:
                    pass
                written = draft.text.strip()
                if not await asyncio.to_thread(faithful, written, (*earlier, question)):  # the analyzer is no work for the loop
                    return None
                await self.drafts.keep(writer, draft)
                return written
        except Unavailable as problem:
            log.info("a question was not rewritten", extra={"cause": type(problem).__name__, "detail": str(problem)})
            return None


def faithful(written: str, said: Sequence[str]) -> bool:
    """One line of what was said, the newest message last: it loses nothing of that one which a rule turns on, and adds no such thing."""
    if len(written) > LONGEST or len(written.splitlines()) != 1:
        return False
    telling, known = content_words(written), {word for text in said for word in content_words(text)}
    own = [word for word in telling if word not in known]
    if not telling or len(own) > min(OWN_WORDS, len(telling) / 2):
        return False
    return not _turns(written, *said) and not _turns(said[-1], written)


def _turns(text: str, *others: str) -> bool:
    """Whether the text has a figure, a country or a "not" that none of the others has."""
    begins = GOES_ON.match(text)  # "no, in Germany" denies nothing
    negated = NEGATION.search(text, begins.end() if begins else 0) is not None
    if negated and not any(NEGATION.search(other) for other in others):
        return True
    return bool(unsupported(text, *others)) or not countries(text) <= countries(" ".join(others))
