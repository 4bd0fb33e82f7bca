"""The world that every test lives in: no settings of this machine, a home of its own, and no network beyond loopback."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests.this_machine_only import sitecustomize as guard

if TYPE_CHECKING:
    from tests.redis_server import RedisServer

FOREIGN = ("IBID_", "SLACK_", "OPENAI_", "REDIS_", "XDG_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_")
NOTHING_MAY_BE_SKIPPED = bool(os.environ.get("IBID_REQUIRE_ALL"))


def _own_world() -> tempfile.TemporaryDirectory[str]:
    """Before any module of ours is imported: what is read at import must not see this machine either."""
    for name in [name for name in os.environ if name.upper().startswith(FOREIGN)]:
        del os.environ[name]
    home = tempfile.TemporaryDirectory(prefix="ibid-tests-", ignore_cleanup_errors=True)
    os.environ.update(HOME=home.name, IBID_DATA_DIR=str(Path(home.name, "var")), TZ="UTC", PYTHONPATH=str(Path(guard.__file__).parent))
    time.tzset()
    return home


_HOME = _own_world()

# A shared machine may be slow for a moment; a failing example is printed so that it can be replayed.
hypothesis.settings.register_profile("ibid", deadline=None, print_blob=True)
hypothesis.settings.load_profile("ibid")


def pytest_unconfigure() -> None:
    _HOME.cleanup()


@pytest.fixture(autouse=True)
def _nothing_left_this_machine() -> Iterator[None]:
    """An attempt that was refused fails the test even where the code under test lived with the refusal."""
    guard.refused.clear()
    yield
    assert not guard.refused


@pytest.fixture(autouse=True)
def _own_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What one test indexes or remembers, no other test finds."""
    monkeypatch.setenv("IBID_DATA_DIR", str(tmp_path / "var"))


@pytest.fixture(scope="session")
def chromium() -> str:
    """A browser to drive."""
    return _program("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def tesseract() -> str:
    """Text recognition, with English."""
    return _program("tesseract")


@pytest.fixture(scope="session")
def git_program() -> str:
    """For sources that are git repositories."""
    return _program("git")


@pytest.fixture
def start_redis() -> Iterator[Callable[..., RedisServer]]:
    """Starts a redis-server with these options; a test may have several."""
    from tests.redis_server import RedisServer

    with ExitStack() as undo:

        def start(*options: str) -> RedisServer:
            server = RedisServer(_program("redis-server"), *options)
            undo.callback(server.close)
            return server

        yield start


@pytest.fixture
def redis_server(start_redis: Callable[..., RedisServer]) -> RedisServer:
    return start_redis()


@pytest.fixture
def patient_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that are not about time: a busy machine may hold a healthy Redis up for longer than its budget."""
    monkeypatch.setattr("bot.adapters.redis_cache.BUDGET", 3.0)


def _program(*names: str) -> str:
    """The first of these that is installed; without any, the test is skipped, or fails where nothing may be skipped."""
    for name in names:
        if found := shutil.which(name):
            return found
    reason = f"{names[0]} is not installed; `make test` says how to get it"
    if NOTHING_MAY_BE_SKIPPED:
        pytest.fail(reason)
    pytest.skip(reason)
