"""What the keyword index calls a passage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.values import content_id

if TYPE_CHECKING:
    from knowledge.values import Passage


def entry_id(passage: Passage, title: str) -> str:
    """The content id of all that is indexed. Another label, title or heading is another entry: none is changed in place."""
    return content_id(passage.id, passage.label, title, *passage.path, passage.text)
