"""The only file that reads the environment: every name, what it means, and its default.

A secret may also come from a file: set NAME_FILE to its path (Docker and Kubernetes mount secrets that way).
A wrong value stops the start with the variable's name.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal, cast

from bot.errors import Misconfigured
from bot.model_settings import OPENAI, read_models
from bot.models import Model
from bot.setting_checks import day, host_and_port, key, no_token, one_of, path, positive, proxy, read_url, slack_ids, token

HOME = Path(__file__).resolve().parent.parent
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Variable:
    """One environment variable, as the reference and .env.example show it."""

    name: str
    meaning: str
    default: str = ""
    secret: bool = False


VARIABLES = (
    Variable("SLACK_BOT_TOKEN", "The bot token of your Slack app (xoxb-…).", secret=True),
    Variable(
        "SLACK_APP_TOKEN",
        "The app-level token with connections:write (xapp-…). With it Ibid connects to Slack by itself: Socket Mode, also where "
        "SLACK_SIGNING_SECRET is set.",
        secret=True,
    ),
    Variable(
        "SLACK_SIGNING_SECRET",
        "For HTTP mode, in place of SLACK_APP_TOKEN: Slack sends its requests to your address, and they count only when signed with this.",
        secret=True,
    ),
    Variable("SLACK_API_URL", "Where Slack's Web API answers; change it only to talk to a pretend workspace.", "https://slack.com/api/"),
    Variable("IBID_DOCUMENTS", "The folder with the policies.", str(HOME / "handbook")),
    Variable("IBID_DATA_DIR", "Where the index and the conversations are kept; one process owns it.", str(HOME / "var")),
    Variable(
        "IBID_PROMPTS",
        "The folder with the prompts. An edit of a file there is live within seconds; `ibid prompts` keeps every version.",
        str(HOME / "prompts"),
    ),
    Variable("IBID_PEOPLE_FILE", "A workspace.yaml that names people for access rules and for `ibid ask --as`; optional with Slack."),
    Variable(
        "IBID_DEFAULT_ACCESS",
        "Who may read a document that does not say: nothing (it is not indexed), or an access label such as everyone.",
    ),
    Variable("IBID_ADMINS", "Slack user ids, separated by commas, of the people who may re-index and change prompts."),
    Variable("OPENAI_BASE_URL", "Where a model answers: OpenAI, Azure, vLLM, Ollama (http://127.0.0.1:11434/v1)…", OPENAI),
    Variable("OPENAI_API_KEY", "The key for it; a local server may need none.", secret=True),
    Variable("OPENAI_API_VERSION", "Only for Azure: its API version. IBID_MODEL is then a deployment."),
    Variable("IBID_TUNED_MODEL", "The tone-tuned model, which speaks first; default: none."),
    Variable("IBID_TUNED_URL", "Where the tuned model answers, if not at OPENAI_BASE_URL."),
    Variable("IBID_TUNED_KEY", "The key for that address.", secret=True),
    Variable("IBID_TUNED_MAY_SEE", "As IBID_MODEL_MAY_SEE, for the tuned model at an address of its own."),
    Variable("IBID_TUNED_PRICE", "As IBID_MODEL_PRICE, for the tuned model."),
    Variable("IBID_MODEL", "The plain model, which speaks when the tuned one does not; default: none. Behind both stand quotes."),
    Variable(
        "IBID_MODEL_MAY_SEE",
        "The access labels that the model may be given, apart by spaces: everyone, groups:hr…; asker for what is asked anywhere but in a "
        "public channel; or only local, for a model that runs with you and may see all.",
        "everyone",
    ),
    Variable("IBID_MODEL_PRICE", "Money for a million prompt, cached and written tokens, as 0.40,0.10,1.60; for trials and `ibid eval`."),
    Variable("IBID_TEMPERATURE", "The sampling temperature, or none for models that take none.", "0"),
    Variable(
        "IBID_SITUATE",
        "yes: the model writes a line on each passage, by which it is found better. The index asks once for every new passage, with up to "
        "6,000 characters of its document, and for all after a change of prompts/situate.md or of the model. yes or no.",
        "no",
    ),
    Variable("REDIS_URL", "Where repeated context is cached (redis://…); default: in memory. It holds only what may be lost.", secret=True),
    Variable("IBID_EMBEDDER_DIR", "A folder with the MiniLM weights; default: those of the installed package."),
    Variable("IBID_EMBEDDER_VARIANT", "int8 (fast) or fp32 (exact). Changing it embeds everything again.", "int8"),
    Variable("IBID_TODAY", "The date for which policies are answered, as YYYY-MM-DD; default: the real one."),
    Variable("IBID_QUESTIONS_PER_MINUTE", "How many questions one person may ask in a minute.", "10"),
    Variable(
        "IBID_SECRET_KEY",
        "Keys the pseudonyms and encrypts stored questions; default: made once and kept in the data directory.",
        secret=True,
    ),
    Variable(
        "HTTPS_PROXY", "The proxy to Slack and to models at https:// addresses, as http://name:password@proxy.example:3128.", secret=True
    ),
    Variable("NO_PROXY", "Hosts that are asked directly in spite of HTTPS_PROXY: names and .suffixes, separated by commas."),
    Variable(
        "IBID_CA_FILE",
        "Certificates (PEM) of your company's own authority, believed beside the system's for Slack and models. "
        "SSL_CERT_FILE, which OpenSSL itself reads, takes the place of the system's.",
    ),
    Variable(
        "IBID_LISTEN",
        "host:port for /healthz, /readyz and /metrics, and in HTTP mode for Slack's requests to /slack/events. Default: none in Socket "
        "Mode; in HTTP mode 127.0.0.1:3000, for the proxy in front of it that speaks https. In a container: 0.0.0.0:3000.",
    ),
    Variable("IBID_LOG_LEVEL", "DEBUG, INFO, WARNING or ERROR.", "INFO"),
)
EITHER_CASE = ("HTTPS_PROXY", "NO_PROXY")  # other programs read these too, and some of them in small letters only


@dataclass(frozen=True)
class Address:
    """Where something listens. Port 0 is any free one."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


HTTP_MODE_LISTENS = Address("127.0.0.1", 3000)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The environment, read once and checked."""

    slack_bot_token: str
    slack_app_token: str
    slack_api_url: str
    documents: Path
    data_dir: Path
    prompts: Path
    people_file: Path | None
    default_access: str
    admins: frozenset[str]
    embedder_dir: Path | None
    embedder_variant: Literal["int8", "fp32"]
    today: date | None
    questions_per_minute: int
    secret_key: str
    log_level: str
    proxy: str = ""
    no_proxy: str = ""
    ca_file: Path | None = None
    slack_signing_secret: str = ""
    listen: Address | None = None
    models: tuple[Model, ...] = ()  # in the order in which they are asked
    model_url: str = OPENAI  # OPENAI_BASE_URL and its key, for whoever looks for models there
    model_key: str = field(default="", repr=False)
    situate: bool = False
    redis_url: str = field(default="", repr=False)
    behind_url: str = ""  # where what is behind each answer is sent; no variable sets it, only the demo: it shows restricted passages

    @property
    def http_mode(self) -> bool:
        """Slack sends requests, instead of being connected to."""
        return bool(self.slack_signing_secret) and not self.slack_app_token

    @property
    def listens(self) -> Address | None:
        """Where Ibid listens: what was set, or what HTTP mode cannot do without."""
        return self.listen or (HTTP_MODE_LISTENS if self.http_mode else None)

    def __repr__(self) -> str:
        """Settings are printed by doctor and in errors: secrets must never be part of it."""
        return f"Settings(documents={str(self.documents)!r}, data_dir={str(self.data_dir)!r})"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read and check. Raises Misconfigured with the variable's name and what to do."""
    given = os.environ if environment is None else environment
    value = {variable.name: _value(variable, given) for variable in VARIABLES}

    def optional(name: str) -> Path | None:
        return path(name, value[name]) if value[name] else None

    variant = one_of("IBID_EMBEDDER_VARIANT", value["IBID_EMBEDDER_VARIANT"], ("int8", "fp32"))
    return Settings(
        slack_bot_token=token("SLACK_BOT_TOKEN", value["SLACK_BOT_TOKEN"], "xoxb-"),
        slack_app_token=token("SLACK_APP_TOKEN", value["SLACK_APP_TOKEN"], "xapp-"),
        slack_api_url=read_url("SLACK_API_URL", value["SLACK_API_URL"], "https://slack.com/api/") + "/",
        documents=path("IBID_DOCUMENTS", value["IBID_DOCUMENTS"]),
        data_dir=path("IBID_DATA_DIR", value["IBID_DATA_DIR"]),
        prompts=path("IBID_PROMPTS", value["IBID_PROMPTS"]),
        people_file=optional("IBID_PEOPLE_FILE"),
        default_access=value["IBID_DEFAULT_ACCESS"],
        admins=slack_ids("IBID_ADMINS", value["IBID_ADMINS"]),
        embedder_dir=optional("IBID_EMBEDDER_DIR"),
        embedder_variant=cast("Literal['int8', 'fp32']", variant),
        today=day("IBID_TODAY", value["IBID_TODAY"]),
        questions_per_minute=positive("IBID_QUESTIONS_PER_MINUTE", value["IBID_QUESTIONS_PER_MINUTE"]),
        secret_key=value["IBID_SECRET_KEY"],
        log_level=one_of("IBID_LOG_LEVEL", value["IBID_LOG_LEVEL"].upper(), ("DEBUG", "INFO", "WARNING", "ERROR")),
        models=read_models(value),
        model_url=read_url("OPENAI_BASE_URL", value["OPENAI_BASE_URL"]),
        model_key=key("OPENAI_API_KEY", value["OPENAI_API_KEY"]),
        situate=one_of("IBID_SITUATE", value["IBID_SITUATE"], ("yes", "no")) == "yes",
        redis_url=value["REDIS_URL"],
        proxy=proxy(value["HTTPS_PROXY"]),
        no_proxy=value["NO_PROXY"],
        ca_file=optional("IBID_CA_FILE"),
        slack_signing_secret=no_token("SLACK_SIGNING_SECRET", value["SLACK_SIGNING_SECRET"]),
        listen=Address(*host_and_port("IBID_LISTEN", value["IBID_LISTEN"])) if value["IBID_LISTEN"] else None,
    )


def _value(variable: Variable, given: Mapping[str, str]) -> str:
    file = given.get(f"{variable.name}_FILE", "") if variable.secret else ""
    here = given.get(variable.name, "") or (given.get(variable.name.lower(), "") if variable.name in EITHER_CASE else "")
    value = (_held(f"{variable.name}_FILE", file) if file else "") or here.strip() or variable.default
    if _CONTROL.search(value):
        raise Misconfigured(f"{variable.name} holds a line break or another control character; take it out.")
    return value


def _held(name: str, file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as problem:
        raise Misconfigured(f"{name} names {file}, which cannot be read: {problem.strerror}.") from problem
    except UnicodeDecodeError:
        raise Misconfigured(f"{name} names {file}, which is not UTF-8 text.") from None  # the error holds what the file holds
