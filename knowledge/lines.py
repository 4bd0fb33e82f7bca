"""The stage of a run that gives passages the lines a model wrote about them, and does without where it does not answer."""

from __future__ import annotations

import time
from concurrent.futures import FIRST_COMPLETED, wait
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from knowledge.kept_lines import Placed
from knowledge.situating import MOST, Placement, around, usable
from knowledge.values import Unread, content_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Future

    from knowledge.catalog import Catalog
    from knowledge.holdings import Holdings
    from knowledge.situating import Situator
    from knowledge.values import Version

    Wanted = tuple[str, str, Placement]  # the key that the line is kept under, the passage's id, and what is told

AT_ONCE = 2
GIVES_UP = 5  # failures in a row, after which the model is left alone until the next run
LONGEST = 900.0  # seconds that a run asks: what is new in the documents waits for it
LOOK_UP = 0.5  # seconds of waiting, after which progress is told again: whoever hears it may end the run

UNWRITTEN = "the model has not written about {count} of {total}: the next run goes on, and until then they are found without"
UNUSED = "the model's lines about {count} of {total} are left out: each has to be one short line without an order or a figure of its own"


def situated(
    holdings: Holdings, chosen: Mapping[str, str], situator: Situator | None, progress: Callable[[int, int], None]
) -> tuple[dict[str, str], tuple[Unread, ...]]:
    """Document → version, with lines where they are wanted and without where not, and what there is to warn of.

    What people took away is shown to no model.
    """
    catalog = holdings.catalog
    if situator is None:
        return _plain(holdings, chosen), ()
    placed = catalog.lines.placed(frozenset(chosen.values()))
    asking = _Asking(catalog, situator)
    denied = catalog.denials.documents()
    asking.run({version: placed[version] for document, version in chosen.items() if document not in denied}, progress)
    told = {document: _having(holdings, version, placed[version], asking.line) for document, version in chosen.items()}
    total = sum(map(len, placed.values()))
    counted = ((UNWRITTEN, asking.unwritten), (UNUSED, asking.unused))
    return told, tuple(Unread("passages", reason.format(count=count, total=total)) for reason, count in counted if count)


def asked_about(catalog: Catalog, situator: Situator, versions: Iterable[Version]) -> int:
    """How many passages of these versions a run would ask about."""
    kept = catalog.lines.all()
    placed = [Placed(one.id, one.label, one.situation, one.line) for version in versions for one in version.passages]
    keys = {one.key(maker) for one in placed if (maker := situator.maker(one.label)) is not None}
    return len(keys - kept.keys())


def _plain(holdings: Holdings, chosen: Mapping[str, str]) -> dict[str, str]:
    if not holdings.catalog.lines.in_use():
        return dict(chosen)
    placed = holdings.catalog.lines.placed(frozenset(chosen.values()))
    return {document: _having(holdings, version, placed[version], lambda _: "") for document, version in chosen.items()}


def _having(holdings: Holdings, version_id: str, placed: Sequence[Placed], line_of: Callable[[Placed], str]) -> str:
    """The version itself where its lines are as they should be; else another of the same text."""
    lines = [line_of(one) for one in placed]
    if lines == [one.line for one in placed]:
        return version_id
    version = holdings.catalog.version(version_id)
    passages = tuple(replace(passage, line=line) for passage, line in zip(version.passages, lines, strict=True))
    other = replace(version, id=content_id(version_id, *lines), passages=passages)
    holdings.keep(other)
    return other.id


class _Asking:
    """Asks for the lines that are not kept yet, a few at once. Each is kept as it comes: a killed run has asked for nothing in vain."""

    def __init__(self, catalog: Catalog, situator: Situator) -> None:
        self._catalog = catalog
        self._situator = situator
        self._kept = catalog.lines.all()
        self._ends = time.monotonic() + LONGEST
        self._failures = 0  # in a row
        self.unwritten = 0
        self.unused = 0

    def line(self, placed: Placed) -> str:
        """The one that it should have now: while there is no new one, the one before, but never where no model may see the document."""
        maker = self._situator.maker(placed.label)
        return "" if maker is None else self._kept.get(placed.key(maker), placed.line)

    def run(self, versions: Mapping[str, Sequence[Placed]], progress: Callable[[int, int], None]) -> None:
        """Until every line is there, the model has failed too often, or it takes too long."""
        missing = {version: keys for version, placed in versions.items() if (keys := self._missing(placed))}
        total = self.unwritten = sum(map(len, missing.values()))
        if not total:
            return
        progress(0, total)
        coming: dict[Future[str | None], Wanted] = {}
        wanted, done = self._wanted(missing), 0
        try:
            while coming := coming | self._asked(islice(wanted, self._room(len(coming)))):
                ended = wait(coming, LOOK_UP, FIRST_COMPLETED).done
                for future in [one for one in coming if one in ended]:  # in the order in which they were asked for
                    self._take(None if future.cancelled() else future.result(), coming.pop(future))
                done += len(ended)
                progress(done, total)
        finally:
            for future in coming:
                future.cancel()

    def _missing(self, placed: Iterable[Placed]) -> dict[int, str]:
        """Place of the passage in its version → key."""
        makers = ((place, one, self._situator.maker(one.label)) for place, one in enumerate(placed))
        keys = {place: one.key(maker) for place, one, maker in makers if maker is not None}
        return {place: key for place, key in keys.items() if key not in self._kept}

    def _wanted(self, missing: Mapping[str, Mapping[int, str]]) -> Iterator[Wanted]:
        """A document's passages follow each other: what stands before them in the prompt is then often the same."""
        for version_id, keys in missing.items():
            version = self._catalog.version(version_id)
            for place, key in keys.items():
                passage = version.passages[place]
                part = around(version.text, passage.start, passage.end)
                yield key, passage.id, Placement(passage.label, passage.situation, part, passage.text[:MOST])

    def _room(self, coming: int) -> int:
        return AT_ONCE - coming if self._failures < GIVES_UP and time.monotonic() < self._ends else 0

    def _asked(self, wanted: Iterable[Wanted]) -> dict[Future[str | None], Wanted]:
        return {self._situator.ask(placement): (key, passage, placement) for key, passage, placement in wanted}

    def _take(self, written: str | None, wanted: Wanted) -> None:
        if written is None:
            self._failures += 1
            return
        key, passage, placement = wanted
        line = usable(written, placement)
        self._catalog.lines.keep(key, passage, line)
        self._kept[key] = line
        self._failures = 0
        self.unwritten -= 1
        self.unused += not line
