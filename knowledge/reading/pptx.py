"""PowerPoint presentations to sections: a slide under its title, in reading order, with its notes below."""

from __future__ import annotations

import io
from zipfile import ZipFile

import pptx
from pptx.exc import PackageNotFoundError
from pptx.slide import Slide

from knowledge.errors import CannotRead
from knowledge.reading import Reading
from knowledge.reading.cleaning import one_line
from knowledge.reading.office_archive import open_archive
from knowledge.reading.office_properties import office_properties
from knowledge.reading.outline import Outline
from knowledge.reading.pptx_shapes import Canvas, pieces, write_piece
from knowledge.reading.pptx_words import frame_blocks
from knowledge.reading.remarks import listed


def read(content: bytes, *, pictures: bool = False) -> Reading:
    """Parse the slides that are shown."""
    with open_archive(content, "PowerPoint", ".pptx") as archive:
        try:
            presentation = pptx.Presentation(io.BytesIO(content))
        except (PackageNotFoundError, KeyError, ValueError) as error:
            raise CannotRead("is a damaged PowerPoint document; open it in PowerPoint and save it again") from error
        canvas = Canvas(presentation.slide_width or 0, presentation.slide_height or 0)
        outline = Outline(pictures=pictures)
        skipped: list[str] = []
        for number, slide in enumerate(presentation.slides, start=1):
            if slide.element.get("show") in {"0", "false"}:
                skipped.append(str(number))
            else:
                _write(slide, number, canvas, outline)
        return Reading(
            outline.sections(),
            {},
            outline.properties() | office_properties(archive),
            (*_remarks(skipped, archive), *outline.hidden.remarks()),
            outline.pictures.all(),
        )


def _write(slide: Slide, number: int, canvas: Canvas, outline: Outline) -> None:
    title = slide.shapes.title
    text = one_line(title.text_frame.text) if title is not None and title.has_text_frame else ""
    outline.heading(1, text or f"Slide {number}", f"slide-{number}")
    for piece in pieces(slide.shapes, canvas, outline.hidden, f"slide {number}"):
        if not (text and title is not None and piece.id == title.shape_id):
            write_piece(piece, number, outline)
    if slide.has_notes_slide and (frame := slide.notes_slide.notes_text_frame) is not None and frame.text.strip():
        outline.heading(2, "Notes", f"slide-{number}-notes")
        for kind, words in frame_blocks(frame, listed=False):
            outline.block(kind, words, number)


def _remarks(skipped: list[str], archive: ZipFile) -> tuple[str, ...]:
    remarks = []
    if skipped:
        which = f"Slide {skipped[0]} is" if len(skipped) == 1 else f"Slides {listed(skipped)} are"
        remarks.append(f"{which} hidden and left out; show what people should be answered from.")
    if any("/comments/" in name for name in archive.namelist()):
        remarks.append("Comments are left out; write into the slides what people should be answered from.")
    return tuple(remarks)
