"""The request that writers get for what was looked for: the passages that were found, or for models all that the readers may read."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.answers import Request, Source
from bot.flows.context import part_of, request_for, sources_from, whole_from
from bot.flows.looking import Looked
from bot.ports import Library
from bot.prompts import PromptSet
from bot.values import Audience
from knowledge.values import Hit, Scope


@dataclass(frozen=True)
class Composing:
    """With the words that are live, on the day of asking."""

    library: Library
    prompts: PromptSet
    company: str
    today: date
    most_tokens: int = 0  # up to which the whole handbook is the context; 0: never

    def request(self, looked: Looked, audience: Audience) -> Request:
        """The passages that were found; of several questions, each with its own."""
        sources = sources_from(looked.found.findings.hits, max(1, len(looked.parts)))
        request = self._asking(looked, sources, audience)
        parts = tuple(part_of(part.asked, part.found.findings.hits, sources) for part in looked.parts)
        return replace(request, parts=parts)

    async def whole(self, looked: Looked, audience: Audience, scope: Scope) -> Request | None:
        """Everything that may be read and holds on the day asked about; None where that is switched off, or more than fits."""
        if not self.most_tokens or looked.wish:
            return None
        hits = await self.library.passages(scope, looked.as_of)
        return await asyncio.to_thread(self._of_all, looked, hits, audience, scope)  # half a million characters are no work for the loop

    def _of_all(self, looked: Looked, hits: Sequence[Hit], audience: Audience, scope: Scope) -> Request | None:
        readable = [hit for hit in hits if scope.allows(hit.passage.label) and scope.allows(hit.document.rule.label)]
        sources = whole_from(readable, self.most_tokens)
        return self._asking(looked, sources, audience) if sources else None

    def _asking(self, looked: Looked, sources: Sequence[Source], audience: Audience) -> Request:
        return request_for(looked.asked, sources, audience, prompts=self.prompts, company=self.company, today=self.today)
