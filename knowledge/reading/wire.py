"""A reading as plain JSON values and back, for the pipe between the child and its parent."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

from knowledge.reading import Reading
from knowledge.reading.pictures import Picture
from knowledge.values import Block, Section


def reading_to_wire(reading: Reading) -> dict[str, object]:
    """What `json.dumps` takes."""
    sections = [
        {"path": section.path, "anchor": section.anchor, "blocks": [(block.kind, block.text, block.page) for block in section.blocks]}
        for section in reading.sections
    ]
    return {
        "sections": sections,
        "metadata": dict(reading.metadata),
        "properties": dict(reading.properties),
        "remarks": list(reading.remarks),
        "pictures": [(b64encode(one.content).decode(), one.kind, one.section, one.after, one.page) for one in reading.pictures],
    }


def reading_from_wire(values: dict[str, Any]) -> Reading:
    """What `reading_to_wire` was given."""
    sections = tuple(
        Section(tuple(section["path"]), tuple(Block(kind, text, page) for kind, text, page in section["blocks"]), section["anchor"])
        for section in values["sections"]
    )
    pictures = tuple(Picture(b64decode(content), *place) for content, *place in values["pictures"])
    return Reading(sections, values["metadata"], values["properties"], tuple(values["remarks"]), pictures)
