"""Which passages a question finds: remembered where it was asked before of the same documents by the same readers, else searched for."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date

from bot.flows.sharing import Sharing
from bot.ports import Cache, Contexts, Library
from knowledge.recalling import kept
from knowledge.values import Findings, Scope

KEPT = 24 * 3600  # seconds; what changes meanwhile changes the key, and what is taken away is found missing


@dataclass(frozen=True)
class Found:
    """What was found, under which key, and what the context remembered as the answer that was last made of it: its key and its bytes."""

    findings: Findings
    context: str = ""
    ahead: tuple[str, bytes] | None = None


@dataclass(frozen=True)
class Memory:
    """Where contexts are kept, and who makes findings of them again."""

    contexts: Contexts
    cache: Cache


@dataclass(frozen=True)
class Finding:
    """Searches, and remembers contexts: ids and figures, never a word of a document. Without a memory it only searches."""

    library: Library
    memory: Memory | None = None
    _sharing: Sharing[Found] = field(default_factory=Sharing)

    async def find(self, question: str, scope: Scope, as_of: date) -> Found:
        """The passages, each of them allowed now. One round trip to the cache brings the context and the answer it last led to."""
        memory = self.memory
        if memory is None:
            return Found(await self.library.search(question, scope, as_of))
        key = context_key(question, scope, as_of, await memory.contexts.standing())
        return await self._sharing.once(key, lambda: self._found(memory, key, question, scope, as_of))

    async def led_to(self, found: Found, answer: str) -> None:
        """Remember beside the context which answer was made of it, so that both come together next time."""
        if self.memory is not None and found.context and (found.ahead is None or found.ahead[0] != answer):
            await self.memory.cache.put(found.context, _context(found.findings, answer), KEPT)

    async def _found(self, memory: Memory, key: str, question: str, scope: Scope, as_of: date) -> Found:
        context, answer = await memory.cache.follow(key)
        if context is not None:
            pointer, _, body = context.partition(b"\n")
            findings = await memory.contexts.recall(body, scope, as_of)
            if findings is not None:
                return Found(findings, key, (pointer.decode("ascii", "replace"), answer) if answer else None)
        findings = await self.library.search(question, scope, as_of)
        await memory.cache.put(key, _context(findings, ""), KEPT)
        return Found(findings, key)


def context_key(question: str, scope: Scope, as_of: date, standing: str) -> str:
    """Equal for equal questions about the same documents, for readers of the same labels, on the same day, asked in public or not."""
    words = " ".join(question.split())
    made = json.dumps([words, sorted(scope.labels), scope.public, as_of.isoformat(), standing])
    return f"context:{hashlib.sha256(made.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _context(findings: Findings, answer: str) -> bytes:
    return answer.encode() + b"\n" + kept(findings)
