"""From what sources.yaml says to the connectors of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.connectors.mapping import Says
from knowledge.connectors.named import Named
from knowledge.connectors.outside import Outside
from knowledge.connectors.secrets import secret
from knowledge.connectors.sources import FolderSource, GitSource, ReaderSource, Sources, WebSource

if TYPE_CHECKING:
    from knowledge.connectors import Source


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What the connectors need besides the file: where it lies, where copies may be kept, the secrets, and the way out."""

    base: Path  # relative paths begin here
    data_dir: Path
    secrets: Mapping[str, str] = field(default_factory=dict)
    outside: Outside = field(default_factory=Outside)


def connectors(sources: Sources, around: Surroundings) -> tuple[Named, ...]:
    """One for each source, in the order of the file. Nothing is asked or imported before a look."""
    return tuple(
        Named(source.name, _take(source, around), Says(source.says(), source.mapping, getattr(source, "url", None) or ""))
        for source in sources.sources
    )


def watched(sources: Sources, base: Path) -> dict[str, Path]:
    """The folders that are to be looked at again as soon as something in them changes, by the names of their sources."""
    return {one.name: _absolute(base, one.path) for one in sources.sources if isinstance(one, FolderSource) and one.watch}


def _take(source: FolderSource | GitSource | WebSource | ReaderSource, around: Surroundings) -> Callable[[], Source]:
    if isinstance(source, FolderSource):
        from knowledge.connectors.folder import Folder

        return partial(Folder, _absolute(around.base, source.path))
    if isinstance(source, GitSource):
        return _git(source, around)
    if isinstance(source, ReaderSource):
        return _reader(source, around)
    from knowledge.connectors.web import Web

    return Web(source.pages, source.sitemaps, source.hosts, source.at_most, outside=around.outside).look


def _git(source: GitSource, around: Surroundings) -> Callable[[], Source]:
    from knowledge.connectors.git import COPIES, Git

    name = source.secret
    address = source.repository
    return Git(
        repository=address if "://" in address else str(_absolute(around.base, address)),
        branch=source.branch or "",
        path=source.path,
        user=source.user,
        token=partial(secret, around.secrets, name, "secret") if name else str,
        copy=around.data_dir / COPIES / source.name,
        outside=around.outside,
    ).look


def _reader(source: ReaderSource, around: Surroundings) -> Callable[[], Source]:
    from knowledge.connectors.reader import Reader, Wanted

    wanted = Wanted(
        class_name=source.class_,
        package=source.package or "",
        arguments=source.arguments,
        load=source.load,
        format=source.format,
        id_field=source.id_field or "",
        metadata={str(key): name for key, name in source.metadata.items()},
        seconds=source.at_most.total_seconds(),
    )
    return Reader(wanted, lambda: {argument: secret(around.secrets, name, "secrets") for argument, name in source.secrets.items()}).look


def _absolute(base: Path, path: str) -> Path:
    return base.absolute() / Path(path).expanduser()
