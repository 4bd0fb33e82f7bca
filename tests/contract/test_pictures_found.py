"""The pictures of a document come with their places where they are asked for, and decoration, strangers and the far away never."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from knowledge.errors import CannotRead
from knowledge.reading import read
from knowledge.reading.child import Readers
from knowledge.reading.pictures import LARGEST, MOST, inline_picture
from tests.paper import a_chart, blocks, illustrated, inlined, presentation, word

if TYPE_CHECKING:
    from docx.document import Document
    from pptx.presentation import Presentation

    from knowledge.reading import Reading

CHART = a_chart()
ADDRESS = inlined(CHART)


def told(reading: Reading) -> list[str]:
    """The words in order, with a ▣ for each picture."""
    found = []
    for number, section in enumerate(reading.sections):
        words = [*section.path[-1:], *(block.text for block in section.blocks)]
        first = len(section.path[-1:])
        for picture in reversed([one for one in reading.pictures if one.section == number]):
            words.insert(first + picture.after, "▣")
        found += words
    return found


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_is_found_in_every_format_that_models_take(kind: str) -> None:
    picture = a_chart(kind)
    [found] = read("a.md", f"![]({inlined(picture, kind.lower())})".encode(), pictures=True).pictures

    assert (found.content, found.kind) == (picture, kind.lower())
    assert picture[:20].decode("latin-1") not in repr(found)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (f"# Exits\n\nGo.\n\n![]({ADDRESS})\n\nRun.", ["Exits", "Go.", "▣", "Run."]),
        (f"# Exits\n\nGo ![the bell]({ADDRESS}) now.\n\nRun.", ["Exits", "Go the bell now.", "▣", "Run."]),
        (f"# Exits\n\n![A map]({ADDRESS})\n\nRun.", ["Exits", "Picture: A map", "▣", "Run."]),
        (f"# Exits\n\n- Go.\n- ![]({ADDRESS})\n\nRun.", ["Exits", "- Go.", "▣", "Run."]),
        (f"# Exits\n\n> ![]({ADDRESS})\n\n# Lifts\n\nRun.", ["Exits", "▣", "Lifts", "Run."]),
        (f'Go.\n\n<p><img src="{ADDRESS}"></p>\n\nRun.', ["Go.", "▣", "Run."]),
        ("Go.\n\n![](https://pictures.example/a.png)\n\n![](a.png)", ["Go."]),
    ],
)
def test_pictures_within_markdown(source: str, words: list[str]) -> None:
    assert told(read("a.md", source.encode(), pictures=True)) == words


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (f'<h1>Exits</h1><p>Go.</p><img src="{ADDRESS}"><p>Run.</p>', ["Exits", "Go.", "▣", "Run."]),
        (f'<h1>Exits</h1><p>Go <img src="{ADDRESS}"> now.</p><p>Run.</p>', ["Exits", "Go now.", "▣", "Run."]),
        (
            f'<h1>Exits</h1><figure><img src="{ADDRESS}" alt="A map"><figcaption>Floor</figcaption></figure><p>Run.</p>',
            ["Exits", "Picture: A map. Floor", "▣", "Run."],
        ),
        (f'<p>Go.</p><ul><li>One<li><img src="{ADDRESS}">Two</ul><p>Run.</p>', ["Go.", "- One\n- Two", "▣", "Run."]),
        (f'<main><div><a href="/"><img src="{ADDRESS}"></a></div></main>', ["▣"]),
        (f'<p>Go.</p><img src="{ADDRESS}" alt=""><img src="{ADDRESS}" role="presentation">', ["Go."]),
        (f'<p>Go.</p><div style="display:none"><img src="{ADDRESS}"></div>', ["Go."]),
        ('<p>Go.</p><img src="https://pictures.example/a.png"><img src="data:image/svg+xml;base64,PHN2Zz4=">', ["Go."]),
    ],
)
def test_pictures_within_a_page(source: str, words: list[str]) -> None:
    assert told(read("a.html", source.encode(), pictures=True)) == words


def test_pictures_within_a_word_document() -> None:
    def fill(document: Document) -> None:
        document.add_heading("Exits", 1)
        document.add_paragraph("Go.")
        document.add_picture(io.BytesIO(CHART))
        document.inline_shapes[0]._inline.docPr.set("descr", "A map")
        document.add_paragraph("Take these:")
        document.add_paragraph("Coat", style="List Bullet")
        document.add_picture(io.BytesIO(a_chart(bar="blue")))
        document.add_paragraph("Bag", style="List Bullet")
        document.add_table(1, 2).cell(0, 1).paragraphs[0].add_run().add_picture(io.BytesIO(a_chart(bar="green")))
        document.add_heading("Lifts", 1)

    reading = read("a.docx", word(fill), pictures=True)

    assert told(reading) == ["Exits", "Go.", "Picture: A map", "▣", "Take these:", "- Coat\n- Bag", "▣", "▣", "Lifts"]
    assert [one.content for one in reading.pictures] == [CHART, a_chart(bar="blue"), a_chart(bar="green")]


def test_pictures_of_slides() -> None:
    def fill(slides: Presentation) -> None:
        for number in range(2):
            slide = slides.slides.add_slide(slides.slide_layouts[5])
            slide.shapes.title.text = f"Exit {number}"
            slide.shapes.add_picture(io.BytesIO(a_chart(bar=("red", "blue")[number])), 500_000, 3_000_000)
            slide.shapes.add_picture(io.BytesIO(a_chart(across=20)), 500_000, 4_000_000)

    reading = read("a.pptx", presentation(fill), pictures=True)

    assert told(reading) == ["Exit 0", "▣", "Exit 1", "▣"]
    assert [one.page for one in reading.pictures] == [1, 2]


def test_pictures_of_a_pdf_stand_below_the_paragraph_before_them() -> None:
    reading = read("a.pdf", illustrated(a_chart("JPEG")), pictures=True)

    assert told(reading) == ["Exits", "Leave by the nearest exit.", "▣", "Lifts", "Use no lift."]
    assert [(one.kind, one.page) for one in reading.pictures] == [("jpeg", 1)]
    assert read("a.pdf", illustrated(CHART), pictures=True).pictures[0].kind == "png"


def flat() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (200, 100), "navy").save(out, "PNG")
    return out.getvalue()


def moving() -> bytes:
    out = io.BytesIO()
    frames = [Image.open(io.BytesIO(a_chart(bar=bar))) for bar in ("red", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


@pytest.mark.parametrize(
    "picture",
    [
        a_chart(across=60),
        a_chart(down=63),
        a_chart(across=900, down=70),
        flat(),
        moving(),
        CHART[:100],
        b"<svg/>",
        CHART[:60] + b"\0" * LARGEST,
    ],
    ids=["narrow", "low", "a line", "one colour", "moving", "damaged", "a drawing", "huge"],
)
def test_decoration_and_what_cannot_be_shown_is_left_out(picture: bytes) -> None:
    assert read("a.md", f"Go.\n\n![]({inlined(picture)})".encode(), pictures=True).pictures == ()


def test_what_is_repeated_through_a_document_decorates_it_and_what_stands_there_twice_is_found_once() -> None:
    logo, twice = inlined(CHART), inlined(a_chart(bar="blue"))
    source = "\n\n".join(f"![]({address})" for address in (logo, twice, logo, twice, logo))

    assert [one.after for one in read("a.md", source.encode(), pictures=True).pictures] == [0]


def test_of_very_many_the_first_ones_are_found() -> None:
    addresses = [inlined(a_chart(across=100 + number)) for number in range(MOST + 5)]
    reading = read("a.md", "\n\n".join(f"{n}\n\n![]({address})" for n, address in enumerate(addresses)).encode(), pictures=True)

    assert [one.after for one in reading.pictures] == list(range(1, MOST + 1))


@pytest.mark.parametrize("address", ["data:image/png;base64,@@@", "data:image/png,abc", "data:text/html;base64,QQ==", "file:///a.png", ""])
def test_an_address_that_holds_no_picture_holds_nothing(address: str) -> None:
    assert inline_picture(address) == b""


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", illustrated(CHART)), ("a.docx", word(lambda one: one.add_picture(io.BytesIO(CHART)) and one.add_paragraph("Go.")))],
)
def test_pictures_are_found_only_where_they_are_asked_for_and_nothing_else_changes(name: str, content: bytes) -> None:
    with Readers() as plain, Readers(pictures=True) as looking:
        without, having = plain.read(name, content), looking.read(name, content)

    assert without.pictures == ()
    assert having.pictures == read(name, content, pictures=True).pictures
    assert len(having.pictures) == 1
    assert blocks(having) == blocks(without)


def test_a_document_of_pictures_alone_holds_no_text_unless_they_are_looked_at() -> None:
    source = f"![]({ADDRESS})".encode()

    with pytest.raises(CannotRead, match="holds no text"):
        read("a.md", source)
    assert len(read("a.md", source, pictures=True).pictures) == 1


def test_formats_without_pictures_are_read_as_ever() -> None:
    assert blocks(read("a.txt", b"Go.", pictures=True)) == [("paragraph", "Go.")]
