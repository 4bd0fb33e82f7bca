"""The log has one JSON object a line, and no token in any of them."""

from __future__ import annotations

import json
import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.logs import LOG_FILE, JsonLines, log_to_file, log_to_stderr, redacted, where


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    for opened in set(root.handlers) - set(handlers):
        opened.close()
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-123-456-abc",
        "xoxp-1-2",
        "xapp-1-A2-3-ff",
        "xoxe.xoxp-1-abc",
        "sk-proj-abc_DEF-123",
        "wss://x.example/link/?ticket=abc-12&app=1",
        "gh" + "p_abcdefghijklmnop123",
        "Bearer abcdefgh123",
        "postgres://ibid:abc123@db/ibid",
        "eyJabcdefgh123.eyJabcdefgh123.abc123",
    ],
)
def test_tokens_and_tickets_are_struck_out(secret: str) -> None:
    text = redacted(f"before {secret} after")

    assert "[secret]" in text
    assert text.startswith("before ")
    assert text.endswith(" after")
    assert "abc" not in text.replace("[secret]", "")
    assert "123" not in text


@pytest.mark.parametrize(
    "text", ["risk-free leave", "task-1", "the disk-quota policy", "at 10:30 see https://x.example/a:b@c", "the bearer of this badge"]
)
def test_words_that_only_look_alike_stay(text: str) -> None:
    assert redacted(text) == text


def test_a_line_holds_its_fields_and_its_traceback() -> None:
    def fail() -> None:
        raise ValueError("token xoxb-1-2-3")

    try:
        fail()
    except ValueError as problem:
        record = logging.makeLogRecord(
            {
                "name": "bot.x",
                "levelname": "ERROR",
                "msg": "it %s",
                "args": ("broke",),
                "receipt": "7f3a-91c2",
                "exc_info": (ValueError, problem, problem.__traceback__),
            }
        )

    line = json.loads(JsonLines().format(record))

    assert (line["what"], line["from"], line["level"], line["receipt"]) == ("it broke", "bot.x", "ERROR", "7f3a-91c2")
    assert "ValueError" in line["traceback"]
    assert "xoxb-1" not in line["traceback"]


def test_a_server_logs_to_stderr_and_a_command_does_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log_to_stderr("INFO")
    logging.getLogger("bot").info("served")
    log_to_file("INFO", tmp_path)
    logging.getLogger("bot").info("asked")

    assert [json.loads(line)["what"] for line in capsys.readouterr().err.splitlines()] == ["served"]
    assert [json.loads(line)["what"] for line in (tmp_path / LOG_FILE).read_text().splitlines()] == ["asked"]
    assert where() == str(tmp_path / LOG_FILE)
    assert stat.S_IMODE((tmp_path / LOG_FILE).stat().st_mode) == 0o600


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    assert log_to_file("INFO", tmp_path / "file" / "var") is None
    logging.getLogger("bot").info("asked")


def test_libraries_do_not_repeat_what_people_wrote() -> None:
    log_to_stderr("DEBUG")

    assert not logging.getLogger("slack_sdk").isEnabledFor(logging.INFO)
    assert not logging.getLogger("openai").isEnabledFor(logging.INFO)
