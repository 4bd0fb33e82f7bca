"""What a question found is found again without searching, only for the same readers, documents and day, and only while it may be shown."""

from __future__ import annotations

import asyncio
import gc
import json
from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from bot.adapters.memory import ListLibrary
from bot.adapters.memory_cache import MemoryCache
from bot.errors import LibraryUnavailable
from bot.flows.finding import Finding, Memory
from bot.flows.sharing import Sharing
from knowledge.values import Findings, Scope, Telling
from tests.factories import HR, TODAY, a_document, a_hit

EVERYONE = Scope(frozenset({"everyone"}))
HIT = a_hit("4.1 Five days may be carried over.")


@dataclass
class Versioned(ListLibrary):
    """A list whose standing a test can change."""

    stands: list[str] = field(default_factory=lambda: ["edition 1"])

    async def standing(self) -> str:
        return self.stands[-1]


@dataclass
class Spied(MemoryCache):
    """A cache that tells what was kept, and counts the round trips of reading."""

    def __post_init__(self) -> None:
        super().__init__()
        self.values: dict[str, bytes] = {}
        self.trips = 0

    async def get(self, key: str) -> bytes | None:
        self.trips += 1
        return await super().get(key)

    async def follow(self, key: str) -> tuple[bytes | None, bytes | None]:
        self.trips += 1
        return await super().follow(key)

    async def put(self, key: str, value: bytes, seconds: int) -> None:
        self.values[key] = value
        await super().put(key, value, seconds)


async def test_the_same_question_is_searched_for_once() -> None:
    library = Versioned(hits=(HIT,))
    finding = Finding(library, Memory(library, MemoryCache()))
    first, again = [await finding.find("how many days?", EVERYONE, TODAY) for _ in range(2)]
    assert first.findings == again.findings
    assert len(library.searched) == 1


async def test_every_figure_of_a_hit_comes_back() -> None:
    hit = a_hit("4.1 Five days may be carried over.", score=0.7)
    hit = type(hit)(**{**vars(hit), "dense": 0.5, "keyword": 3.25, "maxsim": 0.8, "best_start": 2, "telling": (Telling(4, 9, 0.25),)})
    library = Versioned(hits=(hit,))
    finding = Finding(library, Memory(library, MemoryCache()))
    await finding.find("how many days?", EVERYONE, TODAY)
    assert (await finding.find("how many days?", EVERYONE, TODAY)).findings.hits == (hit,)


@pytest.mark.parametrize("changed", ["question", "scope", "day", "standing"])
async def test_another_question_reader_day_or_state_of_the_documents_is_searched_for(changed: str) -> None:
    library = Versioned(hits=(HIT,))
    finding = Finding(library, Memory(library, MemoryCache()))
    await finding.find("how many days?", EVERYONE, TODAY)
    if changed == "standing":
        library.stands.append("edition 2")
    await finding.find(
        "how much money?" if changed == "question" else "how many days?",
        Scope(frozenset({"everyone", "groups:hr"})) if changed == "scope" else EVERYONE,
        date(2027, 1, 1) if changed == "day" else TODAY,
    )
    assert len(library.searched) == 2


async def test_no_word_of_a_document_is_kept() -> None:
    cache, library = Spied(), Versioned(hits=(HIT,))
    await Finding(library, Memory(library, cache)).find("how many days?", EVERYONE, TODAY)
    (kept,) = cache.values.values()
    assert HIT.passage.id.encode() in kept
    assert not any(word.encode() in kept for word in ("Five", "carried", "Annual leave", "how many"))


async def test_what_may_no_longer_be_shown_is_searched_for_anew() -> None:
    library = Versioned(hits=(HIT, a_hit("4.2 They lapse.", clause="4.2")))
    finding = Finding(library, Memory(library, MemoryCache()))
    await finding.find("how many days?", EVERYONE, TODAY)
    library.hits = (HIT,)  # denied, though the edition stands
    assert [hit.passage.id for hit in (await finding.find("how many days?", EVERYONE, TODAY)).findings.hits] == [HIT.passage.id]
    assert len(library.searched) == 2


async def test_a_context_of_one_audience_is_never_another_ones() -> None:
    secret = a_hit("Bands.", document=a_document("bands", rule=HR))
    library = Versioned(hits=(HIT, secret))
    finding = Finding(library, Memory(library, MemoryCache()))
    everything = Scope(frozenset({"everyone", "groups:hr"}))
    assert len((await finding.find("bands?", everything, TODAY)).findings.hits) == 2
    assert (await finding.find("bands?", EVERYONE, TODAY)).findings.hits == (HIT,)


def _row(**other: object) -> bytes:
    row = {"id": HIT.passage.id, "score": 1.0, "dense": 0.5, "keyword": 1.0, "maxsim": None, "best": [0, 5], "telling": []} | other
    return b"\n" + json.dumps({"hits": [list(row.values())], "confidence": 0.9, "edition": 1}).encode()


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"\n",
        b"\n[]",
        b'\n{"hits": [[]]}',
        b'answer:x\n{"hits": 7}',
        b"\xff\n\xff",
        b"\n" + b"[" * 100_000,
        b'\n{"hits": [], "confidence": NaN, "edition": 1}',
        b'\n{"hits": [], "confidence": 0.5, "edition": 1e999}',
        _row(id=["a", "list"]),
        _row(score="much"),
        _row(maxsim={}),
        _row(best=[0]),
        _row(telling=[[0, 5, "well"]]),
    ],
)
async def test_what_another_version_kept_is_a_miss(garbage: bytes) -> None:
    cache, library = Spied(), Versioned(hits=(HIT,))
    finding = Finding(library, Memory(library, cache))
    await finding.find("how many days?", EVERYONE, TODAY)
    (key,) = cache.values
    await cache.put(key, garbage, 60)
    assert (await finding.find("how many days?", EVERYONE, TODAY)).findings.hits == (HIT,)


async def test_the_answer_that_a_context_led_to_comes_with_it_in_one_round_trip() -> None:
    cache, library = Spied(), Versioned(hits=(HIT,))
    finding = Finding(library, Memory(library, cache))
    found = await finding.find("how many days?", EVERYONE, TODAY)
    await cache.put("answer:abc", b"Five days. [1]", 60)
    await finding.led_to(found, "answer:abc")
    cache.trips = 0
    again = await finding.find("how many days?", EVERYONE, TODAY)
    assert again.ahead == ("answer:abc", b"Five days. [1]")
    assert (cache.trips, len(library.searched)) == (1, 1)


async def test_an_answer_that_is_gone_is_not_read_ahead_and_one_that_stands_is_noted_once() -> None:
    cache, library = Spied(), Versioned(hits=(HIT,))
    finding = Finding(library, Memory(library, cache))
    await finding.led_to(await finding.find("how many days?", EVERYONE, TODAY), "answer:abc")
    again = await finding.find("how many days?", EVERYONE, TODAY)
    assert again.ahead is None
    cache.values.clear()
    await finding.led_to(replace(again, ahead=("answer:abc", b"Five days. [1]")), "answer:abc")
    assert cache.values == {}


async def test_that_nothing_is_found_is_remembered_too_and_spaces_make_no_other_question() -> None:
    library = Versioned(hits=())
    finding = Finding(library, Memory(library, MemoryCache()))
    for question in ("how many days?", " how  many\tdays? "):
        assert (await finding.find(question, EVERYONE, TODAY)).findings.hits == ()
    assert len(library.searched) == 1


async def test_many_who_ask_the_same_at_once_are_searched_for_once_and_who_leaves_takes_nothing_along() -> None:
    @dataclass
    class Gated(Versioned):
        gate: asyncio.Event = field(default_factory=asyncio.Event)

        async def search(self, question: str, scope: Scope, as_of: date) -> Findings:
            await self.gate.wait()
            return await super().search(question, scope, as_of)

    library = Gated(hits=(HIT,))
    finding = Finding(library, Memory(library, MemoryCache()))
    asking = [asyncio.create_task(finding.find("how many days?", EVERYONE, TODAY)) for _ in range(5)]
    for _ in range(10):
        await asyncio.sleep(0)
    asking.pop(0).cancel()
    library.gate.set()
    assert [found.findings.hits for found in await asyncio.gather(*asking)] == [(HIT,)] * 4
    assert len(library.searched) == 1


async def test_a_search_that_fails_for_many_is_tried_again_by_the_next() -> None:
    @dataclass
    class Down(Versioned):
        down: bool = True

        async def search(self, question: str, scope: Scope, as_of: date) -> Findings:
            await asyncio.sleep(0)
            if self.down:
                raise LibraryUnavailable("down")
            return await super().search(question, scope, as_of)

    library = Down(hits=(HIT,))
    finding = Finding(library, Memory(library, MemoryCache()))
    ends = await asyncio.gather(*(finding.find("how many days?", EVERYONE, TODAY) for _ in range(3)), return_exceptions=True)
    assert all(isinstance(end, LibraryUnavailable) for end in ends)
    library.down = False
    assert (await finding.find("how many days?", EVERYONE, TODAY)).findings.hits == (HIT,)


async def test_a_search_that_fails_for_nobody_is_no_noise() -> None:
    heard: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: heard.append(context))
    gate = asyncio.Event()

    async def fails() -> None:
        await gate.wait()
        raise LibraryUnavailable("down")

    waiting = asyncio.create_task(Sharing[None]().once("key", fails))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    gate.set()
    for _ in range(5):
        await asyncio.sleep(0)
    del waiting
    gc.collect()
    assert heard == []


async def test_a_library_without_a_memory_is_searched_every_time() -> None:
    library = Versioned(hits=(HIT,))
    for _ in range(2):
        assert (await Finding(library).find("how many days?", EVERYONE, TODAY)).findings.hits == (HIT,)
    assert len(library.searched) == 2
