"""The part of `ibid doctor` that looks at sources.yaml: what each source needs on this machine. No host is asked."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.finding import Finding

if TYPE_CHECKING:
    from bot.settings import Settings
    from knowledge.connectors.sources import FolderSource, GitSource, ReaderSource, WebSource

    AnyKind = FolderSource | GitSource | WebSource | ReaderSource


def sources(settings: Settings, file: Path) -> Finding:
    """Does sources.yaml parse, and has each source what it needs?"""
    from knowledge.connectors.sources_file import read_sources
    from knowledge.errors import BadSources

    try:
        found = read_sources(file).sources
    except BadSources as problem:
        return Finding(False, "Sources: nothing can be indexed", str(problem))
    told = f"Sources: {len(found)} in {file} ({', '.join(one.name for one in found)})"
    lacks = [f"{one.name}: {lack}" for one in found for lack in _lacks(one, settings, file.absolute().parent)]
    return Finding(False, f"{told}, and something is missing", "\n".join(lacks)) if lacks else Finding(True, told)


def recognition(_: Settings) -> Finding:
    """Is there a program that reads scanned pages?"""
    from knowledge.reading.ocr import program

    if program():
        return Finding(True, "Scanned pages: tesseract reads them")
    return Finding(None, "Scanned pages: tesseract is not installed, so they are listed and not read")


def _lacks(source: AnyKind, settings: Settings, base: Path) -> Iterator[str]:
    from knowledge.connectors.reader import package_of

    match source.kind:
        case "folder":
            if not (folder := base / Path(source.path).expanduser()).is_dir():
                yield f"there is no folder {folder}; correct `path`, or mount it"
        case "git":
            if shutil.which("git") is None:
                yield "git is not installed"
            yield from _secrets([source.secret] if source.secret else [], settings)
        case "reader":
            if not _is_there(source.class_.rpartition(".")[0]):
                yield f"{source.class_} is not here; pip install {package_of(source.class_, source.package or '')}"
            yield from _secrets(list(source.secrets.values()), settings)


def _secrets(names: list[str], settings: Settings) -> Iterator[str]:
    """The names are not repeated: one may be the secret itself, by mistake."""
    from knowledge.connectors.secrets import SecretFiles

    folder = settings.source_secrets_dir
    if names and folder is None:
        yield "it names a secret, and IBID_SOURCE_SECRETS_DIR is not set"
        return
    secrets = SecretFiles(folder) if folder else {}
    missing = sum(name not in secrets for name in names)
    if missing:
        yield f"{missing} of its {len(names)} secrets {'is' if missing == 1 else 'are'} not in {folder}"


def _is_there(module: str) -> bool:
    """Looked for without importing the reader itself; the packages around it are."""
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False
