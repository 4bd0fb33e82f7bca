"""Who is told what, tried out: every kind of reader, in every kind of place, asks for every planted fact through the real flow.

Who may be told is worked out from the workspace's people by evals.leaks, not by the bot's own rules. The writer knows every fact and
claims it, whatever its prompt holds, so that a forbidden fact is kept back by the search and the check, or not at all. Caches are on and
shared by all who ask. What a prompt, a reply or its proof holds of what this audience may not read is counted, titles too.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from bot.answers import Closed, Evidence
from bot.flows.access import alone, audience_of, scope_for
from bot.flows.sight import sight_of
from bot.values import ChannelFacts, Place, Question, Turn
from evals.access_rooms import BESIDE, ENTITLED, READERS, Room, rooms_of
from evals.leaks import may_read
from evals.planted import Fact
from evals.statistics import Figure, share

if TYPE_CHECKING:
    from datetime import datetime

    from bot.adapters.file_directory import FileDirectory
    from bot.adapters.library import CorpusLibrary
    from bot.flows.answer import Answering
    from evals.knows_all import KnowsAll

SHORTER = "In one sentence, please."
_NUMBER = re.compile(r"\b\d\d,\d{3}\b")


@dataclass
class Cell:
    """One kind of reader in one kind of place."""

    reader: str
    place: str
    asked: int = 0
    forbidden: int = 0  # facts that were in a prompt or shown, by their number or their title
    answered: list[bool] = field(default_factory=list)  # of the permitted ones
    leaks: list[str] = field(default_factory=list)  # the first few, for whoever looks into it


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """The flow over the planted facts, and everybody who asks it."""

    facts: Sequence[Fact]
    answering: Answering
    library: CorpusLibrary
    directory: FileDirectory
    workspace: Mapping[str, Any]
    writer: KnowsAll
    asked_at: datetime
    passages: Mapping[str, str]  # id by fact file

    async def run(self, told: Callable[[int, int], None] = lambda _done, _of: None) -> tuple[Cell, ...]:
        """All cells; `told` hears how many of how many are done."""
        cells: list[Cell] = []
        total = len(READERS) * (len(rooms_of("priya")) + len(BESIDE))
        for kind, reader in READERS.items():
            for place, room in rooms_of(reader).items():
                cells.append(await self._asked(kind, reader, place, room))
                told(len(cells), total)
            cells += [await self._modal(kind, reader), await self._report(kind, reader)]
            told(len(cells), total)
        return tuple(cells)

    def permitted(self, reader: str, room: Room) -> frozenset[str]:
        """The facts' files that everyone who can open a reply here may read, by the oracle."""
        where = "dm" if room.name == "dm" else f"#{room.name}"
        workspace = {"people": self.workspace["people"], "channels": {room.name: room.row()}}
        return frozenset(fact.file for fact in self.facts if may_read(workspace, reader, where, fact.rule))

    async def _asked(self, kind: str, reader: str, place: str, room: Room) -> Cell:
        cell, may = Cell(kind, place), self.permitted(reader, room)
        for fact in self.facts:
            self.writer.take()
            shown = await self._tried(fact, reader, place, room)
            prompts = self.writer.take() if place != "cache" else ()  # there somebody else's prompts are among them
            self._count(cell, (*shown, *prompts), may)
            if fact.file in may:
                cell.answered.append(any(fact.number in text for text in shown))
        return cell

    async def _tried(self, fact: Fact, reader: str, place: str, room: Room) -> tuple[str, ...]:
        """Everything that this reader's audience is shown, and what the flow says it rests on."""
        asker = self.directory.people[reader]
        audience = audience_of(self._facts(room), asker) if room.name != "dm" else alone(asker)
        question = Question(
            text=fact.question,
            asker=asker,
            audience=audience,
            place=Place(team="T0", channel=room.name, thread=fact.file, kind=room.kind),
            asked_at=self.asked_at,
        )
        before = (Turn(fact.question, (self.passages[fact.file],)),)
        match place:
            case "newcomer" | "thread":  # what was said here before may have been for fewer readers
                again = replace(question, turns=before)
                return (*await self._shown(again), *await self._shown(replace(again, text=SHORTER)))
            case "cache":  # at the same moment somebody asks who may read it all
                entitled = self.directory.people[ENTITLED]
                theirs = replace(question, asker=entitled, audience=alone(entitled))
                _, mine = await asyncio.gather(self._shown(theirs), self._shown(question))
                return (*mine, *await self._shown(question))
            case "share button":  # answered to the asker alone first, and then for all who read here
                await self._shown(replace(question, audience=alone(asker)))
                self.writer.take()
                return await self._shown(question)
            case _:
                return await self._shown(question)

    async def _shown(self, question: Question) -> tuple[str, ...]:
        """The reply with all that can be opened from it, what was shown on the way, and the sources behind it."""
        shown: list[str] = []
        async with aclosing(self.answering.answer(question)) as events:
            async for event in events:
                if isinstance(event, Closed):
                    answer = event.answer
                    shown += [repr(replace(answer, evidence=Evidence()))]
                    shown += [repr(source.hit) for source in answer.evidence.sources]
                else:
                    shown.append(repr(event))
        return tuple(shown)

    async def _modal(self, kind: str, reader: str) -> Cell:
        """Every source button of every answer, pressed by this reader, wherever it was seen."""
        cell, may = Cell(kind, "source modal"), self.permitted(reader, Room("dm", "direct"))
        person = self.directory.people[reader]
        scope = scope_for(alone(person), await self.library.rules())
        for fact in self.facts:
            hit = await self.library.passage(self.passages[fact.file], scope)
            self._count(cell, (repr(hit),), may)
            if fact.file in may:
                cell.answered.append(hit is not None and fact.number in hit.passage.text)
        return cell

    async def _report(self, kind: str, reader: str) -> Cell:
        """The titles of an index run, as this reader is told of it."""
        cell, may = Cell(kind, "report"), self.permitted(reader, Room("dm", "direct"))
        known = [(document.id, document) for document in await self.library.documents()]
        sight = sight_of(self.directory.people[reader], known)
        self._count(cell, tuple(sight.titles.values()), may)
        cell.answered += [sight.sees(fact.file) for fact in self.facts if fact.file in may]
        return cell

    def _count(self, cell: Cell, texts: Sequence[str], may: Collection[str]) -> None:
        cell.asked += 1
        numbers = {number for text in texts for number in _NUMBER.findall(text)}
        for fact in self.facts:
            if fact.file not in may and (fact.number in numbers or any(fact.title in text for text in texts)):
                cell.forbidden += 1
                cell.leaks = [*cell.leaks, f"{cell.reader}, {cell.place}: {fact.file}"][:3]

    def _facts(self, room: Room) -> ChannelFacts:
        members = tuple(self.directory.people[name] for name in room.members)
        return ChannelFacts(kind=room.kind, shared=room.shared, members=members)


def matrix_figures(cells: Sequence[Cell]) -> dict[str, Figure]:
    """Forbidden facts over all cells, and the share of permitted ones that were answered."""
    forbidden = sum(cell.forbidden for cell in cells)
    return {
        "access_forbidden": Figure(forbidden, count=forbidden, of=sum(cell.asked for cell in cells)),
        "access_answered": share([verdict for cell in cells for verdict in cell.answered]),
    }
