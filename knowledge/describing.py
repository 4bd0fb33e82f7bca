"""Pictures in documents put into words by a model that sees, once each; where it does not, alt text and caption have to do.

What a picture shows is text by whoever drew it: the model is told to obey none of it, and what it writes is used only where it gives no
order. It becomes a paragraph of the document that begins as the alt text does, and the document's owner is told of it.
"""

from __future__ import annotations

import time
from concurrent.futures import FIRST_COMPLETED, wait
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from knowledge.reading.cleaning import clean, one_line
from knowledge.reading.remarks import counted
from knowledge.sentences import units
from knowledge.situating import NO_LINE
from knowledge.values import Block, Section, Unread, content_id

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from concurrent.futures import Future

    from knowledge.kept_pictures import KeptPictures
    from knowledge.reading import Reading
    from knowledge.reading.pictures import Picture

MOST_SENTENCES, LONGEST = 3, 600  # of a description: sentences, characters
AT_ONCE = 2
GIVES_UP = 3  # failures in a row, after which the model is left alone until the next run
LOOK_UP = 0.5  # seconds of waiting, after which progress is told again: whoever hears it may end the run
LONGEST_RUN = 1_800.0  # seconds that a run asks: what is new in the documents waits for it

TOLD = "{count} described by a model, in paragraphs that begin with “Picture:”; write into the text what people should be answered from."
LACKING = "the model has not described {count}: the next run goes on, and until then their alt texts and captions have to do"
UNUSED = "the model's descriptions of {count} are left out: each has to be a few plain sentences without an order or an address"


class Describer(Protocol):
    """Has a model say what pictures show."""

    @property
    def identity(self) -> str:
        """Names the prompt and the model: under the same name, what was written about a picture stays."""
        ...

    @property
    def standing(self) -> str:
        """Names all that decides how documents are described, whose labels it may see included: when it changes they are read again."""
        ...

    def sees(self, label: str) -> bool:
        """Whether it may be shown what documents under this access label hold."""
        ...

    def describe(self, picture: Picture, label: str) -> Future[str | None]:
        """What it wrote, unchecked; empty where it will not write about this, None when it failed. It ends by itself, or is cancelled."""
        ...


@dataclass(frozen=True)
class Described:
    """A reading with its pictures in words."""

    reading: Reading
    has_any: bool = False  # pictures, described or not
    pictures: tuple[str, ...] = ()  # those that the model may see
    whole: bool = True  # false where some of these are still to be described


def usable(written: str) -> str:
    """What a model wrote, if it is a few plain sentences that give no order; else nothing."""
    text = one_line(clean(written)).removeprefix("Picture: ")
    if not text or not text.isprintable() or len(text) > LONGEST:
        return ""
    said = [text[unit.start : unit.end] for unit in units(text)]
    return "" if len(said) > MOST_SENTENCES or any(NO_LINE.search(sentence) for sentence in said) else text


class Describing:
    """The pictures of one run. What is kept is not asked for again; a plan asks for nothing, and counts what a run would ask for."""

    def __init__(self, kept: KeptPictures, describer: Describer, *, denied: Collection[str] = (), asks: bool = True) -> None:
        """What people took away, `denied`, is shown to no model."""
        self._catalog = kept
        self._kept = kept.all()
        self._describer = describer
        self._denied = denied
        self._asks = asks
        self._failures = 0  # in a row
        self._ends = time.monotonic() + LONGEST_RUN
        self.lacking: set[str] = set()  # keys of pictures that have no description yet
        self._unused = 0

    def describe(self, document: str, reading: Reading, label: str, tick: Callable[[], None]) -> Described:
        """Put what is known, and what the model says now, where the pictures stand."""
        bare, has_any = replace(reading, pictures=()), bool(reading.pictures)
        if not reading.pictures or document in self._denied or not self._describer.sees(label):
            return Described(bare, has_any)
        keys = {self._key(picture): picture for picture in reading.pictures}
        missing = {key: picture for key, picture in keys.items() if key not in self._kept}
        if self._asks:
            self._ask(missing, label, tick)
        left = missing.keys() - self._kept.keys()
        self.lacking |= left
        told = {key: text for key in keys if (text := self._kept.get(key))}
        words = [(picture, text) for picture in reading.pictures if (text := told.get(self._key(picture)))]
        remarks = (TOLD.format(count=_are(len(words))),) if words else ()
        shown = replace(bare, sections=_having(reading.sections, words), remarks=reading.remarks + remarks)
        return Described(shown, has_any, tuple(sorted(picture.hash for picture in reading.pictures)), not left)

    def note(self, content_hash: str, described: Described) -> None:
        """Remember of a file whether it has pictures: one that has none is not read again when it is described by another model."""
        if self._asks:
            self._catalog.note_file(content_hash, has_any=described.has_any)

    def warnings(self) -> tuple[Unread, ...]:
        """What there is to tell of the run as a whole."""
        counts = ((LACKING, len(self.lacking)), (UNUSED, self._unused))
        return tuple(Unread("pictures", reason.format(count=counted(count, "picture"))) for reason, count in counts if count)

    def _key(self, picture: Picture) -> str:
        return content_id(picture.hash, self._describer.identity)

    def _ask(self, missing: Mapping[str, Picture], label: str, tick: Callable[[], None]) -> None:
        """Each description is kept as it comes: a killed run has asked for nothing in vain."""
        wanted = iter(missing.items())
        coming: dict[Future[str | None], tuple[str, Picture]] = {}
        try:
            while True:
                while len(coming) < AT_ONCE and self._goes_on() and (following := next(wanted, None)):
                    coming[self._describer.describe(following[1], label)] = following
                if not coming:
                    return
                for future in wait(coming, LOOK_UP, FIRST_COMPLETED).done:
                    self._take(None if future.cancelled() else future.result(), *coming.pop(future))
                tick()
        finally:
            for future in coming:
                future.cancel()

    def _goes_on(self) -> bool:
        return self._failures < GIVES_UP and time.monotonic() < self._ends

    def _take(self, written: str | None, key: str, picture: Picture) -> None:
        if written is None:
            self._failures += 1
            return
        text = usable(written)
        self._catalog.keep(key, picture.hash, text)
        self._kept[key] = text
        self._failures = 0
        self._unused += not text


def _having(sections: Sequence[Section], words: Sequence[tuple[Picture, str]]) -> tuple[Section, ...]:
    """The sections with a paragraph for each picture behind the blocks that it stands behind."""
    blocks = [list(section.blocks) for section in sections]
    for picture, text in reversed(words):  # from the end, so that the places before stay
        blocks[picture.section].insert(picture.after, Block("paragraph", f"Picture: {text}", picture.page))
    return tuple(replace(section, blocks=tuple(filled)) for section, filled in zip(sections, blocks, strict=True))


def _are(count: int) -> str:
    return "A picture is" if count == 1 else f"{count:,} pictures are"
