"""The kinds of values that stand in sources.yaml, each read with a message that says what to write."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator

from knowledge.access_rules import in_a_cell, read_rule

_INTERVAL = re.compile(r"([1-9][0-9]{0,4})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_SECRET_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_SOURCE_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_BRANCH = re.compile(r"(?!-)(?!.*(?:\.\.|@\{|//|\.lock(?:/|\Z)))[^\s\x00-\x1f\x7f~^:?*\[\\]{1,200}(?<![/.])")
_CLASS = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+", re.ASCII)
_PACKAGE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")


def _access(value: object) -> str:
    return in_a_cell(read_rule(value, None, None))


def _interval(value: object) -> timedelta:
    found = _INTERVAL.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError("write a number and s, m, h or d, such as 15m, 6h or 1d")
    return timedelta(seconds=int(found[1]) * _SECONDS[found[2]])


def _source_name(text: str) -> str:
    if not _SOURCE_NAME.fullmatch(text):
        raise ValueError("write small letters, digits and hyphens, at most 40, such as people-handbook")
    return text


def _secret_name(text: str) -> str:
    if not _SECRET_NAME.fullmatch(text):
        raise ValueError("is not the name of a secret: letters, digits, and _ . - behind the first of them")
    return text


def _branch(text: str) -> str:
    if not _BRANCH.fullmatch(text):
        raise ValueError("is not the name of a branch")
    return text


def _below(text: str) -> str:
    steps = [step for step in text.strip("/").split("/") if step not in ("", ".")]
    if ".." in steps or "\\" in text or "\x00" in text:
        raise ValueError("write a path below the source, with / between its folders")
    return "/".join(steps)


def _pattern(text: str) -> str:
    if not text.strip("/") or ".." in text.split("/") or "\\" in text:
        raise ValueError("write a file, a folder or a pattern below the source, such as restricted or pay/*.pdf")
    return text


def _document_address(text: str) -> str:
    if not text.startswith(("https://", "http://")) or "{path}" not in text or re.search(r"\s", text):
        raise ValueError("write an address with {path} in it, such as https://handbook.example/{path}")
    return text


def _repository(text: str) -> str:
    """What may be asked: https, http, and folders. Nothing that git would take for an option or another program."""
    if "://" not in text:
        if re.match(r"[^/]*:", text) or text.startswith("-"):
            raise ValueError("write an address that begins with https://, or the path of a repository on this machine; ssh is not used")
        return text
    try:
        parts = urlsplit(text)
        whole = parts.scheme in ("https", "http") and parts.hostname and parts.port != 0 and not re.search(r"[\s\x00-\x1f\x7f]", text)
    except ValueError:
        whole = False
    if not whole:
        raise ValueError("write an address that begins with https://, or the path of a repository on this machine")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("holds more than host and path; a user goes under `user`, the name of a token under `secret`")
    return text


def _class(text: str) -> str:
    if not _CLASS.fullmatch(text):
        raise ValueError("write a module and a class, such as llama_index.readers.confluence.ConfluenceReader")
    return text


def _package(text: str) -> str:
    if not _PACKAGE.fullmatch(text):
        raise ValueError("is not the name of a Python package")
    return text


Access = Annotated[str, BeforeValidator(_access)]
Interval = Annotated[timedelta, BeforeValidator(_interval)]
SourceName = Annotated[str, AfterValidator(_source_name)]
SecretName = Annotated[str, AfterValidator(_secret_name)]
Branch = Annotated[str, AfterValidator(_branch)]
Below = Annotated[str, AfterValidator(_below)]
Pattern = Annotated[str, AfterValidator(_pattern)]
DocumentAddress = Annotated[str, AfterValidator(_document_address)]
Repository = Annotated[str, AfterValidator(_repository)]
ClassName = Annotated[str, AfterValidator(_class)]
Package = Annotated[str, AfterValidator(_package)]
FORMS = {
    Access: "everyone, {groups: […]} or {people: […]}",
    Interval: "a length of time: 15m, 6h, 1d",
    SourceName: "a name",
    SecretName: "the name of a secret",
    Branch: "the name of a branch",
    Below: "a path",
    Pattern: "a pattern",
    DocumentAddress: "an address with {path}",
    Repository: "an address or a path",
    ClassName: "module.Class",
    Package: "the name of a package",
}
