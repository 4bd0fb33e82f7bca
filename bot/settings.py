"""The only file that reads the environment: every name, what it means, and its default.

A secret may also come from a file: set NAME_FILE to its path (Docker and Kubernetes mount secrets that way).
A wrong value stops the start with the variable's name.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, cast

from bot.errors import Misconfigured

HOME = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Variable:
    """One environment variable, as the reference and .env.example show it."""

    name: str
    meaning: str
    default: str = ""
    secret: bool = False


VARIABLES = (
    Variable("SLACK_BOT_TOKEN", "The bot token of your Slack app (xoxb-…).", secret=True),
    Variable("SLACK_APP_TOKEN", "The app-level token with connections:write, for Socket Mode (xapp-…).", secret=True),
    Variable("SLACK_API_URL", "Where Slack's Web API answers; change it only to talk to a pretend workspace.", "https://slack.com/api/"),
    Variable("IBID_DOCUMENTS", "The folder with the policies.", str(HOME / "handbook")),
    Variable("IBID_DATA_DIR", "Where the index and the conversations are kept; one process owns it.", str(HOME / "var")),
    Variable("IBID_PEOPLE_FILE", "A workspace.yaml that names people for access rules and for `ibid ask --as`; optional with Slack."),
    Variable(
        "IBID_DEFAULT_ACCESS",
        "Who may read a document that does not say: nothing (it is not indexed), or an access label such as everyone.",
    ),
    Variable("IBID_ADMINS", "Slack user ids, separated by commas, of the people who may re-index."),
    Variable("IBID_EMBEDDER_DIR", "A folder with the MiniLM weights; default: those of the installed package."),
    Variable("IBID_EMBEDDER_VARIANT", "int8 (fast) or fp32 (exact). Changing it embeds everything again.", "int8"),
    Variable("IBID_TODAY", "The date for which policies are answered, as YYYY-MM-DD; default: the real one."),
    Variable("IBID_QUESTIONS_PER_MINUTE", "How many questions one person may ask in a minute.", "10"),
    Variable(
        "IBID_SECRET_KEY",
        "Keys the pseudonyms and encrypts stored questions; default: made once and kept in the data directory.",
        secret=True,
    ),
    Variable("IBID_LOG_LEVEL", "DEBUG, INFO, WARNING or ERROR.", "INFO"),
)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The environment, read once and checked."""

    slack_bot_token: str
    slack_app_token: str
    slack_api_url: str
    documents: Path
    data_dir: Path
    people_file: Path | None
    default_access: str
    admins: frozenset[str]
    embedder_dir: Path | None
    embedder_variant: Literal["int8", "fp32"]
    today: date | None
    questions_per_minute: int
    secret_key: str
    log_level: str
    behind_url: str = ""  # where what is behind each answer is sent; no variable sets it, only the demo: it shows restricted passages

    def __repr__(self) -> str:
        """Settings are printed by doctor and in errors: secrets must never be part of it."""
        return f"Settings(documents={str(self.documents)!r}, data_dir={str(self.data_dir)!r})"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read and check. Raises Misconfigured with the variable's name and what to do."""
    given = os.environ if environment is None else environment
    value = {variable.name: _value(variable, given) for variable in VARIABLES}
    variant = _one_of("IBID_EMBEDDER_VARIANT", value["IBID_EMBEDDER_VARIANT"], ("int8", "fp32"))
    return Settings(
        slack_bot_token=_prefixed("SLACK_BOT_TOKEN", value["SLACK_BOT_TOKEN"], "xoxb-"),
        slack_app_token=_prefixed("SLACK_APP_TOKEN", value["SLACK_APP_TOKEN"], "xapp-"),
        slack_api_url=value["SLACK_API_URL"].rstrip("/") + "/",
        documents=Path(value["IBID_DOCUMENTS"]).expanduser(),
        data_dir=Path(value["IBID_DATA_DIR"]).expanduser(),
        people_file=_path(value["IBID_PEOPLE_FILE"]),
        default_access=value["IBID_DEFAULT_ACCESS"],
        admins=frozenset(name.strip() for name in value["IBID_ADMINS"].split(",") if name.strip()),
        embedder_dir=_path(value["IBID_EMBEDDER_DIR"]),
        embedder_variant=cast("Literal['int8', 'fp32']", variant),
        today=_date("IBID_TODAY", value["IBID_TODAY"]),
        questions_per_minute=_positive("IBID_QUESTIONS_PER_MINUTE", value["IBID_QUESTIONS_PER_MINUTE"]),
        secret_key=value["IBID_SECRET_KEY"],
        log_level=_one_of("IBID_LOG_LEVEL", value["IBID_LOG_LEVEL"].upper(), ("DEBUG", "INFO", "WARNING", "ERROR")),
    )


def _value(variable: Variable, given: Mapping[str, str]) -> str:
    file = given.get(f"{variable.name}_FILE", "") if variable.secret else ""
    if file:
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as problem:
            raise Misconfigured(f"{variable.name}_FILE names {file}, which cannot be read: {problem.strerror}.") from problem
    return given.get(variable.name, "").strip() or variable.default


def _path(text: str) -> Path | None:
    return Path(text).expanduser() if text else None


def _prefixed(name: str, text: str, prefix: str) -> str:
    if text and not text.startswith(prefix):
        raise Misconfigured(f"{name} must begin with {prefix} (Slack shows two kinds of tokens; this one is the other).")
    return text


def _one_of(name: str, text: str, allowed: tuple[str, ...]) -> str:
    if text not in allowed:
        raise Misconfigured(f"{name} is {text!r}; it must be one of {', '.join(allowed)}.")
    return text


def _date(name: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as problem:
        raise Misconfigured(f"{name} is {text!r}; write a date as YYYY-MM-DD.") from problem


def _positive(name: str, text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise Misconfigured(f"{name} is {text!r}; it must be a whole number of at least 1.")
    return int(text)
