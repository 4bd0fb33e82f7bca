"""What may stand in sources.yaml, field by field; the reference in docs/sources.md is made of these sentences."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from knowledge.connectors.fields import (
    Access,
    Below,
    Branch,
    ClassName,
    DocumentAddress,
    Interval,
    Package,
    Pattern,
    Repository,
    SecretName,
    SourceName,
)

SaidByReader = Literal["title", "url", "owner", "effective", "supersedes", "review_by", "applies_to", "language"]
_SOUNDS_SECRET = re.compile(r"(?:password|passwd|secret|token|api_?key|private_?key|account_?key|credentials?)\Z", re.IGNORECASE)


class Strict(BaseModel):
    """A field that is not known is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, coerce_numbers_to_str=True)


class PathRule(Strict):
    """What holds for some files of a source. Where several fit a file, the last one that says something about a matter decides it."""

    path: Pattern = Field(
        description="A file, a folder (with all that is below it) or a pattern. `*` stands for any letters, `/` too. Without a `/` it is "
        "looked for at every depth, with one it begins at the top of the source. Capitals count."
    )
    access: Access | None = Field(None, description="Who may read these files.")
    owner: str = Field("", description="Who answers for them: a name from the people file, or a Slack user id.")
    applies_to: str = Field("", description="Whom they concern, such as `Employees in the United Kingdom`.")
    effective: date | None = Field(None, description="From when on they hold.")
    review_by: date | None = Field(None, description="By when they should be looked at again.")
    language: str = Field("", description="The code of their language, such as `en`.")

    def says(self) -> dict[str, str]:
        """By the names that documents use."""
        said = self.model_dump(exclude={"path"}, mode="json")
        return {key: str(value) for key, value in said.items() if value}


class AnySource(Strict):
    """What every source may say."""

    name: SourceName = Field(description="What the source is called: the first step of its documents' ids, and what `/ibid reindex` takes.")
    title: str = Field("", description="What people call it in reports; default: its name.")
    access: Access | None = Field(
        None,
        description="Who may read a document that does not say so itself, and about which no rule of `mapping` says it. "
        "Without it such a document is not indexed.",
    )
    owner: str = Field("", description="Who answers for a document that names nobody.")
    language: str = Field("", description="The language of a document that names none; default: `en`.")
    mapping: tuple[PathRule, ...] = Field((), description="What holds for some of its files: general rules first, particular ones last.")
    every: Interval | None = Field(None, description="How often it is looked at by itself; default: as `IBID_REINDEX_EVERY` says.")

    def says(self) -> dict[str, str]:
        """About every document, by the names that documents use."""
        return {key: value for key in ("access", "owner", "language") if (value := getattr(self, key))}


class FolderSource(AnySource):
    """A folder on this machine, or one that is mounted."""

    kind: Literal["folder"] = Field(description="`folder`.")
    path: str = Field(min_length=1, description="The folder; a relative path begins where sources.yaml lies.")
    url: DocumentAddress | None = Field(None, description="Where people open a document; `{path}` becomes its path in the source.")
    watch: bool = Field(False, description="`true`: look again as soon as a file in it changes.")


class GitSource(AnySource):
    """A branch of a git repository, read without a checkout: links and submodules in it are not followed, and no hook runs."""

    kind: Literal["git"] = Field(description="`git`.")
    repository: Repository = Field(
        description="Its address, which begins with `https://` (`http://` where no secret is sent), or the path of a repository on this "
        "machine. ssh is not used, and redirects are not followed."
    )
    branch: Branch | None = Field(None, description="The branch; default: the one that the repository itself names.")
    path: Below = Field("", description="The folder in it that holds the documents; default: all of it.")
    url: DocumentAddress | None = Field(None, description="Where people open a document; `{path}` becomes its path in the source.")
    user: str = Field("x-access-token", pattern=r"^[^:\s]+$", description="The user that goes with the secret: `oauth2` at GitLab.")
    secret: SecretName | None = Field(None, description="The name of a secret that holds a token which may read the repository.")

    @model_validator(mode="after")
    def _keep_the_secret(self) -> GitSource:
        if self.secret and not self.repository.startswith("https://"):
            raise ValueError("secret: is sent over https only; write the repository as https://…, or take the secret out")
        return self


class WebSource(AnySource):
    """Pages of websites, fetched anew at each look. Private addresses are never asked."""

    kind: Literal["web"] = Field(description="`web`.")
    pages: tuple[str, ...] = Field((), description="Addresses of pages.")
    sitemaps: tuple[str, ...] = Field((), description="Addresses of sitemaps, whose pages are taken.")
    hosts: tuple[str, ...] = Field(
        min_length=1,
        description="The whole of what may be asked, redirects included: `handbook.example`; over https, unless listed as `http://…`.",
    )
    at_most: int = Field(500, ge=1, le=10_000, description="How many pages are taken at most.")

    @model_validator(mode="after")
    def _ask_for_something(self) -> WebSource:
        if not self.pages and not self.sitemaps:
            raise ValueError("names neither pages nor sitemaps; add one of them")
        return self


class ReaderSource(AnySource):
    """Any reader of LlamaIndex (Confluence, Notion, Google Drive, SharePoint…). Its package is installed by you, and runs in Ibid's own
    process: install only what you trust. Permissions that the service itself knows are not taken over.
    """

    kind: Literal["reader"] = Field(description="`reader`.")
    class_: ClassName = Field(alias="class", description="The reader, such as `llama_index.readers.confluence.ConfluenceReader`.")
    package: Package | None = Field(None, description="What to install for it, for messages; default: worked out from the class.")
    arguments: dict[str, Any] = Field({}, description="What the reader is made with.")
    secrets: dict[str, SecretName] = Field({}, description="More of these, each from the secret of this name: `{api_token: confluence}`.")
    load: dict[str, Any] = Field({}, description="What its `load_data` is called with.")
    format: Literal["text", "markdown", "html"] = Field(
        "text", description="What its texts are: `text`, `markdown` (whose front matter counts) or `html`."
    )
    id_field: str | None = Field(
        None,
        description="The metadata field that tells a document from the others and stays as it is; default: `file_path`, else the id that "
        "the reader gives. Texts with the same one are joined in their order.",
    )
    metadata: dict[SaidByReader, str] = Field(
        {}, description="What the reader knows of a document, as its metadata fields call it: `{title: title, url: url}`. Never access."
    )
    at_most: Interval = Field(timedelta(minutes=10), description="How long a look may take; default: `10m`.")

    @model_validator(mode="after")
    def _hold_no_secret(self) -> ReaderSource:
        if twice := sorted(self.secrets.keys() & self.arguments.keys()):
            raise ValueError(f"{twice[0]} stands under arguments and under secrets; keep the one under secrets")
        for name in _names((self.arguments, self.load)):
            if _SOUNDS_SECRET.search(name):
                raise ValueError(
                    f"{name} looks like a secret; name it under secrets: {{{name}: NAME}}, and put what it is into a file NAME"
                )
        return self


class Sources(Strict):
    """The whole file."""

    sources: tuple[Annotated[FolderSource | GitSource | WebSource | ReaderSource, Field(discriminator="kind")], ...] = Field(
        description="The sources. Where two hold the same file, the first in this order is the one that is indexed."
    )

    @model_validator(mode="after")
    def _tell_them_apart(self) -> Sources:
        names = [source.name for source in self.sources]
        if not names:
            raise ValueError("names no source; add one below `sources:`, or unset IBID_SOURCES")
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two sources are called {twice[0]}; give one of them another name")
        return self


def _names(value: object) -> list[str]:
    """Every key, however deep."""
    if isinstance(value, dict):
        return [str(key) for key in value] + _names(tuple(value.values()))
    return [name for one in value for name in _names(one)] if isinstance(value, list | tuple) else []
