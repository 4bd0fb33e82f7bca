"""Files become versions: read in a child process, described, split. A file that fails is listed, and the others go on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

from knowledge.describing import Described, Describing
from knowledge.errors import BadMetadata, CannotRead
from knowledge.personal import personal_remarks
from knowledge.planning import may_have_pictures, version_id, withheld
from knowledge.policy import describe, without_say
from knowledge.screening import HoldsSecret, holds_secret, refuse_secrets, screened
from knowledge.splitting import split
from knowledge.values import IndexProgress, Unread, Version, content_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    from knowledge.looking import Seen
    from knowledge.planning import Plan, Terms
    from knowledge.reading import Reading
    from knowledge.values import AccessRule


class Reader(Protocol):
    """Bytes to sections, in a child process."""

    def read(self, name: str, content: bytes) -> Reading: ...


@dataclass(frozen=True, kw_only=True)
class Intake:
    """Where versions go, and who has to know their rules before that."""

    readers: Callable[[], AbstractContextManager[Reader]]
    count: Callable[[str], int]  # tokens
    keep: Callable[[Version], object]
    ruled: Callable[[Mapping[str, AccessRule | None]], None]
    progress: Callable[[IndexProgress], None]
    said_before: Callable[[str], str] = lambda _: ""  # what a document says in the live edition
    describing: Describing | None = None  # None: pictures are told by their alt texts and captions


def take_in(todo: Plan, terms: Terms, intake: Intake) -> tuple[dict[str, str], tuple[Unread, ...]]:
    """Document → version for all that could be read, and what could not. What it said before stays, unless its readers are in doubt."""
    chosen: dict[str, str] = {}
    unread: list[Unread] = []
    if not todo.to_read:
        return chosen, ()
    with intake.readers() as readers:
        for done, seen in enumerate(todo.to_read):
            step = IndexProgress(stage="read", done=done, total=len(todo.to_read))
            intake.progress(step)
            name = seen.file.id
            try:
                version = _version(seen, readers, terms, intake, step)
            except HoldsSecret as error:
                if holds_secret(intake.said_before(name)):
                    intake.ruled({name: None})
                    unread.append(withheld(name, str(error)))
                else:
                    unread.append(Unread(name, str(error)))
            except CannotRead as error:
                unread.append(Unread(name, str(error)))
            except BadMetadata as error:
                intake.ruled({name: None})
                unread.append(withheld(name, str(error)))
            else:
                intake.keep(version)
                chosen[name] = version.id
    intake.progress(IndexProgress(stage="read", done=len(todo.to_read), total=len(todo.to_read)))
    return chosen, tuple(unread)


def _version(seen: Seen, readers: Reader, terms: Terms, intake: Intake, step: IndexProgress) -> Version:
    """The hash is of the bytes that are read here, not of those that were planned."""
    name, content = seen.file.id, seen.content()
    content_hash = sha256(content).hexdigest()
    reading = screened(readers.read(f"{name}{seen.file.suffix}", content))
    about, row = reading if seen.file.trusted else without_say(reading), terms.table.row(name)
    document = describe(name, about, row, terms.defaults, seen.file.said)
    intake.ruled({name: document.rule})
    refuse_secrets(about, content, row)
    described = Described(reading)
    if intake.describing and may_have_pictures(seen):
        described = intake.describing.describe(name, reading, document.rule.label, lambda: intake.progress(step))
        intake.describing.note(content_hash, described)
        described = replace(described, reading=screened(described.reading))  # a picture may show what no text may say
        refuse_secrets(without_say(described.reading) if about is not reading else described.reading, content, row)
    source_hash = terms.source_hash(seen, content_hash, pictured=described.has_any)
    text, passages = split(document, described.reading.sections, intake.count)
    if not passages:
        raise CannotRead("holds no text")
    made_of = version_id(name, source_hash)
    return Version(
        id=made_of if described.whole else content_id(made_of, text),
        document=document,
        text=text,
        passages=passages,
        source_hash=source_hash if described.whole else "",  # the next run does not know it by that, and reads again
        content_hash=content_hash,
        remarks=described.reading.remarks + personal_remarks(text),
        pictures=described.pictures,
    )
