"""Has a model judge passages, on the loop that models are asked on, while the search waits in its thread."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from contextlib import aclosing
from typing import TYPE_CHECKING

from bot.answers import Messages, Request
from bot.errors import WriterFailed
from bot.flows.context import fenced
from knowledge.errors import RerankerFailed
from knowledge.reranking import Judge

if TYPE_CHECKING:
    from bot.ports import Writer
    from bot.prompts import Prompt

SECONDS = 5.0  # a person waits
ENOUGH = 2_000  # characters, after which these are no marks, whatever follows
_MARK = re.compile(r"^\W*(\d{1,3})\W*[:.)]\W*(\d{1,2})\W*$", re.MULTILINE)
_BEST = 10


def passage_judge(writer: Writer, prompt: Callable[[], Prompt], loop: asyncio.AbstractEventLoop) -> Judge:
    """Not to be asked on the loop itself."""

    def ask(question: str, texts: Sequence[str]) -> Sequence[float]:
        asked = asyncio.run_coroutine_threadsafe(_judged(writer, prompt(), question, texts), loop)
        try:
            return asked.result(SECONDS + 1)
        except (TimeoutError, CancelledError) as problem:
            asked.cancel()
            raise RerankerFailed("the model is too slow") from problem

    return Judge(writer.name, writer.sees, ask)


async def _judged(writer: Writer, prompt: Prompt, question: str, texts: Sequence[str]) -> list[float]:
    passages = "\n\n".join(f"{number}:\n{fenced(text)}" for number, text in enumerate(texts, start=1))
    text = prompt.fill({"question": fenced(question), "passages": passages})
    head, _, rest = text.partition("<passages>")
    messages: Messages = (("system", head.strip()), ("user", f"<passages>{rest}"))
    written = ""
    try:
        async with asyncio.timeout(SECONDS), aclosing(writer.write(Request("", (), messages, prompt.hash))) as pieces:
            async for piece in pieces:
                written += piece if isinstance(piece, str) else ""
                if len(written) > ENOUGH:
                    break
    except (WriterFailed, TimeoutError) as problem:
        raise RerankerFailed("the model did not judge") from problem
    marks = {int(number): min(float(mark), _BEST) for number, mark in _MARK.findall(written)}
    if set(range(1, len(texts) + 1)) - marks.keys():
        raise RerankerFailed("the model did not judge every passage")
    return [marks[number] for number in range(1, len(texts) + 1)]
