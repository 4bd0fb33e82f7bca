"""Footnotes, endnotes and alt texts put where they are marked in a Word document's body, and its comments counted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn

from knowledge.reading.alt_text import is_decorative, office_alt, picture_words
from knowledge.reading.cleaning import one_line
from knowledge.reading.docx_changes import accept_changes
from knowledge.reading.docx_words import words

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def place_notes(document: Document) -> None:
    """Each note's words in brackets behind the words that it belongs to."""
    for kind in ("footnote", "endnote"):
        references = list(document.element.body.iter(qn(f"w:{kind}Reference")))
        notes = _notes(document, kind) if references else {}
        for reference in references:
            text = notes.get(str(reference.get(qn("w:id"))), "")
            parent = reference.getparent()
            if text and parent is not None:
                parent.replace(reference, _words_element(f" ({kind}: {text})"))


PICTURE = "picture"  # of a paragraph below a picture: the name by which the document knows it


def place_pictures(body: BaseOxmlElement) -> None:
    """A paragraph with the alt text below each paragraph with a picture; without words where it has none."""
    for paragraph in list(body.iter(qn("w:p"))):
        below = paragraph
        for drawing in paragraph.iter(qn("wp:docPr")):
            own = next(drawing.iterancestors(qn("w:p"))) is paragraph
            if not own or any(True for _ in drawing.iterancestors(_FALLBACK)):
                continue
            text, name = picture_words(office_alt(drawing)), _picture_name(drawing)
            if text or name:
                run, told = OxmlElement("w:r"), OxmlElement("w:p")
                run.append(_words_element(text))
                told.append(run)
                told.set(PICTURE, name)
                below.addnext(told)
                below = told


def placed_pictures(document: Document, block: BaseOxmlElement) -> Iterator[bytes]:
    """The pictures whose places are in this block."""
    for paragraph in block.iter(qn("w:p")):
        relation = document.part.rels.get(paragraph.get(PICTURE, ""))
        if relation is not None and not relation.is_external:
            yield relation.target_part.blob


def comments(document: Document) -> int:
    """How many comments its margin has."""
    roots = _parts(document, "comments")
    return sum(1 for root in roots for _ in root.iter(qn("w:comment")))


def _picture_name(properties: BaseOxmlElement) -> str:
    """What the document calls the only picture of a drawing, unless that is decoration or not shown."""
    drawing = properties.getparent()
    if drawing is None or is_decorative(properties) or properties.get("hidden") in {"1", "true"}:
        return ""
    names = [str(picture.get(qn("r:embed"), "")) for picture in drawing.iter(qn("a:blip"))]
    return names[0] if len(names) == 1 else ""


def _notes(document: Document, kind: str) -> dict[str, str]:
    found = {}
    for root in _parts(document, f"{kind}s"):
        accept_changes(root)
        for note in root.iter(qn(f"w:{kind}")):
            text = one_line(" ".join(words(paragraph) for paragraph in note.iter(qn("w:p"))))
            found[str(note.get(qn("w:id")))] = text.removesuffix(".") if text.count(". ") == 0 else text
    return found


def _parts(document: Document, kind: str) -> list[BaseOxmlElement]:
    """The roots of the parts of this kind that the document names."""
    named = [relation for relation in document.part.rels.values() if relation.reltype.endswith(f"/{kind}") and not relation.is_external]
    return [parse_xml(relation.target_part.blob) for relation in named]


def _words_element(text: str) -> BaseOxmlElement:
    element = OxmlElement("w:t")
    element.text = text
    return element
