"""Markdown to sections, with front matter and without the traces of site generators."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from knowledge.reading import Reading
from knowledge.reading.alt_text import picture_words
from knowledge.reading.cleaning import clean, decoded, one_line
from knowledge.reading.front_matter import take_front_matter
from knowledge.reading.hidden_markdown import take_out
from knowledge.reading.numbering import at_clauses
from knowledge.reading.outline import Outline, pipe_table
from knowledge.reading.pictures import inline_picture

_LIQUID_COMMENT = re.compile(r"\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}", re.DOTALL)
_LIQUID_LINK = re.compile(r"\]\(\s*(?:\{%[^%]*%\}|\{\{[^}]*\}\})[^)\s]*\s*\)")
_LIQUID_LINE = re.compile(r"^[ \t]*(?:\{%[^%\n]*%\}[ \t]*)+$|^[ \t]*\{:[^}\n]*\}[ \t]*$", re.MULTILINE)
_LIQUID_WORD = re.compile(r"\{%-?\s*\w+\s+[\"']([\w -]+)[\"']\s*-?%\}")
_LIQUID_TAG = re.compile(r"\{%[^%\n]*%\}|\{:[^}\n]*\}")
_HEADING_ID = re.compile(r"\s*\{#([\w.:-]+)\}\s*$")


def read(content: bytes, *, pictures: bool = False) -> Reading:
    """Parse CommonMark with tables."""
    raw = decoded(content)
    outline = Outline(pictures=pictures)
    outline.hidden.lines(raw)
    metadata, text = take_front_matter(clean(raw))
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(_without_liquid(text))
    if "<" in text:
        take_out(tokens, outline.hidden)
    _walk(SyntaxTreeNode(tokens), outline)
    return Reading(outline.sections(), metadata, outline.properties(), outline.hidden.remarks(), outline.pictures.all())


def _without_liquid(text: str) -> str:
    """Leave out Jekyll's tags; where one stands for a word in a sentence, the word stays."""
    text = _LIQUID_LINE.sub("", _LIQUID_COMMENT.sub("", text))
    return _LIQUID_TAG.sub("", _LIQUID_WORD.sub(r"\1", _LIQUID_LINK.sub("](#)", text)))


def _walk(node: SyntaxTreeNode, outline: Outline) -> None:
    for child in node.children:
        if child.type == "heading":
            text = _words(child)
            given = _HEADING_ID.search(text)
            outline.heading(int(child.tag[1:]), _HEADING_ID.sub("", text), given[1] if given else "")
        elif child.type == "paragraph":
            for clause in at_clauses(_pictures(child) if _is_picture(child) else _words(child)):
                outline.block("paragraph", one_line(clause))
        elif child.type in {"bullet_list", "ordered_list"}:
            outline.block("list", "\n".join(_list_lines(child, 0)))
        elif child.type == "table":
            outline.block("table", _table(child))
        elif child.type in {"fence", "code_block"}:
            outline.block("paragraph", child.content)
        elif child.type == "html_block":
            _html(child.content, outline)
        else:
            _walk(child, outline)  # a quotation
            continue
        if outline.pictures.wanted:
            for image in (inner for inner in child.walk() if inner.type == "image"):
                outline.picture(inline_picture(str(image.attrs.get("src", ""))))


def _is_picture(node: SyntaxTreeNode) -> bool:
    """Whether a paragraph holds images and nothing else."""
    if node.type == "image":
        return True
    if node.children:
        return all(_is_picture(child) for child in node.children)
    return node.type in {"softbreak", "hardbreak"} or (node.type == "text" and not node.content.strip())


def _pictures(node: SyntaxTreeNode) -> str:
    """The alt texts of images that stand alone, each on a line of its own; an image's title is its caption."""
    images = [inner for inner in node.walk() if inner.type == "image"]
    return "\n".join(told for image in images if (told := picture_words(_words(image), str(image.attrs.get("title", "")))))


def _words(node: SyntaxTreeNode) -> str:
    """The text of inline content: links and images by their words, a line end for each line of the source."""
    if node.type in {"softbreak", "hardbreak"}:
        return "\n"
    if node.type == "html_inline":
        return "\n" if node.content.lower().startswith("<br") else ""
    if node.children:
        return "".join(_words(child) for child in node.children)
    return node.content if node.type in {"text", "code_inline", "image", "text_special"} else ""


def _list_lines(node: SyntaxTreeNode, depth: int) -> list[str]:
    lines: list[str] = []
    number = int(node.attrs.get("start", 1))
    for offset, item in enumerate(node.children):
        mark = f"{number + offset}." if node.type == "ordered_list" else "-"
        inner = _item_lines(item, depth)
        indent = "  " * depth
        if inner and not inner[0].startswith(f"{indent}  "):
            lines.append(f"{indent}{mark} {inner[0]}")
            inner = inner[1:]
        lines += [line if line.startswith(" ") else f"{indent}  {line}" for line in inner]
    return lines


def _item_lines(item: SyntaxTreeNode, depth: int) -> list[str]:
    """An item's own words as bare lines, and the lists in it as lines already indented."""
    lines: list[str] = []
    for child in item.children:
        if child.type in {"bullet_list", "ordered_list"}:
            lines += _list_lines(child, depth + 1)
        elif child.type == "table":
            lines += _table(child).split("\n")
        elif child.type in {"fence", "code_block"}:
            lines += [line.strip() for line in child.content.splitlines()]
        elif child.type == "html_block":
            inside = Outline()
            _html(child.content, inside)
            lines += [line.strip() for section in inside.sections() for block in section.blocks for line in block.text.split("\n")]
        elif child.type in {"paragraph", "heading"}:
            lines.append(one_line(_words(child)))
        else:
            lines += _item_lines(child, depth)
    return [line for line in lines if line.strip()]


def _table(node: SyntaxTreeNode) -> str:
    rows = [row for part in node.children for row in part.children]
    return pipe_table([[_words(cell) for cell in row.children] for row in rows])


def _html(source: str, outline: Outline) -> None:
    """A block of HTML inside Markdown; comments alone need no parser."""
    if re.sub(r"<!--.*?(?:-->|\Z)", "", source, flags=re.DOTALL).strip():
        from knowledge.reading.html import read_fragment

        read_fragment(source, outline)
