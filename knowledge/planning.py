"""What a run of the index has to do: which files are as they were, which must be read, which must not."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from knowledge.connectors import SourceFile
from knowledge.errors import BadMetadata, CannotRead
from knowledge.policy import NOTHING_SAID, rule_without_reading
from knowledge.reading import PICTURED
from knowledge.values import Unread, content_id

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from knowledge.looking import Looked, Seen
    from knowledge.policies_csv import Table
    from knowledge.policy import Defaults
    from knowledge.values import AccessRule, Standing

PIPELINE = "4"  # raise it when reading, splitting or situating change what they make: every document is then read again

SILENT = ".txt"  # a format that cannot say who may read it

WITHHELD = "withheld: {reason}; nobody is answered from it until this is mended"
ERASED = "was erased, and is not read again; take it out of its source"
ERASED_BYTES = "is the same file as one that was erased, and is not read; take it out of its source"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What was found at the sources, held against what is live and what the catalog already has."""

    known: Mapping[str, str]  # document → version: catalogued before with this very content
    to_read: tuple[Seen, ...]  # live documents first: their rule may have become narrower
    ruled: Mapping[str, AccessRule] = field(default_factory=dict)  # documents that are not as they were, and the rule that is known unread
    unread: tuple[Unread, ...] = ()
    warnings: tuple[Unread, ...] = ()


@dataclass(frozen=True)
class Terms:
    """What a document's version depends on besides its bytes."""

    table: Table  # policies.csv
    defaults: Defaults
    embedder: str
    describer: str = ""  # who describes pictures; "" where nobody does
    unpictured: Collection[str] = ()  # hashes of files in which there are none

    def source_hash(self, seen: Seen, content_hash: str, *, pictured: bool | None = None) -> str:
        """The SHA-256 of the bytes' hash, the document's row, what its source says, the defaults and the makers.

        Who describes pictures counts where there are some: `pictured` says so once the file was read. Until it was searched for them, any
        file that may hold pictures has some.
        """
        if pictured is None:
            pictured = bool(self.describer) and may_have_pictures(seen) and content_hash not in self.unpictured
        described = bool(self.describer) and pictured
        of_most = (
            seen.file.id not in self.table.rows and not seen.file.said and not seen.file.suffix and seen.file.trusted and not described
        )
        terms = self._of_most if of_most else self._written(seen.file, described=described)
        return hashlib.sha256(bytes.fromhex(content_hash) + terms).hexdigest()

    @cached_property
    def _of_most(self) -> bytes:
        """Of a file about which nothing is said outside of it: written once, as there may be thousands."""
        return self._written(SourceFile("", 0), described=False)

    def _written(self, file: SourceFile, *, described: bool) -> bytes:
        known = [None if names is None else sorted(names) for names in (self.defaults.known_groups, self.defaults.known_people)]
        label = None if self.defaults.rule is None else self.defaults.rule.label
        further = [self.describer] if described else []
        further += [] if file.trusted else ["whoever wrote it has no say"]
        terms = [PIPELINE, self.embedder, self.table.rows.get(file.id), sorted(file.said.items()), file.suffix, label, known, *further]
        return json.dumps(terms, sort_keys=True).encode()

    def rule(self, document: str, seen: Seen | None, said: Mapping[str, str] = NOTHING_SAID) -> AccessRule | None:
        """As far as it is known before the file is read; `said` by its source where there is no file now. Raises BadMetadata."""
        row, file = self.table.row(document), seen.file if seen else None
        said = file.said if file else said
        suffix = (file.suffix if file.trusted else SILENT) if file else ""
        if row is not None or said:
            return rule_without_reading(document, row, self.defaults, said, suffix)
        suffix = (suffix or os.path.splitext(document)[1]).lower()  # noqa: PTH122  # a Path for each of thousands takes longer than its rule
        if suffix not in self._of_suffix:
            self._of_suffix[suffix] = rule_without_reading(document, None, self.defaults, NOTHING_SAID, suffix)
        return self._of_suffix[suffix]

    @cached_property
    def _of_suffix(self) -> dict[str, AccessRule | None]:
        """The rule where neither a row nor the source says one: it depends on the format alone."""
        return {}


def may_have_pictures(seen: Seen) -> bool:
    """By its format."""
    return PurePosixPath(f"{seen.file.id}{seen.file.suffix}").suffix.lower() in PICTURED


def version_id(document: str, source_hash: str) -> str:
    """The id of a document's version: the same file under the same terms has the same."""
    return content_id(document, source_hash)


def withheld(path: str, reason: str) -> Unread:
    """A document of which it is not known who may read it: not even what it said before is shown."""
    return Unread(path, WITHHELD.format(reason=reason), withheld=True)


def plan(looked: Looked, terms: Terms, live: Mapping[str, Standing], catalogued: Mapping[str, str], erased: Collection[str]) -> Plan:
    """Hash every file. Nothing is parsed. `catalogued` says which version was made of which `version_id`.

    A rule counts also for what is not live: it may be the new name of what is, or come back by an undo.
    """
    known: dict[str, str] = {}
    to_read: list[Seen] = []
    ruled: dict[str, AccessRule] = {}
    unread: list[Unread] = []
    doubtful = {one.path for one in looked.doubtful}
    hidden = live.keys() - looked.seen.keys() - doubtful - set(looked.gone) - looked.moved.keys() - looked.unasked  # behind what is refused
    for document in sorted(looked.seen.keys() | looked.refused.keys() | hidden):
        seen = looked.seen.get(document)
        try:
            if document in erased:
                unread.append(Unread(document, ERASED, withheld=True))
                continue
            rule = terms.rule(document, seen, looked.unseen.get(document, NOTHING_SAID)) if seen or document in live else None
            if seen and (version := _version(seen, terms, () if document in live else erased)) in catalogued:
                known[document] = catalogued[version]
                continue
            if seen:
                to_read.append(seen)
            elif document in looked.refused:
                unread.append(Unread(document, looked.refused[document]))
        except BadMetadata as error:
            unread.append(withheld(document, str(error)))
            continue
        except CannotRead as error:
            unread.append(Unread(document, str(error)))
        if rule is not None:
            ruled[document] = rule
    for document in sorted(doubtful):
        try:
            if rule := _rule_of_row(document, terms):
                ruled[document] = rule
        except BadMetadata as error:
            unread.append(withheld(document, str(error)))
    return Plan(
        known=known,
        to_read=tuple(sorted(to_read, key=lambda seen: (seen.file.id not in live, seen.file.id))),
        ruled=ruled,
        unread=tuple(unread),
        warnings=looked.doubtful + looked.troubles + _rows_without_file(terms.table, looked.seen.keys() | looked.refused.keys() | doubtful),
    )


def _version(seen: Seen, terms: Terms, erased: Collection[str]) -> str:
    content_hash = seen.content_hash()
    if content_hash in erased:
        raise CannotRead(ERASED_BYTES)
    return version_id(seen.file.id, terms.source_hash(seen, content_hash))


def _rule_of_row(document: str, terms: Terms) -> AccessRule | None:
    """Of a document that is perhaps gone: what its row says. That there is none may be because the table is gone too."""
    row = terms.table.row(document)
    return terms.rule(document, None) if row and "access" in row else None


def _rows_without_file(table: Table, seen: Collection[str]) -> tuple[Unread, ...]:
    reason = "has a row in policies.csv, but there is no such file; correct its name there, or take the row out"
    return tuple(Unread(name, reason) for name in sorted(table.rows) if name not in seen)
