"""What was proved is shown only while it may still be shown: as an answer is written, a document may be taken away."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from bot.answers import Answer, Closed, Outcome, Released, Sentence, Withdrawn
from bot.ports import Library
from knowledge.values import Scope


async def released(
    written: AsyncGenerator[Released | Closed, None], library: Library, scope: Scope, edition: int
) -> AsyncGenerator[Released | Withdrawn | Closed, None]:
    """The same events without what may not be shown by now; what was shown and may not be any more is withdrawn before the end."""
    shown = list[Sentence]()
    async with aclosing(written) as events:
        async for event in events:
            if isinstance(event, Released):
                if await _stands(event.sentence, library, scope, edition):
                    shown.append(event.sentence)
                    yield event
                continue
            answer = event.answer
            for sentence in answer.sentences:
                if not await _stands(sentence, library, scope, edition):
                    answer = _without(answer, sentence)
                    if sentence in shown:
                        yield Withdrawn(sentence, "taken away")
            yield Closed(answer)


async def _stands(sentence: Sentence, library: Library, scope: Scope, edition: int) -> bool:
    """Whether all that it rests on may still be shown.

    What is merely written anew meanwhile stands: an answer ends with the edition that it began with.
    """
    passages = [await library.passage(citation.hit.passage.id, scope, edition) for citation in sentence.citations]
    return None not in passages


def _without(answer: Answer, sentence: Sentence) -> Answer:
    """What may no longer be shown leaves an answer that is not whole; where it was all, there is none, and asking again finds another."""
    left = tuple(other for other in answer.sentences if other is not sentence)
    return replace(answer, sentences=left, complete=False, outcome=answer.outcome if left else Outcome.FAILED)
