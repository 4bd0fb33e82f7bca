"""The paragraphs of a PowerPoint text frame, with the bullets and numbers that the slide shows before them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pptx.oxml.ns import qn

from knowledge.reading.cleaning import one_line

if TYPE_CHECKING:
    from pptx.text.text import TextFrame, _Paragraph

    from knowledge.values import BlockKind

_NO_BULLET, _BULLETS = qn("a:buNone"), (qn("a:buChar"), qn("a:buBlip"))
_NUMBERED = qn("a:buAutoNum")


def frame_blocks(frame: TextFrame, *, listed: bool) -> Iterator[tuple[BlockKind, str]]:
    """Paragraphs and lists. `listed` says that the frame's layout gives its paragraphs bullets."""
    items: list[str] = []
    counts: dict[int, int] = {}
    filled = [paragraph for paragraph in frame.paragraphs if paragraph.text.strip()]
    for paragraph in filled:
        mark = _mark(paragraph, counts, listed=listed and len(filled) > 1)
        if mark:
            items.append(f"{'  ' * paragraph.level}{mark} {one_line(paragraph.text)}")
            continue
        if items:
            yield "list", "\n".join(items)
        items, counts = [], {}
        yield "paragraph", one_line(paragraph.text)
    if items:
        yield "list", "\n".join(items)


def _mark(paragraph: _Paragraph, counts: dict[int, int], *, listed: bool) -> str:
    """The bullet as "-", the number as "2.", or "" where the paragraph has neither."""
    look = paragraph._p.pPr  # noqa: SLF001  # python-pptx has no word for bullets
    level = paragraph.level
    for deeper in [depth for depth in counts if depth > level]:
        del counts[deeper]
    numbered = look.find(_NUMBERED) if look is not None else None
    if numbered is not None:
        counts[level] = counts.get(level, int(numbered.get("startAt", "1")) - 1) + 1
        return f"{counts[level]}."
    counts.pop(level, None)
    if look is not None and look.find(_NO_BULLET) is not None:
        return ""
    bulleted = look is not None and any(look.find(bullet) is not None for bullet in _BULLETS)
    return "-" if bulleted or listed else ""
