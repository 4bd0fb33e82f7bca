"""The zip archive that a Word, PowerPoint or Excel file is: looked at before anything in it is unpacked."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from lxml import etree

from knowledge.errors import CannotRead

if TYPE_CHECKING:
    from lxml.etree import _Element

_UNPACKED = 100 * 1024 * 1024
_RATIO = 100


_KINDS = {".docx": b"wordprocessingml", ".pptx": b"presentationml", ".xlsx": b"spreadsheetml"}


def open_archive(content: bytes, program: str, suffix: str) -> zipfile.ZipFile:
    """The archive, by the sizes that it states; a part that lies is cut off at its stated size."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise CannotRead(f"is protected with a password, or is an old {suffix[:-1]}; save it as {suffix} without a password")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError) as error:
        raise CannotRead(f"is a damaged {program} document; open it in {program} and save it again") from error
    parts = archive.infolist()
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if unpacked > _UNPACKED or unpacked > _RATIO * max(packed, 10_000):
        raise CannotRead(f"unpacks to {unpacked / 1024**2:,.0f} MB, which no policy needs; save its text as a new document")
    if _KINDS[suffix] not in _types(archive):
        raise CannotRead(f"is a zip file and not a {program} document; save it as {suffix}")
    return archive


def _types(archive: zipfile.ZipFile) -> bytes:
    try:
        return archive.read("[Content_Types].xml")
    except KeyError:
        return b""


def xml_part(archive: zipfile.ZipFile, name: str) -> _Element | None:
    """A part's root, or None where the archive has no such part or it is no XML. Entities stay unresolved."""
    try:
        content = archive.read(name)
    except KeyError:
        return None
    try:
        return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return None
