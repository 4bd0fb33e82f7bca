"""A Word document reads as if its changes were accepted, with its notes where they are marked."""

from __future__ import annotations

from docx.document import Document

from knowledge.reading import read
from tests.paper import a_picture, add_notes, add_xml, blocks, word

RUN = "<w:r><w:t xml:space='preserve'>{}</w:t></w:r>"


def changed(document: Document) -> None:
    add_xml(
        document,
        "<w:p>" + RUN.format("Up to ") + "<w:del w:id='1'><w:r><w:delText>four</w:delText></w:r></w:del>"
        "<w:ins w:id='2'>" + RUN.format("five") + "</w:ins>" + RUN.format(" days.") + "</w:p>"
        "<w:p><w:moveFrom w:id='3'>" + RUN.format("Nobody sells leave.") + "</w:moveFrom></w:p>"
        "<w:p>" + RUN.format("Asked in Desk.") + "</w:p>"
        "<w:p><w:moveTo w:id='4'>" + RUN.format("Nobody sells leave.") + "</w:moveTo></w:p>"
        "<w:p><w:pPr><w:rPr><w:del w:id='5'/></w:rPr></w:pPr>" + RUN.format("One line ") + "</w:p>"
        "<w:p>" + RUN.format("and the same line.") + "</w:p>",
    )


def test_insertions_stay_deletions_go_and_what_was_moved_stands_once() -> None:
    reading = read("a.docx", word(changed))

    assert [text for _, text in blocks(reading)] == [
        "Up to five days.",
        "Asked in Desk.",
        "Nobody sells leave.",
        "One line and the same line.",
    ]
    assert reading.remarks == ("Has 5 tracked changes; it is read as if all were accepted.",)


def test_rows_and_cells_that_a_change_deletes_are_gone() -> None:
    cell = "<w:tc>{}<w:p>" + RUN + "</w:p></w:tc>"
    row = (
        "<w:tr>{}"
        + cell.format("", "{}")
        + cell.format("", "{}")
        + cell.format("<w:tcPr><w:cellDel w:id='9'/></w:tcPr>", "gone")
        + "</w:tr>"
    )
    deleted = "<w:trPr><w:del w:id='8'/></w:trPr>"
    table = "<w:tbl>" + row.format("", "Role", "Limit") + row.format("", "Lead", "£1") + row.format(deleted, "old", "old") + "</w:tbl>"

    assert blocks(read("a.docx", word(lambda document: add_xml(document, table)))) == [
        ("table", "| Role | Limit |\n| --- | --- |\n| Lead | £1 |")
    ]


def noted(document: Document) -> None:
    add_notes(document, "footnote", {2: "In Germany until 31 March."})
    add_notes(document, "endnote", {3: "Since 2024. Agreed with the works council."})
    mark = "<w:r><w:{0}Reference w:id='{1}'/></w:r>"
    add_xml(
        document,
        "<w:p>" + RUN.format("Five days") + mark.format("footnote", 2) + RUN.format(" carry over") + mark.format("endnote", 3) + "</w:p>",
    )


def test_a_note_stands_where_it_is_marked() -> None:
    reading = read("a.docx", word(noted))

    assert blocks(reading) == [
        (
            "paragraph",
            "Five days (footnote: In Germany until 31 March) carry over (endnote: Since 2024. Agreed with the works council.)",
        )
    ]


def test_comments_are_left_out_and_remarked() -> None:
    def commented(document: Document) -> None:
        run = document.add_paragraph("Five days.").runs[0]
        document.add_comment(run, text="Is this still right?", author="Tom")

    reading = read("a.docx", word(commented))

    assert blocks(reading) == [("paragraph", "Five days.")]
    assert reading.remarks == ("Has 1 comment, left out; write into the text what people should be answered from.",)
    assert "still right" not in repr(reading)


def pictured(document: Document) -> None:
    for alt in ("A map of the exits", "", "image1.png", "A picture containing text. Description automatically generated"):
        document.add_picture(a_picture())
        document.inline_shapes[-1]._inline.docPr.set("descr", alt)
    document.add_paragraph("After it.")
    in_a_table = document.add_table(2, 2)
    for cell, text in zip((cell for row in in_a_table.rows for cell in row.cells), ["Sign", "Means", "", "Leave"], strict=True):
        cell.text = text
    in_a_table.cell(1, 0).paragraphs[0].add_run().add_picture(a_picture())
    document.inline_shapes[-1]._inline.docPr.set("descr", "a running man")


def test_what_a_picture_shows_is_a_paragraph_below_it_and_decoration_is_nothing() -> None:
    assert blocks(read("a.docx", word(pictured))) == [
        ("paragraph", "Picture: A map of the exits"),
        ("paragraph", "After it."),
        ("table", "| Sign | Means |\n| --- | --- |\n| Picture: a running man | Leave |"),
    ]
