"""Any LlamaIndex reader as a source. It is trusted code: it runs in this process, when a look is taken and not before."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from knowledge.connectors import SourceFile
from knowledge.connectors.names import cannot_be_shown
from knowledge.errors import CannotRead, Unreachable
from knowledge.reading.cleaning import one_line
from knowledge.values import Unread

if TYPE_CHECKING:
    from llama_index.core.schema import Document

_SUFFIX = {"text": ".txt", "markdown": ".md", "html": ".html"}
_LONGEST_ID = 500
_BY_CHANCE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_OF_LLAMA_INDEX = re.compile(r"llama_index\.((?:readers|indices|tools)(?:\.[a-z0-9_]+))")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What sources.yaml says about a reader."""

    class_name: str
    package: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    load: Mapping[str, Any] = field(default_factory=dict)
    format: Literal["text", "markdown", "html"] = "text"
    id_field: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)  # policy.KEYS → the reader's own name for it
    seconds: float = 600.0


class ReaderLook:
    """What a reader returned, held in memory until the run has ended."""

    def __init__(self, documents: Iterable[Document], wanted: Wanted) -> None:
        self._held: dict[str, tuple[SourceFile, bytes]] = {}
        self._refused: dict[str, str] = {}
        for place, document in enumerate(documents, start=1):
            name, reason = _id(document, wanted, place)
            if reason:
                self._refused[name] = reason
                continue
            text = (document.text or "").encode("utf-8", "replace")
            if name in self._held:  # a page, a slide or a sheet of the same document
                text = self._held[name][1] + b"\n\n" + text
            said = self._held[name][0].said if name in self._held else _said(document.metadata, wanted.metadata)
            self._held[name] = (SourceFile(name, len(text), said=said, suffix=_SUFFIX[wanted.format], trusted=False), text)

    def files(self) -> tuple[SourceFile, ...]:
        return tuple(file for _, (file, _) in sorted(self._held.items()))

    def refused(self) -> tuple[Unread, ...]:
        return tuple(Unread(name, reason) for name, reason in sorted(self._refused.items()))

    def remarks(self) -> tuple[Unread, ...]:
        return ()

    def said(self, document: str) -> Mapping[str, str]:  # noqa: ARG002  # it says nothing of what it does not show
        return {}

    def table(self) -> bytes | None:
        return None

    def content(self, file: SourceFile) -> bytes:
        if file.id not in self._held:
            raise CannotRead("is gone since the reader was asked; index again")
        return self._held[file.id][1]


class Reader:
    """A place behind a reader's class. One that does not come back is left alone, and asked again only when it has ended."""

    def __init__(self, wanted: Wanted, secrets: Callable[[], Mapping[str, str]]) -> None:
        self._wanted = wanted
        self._secrets = secrets
        self._asked: threading.Thread | None = None

    def look(self) -> ReaderLook:
        """Raises Unreachable where the reader is not installed, fails, or takes too long, without its own words: they may hold secrets."""
        name = self._wanted.class_name
        if self._asked is not None and self._asked.is_alive():
            raise Unreachable(f"{name} has not come back from the look before; start Ibid again if it never does")
        arguments = {**self._wanted.arguments, **self._secrets()}
        answers: list[list[Document] | Unreachable] = []

        def ask() -> None:
            try:
                answers.append(_loaded(self._wanted, arguments))
            except Unreachable as error:
                answers.append(error)
            except SystemExit:  # some readers think that they are programs
                answers.append(Unreachable(f"{name} ended instead of answering"))

        self._asked = threading.Thread(target=ask, name=f"reader {name}", daemon=True)
        self._asked.start()
        self._asked.join(self._wanted.seconds)
        if self._asked.is_alive():
            raise Unreachable(f"{name} took longer than {self._wanted.seconds:.0f} seconds; raise at_most")
        answer = answers[0]
        if isinstance(answer, Unreachable):
            raise answer
        return ReaderLook(answer, self._wanted)


def _loaded(wanted: Wanted, arguments: Mapping[str, Any]) -> list[Document]:
    """Raises Unreachable."""
    try:
        return _documents(wanted, arguments)
    except Unreachable:
        raise
    except Exception as error:  # noqa: BLE001  # an edge: foreign code raises what it likes
        missing = f" (the Python package {error.name} is missing)" if isinstance(error, ModuleNotFoundError) else ""
        raise Unreachable(f"{wanted.class_name} failed with {type(error).__name__}{missing}") from None


def _documents(wanted: Wanted, arguments: Mapping[str, Any]) -> list[Document]:
    from llama_index.core.readers.base import BaseReader
    from llama_index.core.schema import Document

    module, _, name = wanted.class_name.rpartition(".")
    try:
        found = getattr(import_module(module), name, None)
    except ModuleNotFoundError as error:
        if error.name is None or not (module == error.name or module.startswith(f"{error.name}.")):
            raise
        package = package_of(wanted.class_name, wanted.package)
        raise Unreachable(f"{wanted.class_name} is not here; install it: pip install {package}") from None
    if not isinstance(found, type) or not issubclass(found, BaseReader):
        raise Unreachable(f"{wanted.class_name} is not a reader of LlamaIndex; write the module and the name of its class")
    documents = list(found(**arguments).load_data(**wanted.load))
    if not all(isinstance(document, Document) for document in documents):
        raise Unreachable(f"{wanted.class_name} returns something else than documents")
    return documents


def package_of(class_name: str, named: str = "") -> str:
    """What pip calls it, unless it was named: llama_index.readers.confluence is llama-index-readers-confluence."""
    found = _OF_LLAMA_INDEX.match(class_name)
    name = f"llama-index-{found[1]}" if found else class_name.partition(".")[0]
    return named or re.sub(r"[._]", "-", name)


def _id(document: Document, wanted: Wanted, place: int) -> tuple[str, str]:
    """The document's name below its source, and why it may not have it, or ""."""
    known = ", ".join(sorted(one_line(str(key)) for key in document.metadata)[:20]) or "none"
    given = document.metadata.get(wanted.id_field or "file_path")
    if wanted.id_field and not isinstance(given, str | int):
        return f"{place}", f"has no metadata field {wanted.id_field!r}; name another under id_field. Its fields: {known}"
    by_chance = _BY_CHANCE.fullmatch(document.doc_id) and document.doc_id not in map(str, document.metadata.values())
    if not given and by_chance:
        return f"{place}", f"has an id that is new each time; name a metadata field that stays the same under id_field. Its fields: {known}"
    raw = unicodedata.normalize("NFC", str(given or document.doc_id))
    name = "/".join(step for step in re.split(r"[/\\]+", raw) if step and step != ".")
    if not name or ".." in name.split("/") or len(name) > _LONGEST_ID or cannot_be_shown(name):
        return f"{place}", "has an id that is empty, too long, leads elsewhere, or holds characters that cannot be shown"
    return name, ""


def _said(metadata: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str]:
    """By policy.KEYS. What is no plain value is nothing that one can say."""
    given = {key: metadata.get(name) for key, name in names.items()}
    return {key: one_line(str(value)) for key, value in given.items() if isinstance(value, str | int | float) and one_line(str(value))}
