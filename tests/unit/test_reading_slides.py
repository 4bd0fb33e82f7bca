"""A presentation reads slide by slide, as a person looks at it."""

from __future__ import annotations

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.presentation import Presentation
from pptx.util import Inches

from knowledge.reading import read
from tests.paper import a_picture, blocks, presentation

BULLETS, TITLE_ONLY = 1, 5


def leave(deck: Presentation) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[BULLETS])
    slide.shapes.title.text = "Carrying over"
    body = slide.placeholders[1].text_frame
    body.text = "Five days"
    deeper = body.add_paragraph()
    deeper.text, deeper.level = "in the UK", 1
    slide.notes_slide.notes_text_frame.text = "They end in March."


def test_a_slide_is_a_section_with_its_number_as_page_and_its_notes_below() -> None:
    reading = read("a.pptx", presentation(leave))

    assert [section.path for section in reading.sections] == [("Carrying over",), ("Carrying over", "Notes")]
    assert [section.anchor for section in reading.sections] == ["slide-1", "slide-1-notes"]
    assert blocks(reading) == [("list", "- Five days\n  - in the UK"), ("paragraph", "They end in March.")]
    assert {block.page for section in reading.sections for block in section.blocks} == {1}
    assert reading.properties["heading"] == "Carrying over"


def board(deck: Presentation) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    for text, left, top in (("third", 1.0, 3.0), ("second", 5.0, 2.0), ("first", 1.0, 2.1), ("unseen", 30.0, 2.0)):
        slide.shapes.add_textbox(Inches(left), Inches(top), Inches(2), Inches(0.5)).text_frame.text = text
    table = slide.shapes.add_table(3, 2, Inches(1), Inches(4), Inches(4), Inches(1)).table
    for cell, text in zip((cell for row in table.rows for cell in row.cells), ["Role", "Limit", "Lead", "£1", "", "£2"], strict=True):
        cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    chart = CategoryChartData()  # type: ignore[no-untyped-call]  # python-pptx has types but here
    chart.categories = ["UK", "DE"]
    chart.add_series("Days", (25, 30.5))  # type: ignore[no-untyped-call]  # the same
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(1), Inches(5), Inches(4), Inches(1), chart)
    for alt in ("A map of the exits", "image1.png"):
        picture = slide.shapes.add_picture(a_picture(), Inches(1), Inches(6.5))
        picture._element._nvXxPr.cNvPr.set("descr", alt)
    hidden = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    hidden.shapes.title.text = "unseen slide"
    hidden._element.set("show", "0")


def test_shapes_are_read_from_the_top_and_in_a_row_from_the_left_and_what_is_not_shown_is_remarked() -> None:
    reading = read("a.pptx", presentation(board))

    assert [section.path for section in reading.sections] == [("Slide 1",)]
    assert blocks(reading) == [
        ("paragraph", "first"),
        ("paragraph", "second"),
        ("paragraph", "third"),
        ("table", "| Role | Limit |\n| --- | --- |\n| Lead | £1 |\n| Lead | £2 |"),
        ("table", "|  | Days |\n| --- | --- |\n| UK | 25 |\n| DE | 30.5 |"),
        ("paragraph", "Picture: A map of the exits"),
    ]
    assert any(remark.startswith("Slide 2 is hidden and left out") for remark in reading.remarks)
    assert any("6 characters of text in a shape that is hidden or beside the slide (slide 1)" in remark for remark in reading.remarks)
    assert "unseen" not in repr(reading)


DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


def diagram(deck: Presentation) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    model = f'<dgm:dataModel xmlns:dgm="{DIAGRAM}" xmlns:a="{DRAWING}"><dgm:ptLst>' + "".join(
        f"<dgm:pt><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>" for text in ("Ask in Desk", "Wait a day")
    )
    part = Part(PackURI("/ppt/diagrams/data1.xml"), "application/xml", deck.part.package, f"{model}</dgm:ptLst></dgm:dataModel>".encode())
    named = slide.part.relate_to(part, RELATIONSHIP_TYPE.DIAGRAM_DATA)
    frame = slide.shapes.add_table(1, 1, Inches(1), Inches(1), Inches(1), Inches(1))._element
    inside = frame.find(f".//{{{DRAWING}}}graphicData")
    for child in list(inside):
        inside.remove(child)
    inside.set("uri", DIAGRAM)
    inside.append(parse_xml(f'<dgm:relIds xmlns:dgm="{DIAGRAM}" {nsdecls("r")} r:dm="{named}"/>'))
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(Inches(1), Inches(3), Inches(2), Inches(1)).text_frame.text = "in a group"


def test_the_words_of_a_diagram_and_of_a_group_are_read() -> None:
    assert blocks(read("a.pptx", presentation(diagram))) == [("list", "- Ask in Desk\n- Wait a day"), ("paragraph", "in a group")]
