"""A real `ibid demo`, started as a person starts it, and a real browser that looks at it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Page, Request, async_playwright

ROOT = Path(__file__).parents[2]
STARTS_WITHIN = 60.0
# Chromium would else look up addresses of its maker's at every start.
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass
class Window:
    """One person's browser window, with everything that went wrong in it."""

    page: Page
    wrong: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address that it prints."""
    environment = {**os.environ, "IBID_DATA_DIR": str(tmp_path_factory.mktemp("demo"))}
    started = subprocess.Popen(
        [sys.executable, "-P", "-m", "bot", "demo", "--no-open", "--port", "0"],
        cwd=ROOT,
        env={**environment, "PYTHONPATH": os.pathsep.join([environment["PYTHONPATH"], str(ROOT)])},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines: SimpleQueue[str] = SimpleQueue()
    reading = threading.Thread(target=_read, args=(started, lines), daemon=True)
    reading.start()
    try:
        yield _address(lines)
        assert started.poll() is None, f"the demo ended by itself:\n{_said(lines)}"
    finally:
        started.send_signal(signal.SIGINT)
        try:
            assert started.wait(20) in (0, 130), "Ctrl-C did not end the demo cleanly"
        finally:
            started.kill()
            started.wait()
            reading.join(5)
            if started.stdout:
                started.stdout.close()


def _read(started: subprocess.Popen[str], lines: SimpleQueue[str]) -> None:
    for line in started.stdout or ():
        lines.put(line)
    lines.put("")


def _said(lines: SimpleQueue[str]) -> str:
    return "".join(lines.get() for _ in range(lines.qsize()))


def _address(lines: SimpleQueue[str]) -> str:
    said = ""
    while True:
        try:
            line = lines.get(timeout=STARTS_WITHIN)
        except Empty:
            pytest.fail(f"`ibid demo` printed no address within {STARTS_WITHIN:.0f} seconds:\n{said}")
        said += line
        if not line:
            pytest.fail(f"`ibid demo` ended by itself:\n{said}")
        if "http://127.0.0.1:" in line:
            return "http://" + line.split("http://")[1].split()[0]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium, args=[*QUIET, *sandbox])
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="session")
async def look(browser: Browser, demo: str) -> AsyncIterator[Callable[..., Awaitable[Page]]]:
    """Open a window as somebody; at the end none of them may have complained or asked an outside address for anything."""
    windows: list[Window] = []

    async def opened(person: str = "priya") -> Page:
        context = await browser.new_context(viewport={"width": 1360, "height": 860})
        window = Window(await context.new_page())
        windows.append(window)
        _note_what_goes_wrong(window, demo)
        await window.page.goto(f"{demo}/?as={person}")
        return window.page

    yield opened
    for window in windows:
        await window.page.context.close()
    assert [complaint for window in windows for complaint in window.wrong] == []


def _note_what_goes_wrong(window: Window, address: str) -> None:
    def on_console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            window.wrong.append(f"console: {message.text}")

    def on_request(request: Request) -> None:
        if not request.url.startswith((address, "data:")):
            window.wrong.append(f"outside address: {request.url}")

    window.page.on("console", on_console)
    window.page.on("request", on_request)
    window.page.on("pageerror", lambda error: window.wrong.append(f"page: {error}"))
    window.page.on("requestfailed", lambda request: window.wrong.append(f"failed: {request.url} {request.failure}"))
