"""Text recognition (OCR) by tesseract, where it is installed: pictures of pages in, lines of text with their place out."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from lxml import etree

from knowledge.reading.cleaning import clean, one_line

if TYPE_CHECKING:
    from lxml.etree import _Element

_HOMEBREW = Path("/", "opt", "homebrew", "bin")
_FOLDERS = ("/usr/bin", "/usr/local/bin", str(_HOMEBREW), "C:\\Program Files\\Tesseract-OCR")
_AT_ONCE = 2  # pages; each has a process of its own, with this process's limit of memory
_PAGE_SECONDS = 15
_MOST_LANGUAGES = 3  # each takes its time on every page
_SURE = 45  # per cent: what tesseract is less sure of is rather a stain than a line
UNSURE = 60  # per cent: a word that may be another
_LINES = "//*[@class='ocr_line' or @class='ocr_header' or @class='ocr_textfloat' or @class='ocr_caption']"
_BOX = re.compile(r"bbox (\d+) (\d+) (\d+) (\d+)")
_SIZE = re.compile(r"x_size ([\d.]+)")
_RULES = "|_\u2014 "  # what the lines of a drawn table are taken for
_CONFIDENCE = re.compile(r"x_wconf (\d+)")


@dataclass(frozen=True)
class PagePicture:
    """A page as tesseract takes it: a PNM file, how many of its dots make an inch, and the page's height in points."""

    content: bytes
    dpi: int
    height: float


@dataclass(frozen=True)
class SeenWord:
    """A word and where it begins and ends, in dots from the left."""

    text: str
    left: int
    right: int
    sure: int  # per cent


@dataclass(frozen=True)
class SeenLine:
    """A line as it was recognised, measured in dots from the top."""

    words: tuple[SeenWord, ...]
    top: int
    bottom: int
    size: float  # of its letters, from the longest to the lowest

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


def program() -> str | None:
    """Where tesseract is. The usual folders are looked into, since this process has no PATH."""
    return shutil.which("tesseract", path=os.pathsep.join(_FOLDERS))


def languages(tesseract: str) -> str:
    """The languages that are installed, English first, as tesseract takes them."""
    told = _run([tesseract, "--list-langs"], b"", 10)
    names = [name.strip() for name in told.decode("utf-8", "replace").splitlines()[1:]]
    usable = [name for name in names if re.fullmatch(r"[a-z]{3}(?:_[a-z]+)?", name) and name not in {"osd", "equ"}]
    return "+".join(sorted(usable, key=lambda name: (name != "eng", name))[:_MOST_LANGUAGES]) or "eng"


class Recogniser:
    """Recognises pages beside each other, until its time is up."""

    def __init__(self, tesseract: str, until: float) -> None:
        self._tesseract = tesseract
        self._languages = languages(tesseract)
        self._until = until
        self._pool = ThreadPoolExecutor(_AT_ONCE)

    def recognise(self, pictures: Sequence[PagePicture]) -> list[list[SeenLine] | None]:
        """The lines of each picture in the order in which they are read; None where there was no time, or tesseract failed."""
        return list(self._pool.map(self._page, pictures))

    def close(self) -> None:
        self._pool.shutdown()

    def has_time(self) -> bool:
        return monotonic() < self._until

    def _page(self, picture: PagePicture) -> list[SeenLine] | None:
        seconds = min(self._until - monotonic(), _PAGE_SECONDS)
        if seconds < 1:
            return None
        options = ["-l", self._languages, "--dpi", str(picture.dpi), "hocr"]
        told = _run([self._tesseract, "stdin", "stdout", *options], picture.content, seconds)
        return _lines(told) if told else None


def _run(command: list[str], fed: bytes, seconds: float) -> bytes:
    """What the program says, or nothing where it fails."""
    if os.name == "posix":  # should this process be ended, nobody else would end a program that hangs
        command = ["/bin/sh", "-c", 'ulimit -t "$1"; shift; exec "$@"', "sh", str(_PAGE_SECONDS + 5), *command]
    try:
        return subprocess.run(  # noqa: S603  # tesseract's own path and our own options; the document goes to its input
            command, input=fed, capture_output=True, timeout=seconds, check=True, env={"OMP_THREAD_LIMIT": "1", "LC_ALL": "C"}
        ).stdout
    except (subprocess.SubprocessError, OSError):
        return b""


def _lines(hocr: bytes) -> list[SeenLine]:
    root = etree.fromstring(hocr, etree.HTMLParser(no_network=True, encoding="utf-8"))
    found = []
    for line in root.xpath(_LINES) if root is not None else ():
        words = tuple(word for piece in line.iter("span") if piece is not line and (word := _word(piece)))
        box, size = _BOX.search(str(line.get("title"))), _SIZE.search(str(line.get("title")))
        if box and words and sum(word.sure for word in words) / len(words) >= _SURE:
            height = int(box[4]) - int(box[2])
            found.append(SeenLine(words, int(box[2]), int(box[4]), float(size[1]) if size else height))
    return found


def _word(piece: _Element) -> SeenWord | None:
    text, title = one_line(clean("".join(piece.itertext()))), str(piece.get("title"))
    box, sure = _BOX.search(title), _CONFIDENCE.search(title)
    return SeenWord(text, int(box[1]), int(box[3]), int(sure[1])) if text.strip(_RULES) and box and sure else None
