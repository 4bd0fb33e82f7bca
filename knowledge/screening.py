"""What a document may not bring with it: a live secret keeps it out, and words for a machine are left out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from knowledge.errors import BadMetadata, CannotRead
from knowledge.exposed import exposed
from knowledge.planted import is_instruction_to_reader_machine, without_planted
from knowledge.reading.cleaning import one_line
from knowledge.reading.hidden import below

if TYPE_CHECKING:
    from collections.abc import Mapping

    from knowledge.exposed import Exposed
    from knowledge.reading import Reading
    from knowledge.values import Section

REVIEWED = "reviewed"  # what an owner says under `secrets` where what looks like one is none
KEPT_OUT = (
    "holds what looks like a live password, key or token and is kept out: {places}; take it out and change it wherever it is in use, "
    "or say `secrets: reviewed` in its front matter or in policies.csv if it is none"
)
_MOST_PLACES = 6
_NO_PLACE = "in its text"


class HoldsSecret(CannotRead):
    """A file with a password, key or token in it. The message says which kind and where, and not what it is."""


def screened(reading: Reading) -> Reading:
    """What people may be answered from, with remarks for the owner about what was left out."""
    sections, remarks = without_planted(reading.sections)
    metadata = {key: value for key, value in reading.metadata.items() if not is_instruction_to_reader_machine(str(value))}
    properties = {key: value for key, value in reading.properties.items() if not is_instruction_to_reader_machine(value)}
    return replace(reading, sections=sections, metadata=metadata, properties=properties, remarks=reading.remarks + remarks)


def refuse_secrets(reading: Reading, content: bytes, row: Mapping[str, str] | None = None) -> None:
    """Raises HoldsSecret, unless the file or its row says that somebody looked; BadMetadata where they say something else."""
    said = {str(about["secrets"]) for about in (reading.metadata, reading.properties, row or {}) if about.get("secrets")}
    if said - {REVIEWED}:
        raise BadMetadata("secrets: may say `reviewed`, where somebody looked and there is none, and nothing else")
    if said:
        return
    about = "\n".join(
        f"{key}: {value}" for said_of_itself in (reading.metadata, reading.properties) for key, value in said_of_itself.items()
    )
    found = [(one.kind, "in what it says about itself") for one in exposed(about)]
    found += [(one.kind, _place(one, page, section, content)) for section in reading.sections for page, one in _in(section)]
    if found:
        places = list(dict.fromkeys(f"{kind} ({place})" for kind, place in found))
        more = [f"{len(places) - _MOST_PLACES} more"] if len(places) > _MOST_PLACES else []
        raise HoldsSecret(KEPT_OUT.format(places=", ".join(places[:_MOST_PLACES] + more)))


def holds_secret(text: str) -> bool:
    """Whether what a document said before has one too: then that may not stay either."""
    return bool(exposed(text))


def _in(section: Section) -> list[tuple[int | None, Exposed]]:
    """With the page that each stands on. A heading belongs to its section."""
    texts = [(None, "\n".join(section.path)), *((block.page, block.text) for block in section.blocks)]
    return [(page, one) for page, text in texts for one in exposed(text)]


def _place(one: Exposed, page: int | None, section: Section, content: bytes) -> str:
    """The page; else the line, where the file is one of lines; else the heading, unless that is where it stands."""
    if page:
        return f"page {page}"
    at = content.find(one.value.encode())
    if at >= 0 and b"\x00" not in content:
        return f"line {content[:at].count(10) + 1}"
    heading = one_line(section.path[-1]) if section.path else ""
    return _NO_PLACE if not heading or exposed(" ".join(section.path)) else below(heading)
