"""Where the documents come from: the folder that settings name, or the sources of a sources.yaml."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.errors import Misconfigured
from bot.values import Rhythm
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from bot.settings import Settings
    from knowledge.connectors import Connector
    from knowledge.connectors.sources import Sources


class Places:
    """The file is read again when it changed, and otherwise its connectors stay: one that hangs is known by the next run."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._made: tuple[Sources, Sequence[Connector]] | None = None

    def connectors(self) -> Sequence[Connector]:
        """For a run, in its thread. Raises KnowledgeError: the folder is not there, or the file is wrong."""
        file = self._settings.sources
        if file is None:
            from knowledge.connectors import Given
            from knowledge.connectors.folder import Folder

            return (Given(Folder(self._settings.documents)),)
        from bot.adapters.outside import outside_of
        from knowledge.connectors.assembly import Surroundings, connectors
        from knowledge.connectors.secrets import SecretFiles
        from knowledge.connectors.sources_file import read_sources

        sources = read_sources(file)
        if self._made is None or self._made[0] != sources:
            folder = self._settings.source_secrets_dir
            around = Surroundings(
                base=file.absolute().parent,
                data_dir=self._settings.data_dir,
                secrets=SecretFiles(folder) if folder else {},
                outside=outside_of(self._settings),
            )
            self._made = sources, connectors(sources, around)
        return self._made[1]

    def names(self) -> tuple[str, ...]:
        """What runs may be asked for one by one. None where the file is wrong: the run says so."""
        try:
            return tuple(source.name for source in self._sources().sources) if self._settings.sources else ()
        except KnowledgeError:
            return ()

    def rhythm(self) -> Rhythm:
        """When they are looked at by themselves. Raises Misconfigured."""
        every = {"": self._settings.reindex_every} if self._settings.reindex_every else {}
        if self._settings.sources is None:
            return Rhythm(every=every, watched={"": self._settings.documents} if self._settings.watch else {})
        from knowledge.connectors.assembly import watched

        try:
            sources = self._sources()
        except KnowledgeError as problem:
            raise Misconfigured(f"IBID_SOURCES: {problem}") from problem
        own = {source.name: source.every.total_seconds() for source in sources.sources if source.every}
        return Rhythm(every=every | own, watched=watched(sources, self._settings.sources.absolute().parent))

    def _sources(self) -> Sources:
        from knowledge.connectors.sources_file import read_sources

        if self._settings.sources is None:
            raise Misconfigured("IBID_SOURCES names no file.")
        return read_sources(self._settings.sources)
