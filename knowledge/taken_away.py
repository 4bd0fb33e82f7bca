"""A list beside the catalog of what was taken away from it: a backup that is put back does not know of what came after it.

Each line has the number that the catalog counted it by. A catalog that has counted less than the list is older than what was taken away
since: what people did by hand is done again, and nobody is answered before all sources were looked at for rules that became narrower.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from dataclasses import asdict, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import select, update

from knowledge.catalog_tables import takings
from knowledge.errors import IndexBroken
from knowledge.holds import Hold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Engine

    from knowledge.catalog import Catalog

log = logging.getLogger(__name__)

FILE = "taken-away.jsonl"
NEW_LINE = "\n"
OLDER = "the catalog is older than what was taken away since: run `ibid index` over all sources; until then nobody is answered"
Did = Literal["denied", "erased", "held", "lifted", "withdrawn"]


class Takings:
    """A part of the catalog: how often something was taken away from it, by hand or by a scan."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def count(self) -> int:
        with self._engine.connect() as connection:
            return connection.scalar(select(takings.c.count)) or 0

    def next(self) -> int:
        with self._engine.begin() as connection:
            connection.execute(update(takings).values(count=takings.c.count + 1))
            return connection.scalar(select(takings.c.count)) or 0

    def reach(self, count: int) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(takings).where(takings.c.count < count).values(count=count))


class TakenAway:
    """The list in a data directory. `older`: the catalog lacks something of it, and no scan of all sources has ended since."""

    def __init__(self, catalog: Catalog, data_dir: Path, now: Callable[[], datetime], today: Callable[[], date]) -> None:
        self._catalog = catalog
        self._file = data_dir / FILE
        self._now = now
        self._today = today
        self._writing = threading.Lock()
        count = catalog.takings.count()
        there = list(self._lines())
        self._last = max((line["n"] for line in there), default=0)
        self.older = self._last > count or (count > 0 and not there)
        for line in there:
            if line["n"] > count:
                self._do_again(line)

    def check(self) -> None:
        """Raises IndexBroken while the catalog may not be answered from."""
        if self.older:
            raise IndexBroken(OLDER)

    def note(self, did: Did, document: str = "", hold: Hold | None = None) -> None:
        """After it is done."""
        with self._writing:
            self._last = self._counted()
            line: dict[str, Any] = {"n": self._last, "did": did}
            line |= {"document": document} if document else {}
            line |= {"hold": asdict(hold) | {"until": hold.until.isoformat()}} if hold else {}
            try:
                self._append(line)
            except OSError as problem:  # what was taken away stays away; only a catalog that is put back later would not know of it
                log.warning("the list of what was taken away could not be kept", extra={"cause": problem.strerror})

    def _counted(self) -> int:
        """The number of the next line. A catalog that is older than the list stays so, over a restart too, until `settled`."""
        takings = self._catalog.takings
        if self.older:
            return max(self._last, takings.count()) + 1
        takings.reach(self._last)
        return takings.next()

    def settled(self) -> None:
        """All sources were looked at: what is shown now is what they allow."""
        if self.older:
            self._catalog.takings.reach(self._last)
            self.older = False
            self.note("withdrawn")  # so that there is a list to hold the catalog against

    def _append(self, line: dict[str, Any]) -> None:
        with self._file.open("a", encoding="utf-8") as file:
            file.write(f"{'' if self._ends_whole() else NEW_LINE}{json.dumps(line, ensure_ascii=False)}{NEW_LINE}")
            file.flush()
            os.fsync(file.fileno())

    def _ends_whole(self) -> bool:
        """False behind a line that a killed process left half written."""
        with self._file.open("rb") as file:
            return not file.seek(0, os.SEEK_END) or (file.seek(-1, os.SEEK_END), file.read(1))[1] == b"\n"

    def _lines(self) -> Iterator[dict[str, Any]]:
        """What is whole of it: the last line may be cut off."""
        if not self._file.exists():
            return
        for text in self._file.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                line = json.loads(text)
            except ValueError:
                continue
            if isinstance(line, dict) and isinstance(line.get("n"), int):
                yield line

    def _do_again(self, line: dict[str, Any]) -> None:
        catalog, document = self._catalog, str(line.get("document", ""))
        match line.get("did"):
            case "denied":
                catalog.denials.deny(document, "put back", self._now())
            case "erased" if document not in catalog.denials.erased():
                catalog.denials.erase(document, self._now())
            case "held" | "lifted" if isinstance(line.get("hold"), dict):
                self._hold_again(_hold(line["hold"]), lifted=line["did"] == "lifted")

    def _hold_again(self, wanted: Hold, *, lifted: bool) -> None:
        """Its number may be another's by now."""
        today = self._today()
        there = [one.hold for one in self._catalog.holds.all() if replace(one.hold, number=0) == replace(wanted, number=0)]
        if lifted:
            for hold in there[:1]:
                self._catalog.holds.lift(hold.number)
        elif not there and wanted.lasts(today):
            self._catalog.holds.add(wanted, today)


def _hold(told: dict[str, Any]) -> Hold:
    return Hold(**{**told, "until": date.fromisoformat(told["until"])})
