"""A workspace whose admins change prompts: with a model that heeds its prompt, golden questions, and the modals as they are read."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncGenerator, Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.adapters.memory_cache import MemoryCache
from bot.adapters.memory_prompts import MemoryPromptStore
from bot.adapters.quote_writer import QuoteWriter
from bot.answers import Request
from bot.cli.trial import open_trial
from bot.flows.edit_prompt import PromptDesk
from bot.models import Model, Price, Spent
from bot.settings import HOME
from playground import Json, Message
from tests.channels.conftest import CARRY, LATER, Bench
from tests.factories import an_answering

RULE = (
    "- End every line with the number of the source that proves it, like [2]. A line without a number is thrown away. "
    "Within a line, put the number where the source changes.\n"
)
QUESTION = "@Ibid how many days can I carry over?"
ASKED = {"what": "How many days can I carry over", "until": "Until when may carried days be taken", "lapse": "What lapses after that date"}
GOLDEN = "".join(
    f"- {{id: {name}-{number}, kind: plain, asker: priya, where: dm, question: '{text}, case {number}?', clause: ['annual-leave#4.1'], "
    f"says: ['five days'], never: ['six days']}}\n"
    for number in range(3)
    for name, text in ASKED.items()
) + "".join(
    f"- {{id: miss-{number}, kind: near_miss, asker: priya, where: dm, question: 'How many helicopter days are there, case {number}?', "
    f"clause: [], says: [], never: []}}\n"
    for number in range(3)
)


@dataclass
class HeedfulModel:
    """Writes a number behind each line as long as its prompt asks for that."""

    requests: list[Request] = field(default_factory=list)
    gate: asyncio.Event | None = None
    name: str = "ibid-voice"
    signature: str = "heedful"

    def sees(self, labels: Collection[str]) -> bool:
        return True

    async def write(self, request: Request) -> AsyncGenerator[str | Spent, None]:
        self.requests.append(request)
        if self.gate:
            await self.gate.wait()
        mark = " [1]" if "End every line with the number" in request.messages[0][1] else ""
        yield "NOT FOUND\n" if "helicopter" in request.question else f"{CARRY}{mark}\n{LATER}{mark}\n"
        yield Spent(prompt=400, written=30)


@dataclass
class Office:
    """The workspace with its prompts, and an admin in it."""

    bench: Bench
    model: HeedfulModel
    prompts: PromptDesk
    store: MemoryPromptStore

    async def listed(self, person: str = "greta") -> Message:
        """The list of the prompts, as this person got it last."""
        before = len(self._alone(person))
        await self.bench.slack.slash(person, "general", "/ibid prompts")
        return await self.bench.slack.until(lambda: next(iter(self._alone(person)[before:]), None))

    async def opened(self, name: str, person: str = "greta", act: str = "prompt_open") -> Json:
        message = await self.listed(person)
        assert await self.bench.slack.click(person, message, act, value=name) == {}
        return await self.settled(person)

    async def checked(self, text: str, reason: str = "", name: str = "answer") -> Json:
        """What stands there after Check."""
        await self.opened(name)
        await self.bench.slack.submit("greta", {"text-0": text, "reason": reason})
        await self.settled("greta")
        await self.bench.quiet()
        return self.modal("greta")

    async def pressed(self, act: str, **more: object) -> None:
        assert await self.bench.slack.click_in_modal("greta", act, **more) == {}  # type: ignore[arg-type]  # tests name what they give

    def modal(self, person: str = "greta") -> Json:
        view = self.bench.slack.modal(person)
        assert view
        return view

    async def settled(self, person: str = "greta") -> Json:
        """The modal, once it does not ask for a moment any more."""
        return await self.bench.slack.until(lambda: self._said(person, without="One moment"))

    async def says(self, words: str, person: str = "greta") -> Json:
        try:
            return await self.bench.slack.until(lambda: self._said(person, words=words))
        except TimeoutError as problem:
            raise AssertionError(f"{words!r} is not in {text_of(self.bench.slack.modal(person) or {})}") from problem

    async def answer(self) -> Message:
        return await self.bench.ask("priya", "ask-policy", QUESTION)

    def hash_of_answer(self) -> str:
        return list(self.bench.ledger.closed.values())[-1].evidence.prompt_hash

    def texts(self) -> list[str]:
        return [version.text for version in self.store._oldest_first["answer"]]

    def _said(self, person: str, words: str = "", without: str = "\0") -> Json | None:
        view = self.bench.slack.modal(person)
        return view if view and words in text_of(view) and without not in text_of(view) else None

    def _alone(self, person: str) -> list[Message]:
        return [message for message in self.bench.slack.messages(person, "general") if message.by_bot and message.only_for]


def text_of(view: Json) -> str:
    """Everything that can be read in a modal."""
    found: list[str] = []

    def look(node: object) -> None:
        for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            if isinstance(child, str):
                found.append(child)
            look(child)

    look([view.get(name) for name in ("title", "submit", "close", "blocks")])
    return "\n".join(found)


async def an_office(bench: Bench, folder: Path) -> Office:
    """With prompts of its own in this folder; connected."""
    shutil.copytree(HOME / "prompts", folder / "prompts")
    (folder / "golden.yaml").write_text(GOLDEN, encoding="utf-8")
    store, model = MemoryPromptStore(bench.clock), HeedfulModel()
    prompts = PromptDesk(folder / "prompts", store, bench.clock)
    await prompts.open()
    answering = an_answering(bench.library, model, QuoteWriter(), ledger=bench.ledger, clock=bench.clock, cache=MemoryCache())
    bench.setting(documents=folder, models=(Model(name="ibid-voice", url="http://127.0.0.1:9/v1", price=Price(2.0, 0.5, 8.0)),))
    ibid = replace(bench.ibid, answering=replace(answering, prompts=lambda: prompts.live), prompts=prompts)
    bench.ibid = replace(ibid, trial=open_trial(ibid))
    await bench.connect()
    return Office(bench, model, prompts, store)
