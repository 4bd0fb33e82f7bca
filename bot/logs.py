"""The operator's log: one JSON object a line, tokens struck out; to stderr where a server runs, to a file where a person types."""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

LOG_FILE = "ibid.log"
_LARGEST = 2_000_000  # bytes, then a new file is begun and one old one kept
_SECRET = re.compile(
    r"\b(?:xox[a-z](?:\.xox[a-z])?-|xapp-|sk-)[\w.%-]+|(?<=ticket=)[^&\s\"'\\]+"  # what Slack and the models' hosts hand out
    r"|\b(?:gh[opsur]_|github_pat_|glpat-|hf_|AKIA|AIza)[\w-]{12,}|\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]+)?|\bBearer [\w.~+/=-]{8,}"
    r"|(?<=://)[^/\s:@\"'\\]{1,80}:[^/\s@\"'\\]{1,200}(?=@)"  # who signs in where, in an address
)
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}
_CHATTY = ("slack_bolt", "slack_sdk", "aiohttp", "chromadb", "httpx", "httpcore", "openai", "aiosqlite", "alembic", "sqlalchemy")


def redacted(text: str) -> str:
    """The text without Slack tokens, API keys and connection tickets."""
    return _SECRET.sub("[secret]", text)


class JsonLines(logging.Formatter):
    """Time, level, where, what, and the fields given as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "from": record.name,
            "what": record.getMessage(),
        }
        line.update({name: value for name, value in vars(record).items() if name not in _OWN})
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return redacted(json.dumps(line, ensure_ascii=False, default=str))


def broke_at(problem: BaseException) -> str:
    """file.py:12, the innermost line that was running: what may be logged of a trouble whose text may hold what somebody wrote."""
    frames = traceback.extract_tb(problem.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""


def log_to_stderr(level: str) -> None:
    """For `serve` and `demo`: whoever runs the process collects its stderr."""
    _install(logging.StreamHandler(sys.stderr), level)


def log_to_file(level: str, data_dir: Path) -> Path | None:
    """For commands that talk to a person: quiet, but for DEBUG. None when the file cannot be written; then only DEBUG is heard."""
    if level == "DEBUG":
        log_to_stderr(level)
        return None
    file = data_dir / LOG_FILE
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = RotatingFileHandler(file, maxBytes=_LARGEST, backupCount=1, encoding="utf-8", delay=True)
        file.touch(mode=0o600)
    except OSError:
        _install(logging.NullHandler(), level)
        return None
    _install(handler, level)
    return file


def _install(handler: logging.Handler, level: str) -> None:
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    root.setLevel(level)
    for name in _CHATTY:  # their INFO and DEBUG repeat requests, and with them what people wrote
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def where() -> str:
    """Where the log goes, for a sentence."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, RotatingFileHandler):
            return handler.baseFilename
    return "the log above"
