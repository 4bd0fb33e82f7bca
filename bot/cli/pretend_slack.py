"""The pretend workspace as a child process: started, waited for, told what to show above its page, and ended."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp

from bot.errors import IbidError, Misconfigured
from bot.settings import HOME

log = logging.getLogger(__name__)

BOT_TOKEN, APP_TOKEN = "xoxb-playground", "xapp-playground"
_STARTS_WITHIN = 20.0  # seconds
_ENDS_WITHIN = 5.0
_BETWEEN_NOTICES = 0.25


class PretendSlack:
    """One that is running."""

    bot_token = BOT_TOKEN
    app_token = APP_TOKEN

    def __init__(self, address: str, child: asyncio.subprocess.Process) -> None:
        self.address = address
        self._child = child

    async def lives(self) -> None:
        """Returns never; raises when the child ends by itself."""
        code = await self._child.wait()
        raise IbidError(f"The pretend workspace ended by itself (exit code {code}).")

    @asynccontextmanager
    async def noticing(self) -> AsyncIterator[Callable[[str], None]]:
        """A function that changes the line above the page. Only the newest words are sent, a few times a second."""
        newest: list[str] = []
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as session:
            sending = asyncio.create_task(self._send_newest(session, newest))
            try:
                yield newest.append
            finally:
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)
                await self._send(session, newest)

    async def _send_newest(self, session: aiohttp.ClientSession, newest: list[str]) -> None:
        while True:
            await asyncio.sleep(_BETWEEN_NOTICES)
            await self._send(session, newest)

    async def _send(self, session: aiohttp.ClientSession, newest: list[str]) -> None:
        if not newest:
            return
        text = newest[-1]
        newest.clear()
        try:
            await session.post(f"{self.address}/demo/notice", json={"text": text})
        except (aiohttp.ClientError, TimeoutError) as problem:
            log.info("the notice was not delivered", extra={"cause": type(problem).__name__})


@asynccontextmanager
async def pretend_slack(data_dir: Path, port: int, writer: str = "") -> AsyncIterator[PretendSlack]:
    """Running until the block ends, in a session of its own: Ctrl-C ends the bot first. Its page says that the model `writer` writes."""
    said = data_dir / "playground.log"
    with said.open("wb") as errors:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "playground", "--until-stdin-ends", "--port", str(port)),
            *("--writer", writer),
            *("--workspace", str(HOME / "handbook" / "workspace.yaml"), "--manifest", str(HOME / "deploy" / "slack-manifest.json")),
            cwd=HOME,
            stdin=asyncio.subprocess.PIPE,  # nothing is written: it ends with this process, however that dies
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
    try:
        yield PretendSlack(await _address(child, said), child)
    finally:
        await _end(child)


async def _address(child: asyncio.subprocess.Process, said: Path) -> str:
    """The first line that the child writes once it answers."""
    if child.stdout is None:
        raise IbidError("The pretend workspace has no output.")
    try:
        async with asyncio.timeout(_STARTS_WITHIN):
            line = await child.stdout.readline()
    except TimeoutError as problem:
        raise IbidError(f"The pretend workspace did not start within {_STARTS_WITHIN:.0f} seconds; see {said}.") from problem
    if not line:
        reason = await asyncio.to_thread(said.read_text, encoding="utf-8", errors="replace")
        raise Misconfigured(reason.strip().splitlines()[-1] if reason.strip() else "The pretend workspace ended at once.")
    return line.decode().strip()


async def _end(child: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        child.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(_ENDS_WITHIN):
            await child.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            child.kill()
        await child.wait()
