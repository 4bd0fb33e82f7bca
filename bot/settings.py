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
from bot.model_settings import MODEL_VARIABLES, OPENAI, read_models, read_vision
from bot.models import Model
from bot.reranker_settings import BUILT_IN, RerankerSettings, read_reranker
from bot.setting_checks import (
    day,
    host_and_port,
    key,
    no_token,
    one_of,
    path,
    positive,
    proxy,
    read_url,
    seconds_between,
    shared_secret,
    slack_ids,
    token,
    up_to,
)
from bot.variable import Variable

HOME = Path(__file__).resolve().parent.parent
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


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
    Variable(
        "IBID_SOURCES",
        "A sources.yaml that names folders, git repositories, websites and LlamaIndex readers, in place of IBID_DOCUMENTS; "
        "docs/sources.md says what stands in it. Default: none.",
    ),
    Variable("IBID_SOURCE_SECRETS_DIR", "The folder with the secrets that sources.yaml names, one in each file. Default: none."),
    Variable("IBID_DATA_DIR", "Where the index and the conversations are kept; one process owns it.", str(HOME / "var")),
    Variable(
        "IBID_PROMPTS",
        "The folder with the prompts. An edit of a file there is live within seconds; `ibid prompts` keeps every version.",
        str(HOME / "prompts"),
    ),
    Variable(
        "IBID_PEOPLE_FILE",
        "A .yaml, .json or .csv that names people for access rules and for `ibid ask --as`, with their groups; optional with Slack. It is "
        "read again when it changes; docs/access.md says what stands in it.",
    ),
    Variable(
        "IBID_HOUSE_RULES",
        "A .yaml with what admins decide about places: grants, apps that store messages, channels of which nothing is kept. It is read "
        "again when it changes; docs/access.md shows one. Default: none.",
    ),
    Variable(
        "IBID_DEFAULT_ACCESS",
        "Who may read a document that does not say: nothing (it is not indexed), or an access label such as everyone.",
    ),
    Variable("IBID_ADMINS", "Slack user ids, separated by commas, of the people who may re-index and change prompts."),
    *MODEL_VARIABLES,
    Variable("REDIS_URL", "Where repeated context is cached (redis://…); default: in memory. It holds only what may be lost.", secret=True),
    Variable("IBID_EMBEDDER_DIR", "A folder with the MiniLM weights; default: those of the installed package."),
    Variable("IBID_EMBEDDER_VARIANT", "int8 (fast) or fp32 (exact). Changing it embeds everything again.", "int8"),
    Variable("IBID_TODAY", "The date for which policies are answered, as YYYY-MM-DD; default: the real one."),
    Variable(
        "IBID_CONTEXT_TOKENS",
        "Up to how many tokens a model is given all that the readers may read, in place of the passages that were found; it has "
        "to be allowed all of it. Up to 150000, where the model's window has room for more. 0: never.",
        "0",
    ),
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
    Variable(
        "IBID_REINDEX_EVERY",
        "How often the documents are read again without being told to, as 30m, 6h or 1d; default: never.",
    ),
    Variable(
        "IBID_WATCH",
        "yes: the documents are read again at the start, and as soon as something changes in their folder. On network disks the system "
        "may tell nothing of changes; set IBID_REINDEX_EVERY there. yes or no.",
        "no",
    ),
    Variable(
        "IBID_HOOK_SECRET",
        "With it a repository may announce a push at /hooks/reindex, on the port of IBID_LISTEN, and the documents are read again. It is "
        "the secret of GitHub's webhook, the token of GitLab's, or a bearer token.",
        secret=True,
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
    context_tokens: int  # 0: only what was found is given to a model
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
    reranker: RerankerSettings = BUILT_IN
    vision: Model | None = None  # who describes pictures
    redis_url: str = field(default="", repr=False)
    reindex_every: float | None = None  # seconds
    watch: bool = False
    hook_secret: str = field(default="", repr=False)
    sources: Path | None = None  # a sources.yaml, in place of `documents`
    source_secrets_dir: Path | None = None
    house_rules: Path | None = None
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
    settings = Settings(
        slack_bot_token=token("SLACK_BOT_TOKEN", value["SLACK_BOT_TOKEN"], "xoxb-"),
        slack_app_token=token("SLACK_APP_TOKEN", value["SLACK_APP_TOKEN"], "xapp-"),
        slack_api_url=read_url("SLACK_API_URL", value["SLACK_API_URL"], "https://slack.com/api/") + "/",
        documents=path("IBID_DOCUMENTS", value["IBID_DOCUMENTS"]),
        data_dir=path("IBID_DATA_DIR", value["IBID_DATA_DIR"]),
        prompts=path("IBID_PROMPTS", value["IBID_PROMPTS"]),
        people_file=optional("IBID_PEOPLE_FILE"),
        house_rules=optional("IBID_HOUSE_RULES"),
        default_access=value["IBID_DEFAULT_ACCESS"],
        admins=slack_ids("IBID_ADMINS", value["IBID_ADMINS"]),
        embedder_dir=optional("IBID_EMBEDDER_DIR"),
        embedder_variant=cast("Literal['int8', 'fp32']", variant),
        today=day("IBID_TODAY", value["IBID_TODAY"]),
        context_tokens=up_to("IBID_CONTEXT_TOKENS", value["IBID_CONTEXT_TOKENS"], 150_000),
        questions_per_minute=positive("IBID_QUESTIONS_PER_MINUTE", value["IBID_QUESTIONS_PER_MINUTE"]),
        secret_key=value["IBID_SECRET_KEY"],
        log_level=one_of("IBID_LOG_LEVEL", value["IBID_LOG_LEVEL"].upper(), ("DEBUG", "INFO", "WARNING", "ERROR")),
        models=read_models(value),
        model_url=read_url("OPENAI_BASE_URL", value["OPENAI_BASE_URL"]),
        model_key=key("OPENAI_API_KEY", value["OPENAI_API_KEY"]),
        situate=one_of("IBID_SITUATE", value["IBID_SITUATE"], ("yes", "no")) == "yes",
        vision=read_vision(value),
        reranker=read_reranker(value),
        redis_url=value["REDIS_URL"],
        proxy=proxy(value["HTTPS_PROXY"]),
        no_proxy=value["NO_PROXY"],
        ca_file=optional("IBID_CA_FILE"),
        sources=optional("IBID_SOURCES"),
        source_secrets_dir=optional("IBID_SOURCE_SECRETS_DIR"),
        slack_signing_secret=no_token("SLACK_SIGNING_SECRET", value["SLACK_SIGNING_SECRET"]),
        reindex_every=seconds_between("IBID_REINDEX_EVERY", value["IBID_REINDEX_EVERY"]),
        watch=one_of("IBID_WATCH", value["IBID_WATCH"], ("yes", "no")) == "yes",
        hook_secret=shared_secret("IBID_HOOK_SECRET", value["IBID_HOOK_SECRET"]),
        listen=Address(*host_and_port("IBID_LISTEN", value["IBID_LISTEN"])) if value["IBID_LISTEN"] else None,
    )
    if settings.hook_secret and settings.listens is None:
        raise Misconfigured("IBID_HOOK_SECRET is set, and Ibid listens nowhere; set IBID_LISTEN too, such as 127.0.0.1:3000.")
    return settings


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
