"""The cache in Redis: sealed, so that whoever reads Redis learns nothing; bounded in time, so that nobody waits for it.

Under `ibid:1:<kind>:<pseudonym of the key>` stands one line and the sealed value. The line is the place of the key that the
value names, or empty: Redis needs it to follow one key to another in one round trip. A value opens only in its own place.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError, RedisError, ResponseError  # noqa: A004  redis-py's ConnectionError is not Python's

from bot.adapters.breaker import Breaker
from bot.adapters.cache_keys import LARGEST, Tally, kind_of, named_by
from bot.adapters.redis_address import redis_address
from bot.errors import CacheUnavailable, Misconfigured
from bot.values import CacheStats

if TYPE_CHECKING:
    from bot.adapters.secrecy import Secrecy

log = logging.getLogger(__name__)

PREFIX = "ibid:1:"  # 1 is this layout
BUDGET = 0.25  # seconds for a whole call: waiting for a turn, connecting, asking
PATIENCE = 3.0  # seconds that an operator waits
CONNECTIONS = 4  # an operator's come on top
_BATCH = 1000  # keys looked at in one step of SCAN
_LAST = LARGEST + 1024  # the last byte that is read of anything; room for the first line and the seal
_TROUBLE = (RedisError, OSError, ValueError)  # ValueError: what answers is not Redis
_MEANINGS = {
    "AuthenticationError": "it does not take the user and password of REDIS_URL",
    "NoPermissionError": "the user of REDIS_URL may not do there what a cache does",
    "ConnectionRefusedError": "nothing listens there",
    "FileNotFoundError": "there is no such file",
    "gaierror": "no machine of that name is known",
    "TimeoutError": "it does not answer in time; at a rediss:// address it has to speak TLS",
    "SSLCertVerificationError": "its certificate is not believed; add ?ssl_ca_certs=FILE to REDIS_URL",
    "InvalidResponse": "what answers there is not Redis",
    "ResponseError": "it refuses what it is asked; does it have the database that REDIS_URL names?",
}
_FOLLOW = f"""
local first = redis.pcall('GETRANGE', KEYS[1], 0, {_LAST})
if type(first) ~= 'string' then return {{}} end
local named = string.match(first, '^({PREFIX}[^%c]*)\\n')
local second = named and redis.pcall('GETRANGE', named, 0, {_LAST})
if type(second) ~= 'string' then return {{first}} end
return {{first, second}}
"""


class RedisCache:
    """Cache and CacheKeeper. The event loop that first asks it is the one that has to close it."""

    def __init__(self, url: str, secrecy: Secrecy, clock: Callable[[], float] = time.monotonic) -> None:
        """Connects to nothing yet. Raises Misconfigured when the address is not one."""
        address = redis_address(url)
        self._where = address.shown
        self._client = Redis.from_pool(_pool(address.options))
        self._followed = self._client.register_script(_FOLLOW)
        self._secrecy = secrecy
        self._breaker = Breaker(f"the cache at {self._where}", _TROUBLE, clock, _cause)
        self._turns = asyncio.Semaphore(CONNECTIONS)
        self._tally = Tally()
        self._refusals: set[str] = set()

    async def get(self, key: str) -> bytes | None:
        place = self._place(key)
        return self._opened(key, place, await self._ask(lambda: self._client.getrange(place, 0, _LAST)))

    async def follow(self, key: str) -> tuple[bytes | None, bytes | None]:
        place = self._place(key)
        found = await self._ask(lambda: self._followed(keys=[place]))
        first, second, *_ = (*found, None, None) if isinstance(found, list) else (None, None)
        value = self._opened(key, place, first)
        named = named_by(value) if value is not None else None
        return value, self._opened(named, self._place(named), second) if named else None

    async def put(self, key: str, value: bytes, seconds: int) -> None:
        """A value that is too large is not put, nor one that Redis has no room for."""
        if len(value) > LARGEST or seconds < 1:
            return
        place, named = self._place(key), named_by(value)
        line = self._place(named) if named else ""
        await self._ask(lambda: self._set(place, line.encode() + b"\n" + self._secrecy.seal_bytes(value, place), seconds))

    def tally(self) -> tuple[Mapping[str, int], Mapping[str, int]]:
        return dict(self._tally.hits), dict(self._tally.misses)

    async def stats(self) -> CacheStats:
        """Asks Redis even while calls leave it alone: an operator wants to know how it is now."""
        entries, trouble = 0, ""
        try:
            async with asyncio.timeout(PATIENCE):
                entries = await self._each(_count)
        except _TROUBLE as problem:
            trouble = _told(problem)
        hits, misses = self.tally()
        return CacheStats(where=self._where, trouble=trouble, entries=entries, hits=hits, misses=misses)

    async def clear(self) -> int:
        try:
            return await self._each(lambda places: self._client.unlink(*places))
        except _TROUBLE as problem:
            raise CacheUnavailable(f"The cache at {self._where} is not emptied: {_told(problem)}.") from problem

    async def close(self) -> None:
        with suppress(*_TROUBLE):
            await self._client.aclose()

    async def _ask(self, command: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ANN401  whatever answers; it is looked at before it is used
        """What Redis says; None where it fails, is late, or is left alone."""
        until = asyncio.get_running_loop().time() + BUDGET
        with suppress(*_TROUBLE):
            async with asyncio.timeout_at(until):
                await self._turns.acquire()
            try:
                with self._breaker.watch() as admitted:  # here, so that who waited for a turn while it opened does not try either
                    if admitted:
                        async with asyncio.timeout_at(until):
                            return await _value(command)
            finally:
                self._turns.release()
        return None

    async def _set(self, place: str, sealed: bytes, seconds: int) -> None:
        """Full, read-only or without a disk, Redis takes nothing more: what it holds is still read."""
        try:
            await self._client.set(place, sealed, ex=seconds)
        except ResponseError as refusal:
            cause = type(refusal).__name__
            if cause not in self._refusals:
                self._refusals.add(cause)
                log.warning("the cache takes no more", extra={"service": f"the cache at {self._where}", "cause": cause})

    async def _each(self, step: Callable[[list[Any]], Awaitable[int]]) -> int:
        """The sum of what `step` says of all our places, some at a time: Redis serves others in between."""
        total, cursor = 0, 0
        while True:
            async with asyncio.timeout(PATIENCE):
                cursor, places = await self._client.scan(cursor, match=f"{PREFIX}*", count=_BATCH)
                total += await step(places) if places else 0
            if not cursor:
                return total

    def _place(self, key: str) -> str:
        return f"{PREFIX}{kind_of(key)}:{self._secrecy.pseudonym(f'cache {key}')}"

    def _opened(self, key: str, place: str, stored: object) -> bytes | None:
        """The value behind what Redis holds; None when it holds nothing, or nothing that we put there."""
        value = None
        if isinstance(stored, bytes):
            value = self._secrecy.unseal_bytes(stored.partition(b"\n")[2], place)
        self._tally.count(key, value)
        return value


def _pool(options: Mapping[str, Any]) -> ConnectionPool:
    """No retries, no greetings beyond the password, and no timeout per read, as the budget covers the whole call."""
    pool = ConnectionPool(
        **options,
        retry=Retry(NoBackoff(), 0),
        socket_timeout=None,
        socket_connect_timeout=BUDGET,
        protocol=2,
        driver_info=None,
    )
    try:
        pool.make_connection()  # type: ignore[no-untyped-call]  # does not connect: options that do not fit show here
    except (TypeError, ValueError, RedisError):
        raise Misconfigured("REDIS_URL has an option of TLS that cannot be used.") from None
    return pool


async def _value(command: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ANN401  the same
    try:
        return await command()
    except ResponseError as refusal:
        if str(refusal).startswith("WRONGTYPE"):  # somebody else's value in our place: nothing is wrong with Redis
            return None
        raise


def _cause(problem: Exception) -> str:
    """redis-py puts its own ConnectionError before what the system, the certificate or the password check said."""
    behind = problem.__context__ if type(problem) is ConnectionError else None
    return type(behind if isinstance(behind, RedisError | OSError) else problem).__name__


def _told(problem: Exception) -> str:
    cause = _cause(problem)
    return f"{_MEANINGS.get(cause, 'it does not answer')} ({cause})"


async def _count(places: list[Any]) -> int:
    return len(places)
