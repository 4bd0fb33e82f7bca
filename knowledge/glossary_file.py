"""The glossary as its file says it now: an edit counts from the next question on, and a broken one changes nothing."""

from __future__ import annotations

import logging
from threading import Lock
from typing import TYPE_CHECKING

from knowledge.errors import BadMetadata
from knowledge.glossary import load_glossary

if TYPE_CHECKING:
    from pathlib import Path

    from knowledge.glossary import Glossary

log = logging.getLogger(__name__)


class GlossaryFile:
    """Looks at the file whenever it is asked, and reads it when it has changed. Raises BadMetadata only when it is made."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._looking = Lock()
        self._seen = self._sign()
        self._glossary = load_glossary(file)

    def __call__(self) -> Glossary:
        with self._looking:
            sign = self._sign()
            if sign != self._seen:
                self._seen = sign
                try:
                    self._glossary = load_glossary(self._file)
                except BadMetadata as problem:
                    log.warning("the glossary stays as it was", extra={"detail": str(problem)})
            return self._glossary

    def _sign(self) -> tuple[int, int, int] | None:
        try:
            found = self._file.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino
