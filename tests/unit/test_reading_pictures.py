"""What a picture shows is a paragraph of its own; a picture in a sentence is a word of it; decoration is nothing."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from knowledge.reading import read
from tests.paper import blocks, printed


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('<p>Go.</p><img src="x" alt="A map of the exits">', ["Go.", "Picture: A map of the exits"]),
        (
            '<figure><img alt="The exits"><figcaption>Figure 1: second floor</figcaption></figure><p>Go.</p>',
            ["Picture: The exits. Figure 1: second floor", "Go."],
        ),
        ("<figure><img><figcaption>Second floor</figcaption></figure>", ["Picture: Second floor"]),
        ('<p>Press <img alt="the bell"> and wait.</p>', ["Press the bell and wait."]),
        ('<p>Go.</p><p><a href="/"><img alt="IMG_2031.jpg"></a></p>', ["Go."]),
        ('<p>Go.</p><img alt="A wave" role="presentation"><img alt="">', ["Go."]),
        ('<ul><li><img alt="Yes"> UK</li></ul>', ["- Yes UK"]),
    ],
)
def test_images_of_a_page(source: str, words: list[str]) -> None:
    assert [text for _, text in blocks(read("a.html", source.encode()))] == words


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('Go.\n\n![A map](map.png "Second floor")', ["Go.", "Picture: A map. Second floor"]),
        ("Go.\n\n![](map.png)", ["Go."]),
        ("Go.\n\n![map.png](map.png)", ["Go."]),
        ("Press ![the bell](bell.png) and wait.", ["Press the bell and wait."]),
    ],
)
def test_images_of_markdown(source: str, words: list[str]) -> None:
    assert [text for _, text in blocks(read("a.md", source.encode()))] == words


def tagged(alt: str) -> bytes:
    """A PDF whose page has a figure with this alt text."""
    writer, out = PdfWriter(clone_from=PdfReader(io.BytesIO(printed([(11.0, "Go.")])))), io.BytesIO()
    figure = DictionaryObject({
        NameObject("/S"): NameObject("/Figure"),
        NameObject("/Alt"): TextStringObject(alt),
        NameObject("/Pg"): writer.pages[0].indirect_reference,
        NameObject("/K"): NumberObject(0),
    })  # fmt: skip
    tree = DictionaryObject(
        {NameObject("/Type"): NameObject("/StructTreeRoot"), NameObject("/K"): ArrayObject([writer._add_object(figure)])}
    )
    writer.root_object[NameObject("/StructTreeRoot")] = writer._add_object(tree)
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("alt", "words"),
    [("A map of the exits", ["Go.", "Picture: A map of the exits"]), ("Logo. Description automatically generated", ["Go."])],
)
def test_figures_of_a_pdf(alt: str, words: list[str]) -> None:
    reading = read("a.pdf", tagged(alt))

    assert [text for _, text in blocks(reading)] == words
    assert {block.page for section in reading.sections for block in section.blocks} == {1}
