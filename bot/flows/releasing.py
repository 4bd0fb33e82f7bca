"""What was proved is shown only while it may still be shown: as an answer is written, a document may be taken away."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from bot.answers import Answer, Closed, Outcome, Released, Sentence, Withdrawn
from bot.flows.looking import Looked
from bot.ports import Library
from knowledge.values import Scope


async def released(
    written: AsyncGenerator[Released | Withdrawn | Closed, None], library: Library, scope: Scope, edition: int, asked: str = ""
) -> AsyncGenerator[Released | Withdrawn | Closed, None]:
    """The same events without what may not be shown by now; what was shown and may not be any more is withdrawn before the end.

    `asked` is the question as it was looked for: what it is about may be held back meanwhile.
    """
    shown = list[Sentence]()
    async with aclosing(written) as events:
        async for event in events:
            if isinstance(event, Released):
                if await _stands(event.sentence, library, scope, edition) and not await library.held_topics(asked):
                    shown.append(event.sentence)
                    yield event
                continue
            if isinstance(event, Withdrawn):
                if event.sentence in shown:
                    shown.remove(event.sentence)
                    yield event
                continue
            answer, held = event.answer, await library.held_topics(asked)
            if held:
                for sentence in shown:
                    yield Withdrawn(sentence, "held back")
                yield Closed(replace(answer, sentences=(), complete=False, outcome=Outcome.HELD, hold=held[0]))
                continue
            for sentence in answer.sentences:
                if not await _stands(sentence, library, scope, edition):
                    answer = _without(answer, sentence)
                    if sentence in shown:
                        yield Withdrawn(sentence, "taken away")
            yield Closed(answer)


async def still_there(looked: Looked, library: Library, scope: Scope) -> Looked:
    """Without what was found and may not be shown by now: besides the sentences a reply shows what contradicts them, or came near."""
    findings = looked.found.findings
    there = [hit for hit in findings.hits if await library.passage(hit.passage.id, scope, findings.edition)]
    return replace(looked, found=replace(looked.found, findings=replace(findings, hits=tuple(there))))


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
