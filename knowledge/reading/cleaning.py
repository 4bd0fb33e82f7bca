"""From bytes to text that holds nothing a reader of the document could not see."""

from __future__ import annotations

import re
import unicodedata

from knowledge.errors import CannotRead

_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_OTHER_FORMATS = ((b"%PDF-", "a PDF"), (b"PK\x03\x04", "a Word or zip file"), (b"\xd0\xcf\x11\xe0", "an Office file"))
_SEEN_BY_NOBODY = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f"  # control characters
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # zero width, bidi, fillers
    "\ud800-\udfff\U000e0000-\U000e0fff]"  # half characters, tags and variation selectors
)
_LINE_ENDS = re.compile("\r\n|[\r\x0c\x85\u2028\u2029]")
_ODD_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13, 27}) + b"\x7f"


def decode(content: bytes) -> str:
    """The visible characters of a file of text. Raises CannotRead on anything binary."""
    return clean(decoded(content))


def decoded(content: bytes) -> str:
    """Text in UTF-8, in UTF-16 or UTF-32 with a byte order mark, or else in Windows-1252, with all that is in it."""
    for magic, what in _OTHER_FORMATS:
        if content.startswith(magic):
            raise CannotRead(f"is {what} under the name of a text file; give it its own suffix")
    try:
        for mark, encoding in _BYTE_ORDER_MARKS:
            if content.startswith(mark):
                return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise CannotRead("says that it is Unicode but is damaged; save it again as UTF-8") from error
    sample = content[:65_536]
    if len(sample.translate(None, _CONTROL)) < 0.95 * len(sample):
        raise CannotRead("is not text; save it as UTF-8, or give it the suffix of its format")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def clean(text: str) -> str:
    """The visible characters, composed (NFC), with plain spaces and line ends."""
    plain = _ODD_SPACES.sub(" ", _LINE_ENDS.sub("\n", text))
    return unicodedata.normalize("NFC", _SEEN_BY_NOBODY.sub("", plain))


def one_line(text: str) -> str:
    """The same words with single spaces between them."""
    return " ".join(text.split())
