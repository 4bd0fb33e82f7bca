"""A question that was answered before: one round trip to Redis, no search, no model; and what Redis does is never the asker's trouble."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.values import IndexOrder
from tests.office import QUESTION, an_office, hashing
from tests.redis_server import RedisServer

pytestmark = pytest.mark.usefixtures("patient_redis")


async def test_an_exact_hit_costs_one_round_trip_and_asks_nobody(tmp_path: Path, redis_server: RedisServer) -> None:
    async with an_office(tmp_path, hashing, REDIS_URL=redis_server.url) as office:
        first = await office.ask("priya", "ask-policy", f"@Ibid {QUESTION}")
        redis_server.forget_commands()
        again = await office.ask("tom", "ask-policy", f"@Ibid {QUESTION}")
        assert again.streamed == first.streamed
        assert len(office.model.requests) == 1
        told = redis_server.commands()
        assert told.pop("getrange") == 2  # the script's own
        assert told == {"evalsha": 1}
        assert (await office.house.ibid.cache.stats()).hits == {"answer": 1, "context": 1}


async def test_an_answer_to_everyone_is_the_answer_in_private_too_where_the_same_passages_are_found(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    async with an_office(tmp_path, hashing, REDIS_URL=redis_server.url) as office:
        await office.ask("priya", "ask-policy", f"@Ibid {QUESTION}")
        reply = await office.ask("tom", "dm", QUESTION)
        assert "no model was used" not in reply.plain
        assert len(office.model.requests) == 1


async def test_an_edited_document_is_never_answered_from_redis(tmp_path: Path, redis_server: RedisServer) -> None:
    async with an_office(tmp_path, hashing, REDIS_URL=redis_server.url) as office:
        assert "up to 5 days" in (await office.ask("priya", "ask-policy", f"@Ibid {QUESTION}")).plain
        document = tmp_path / "documents" / "leave" / "annual-leave-uk.md"
        document.write_text(document.read_text(encoding="utf-8").replace("up to 5 days", "up to 3 days"), encoding="utf-8")
        await office.house.indexing.index(IndexOrder(), lambda _: None)
        again = await office.ask("priya", "ask-policy", f"@Ibid {QUESTION}")
        assert "up to 3 days" in again.plain
        assert "up to 5 days" not in again.plain


async def test_another_prompt_is_another_answer(tmp_path: Path, redis_server: RedisServer) -> None:
    async with an_office(tmp_path, hashing, REDIS_URL=redis_server.url) as office:
        await office.ask("priya", "ask-policy", f"@Ibid {QUESTION}")
        voice = office.house.prompts.live["voice"].text
        await office.house.prompts.publish("voice", f"{voice}\n- Be brief.", author="Greta", reason="shorter")
        await office.ask("priya", "ask-policy", f"@Ibid {QUESTION}")
        assert len(office.model.requests) == 2


async def test_a_redis_that_is_killed_or_hangs_is_nobodys_trouble(tmp_path: Path, redis_server: RedisServer) -> None:
    async with an_office(tmp_path, hashing, REDIS_URL=redis_server.url) as office:
        redis_server.stop()
        assert "up to 5 days" in (await office.ask("priya", "ask-policy", f"@Ibid {QUESTION}")).plain
        redis_server.go_on()
        redis_server.kill()
        assert "up to 5 days" in (await office.ask("tom", "ask-policy", f"@Ibid {QUESTION}")).plain
        assert "up to 5 days" in (await office.ask("tom", "dm", QUESTION)).plain


async def test_whoever_reads_redis_learns_nothing(tmp_path: Path, redis_server: RedisServer) -> None:
    async with an_office(tmp_path, hashing, REDIS_URL=redis_server.url) as office:
        await office.ask("priya", "ask-policy", f"@Ibid {QUESTION}")
        everything = b"".join(key + (redis_server.plain.get(key) or b"") for key in redis_server.plain.scan_iter())
        assert len(everything) > 1000
        for word in (b"carry", b"leave", b"annual", b"Employees", b"priya", b"U01PRIYA", b"5 days"):
            assert word not in everything
