"""With the whole handbook as context, two questions are the same request up to the day and the question: a provider can keep the rest."""

from __future__ import annotations

import json
from dataclasses import replace

from bot.adapters.memory import ListLibrary
from bot.adapters.quote_writer import QuoteWriter
from tests.factories import a_document, a_hit, a_question, an_answering
from tests.openai_bench import a_bench

HITS = tuple(
    a_hit(f"{number}.1 Employees get {number} days.", document=a_document(f"policy-{number}"), clause=f"{number}.1")
    for number in range(1, 31)
)


async def test_the_prefix_of_two_prompts_is_equal_byte_for_byte() -> None:
    async with a_bench(may_see=frozenset({"everyone", "asker"})) as bench:
        bench.model.script("Employees get 7 days. [7]", "Employees get 9 days. [9]")
        flow = replace(an_answering(ListLibrary(hits=HITS), bench.writer, QuoteWriter()), context_tokens=10_000)
        for text in ("How many days does policy 7 give?", "And what does the ninth policy say about days?"):
            _ = [event async for event in flow.answer(a_question(text))]
        first, second = (json.dumps(request.body["messages"], ensure_ascii=False).encode() for request in bench.model.requests)
    until = first.index(b"</sources>")
    assert first[:until] == second[:until]
    assert b"[30] Annual leave" in first[:until]
    assert first != second
